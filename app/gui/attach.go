package gui

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"feihong/app/chat"
)

// prepareFiles lets the user attach files, if this program sends any.
func (w *Window) prepareFiles() {
	composer := w.right.conv.composer
	composer.onAttach = w.openAttachMenu
	composer.onDetach = w.detach
	if w.cfg.Files == nil {
		return
	}
	composer.place.Show()
	if w.screenshots() {
		composer.onScreen = w.takeScreenshot
	}
	w.win.SetOnDropped(w.dropped)
}

// openAttachMenu asks whether files or a folder shall be sent: no dialog of a
// system offers both.
func (w *Window) openAttachMenu(above fyne.CanvasObject) {
	showMenuAbove(above, w.attachItems())
}

func (w *Window) attachItems() []*fyne.MenuItem {
	return append([]*fyne.MenuItem{
		fyne.NewMenuItemWithIcon(w.words.Text("gui.attach.files", nil), iconFile, w.attachFiles),
		fyne.NewMenuItemWithIcon(w.words.Text("gui.attach.folder", nil), iconFolder, w.attachFolder),
	}, w.screenshotItems()...)
}

func (w *Window) attachFiles() {
	if t := w.talk; t != nil && w.cfg.Files != nil && !w.elsewhere() {
		w.pickFiles(func(paths []string) { w.attach(t.id, paths) })
	}
}

func (w *Window) attachFolder() {
	if t := w.talk; t != nil {
		w.pickFolder("", func(path string) { w.attach(t.id, []string{path}) })
	}
}

// dropped takes files that were dropped on the window: for the person below
// the pointer, else for the open conversation. Sending is confirmed in both
// cases, so that a wrong position does no harm.
func (w *Window) dropped(at fyne.Position, items []fyne.URI) {
	if w.covered() {
		return
	}
	var paths []string
	for _, item := range items {
		if path := filepath.FromSlash(item.Path()); item.Scheme() == "file" && filepath.IsAbs(path) {
			paths = append(paths, path)
		}
	}
	if len(paths) == 0 {
		return
	}
	if id, ok := w.left.people.personAt(at); ok && w.left.Visible() {
		w.Open(id)
		w.attach(id, paths)
	} else if w.talk != nil && !w.elsewhere() {
		w.attach(w.talk.id, paths)
	} else {
		w.left.warn(w.words.Text("gui.attach.nowhere", nil))
	}
}

// attach adds files and folders to what will be sent to somebody.
func (w *Window) attach(to chat.ContactID, paths []string) { w.addAttached(to, paths) }

func (w *Window) addAttached(to chat.ContactID, paths []string, loose ...loosePicture) {
	to = w.nowOf(to)
	if w.people[to] == nil {
		return
	}
	open := w.isOpen(to)
	if open && !w.answer().changed() {
		w.endEdit()
	}
	old := w.attached[to]
	if old != nil {
		old.cancel()
	}
	a := old.with(paths, loose...)
	w.attached[to] = a
	w.count(a)
	w.showAttached()
	w.focusComposer()
	if open && w.editing() { // the input box is taken: what was attached comes up after it
		composer := w.right.conv.composer
		composer.notice.show(w.words.Text("gui.attach.after-edit", nil), false, "", nil)
		composer.resized()
	}
}

// count finds out how much it is and how it looks, away from the user
// interface.
func (w *Window) count(a *attachment) {
	stopped, cancel := context.WithCancel(context.Background())
	a.cancel = cancel
	tell := func(set func()) {
		w.cfg.Do(func() {
			if stopped.Err() == nil {
				set()
				w.showAttached()
			}
		})
	}
	w.background.start(func(ctx context.Context) {
		ctx, end := context.WithCancel(ctx)
		defer end()
		defer context.AfterFunc(stopped, end)()
		total, err := a.weigh(ctx)
		tell(func() { a.weight, a.problem, a.counted = total, err, true })
		if face, preview := a.look(ctx); face != nil {
			tell(func() { a.face, a.preview = face, preview })
		}
	})
}

// detach takes back what was chosen for the open conversation.
func (w *Window) detach() {
	if t := w.talk; t != nil && w.attached[t.id] != nil {
		w.attached[t.id].cancel()
		delete(w.attached, t.id)
		w.showAttached()
		w.focusComposer()
	}
}

// showAttached shows what is chosen for the open conversation. While a message
// is edited it is out of the way.
func (w *Window) showAttached() {
	switch {
	case w.editing():
		w.right.conv.composer.showAttached(nil)
	case w.talk != nil:
		w.right.conv.composer.showAttached(w.attached[w.talk.id])
	}
}

// patientTime is how long an offer may be prepared before the user is told.
const patientTime = 400 * time.Millisecond

// offer hands what is attached to the service. It leaves the input box at
// once, and comes back if it could not be offered.
func (w *Window) offer(t *talk, a *attachment, text string) {
	a.cancel()
	delete(w.attached, t.id)
	w.showAttached()
	o := &offering{talk: t, attachment: a, text: text}
	w.offering = append(w.offering, o)
	if text != "" {
		w.saveDraft(t.id)
	}
	stopped, cancel := context.WithCancel(context.Background())
	preview := a.preview
	w.later(patientTime, func() {
		if slices.Contains(w.offering, o) && w.isOpen(w.nowOf(t.id)) {
			composer := w.right.conv.composer
			composer.notice.show(w.words.Text("gui.attach.preparing", nil), false, w.words.Text("gui.cancel", nil), cancel)
			composer.resized()
		}
	})
	w.background.start(func(ctx context.Context) {
		ctx, end := context.WithCancel(ctx)
		defer end()
		defer context.AfterFunc(stopped, end)()
		sent, err := w.offerAll(ctx, t.id, a, preview, text)
		w.cfg.Do(func() {
			cancel()
			w.offered(o, sent, err)
		})
	})
}

func (w *Window) offered(o *offering, sent chat.Transfer, err error) {
	w.offering = slices.DeleteFunc(w.offering, func(other *offering) bool { return other == o })
	id := w.nowOf(o.talk.id)
	if w.isOpen(id) {
		w.right.conv.composer.clearNotice()
	}
	if err == nil {
		if o.text != "" && w.people[id] != nil {
			w.saveDraft(id)
		}
		w.transferIs(sent)
		if w.talk == o.talk {
			w.right.conv.timeline.jump()
		}
		return
	}
	w.cfg.Logger.Warn("offer files", "err", err)
	if w.people[id] == nil {
		return
	}
	w.attachAgain(id, o.attachment)
	w.addToDraft(id, o.text)
	if !errors.Is(err, context.Canceled) {
		w.notSent(id, err)
	}
}
