package chat

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"time"

	"feihong/protocol"
)

const (
	// maxUndecided bounds the offers of one person that are not over, and
	// maxUndecidedAll those that wait for the user's answer altogether.
	maxUndecided    = 256
	maxUndecidedAll = 4096
	// maxUnconfirmed bounds the ends that one person is told again and again
	// because they do not answer. Of more, the oldest are given up.
	maxUnconfirmed = 256
)

// transfer is a transfer that is not over, or whose end the other person may
// not know, with everything that concerns it. The others are in the store only.
//
// What changes in it is stirred up, committed with the turn, and settled: only
// then the carrier is directed, the other person is told and an event is
// published, all by comparing what is with what they were told last. So it does
// not matter how often, or in which order, something is said or done.
type transfer struct {
	Transfer
	person *person

	fresh   bool // not in the store yet
	stirred bool // differs from the store
	unsaved bool // differs too, but can wait for saveTimer
	changed bool // in what an event tells

	known   bool           // sent: the receiver has the offer
	owed    bool           // the other person has asked for our state
	told    telling        // what they were told last
	there   TransferReason // sent: what the receiver waits for; "" for nothing
	receipt []byte         // sent: what the receiver has signed, until it is countersigned
	signing bool           // it is being countersigned
	pause   time.Duration  // how long that waits after an error; 0 if there was none
	ordered order          // what the carrier was told last
	moment  momentOfMoves  // when what was seen of the data
	counted counted
}

// counted is what a transfer adds to the counts of its person and of the loop.
type counted struct{ busy, undecided bool }

// active says that the receiver wants the transfer and does not have it yet.
func (t *Transfer) active() bool {
	switch t.State {
	case TransferAccepted, TransferRunning, TransferPaused, TransferStalled:
		return true
	}
	return false
}

func (t *Transfer) paused() bool { return t.PausedHere || t.PausedThere }

// busy says that something has to be done together with the other person.
func (t *Transfer) busy() bool {
	return t.active() && !t.paused() || t.State == TransferFinishing
}

func (t *Transfer) undecided() bool { return t.Direction == In && t.State == TransferOffered }

// settled says that nobody has to do anything about the transfer any more.
func (t *Transfer) settled() bool { return t.Final() && t.Confirmed }

// loadTransfers reads the transfers that are not over. That data was moving is
// not true any more.
func (l *loop) loadTransfers() error {
	open, err := l.store.Transfers(l.ctx, TransferQuery{Unsettled: true})
	if err != nil {
		return fmt.Errorf("read transfers: %w", err)
	}
	slices.Reverse(open) // oldest first
	for _, t := range open {
		p := l.people[t.Contact]
		if p == nil {
			continue
		}
		f := &transfer{Transfer: t, person: p}
		if f.active() {
			f.State, f.Reason, f.Detail = f.rest(), "", ""
		}
		if f.known, err = l.arrived(f); err != nil {
			return fmt.Errorf("read transfers: %w", err)
		}
		l.adopt(f)
	}
	return nil
}

// arrived says that the other person is known to have the offer.
func (l *loop) arrived(f *transfer) (bool, error) {
	if f.Direction == In || f.State != TransferOffered {
		return true, nil
	}
	m, err := l.store.Message(l.ctx, Out, f.ID)
	return err == nil && m.State >= Delivered && m.State != Failed, err
}

// startTransfers goes on with what was under way when the program ended, and
// removes again what was to be removed then.
func (l *loop) startTransfers() {
	l.endAllRecalled()
	for _, f := range l.transfers {
		l.direct(f)
		if f.busy() {
			l.want(f.person)
		}
	}
	for _, p := range l.people {
		l.acceptQueued(p)
	}
	l.sweep()
}

// rest is the state of an active transfer in which nothing moves.
func (t *Transfer) rest() TransferState {
	if t.paused() {
		return TransferPaused
	}
	return TransferAccepted
}

// toRest shows an active transfer as one in which nothing moves.
func (l *loop) toRest(f *transfer) {
	state := f.rest()
	f.Reason, f.Detail = "", ""
	if state == TransferAccepted && f.there != "" {
		state, f.Reason = TransferStalled, f.there
	}
	l.move(f, state)
}

// adopt takes a transfer into memory.
func (l *loop) adopt(f *transfer) {
	l.transfers[f.ID] = f
	f.person.transfers[f.ID] = f
	l.recount(f)
}

// release takes a transfer out of memory.
func (l *loop) release(f *transfer) {
	delete(l.transfers, f.ID)
	delete(f.person.transfers, f.ID)
	l.count(f, counted{})
	if f.stirred {
		l.stirred = slices.DeleteFunc(l.stirred, func(other *transfer) bool { return other == f })
	}
}

func (l *loop) recount(f *transfer) {
	l.count(f, counted{busy: f.busy(), undecided: f.undecided()})
}

func (l *loop) count(f *transfer, c counted) {
	p := f.person
	if c.busy != f.counted.busy {
		p.busy += sign(c.busy)
	}
	if c.undecided != f.counted.undecided {
		l.undecided += sign(c.undecided)
	}
	f.counted = c
}

func sign(more bool) int {
	if more {
		return 1
	}
	return -1
}

// stir marks a transfer for storing.
func (l *loop) stir(f *transfer) {
	if l.transfers[f.ID] != f {
		l.adopt(f)
	}
	l.recount(f)
	if !f.stirred {
		f.stirred = true
		l.stirred = append(l.stirred, f)
	}
}

// move brings a transfer into another state.
func (l *loop) move(f *transfer, state TransferState) {
	f.State = state
	f.Updated = now()
	f.changed = true
	f.atRest()
	l.stir(f)
}

// atRest forgets what is true only while data moves.
func (f *transfer) atRest() { f.Current, f.Rate, f.Left = "", 0, -1 }

// end brings a transfer to an end, or to a greater one than before.
func (l *loop) end(f *transfer, state TransferState, reason TransferReason, detail string) {
	f.Reason, f.Detail = reason, oneLine(detail)
	f.PausedHere, f.PausedThere = false, false
	f.Confirmed = false
	f.Finished = now()
	l.move(f, state)
	if len(f.person.transfers) > maxUnconfirmed {
		l.giveUpTelling(f.person)
	}
}

// confirm notes that the other person knows the end.
func (l *loop) confirm(f *transfer) {
	if f.Confirmed {
		return
	}
	f.Confirmed = true
	l.stir(f)
}

// giveUpTelling confirms the oldest ends if too many are not confirmed.
func (l *loop) giveUpTelling(p *person) {
	var open []*transfer
	for _, f := range p.transfers {
		if f.Final() && !f.Confirmed {
			open = append(open, f)
		}
	}
	if len(open) <= maxUnconfirmed {
		return
	}
	slices.SortFunc(open, func(a, b *transfer) int { return a.Finished.Compare(b.Finished) })
	for _, f := range open[:len(open)-maxUnconfirmed] {
		l.confirm(f)
	}
}

// lookUp finds a transfer with a person who speaks of it, be it in the store
// only. It is nil if there is none. If the store cannot say, nothing must be
// said about it: the session ends, and in the next one they speak of it again.
func (l *loop) lookUp(p *person, id protocol.MessageID) (f *transfer, ok bool) {
	f, err := l.transfer(id)
	switch {
	case errors.Is(err, ErrNoTransfer) || err == nil && f.person != p:
		return nil, true
	case err != nil:
		l.tellStore(err)
		l.endForStorage(p, p.session)
		return nil, false
	}
	return f, true
}

// transfer finds a transfer by ID, be it in the store only.
func (l *loop) transfer(id protocol.MessageID) (*transfer, error) {
	if f := l.transfers[id]; f != nil {
		return f, nil
	}
	t, err := l.store.Transfer(l.ctx, id)
	if err != nil {
		return nil, err
	}
	p := l.people[t.Contact]
	if p == nil {
		return nil, ErrNoTransfer
	}
	return &transfer{Transfer: t, person: p, known: true}, nil
}

// calm notes that the store has all transfers as they are.
func (l *loop) calm() {
	for _, f := range l.stirred {
		f.fresh, f.stirred, f.unsaved = false, false, false
	}
	l.stirred = nil
}

// settleTransfer does what was waiting for the disk.
func (l *loop) settleTransfer(f *transfer) {
	if f.stirred || l.transfers[f.ID] != f {
		return // has changed again, or is gone
	}
	if f.changed {
		f.changed = false
		l.feed.publish(TransferChanged{Transfer: f.Transfer, Contact: f.person.Contact})
		if f.busy() && f.person.session == nil {
			l.want(f.person)
		}
	}
	l.direct(f)
	if f.pause == 0 {
		l.countersign(f)
	}
	l.tellNews(f)
	if f.settled() {
		l.release(f)
	}
	if f.Direction == In && !f.active() {
		l.acceptQueued(f.person)
	}
}

// undo forgets a transfer that the store has refused.
func (l *loop) undo(f *transfer) {
	l.release(f)
	if f.Direction == Out {
		l.carry.put(f.ID, instruction{order: orderDrop})
	}
}

// storeAgain tries to commit what the store has refused, in a while: what a
// carrier tells is told only once.
func (l *loop) storeAgain() {
	if len(l.stirred) == 0 || l.againTimer != nil {
		return
	}
	l.againTimer = l.after(refillAgain, func(l *loop) { l.againTimer = nil })
}

// removeTransfers forgets the transfers of somebody who is being removed.
func (l *loop) removeTransfers(p *person) {
	for _, f := range p.transfers {
		l.release(f)
		l.carry.put(f.ID, instruction{order: orderDrop})
	}
}

// moveTransfers hands the transfers of a merged contact to the other one.
func (l *loop) moveTransfers(from, into *person) {
	for _, f := range from.transfers {
		l.release(f)
		f.person, f.Contact = into, into.ID
		l.adopt(f)
	}
}

// endAll ends what is going on with somebody who is blocked now. They are told
// when they ask, should they ever be let in again.
func (l *loop) endAll(p *person) {
	for _, f := range p.transfers {
		switch {
		case f.Final():
		case f.undecided():
			l.end(f, TransferRejected, ReasonBlocked, "")
		default:
			l.withdraw(f)
			l.end(f, TransferCancelled, ReasonBlocked, "")
		}
		l.confirm(f)
	}
}

// newestTransfers orders transfers as the store does.
func newestTransfers(a, b Transfer) int {
	if c := b.Created.Compare(a.Created); c != 0 {
		return c
	}
	return bytes.Compare(b.ID[:], a.ID[:])
}
