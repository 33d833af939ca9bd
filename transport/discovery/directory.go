package discovery

import (
	"context"
	"errors"
	"slices"

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
	isNew := r.way(Heard{Way: WayDirectory, When: l.now})
	if r.listed.IsZero() {
		r.listed, isNew = l.now, true
	}
	if isNew {
		l.tell(r)
	}
}

func (l *loop) unlisted(key publicKey) {
	r := l.table.all[key]
	if r == nil || r.listed.IsZero() {
		return
	}
	only := l.isListed(r)
	r.listed = r.since.Add(-listedFor) // once listed, but no sign of life any more
	r.ways = slices.DeleteFunc(r.ways, func(h Heard) bool { return h.Way == WayDirectory })
	if only && l.contacts[r.id] == nil && l.now.Sub(r.lastSign()) > r.patience {
		l.lose(r)
		return
	}
	l.tell(r)
}
