package gui

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"

	"feihong/app/chat"
	"feihong/app/store/words"
)

// Loading a conversation: what it begins with, pages before and behind, and
// wherever the user wants to go.

// loadTalk loads what the user looks at, or will look at: the end of the
// conversation, or the stretch around a message.
func (w *Window) loadTalk() {
	t := w.talk
	t.loading, t.asked = true, false
	t.turn++
	turn, load := t.turn, w.loader(t)
	stale := w.transfers.unsettled(t.messages)
	w.background.post(func(ctx context.Context) {
		page, err := load(ctx)
		offers := w.offersOf(ctx, append(stale, page.messages...))
		w.cfg.Do(func() {
			if w.talk == t && t.turn == turn {
				w.talkLoaded(t, page, offers, err)
			}
		})
	})
}

// loader returns what loads the stretch that is needed now.
func (w *Window) loader(t *talk) func(context.Context) (stretch, error) {
	switch {
	case t.target == fromTheStart:
		return func(ctx context.Context) (stretch, error) { return w.loadFrom(ctx, t.id, 0, 2*pageSize) }
	case t.target != 0:
		seq := t.target
		return func(ctx context.Context) (stretch, error) { return w.loadAround(ctx, t.id, seq) }
	case len(t.messages) > 0 && !w.right.conv.timeline.atEnd():
		first, older := t.messages[0].Seq, t.older
		return func(ctx context.Context) (stretch, error) {
			s, err := w.loadFrom(ctx, t.id, first, maxLoaded)
			s.older = older
			return s, err
		}
	}
	limit := max(pageSize, min(len(t.messages), maxUnreadPage), min(t.unread+pageSize/3, maxUnreadPage))
	return func(ctx context.Context) (stretch, error) {
		page, err := w.cfg.Chat.History(ctx, chat.HistoryQuery{Contact: t.id, Limit: limit})
		return stretch{messages: page, older: len(page) == limit}, err
	}
}

// loadAround loads a stretch with a message in its middle.
func (w *Window) loadAround(ctx context.Context, id chat.ContactID, seq int64) (stretch, error) {
	before, err := w.cfg.Chat.History(ctx, chat.HistoryQuery{Contact: id, Before: seq + 1, Limit: pageSize})
	if err != nil {
		return stretch{}, err
	}
	behind, err := w.cfg.Chat.History(ctx, chat.HistoryQuery{Contact: id, After: seq, Limit: pageSize})
	return stretch{messages: append(before, behind...), older: len(before) == pageSize, newer: len(behind) == pageSize}, err
}

// fromTheStart is the target that stands for the first message, whose Seq is
// not known.
const fromTheStart = -1

// loadFrom loads the messages from a Seq on. A query forward begins behind a
// message, so the one with the smallest Seq of all is asked for by itself.
func (w *Window) loadFrom(ctx context.Context, id chat.ContactID, first int64, limit int) (stretch, error) {
	var s stretch
	if first <= 1 {
		head, err := w.cfg.Chat.History(ctx, chat.HistoryQuery{Contact: id, Before: 2, Limit: 1})
		if err != nil {
			return s, err
		}
		s.messages = head
	}
	rest, err := w.cfg.Chat.History(ctx, chat.HistoryQuery{Contact: id, After: max(first-1, 1), Limit: limit})
	s.messages, s.newer = append(s.messages, rest...), len(rest) == limit
	return s, err
}

// talkLoaded shows what was loaded.
func (w *Window) talkLoaded(t *talk, page stretch, offers []chat.Transfer, err error) {
	t.loading = false
	for _, offer := range offers {
		w.transfers.putLoaded(offer)
	}
	target, stash := t.target, t.stash
	t.target, t.stash = 0, nil
	if err != nil {
		w.loadFailed(t, &missing{key: "gui.load.failed", problem: err, whole: true, again: func() {
			t.target = target
			w.loadTalk()
		}}, stash)
		return
	}
	w.nothingMissing(t)
	first := len(t.messages) == 0
	t.stretch = page
	for _, m := range stash {
		t.take(m)
	}
	if first {
		t.opened = t.last()
	}
	w.showLoaded(t, target, first)
	if target == 0 && !first { // events are missing: what is quoted may have been taken back
		w.quotes.forget()
		w.right.conv.timeline.refreshQuotes()
	}
	w.askAboutOffers()
	w.markRead()
}

func (w *Window) showLoaded(t *talk, target int64, first bool) {
	timeline := w.right.conv.timeline
	switch {
	case target == fromTheStart && len(t.messages) > 0:
		timeline.openAround(t.messages, t.messages[0].Seq, t.newer)
	case target > 0:
		timeline.openAround(t.messages, target, t.newer)
		timeline.flash(target)
	case first:
		timeline.open(t.messages, firstUnread(t.messages, t.unread, t.opened))
	case target == 0:
		timeline.update(t.messages, 0, t.newer, 0)
	}
}

// loadOlder loads the page before the first message that is loaded.
func (w *Window) loadOlder() {
	t := w.talk
	if t == nil || !t.older || len(t.messages) == 0 {
		return
	}
	query := chat.HistoryQuery{Contact: t.id, Before: t.messages[0].Seq, Limit: pageSize}
	w.loadPage(query, w.loadOlder, func(page []chat.Message) {
		whole := t.newer
		t.before(page, len(page) == query.Limit)
		if !whole && t.unread > 0 { // there may be more of them than were loaded first
			w.right.conv.timeline.table.unreadFrom = firstUnread(t.messages, t.unread, t.opened)
		}
	})
}

// loadNewer loads the page behind the last message that is loaded.
func (w *Window) loadNewer() {
	t := w.talk
	if t == nil || !t.newer || len(t.messages) == 0 {
		return
	}
	query := chat.HistoryQuery{Contact: t.id, After: t.last(), Limit: pageSize}
	w.loadPage(query, w.loadNewer, func(page []chat.Message) { t.behind(page, len(page) == query.Limit) })
}

// loadPage loads a page beside what is loaded; add puts it there. again is for
// another try.
func (w *Window) loadPage(query chat.HistoryQuery, again func(), add func([]chat.Message)) {
	t := w.talk
	if t.loading || t.asked {
		return
	}
	t.asked = true
	turn := t.turn
	w.background.post(func(ctx context.Context) {
		page, err := w.cfg.Chat.History(ctx, query)
		offers := w.offersOf(ctx, page)
		w.cfg.Do(func() {
			if w.talk != t || t.turn != turn {
				return
			}
			t.asked = false
			stash := t.stash
			t.stash = nil
			if err != nil {
				key := "gui.load.newer-failed"
				if query.Before > 0 {
					key = "gui.load.older-failed"
				}
				w.loadFailed(t, &missing{key: key, problem: err, again: again}, stash)
				return
			}
			w.nothingMissing(t)
			for _, offer := range offers {
				w.transfers.putLoaded(offer)
			}
			add(page)
			w.right.conv.timeline.update(t.messages, 0, t.newer, 0)
			w.addToTalk(stash, 0)
			w.markRead()
		})
	})
}

// missing is what could not be loaded of a conversation.
type missing struct {
	key     string // of the words for it
	problem error
	again   func() // tries again
	whole   bool   // nothing of what was asked for is certain, else a page beside it
}

// loadFailed tells that messages are missing and offers to try again. What came
// meanwhile is shown as far as it belongs to what is there.
func (w *Window) loadFailed(t *talk, what *missing, stash []chat.Message) {
	w.cfg.Logger.Error("load messages", "err", what.problem)
	t.missing = nil
	if len(t.messages) > 0 {
		w.addToTalk(stash, 0)
	}
	t.missing = what
	w.showMissing()
}

func (w *Window) nothingMissing(t *talk) {
	if t.missing != nil {
		t.missing = nil
		w.showMissing()
	}
}

// showMissing shows above the messages what could not be loaded of them.
func (w *Window) showMissing() {
	conv := w.right.conv
	if w.talk == nil || w.talk.missing == nil {
		conv.tellMissing("", "", nil)
		return
	}
	what := w.talk.missing
	conv.tellMissing(w.words.Text(what.key, map[string]any{"problem": what.problem}), w.words.Text("gui.load.again", nil), what.again)
}

// jumpTo opens the conversation of a message where that message is, and shows
// it to the user. Words of a search are marked from then on; "" marks none.
func (w *Window) jumpTo(m chat.Message, search string) {
	if w.people[m.Contact] == nil {
		return
	}
	w.openTalkAt(m.Contact, m.Seq)
	w.right.conv.timeline.mark(words.Parse(search))
	w.show(m.Seq)
}

// show brings a message of the open conversation into sight.
func (w *Window) show(seq int64) {
	t, timeline := w.talk, w.right.conv.timeline
	if t.loading && t.target == seq {
		return
	}
	if _, loaded := t.index(seq); loaded && !t.loading {
		timeline.reveal(seq)
		timeline.flash(seq)
		return
	}
	t.target = seq
	w.loadTalk()
}

// jumpToRef shows a message of the open conversation that another one names.
func (w *Window) jumpToRef(ref chat.Ref) {
	t := w.talk
	if t == nil || ref.IsZero() {
		return
	}
	if m := t.find(ref); m != nil {
		w.show(m.Seq)
		return
	}
	w.background.post(func(ctx context.Context) {
		m, err := w.cfg.Chat.MessageAt(ctx, t.id, ref)
		w.cfg.Do(func() {
			switch {
			case err == nil && w.talk == t:
				w.show(m.Seq)
			case err != nil && !errors.Is(err, chat.ErrNoMessage):
				w.cfg.Logger.Warn("find message", "err", err)
			}
		})
	})
}

// pageMessages scrolls the messages from the input box.
func (w *Window) pageMessages(key fyne.KeyName) bool {
	direction := float32(-1)
	if key == fyne.KeyPageDown {
		direction = 1
	}
	w.right.conv.timeline.page(direction)
	return w.talk != nil
}

// focusMessages gives the focus to the last message in sight.
func (w *Window) focusMessages() {
	if w.talk != nil && !w.elsewhere() {
		w.right.conv.timeline.selectNewest()
	}
}

// jumpToStart shows the first message of the open conversation.
func (w *Window) jumpToStart() {
	t := w.talk
	switch {
	case t == nil:
	case !t.loading && !t.older && len(t.messages) > 0:
		w.right.conv.timeline.reveal(t.messages[0].Seq)
	default:
		t.target = fromTheStart
		w.loadTalk()
	}
}

// jumpToEnd shows the newest message of the open conversation.
func (w *Window) jumpToEnd() {
	t, timeline := w.talk, w.right.conv.timeline
	switch {
	case t == nil:
	case t.loading || t.newer:
		t.stretch, t.unread, t.target = stretch{}, 0, 0
		w.loadTalk()
	default:
		timeline.jump()
	}
}
