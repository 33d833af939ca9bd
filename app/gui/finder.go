package gui

import (
	"context"
	"errors"
	"slices"

	"feihong/app/chat"
)

// finder looks for messages beside everything else. Only the last question is
// answered: a new one takes the place of the one before. It belongs to the user
// interface's goroutine.
type finder struct {
	window *Window
	cancel context.CancelFunc // of the question on its way, nil if none is
}

func (w *Window) newFinder() *finder { return &finder{window: w} }

// find asks for messages and tells got what was found, the newest first, and
// whether there may be more before them. The query needs a limit.
func (f *finder) find(query chat.HistoryQuery, got func(page []chat.Message, more bool, err error)) {
	f.stop()
	w := f.window
	asked, cancel := context.WithCancel(context.Background())
	f.cancel = cancel
	w.background.start(func(ctx context.Context) {
		defer context.AfterFunc(ctx, cancel)()
		page, err := w.cfg.Chat.History(asked, query)
		slices.Reverse(page)
		w.cfg.Do(func() {
			if asked.Err() != nil {
				return // nobody waits for it any more
			}
			f.stop()
			if err != nil && !errors.Is(err, context.Canceled) {
				w.cfg.Logger.Warn("search", "err", err)
			}
			got(page, len(page) == query.Limit, err)
		})
	})
}

// stop forgets the question that is on its way.
func (f *finder) stop() {
	if f.cancel != nil {
		f.cancel()
		f.cancel = nil
	}
}

// busy says that a question is on its way.
func (f *finder) busy() bool { return f.cancel != nil }
