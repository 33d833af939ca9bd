package chat

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// expireEvery is how often messages that are too old are deleted.
const expireEvery = 24 * time.Hour

// Policy is what the user lets others know, how long is remembered, and what
// comes without being asked for.
type Policy struct {
	// Receipts tell others that their messages were read. While they are not
	// told, messages are read here all the same; what is still among the newest
	// when receipts are told again, is told then.
	Receipts bool
	Typing   bool // tell others that the user is typing
	KeepDays int  // messages older than that are deleted; 0: none are
	// ImagesUpTo is up to how many bytes offers of nothing but pictures are
	// accepted without asking, if they come from people to whom the user has
	// written: 0 none. SetAutoAccept allows more.
	ImagesUpTo int64
}

// openPolicy holds until another one is set.
var openPolicy = Policy{Receipts: true, Typing: true}

// SetPolicy changes what holds from now on.
func (s *Service) SetPolicy(p Policy) {
	s.post(func(l *loop) {
		old := l.policy
		l.policy = p
		if p.KeepDays != old.KeepDays {
			l.expire()
		}
		if p.ImagesUpTo == old.ImagesUpTo {
			return
		}
		for _, person := range l.people {
			l.acceptQueued(person)
		}
	})
}

// expirePause is left to others between the steps of a deletion.
const expirePause = 20 * time.Millisecond

// expire deletes what is too old, now and once a day.
func (l *loop) expire() {
	if l.expireTimer != nil {
		l.expireTimer.Stop()
		l.expireTimer = nil
	}
	if l.policy.KeepDays <= 0 {
		return
	}
	l.expireTimer = l.after(expireEvery, (*loop).expire)
	l.expireNext(l.policy.KeepDays, Batch{Expire: now().AddDate(0, 0, -l.policy.KeepDays)})
}

// expireNext deletes the next part of what is too old, unless the user has
// changed their mind. What the store refuses it is asked for again in a day.
func (l *loop) expireNext(days int, part Batch) {
	if l.policy.KeepDays == days && l.commit() == nil {
		done, err := l.write(part)
		if err == nil && done.ExpiredUpTo > 0 {
			part.ExpireAfter = done.ExpiredUpTo
			l.after(expirePause, func(l *loop) { l.expireNext(days, part) })
			return
		}
	}
	_ = l.rereadHistory()
}

// Clear deletes the messages and the transfers that are over, of one
// conversation. What is still to be delivered stays.
func (s *Service) Clear(ctx context.Context, id ContactID) error {
	_, err := ask(ctx, s, func(l *loop) (struct{}, error) {
		p := l.person(id)
		if p == nil {
			return struct{}{}, ErrNoContact
		}
		return struct{}{}, l.deleteHistory(Batch{Clears: []ContactID{p.ID}})
	})
	return err
}

// deleteHistory commits a deletion by itself.
func (l *loop) deleteHistory(batch Batch) error {
	if err := l.commit(); err != nil {
		return err
	}
	if _, err := l.write(batch); err != nil {
		return err
	}
	return l.rereadHistory()
}

// rereadHistory brings up to date what is known of the conversations.
func (l *loop) rereadHistory() error {
	overview, err := l.store.Overview(l.ctx)
	if err != nil {
		l.tellStore(err)
		return err
	}
	for _, p := range l.people {
		p.overview = overview[p.ID]
		l.show(p)
	}
	l.feed.publish(Lagged{})
	return nil
}

// pictureNames are how the names of pictures end that every program can show.
var pictureNames = []string{".png", ".jpg", ".jpeg", ".gif", ".webp"}

// picturesOnly says that a transfer is nothing but pictures, by their names.
func (t *Transfer) picturesOnly() bool {
	if t.MoreTops > 0 || t.Folders > 0 || t.Executables > 0 {
		return false
	}
	return !slices.ContainsFunc(t.Tops, func(top Top) bool {
		return top.Folder || top.Executable || !slices.Contains(pictureNames, strings.ToLower(filepath.Ext(top.Name)))
	})
}

// wantedPictures says that the user wants pictures that are offered without
// being asked.
func (l *loop) wantedPictures(f *transfer) bool {
	return f.Bytes <= l.policy.ImagesUpTo && l.policy.ImagesUpTo > 0 && f.picturesOnly() && l.wroteTo(f.person)
}

// wroteTo says that the user has written to a person.
func (l *loop) wroteTo(p *person) bool {
	if p.wroteTo {
		return true
	}
	out := Out
	sent, err := l.store.History(l.ctx, HistoryQuery{Contact: p.ID, From: &out, Limit: 1})
	if err != nil {
		l.tellStore(err)
		return false
	}
	p.wroteTo = len(sent) > 0
	return p.wroteTo
}
