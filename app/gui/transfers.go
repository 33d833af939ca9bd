package gui

import (
	"context"
	"errors"

	"feihong/app/chat"
	"feihong/protocol"
)

// transferIs shows a transfer as it is now, if it belongs to the open
// conversation.
func (w *Window) transferIs(t chat.Transfer) {
	if w.talk == nil || w.talk.id != t.Contact {
		return
	}
	w.transfers.put(t)
	if !w.talk.loading {
		w.right.conv.timeline.transferred(t.ID)
		w.right.conv.timeline.transferred(t.Retry)
	}
}

// offersOf loads what the messages of a page offer. It runs in the background.
func (w *Window) offersOf(ctx context.Context, page []chat.Message) []chat.Transfer {
	if w.cfg.Files == nil {
		return nil
	}
	var offers []chat.Transfer
	for _, m := range page {
		if m.Kind != chat.KindFiles {
			continue
		}
		t, err := w.cfg.Files.Transfer(ctx, m.ID)
		if err == nil {
			offers = append(offers, t)
		} else if !errors.Is(err, chat.ErrNoTransfer) {
			w.cfg.Logger.Warn("load transfer", "err", err)
		}
	}
	return offers
}

// askAboutOffers loads what the open conversation offers and is not known yet.
// Nothing is asked twice.
func (w *Window) askAboutOffers() {
	t := w.talk
	if w.cfg.Files == nil || t == nil {
		return
	}
	var missing []chat.Message
	for _, m := range t.messages {
		if m.Kind == chat.KindFiles && w.transfers.of(m) == nil && !t.sought[m.ID] {
			if t.sought == nil {
				t.sought = make(map[protocol.MessageID]bool)
			}
			t.sought[m.ID] = true
			missing = append(missing, m)
		}
	}
	if len(missing) == 0 {
		return
	}
	w.background.post(func(ctx context.Context) {
		offers := w.offersOf(ctx, missing)
		w.cfg.Do(func() {
			if w.talk != t {
				return
			}
			for _, offer := range offers {
				w.transfers.putLoaded(offer)
				w.right.conv.timeline.transferred(offer.ID)
			}
		})
	})
}

// doWithFiles does what the user pressed on the card of a transfer.
func (w *Window) doWithFiles(id protocol.MessageID, action fileAction) {
	page := w.transfers.pages[id]
	if page == nil || w.cfg.Files == nil {
		return
	}
	files, t := w.cfg.Files, page.transfer
	switch action {
	case fileAccept:
		w.change("accept files", func(ctx context.Context) error { return files.Accept(ctx, id, "") })
	case fileAcceptInto:
		w.acceptInto(id)
	case fileReject:
		w.change("reject files", func(ctx context.Context) error { return files.Reject(ctx, id) })
	case filePause:
		w.change("pause files", func(ctx context.Context) error { return files.Pause(ctx, id) })
	case fileResume:
		w.change("resume files", func(ctx context.Context) error { return files.Resume(ctx, id) })
	case fileCancel:
		w.cancelFiles(t)
	case fileAgain:
		w.change("try files again", func(ctx context.Context) error {
			_, err := files.Again(ctx, id)
			return err
		})
	case fileOpen:
		w.openFile(t)
	case fileReveal:
		w.reveal(t)
	}
}

// acceptInto asks for a folder and lets an offer come into it.
func (w *Window) acceptInto(id protocol.MessageID) {
	begin := ""
	if w.cfg.FileRules != nil {
		begin = w.cfg.FileRules.Current().Folder
	}
	w.pickFolder(begin, func(folder string) {
		w.change("accept files", func(ctx context.Context) error { return w.cfg.Files.Accept(ctx, id, folder) })
	})
}

// openFile opens what arrived. Programs it opens only after a question.
func (w *Window) openFile(t chat.Transfer) {
	if len(t.Paths) == 0 || w.cfg.Open == nil {
		return
	}
	path := t.Paths[0]
	if t.Executables > 0 && (len(t.Tops) == 0 || !t.Tops[0].Folder) {
		w.askBeforeOpening(t)
		return
	}
	w.outside("open", path, w.cfg.Open)
}

func (w *Window) reveal(t chat.Transfer) {
	if len(t.Paths) > 0 && w.cfg.Reveal != nil {
		w.outside("show in folder", t.Paths[0], w.cfg.Reveal)
	}
}

// outside asks something of the system about a path. It may take a while, so
// nothing waits for it. What the system says is for the log: the user is helped
// by knowing where the file is.
func (w *Window) outside(what, path string, task func(context.Context, string) error) {
	w.background.start(func(ctx context.Context) {
		if err := task(ctx, path); err != nil {
			w.cfg.Logger.Warn(what, "err", err)
			w.cfg.Do(func() { w.left.warn(w.words.Text("gui.files.cannot-open", map[string]any{"path": fileName(path)})) })
		}
	})
}
