package gui

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"feihong/app/chat"
)

// Limits of forwarding.
const (
	maxForward      = 20  // people at a time
	maxForwardShown = 100 // rows; the search finds the others
)

// canForward says that a message can be sent to others: a text, or files that
// are on this disk.
func (w *Window) canForward(m chat.Message) bool {
	if m.Kind == chat.KindText {
		return !m.Recalled
	}
	return m.Kind == chat.KindFiles && !m.Recalled && len(w.forwardPaths(m)) > 0
}

// forwardPaths are the files of an offer as they lie on this disk.
func (w *Window) forwardPaths(m chat.Message) []string {
	page := w.transfers.of(m)
	if page == nil || w.cfg.Files == nil || page.transfer.Direction == chat.In && page.transfer.State != chat.TransferDone {
		return nil
	}
	paths := page.transfer.Paths
	if slices.ContainsFunc(paths, func(path string) bool { return !filepath.IsAbs(path) }) {
		return nil
	}
	return paths
}

// forwarding is the dialog that chooses who gets a message.
type forwarding struct {
	window *Window
	m      chat.Message
	paths  []string
	chosen map[chat.ContactID]bool
	search *guardedEntry
	rows   *fyne.Container
	send   *dialogButton
	modal  *modal
}

// showForward asks to whom a message shall be sent.
func (w *Window) showForward(m chat.Message) {
	f := &forwarding{window: w, m: m, paths: w.forwardPaths(m), chosen: make(map[chat.ContactID]bool), rows: column(2)}
	f.search = newGuardedEntry(w.words, false, 256)
	f.search.SetPlaceHolder(w.words.Text("gui.forward.search", nil))
	f.search.OnChanged = func(string) { f.fill() }
	f.search.escape = w.escape
	f.search.shortcut = w.shortcut
	list := container.NewVScroll(f.rows)
	list.SetMinSize(fyne.NewSize(0, 4.5*(choiceHeight+2)))
	what := newShrinkingLine(smallSize, colorMuted, excerpt(w.words.inBrief(&m)))
	cancel := newDialogButton(w.words.Text("gui.cancel", nil), nil, func() { w.modal.hide() })
	f.send = newDialogButton("", nil, f.submit)
	f.send.Importance = widget.HighImportance
	f.fill()
	f.modal = w.openModal(w.words.Text("gui.forward.title", nil), 420, column(10, what, f.search, list), nil, cancel, f.send)
	f.modal.scrollsBy(list)
	w.win.Canvas().Focus(f.search)
}

// fill shows the people that the search finds, and how many are chosen.
func (f *forwarding) fill() {
	w := f.window
	f.rows.RemoveAll()
	for _, s := range f.found() {
		row := newForwardRow(s, w.faces, f.chosen[s.ID], func(chosen bool) { f.choose(s.ID, chosen) })
		row.escape = func() { w.escape() }
		f.rows.Add(row)
	}
	if len(f.rows.Objects) == 0 {
		f.rows.Add(padded(8, 8, 4, 4, newTextLine(smallSize, colorMuted, w.words.Text("gui.forward.nobody", nil))))
	}
	f.count()
}

func (f *forwarding) choose(id chat.ContactID, chosen bool) {
	if chosen {
		f.chosen[id] = true
	} else {
		delete(f.chosen, id)
	}
	f.count()
}

func (f *forwarding) count() {
	f.send.SetText(f.window.words.Text("gui.forward.send", map[string]any{"count": len(f.chosen)}))
	if f.ready() {
		f.send.Enable()
	} else {
		f.send.Disable()
	}
}

// ready says that not nobody and not too many are chosen.
func (f *forwarding) ready() bool { return len(f.chosen) > 0 && len(f.chosen) <= maxForward }

// found returns whom the search finds, who spoke last first.
func (f *forwarding) found() []*chat.Summary {
	wanted := strings.ToLower(strings.TrimSpace(f.search.Text))
	var found []*chat.Summary
	for _, s := range f.window.people {
		if !s.Blocked && (wanted == "" || strings.Contains(strings.ToLower(s.DisplayName()+"\n"+s.Name+"\n"+s.Department), wanted)) {
			found = append(found, s)
		}
	}
	slices.SortFunc(found, func(a, b *chat.Summary) int {
		if c := lastSeq(b) - lastSeq(a); c != 0 {
			return int(max(min(c, 1), -1))
		}
		return strings.Compare(a.DisplayName(), b.DisplayName())
	})
	return found[:min(len(found), maxForwardShown)]
}

// submit sends the message to everybody who is chosen.
func (f *forwarding) submit() {
	if !f.ready() {
		return
	}
	w, m, paths := f.window, f.m, f.paths
	var to []chat.ContactID
	for id := range f.chosen {
		to = append(to, id)
	}
	slices.Sort(to)
	f.modal.hide()
	for _, id := range to {
		w.change("forward", func(ctx context.Context) error {
			if m.Kind == chat.KindFiles {
				_, err := w.cfg.Files.Offer(ctx, id, paths, m.Text)
				return err
			}
			_, err := w.cfg.Chat.Send(ctx, id, m.Text)
			return err
		})
	}
}

// newForwardRow makes the row of somebody who can be chosen.
func newForwardRow(s *chat.Summary, faces *faceBook, chosen bool, changed func(bool)) *choiceRow {
	r := newPersonChoice(s.DisplayName(), joined(s.Department, s.Address), nil)
	r.face.faces = faces
	r.face.showPerson(s)
	r.setChosen(chosen)
	r.tapped = func() {
		r.setChosen(!r.chosen)
		changed(r.chosen)
	}
	return r
}
