package discovery

import (
	"context"
	"errors"
	"slices"
	"time"

	"feihong/protocol"
)

// startDirectory runs the directory until the loop has ended.
func (l *loop) startDirectory() {
	if l.config.Directory == nil {
		return
	}
	report := func(signed []byte, gone bool) {
		signed = slices.Clone(signed)
		l.later(func() { l.listed(signed, gone) })
	}
	l.tasks.Go(func() {
		if err := l.config.Directory.Serve(l.ctx, report); err != nil && !errors.Is(err, context.Canceled) {
			l.log.Warn("the directory failed", "error", err)
		}
	})
}

// listed handles what the directory reports.
func (l *loop) listed(signed []byte, gone bool) {
	key, _, _, err := protocol.PeekAnnouncement(signed)
	if err != nil {
		return
	}
	if gone {
		l.unlisted(publicKey(key))
		return
	}
	r := l.take(arrival{signed: signed, way: WayDirectory})
	if r == nil {
		if r = l.table.all[publicKey(key)]; r == nil {
			return
		}
	}
	l.agenda.cancel(r.unlisting)
	r.unlisting = nil
	isNew := r.way(Heard{Way: WayDirectory, When: l.now})
	if r.listed.IsZero() || r.unlisted {
		r.listed, r.unlisted, isNew = l.now, false, true
	}
	if isNew {
		l.tell(r)
	}
}

// unlistedGrace is how long somebody may be missing in the directory. Anybody
// on the link can withdraw a record of DNS-SD, and some lapse; the next answer
// has them again.
const unlistedGrace = 30 * time.Second

func (l *loop) unlisted(key publicKey) {
	r := l.table.all[key]
	if r == nil || r.listed.IsZero() || r.unlisted || r.unlisting != nil {
		return
	}
	r.unlisting = l.after(unlistedGrace, func() { l.delist(r) })
}

// delist ends a listing. Who is known by nothing else is asked whether they
// are there, like all who are silent.
func (l *loop) delist(r *record) {
	r.unlisting = nil
	if l.table.all[r.key] != r {
		return
	}
	r.unlisted = true
	r.listed = r.since.Add(-listedFor) // once listed, but no sign of life any more
	r.ways = slices.DeleteFunc(r.ways, func(h Heard) bool { return h.Way == WayDirectory })
	l.nextSweep = l.now
	l.tell(r)
}
