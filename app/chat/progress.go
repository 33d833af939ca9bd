package chat

import (
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"feihong/protocol"
)

const (
	// showEvery is the least time between two events about the progress of one
	// transfer.
	showEvery = 200 * time.Millisecond
	// stillAfter is how long nothing must be heard of a running transfer until
	// it is shown as one that waits for a connection, and lookEvery how often
	// that is looked after.
	stillAfter = 10 * time.Second
	lookEvery  = 5 * time.Second

	// longest is the most time that is said to be left.
	longest = 100 * 365 * 24 * time.Hour

	maxDetailBytes = 255
	maxReasonBytes = 32
)

// momentOfMoves is when things about the data of a transfer happened last.
type momentOfMoves struct {
	carried time.Time // progress was told by the carrier
	shown   time.Time // progress was told by an event
	called  time.Time // the other person asked for a connection
	sent    sent      // at carried
}

// sent is what a sending carrier has sent since it was begun.
type sent struct {
	bytes int64
	files int
}

// progressInbox keeps the newest progress of each transfer until the loop has
// time for it. The zero value is ready.
type progressInbox struct {
	mu     sync.Mutex
	newest map[protocol.MessageID]Progress
}

// put says whether the loop has to be told.
func (i *progressInbox) put(id protocol.MessageID, p Progress) (first bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	first = len(i.newest) == 0
	if i.newest == nil {
		i.newest = make(map[protocol.MessageID]Progress)
	}
	i.newest[id] = p
	return first
}

func (i *progressInbox) take() map[protocol.MessageID]Progress {
	i.mu.Lock()
	defer i.mu.Unlock()
	newest := i.newest
	i.newest = nil
	return newest
}

// Carried implements CarrierReports.
func (s *Service) Carried(id protocol.MessageID, p Progress) {
	if !s.progress.put(id, p) {
		return
	}
	s.post(func(l *loop) {
		for id, p := range s.progress.take() {
			l.carried(id, p)
		}
	})
}

// Stalled implements CarrierReports.
func (s *Service) Stalled(id protocol.MessageID, reason TransferReason, detail string) {
	s.post(func(l *loop) { l.stalled(id, reason, detail) })
}

// Finished implements CarrierReports.
func (s *Service) Finished(id protocol.MessageID, o Outcome) {
	s.post(func(l *loop) { l.finished(id, o) })
}

func (l *loop) carried(id protocol.MessageID, p Progress) {
	f := l.transfers[id]
	if f == nil || !f.active() || f.paused() {
		return
	}
	before := f.Done
	f.count(p)
	if f.there != "" || f.State == TransferStalled && f.Done <= before {
		return // said before it stalled
	}
	f.Current, f.Rate, f.Left = oneLine(p.Current), max(p.Rate, 0), p.Left
	if f.Direction == Out && f.Rate > 0 {
		f.Left = time.Duration(min(float64(f.Bytes-f.Done)/float64(f.Rate)*float64(time.Second), float64(longest)))
	}
	f.moment.carried = time.Now()
	l.keepTransfer(f)
	if f.State != TransferRunning {
		l.lookAfter()
		f.Reason, f.Detail = "", ""
		l.display(f, TransferRunning)
		l.tellNews(f)
		return
	}
	if time.Since(f.moment.shown) >= showEvery {
		f.moment.shown = time.Now()
		l.feed.publish(TransferProgress{Transfer: f.Transfer})
	}
}

// count takes over how much is done. A receiving carrier that has not looked yet
// what is there says nothing. A sending one counts from the time it was begun,
// on top of what the receiver had then; the time that is left follows from that.
func (f *transfer) count(p Progress) {
	done, files := max(p.Done, 0), max(p.FilesDone, 0)
	if f.Direction == In && done == 0 && files == 0 {
		return
	}
	if f.Direction == Out {
		last := f.moment.sent
		if done < last.bytes || files < last.files {
			last = sent{} // begun anew
		}
		f.moment.sent = sent{done, files}
		done, files = f.Done+done-last.bytes, f.FilesDone+files-last.files
	}
	f.Done, f.FilesDone = min(done, f.Bytes), min(files, f.Files)
}

// display changes between states that belong to the moment, and need not be
// on disk to be shown.
func (l *loop) display(f *transfer, state TransferState) {
	f.State, f.Updated = state, now()
	if f.stirred {
		f.changed = true
		return
	}
	f.moment.shown = time.Now()
	l.feed.publish(TransferChanged{Transfer: f.Transfer, Contact: f.person.Contact})
}

// keepTransfer marks a transfer for storing, in a while.
func (l *loop) keepTransfer(f *transfer) {
	f.unsaved = true
	l.saveSoon()
}

func (l *loop) lookAfter() {
	if l.lookTimer == nil {
		l.lookTimer = l.after(lookEvery, (*loop).lookForStill)
	}
}

// lookForStill shows those transfers as waiting of which nothing was heard.
func (l *loop) lookForStill() {
	l.lookTimer = nil
	for _, f := range l.transfers {
		if f.State != TransferRunning {
			continue
		}
		if time.Since(f.moment.carried) < stillAfter {
			l.lookAfter()
			continue
		}
		f.atRest()
		l.display(f, TransferAccepted)
	}
}

func (l *loop) stalled(id protocol.MessageID, reason TransferReason, detail string) {
	f := l.transfers[id]
	if f == nil || !f.active() || f.paused() {
		return
	}
	state := TransferStalled
	if reason == "" || reason == ReasonWaiting {
		state, reason, detail = TransferAccepted, "", ""
	}
	if state == TransferAccepted && f.there != "" {
		state, reason = TransferStalled, f.there
	}
	reason, detail = asReason(reason), oneLine(detail)
	if f.State == state && f.Reason == reason && f.Detail == detail {
		return
	}
	f.Reason, f.Detail = reason, detail
	f.atRest()
	l.keepTransfer(f)
	l.display(f, state)
	l.tellNews(f)
}

func (l *loop) finished(id protocol.MessageID, o Outcome) {
	f := l.transfers[id]
	if f == nil || !f.active() {
		return
	}
	f.ordered = orderNone // the carrier has ended it by itself
	failed := o.Err != nil || o.Reason != "" || len(o.Failures) > 0
	if f.Direction == In {
		f.Paths = o.Paths
		failed = failed || len(o.Receipt) == 0
	}
	switch {
	case failed:
		l.failTransfer(f, o)
	case f.Direction == In:
		f.Receipt = o.Receipt
		f.PausedHere, f.PausedThere = false, false
		f.Reason, f.Detail = "", ""
		f.Done, f.FilesDone = f.Bytes, f.Files
		l.move(f, TransferFinishing)
	}
}

func (l *loop) failTransfer(f *transfer, o Outcome) {
	reason, detail := o.Reason, o.Detail
	if len(o.Failures) > 0 && reason == "" {
		reason, detail = o.Failures[0].Reason, o.Failures[0].Name
	}
	if o.Err != nil {
		l.log.Warn("transfer failed", "transfer", f.ID, "reason", reason, "error", o.Err)
	}
	f.Failures = len(o.Failures)
	if reason = asReason(reason); reason == "" {
		reason = ReasonOther
	}
	l.end(f, TransferFailed, reason, detail)
}

// asReason makes sure that a reason is a code that can be told.
func asReason(s string) TransferReason {
	if len(s) > maxReasonBytes || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		return ReasonOther
	}
	return s
}

// oneLine makes the name of a file, which may be a peer's, safe to show.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return ' '
		}
		return r
	}, protocol.VisibleText(s))
	if len(s) <= maxDetailBytes {
		return s
	}
	end := maxDetailBytes
	for !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end]
}
