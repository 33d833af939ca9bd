package gui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"feihong/app/chat"
)

// openPersonMenu shows at a place in the window what can be done about
// somebody.
func (w *Window) openPersonMenu(id chat.ContactID, at fyne.Position) {
	if s := w.people[id]; s != nil && !w.covered() {
		showMenuAt(w.win.Canvas(), at, w.personItems(s))
	}
}

// openMenu shows what can be done about the person of the open conversation.
func (w *Window) openMenu(below fyne.CanvasObject) {
	if s := w.current(); s != nil {
		showMenuBelow(below, w.personItems(s))
	}
}

// personItems are what can be done about somebody, in groups: to know them, to
// sort the list, to keep or clear what was written, to be rid of them.
func (w *Window) personItems(s *chat.Summary) []*fyne.MenuItem {
	groups := [][]*fyne.MenuItem{w.knowItems(s), w.sortItems(s), w.copyItems(s), w.keepItems(s), w.ridItems(s)}
	var items []*fyne.MenuItem
	for _, group := range groups {
		if len(items) > 0 && len(group) > 0 {
			items = append(items, fyne.NewMenuItemSeparator())
		}
		items = append(items, group...)
	}
	return items
}

func (w *Window) item(key string, icon fyne.Resource, do func()) *fyne.MenuItem {
	return fyne.NewMenuItemWithIcon(w.words.Text(key, nil), icon, do)
}

func (w *Window) knowItems(s *chat.Summary) []*fyne.MenuItem {
	items := []*fyne.MenuItem{
		w.item("gui.menu.info", theme.InfoIcon(), func() { w.showContactInfo(s) }),
		w.item("gui.menu.rename", theme.DocumentCreateIcon(), func() { w.showRename(s) }),
	}
	verify := w.item("gui.verify.menu", iconShield, func() { w.showVerify(s) })
	verify.Disabled = s.Pending()
	items = append(items, verify)
	id := s.ID
	if !s.Blocked && !s.Pending() {
		items = append(items, w.item("gui.nudge", iconNudge, func() { w.nudge(id) }))
	}
	if w.cfg.Doctor != nil {
		items = append(items, w.item("gui.doctor.menu", theme.SearchIcon(), func() {
			w.Open(id)
			w.askDoctorAboutTalk()
		}))
	}
	return items
}

func (w *Window) sortItems(s *chat.Summary) []*fyne.MenuItem {
	if s.Blocked {
		return nil
	}
	id := s.ID
	pin := w.item("gui.menu.pin", iconPin, func() { w.setPinned(id, true) })
	if s.Pinned {
		pin = w.item("gui.menu.unpin", iconPin, func() { w.setPinned(id, false) })
	}
	mute := w.item("gui.menu.mute", iconMuted, nil)
	if s.Muted(w.cfg.Now()) {
		mute = w.item("gui.menu.unmute", theme.VolumeUpIcon(), func() { w.setMuted(id, time.Time{}) })
	} else {
		mute.ChildMenu = fyne.NewMenu("",
			w.item("gui.menu.mute-hour", nil, func() { w.setMuted(id, w.cfg.Now().Add(time.Hour)) }),
			w.item("gui.menu.mute-hours", nil, func() { w.setMuted(id, w.cfg.Now().Add(8*time.Hour)) }),
			w.item("gui.menu.mute-forever", nil, func() { w.setMuted(id, chat.Forever) }),
		)
	}
	return []*fyne.MenuItem{pin, mute}
}

func (w *Window) copyItems(s *chat.Summary) []*fyne.MenuItem {
	peer, address := s.Peer, s.Address
	copyID := w.item("gui.menu.copy-id", theme.ContentCopyIcon(), func() { w.copy(peer.String()) })
	copyID.Disabled = s.Pending()
	copyAddress := w.item("gui.menu.copy-address", theme.ContentCopyIcon(), func() { w.copy(address) })
	copyAddress.Disabled = address == ""
	return []*fyne.MenuItem{copyID, copyAddress}
}

func (w *Window) keepItems(s *chat.Summary) []*fyne.MenuItem {
	clear := w.item("gui.menu.clear", theme.ContentClearIcon(), func() { w.askClear(s) })
	clear.Disabled = s.Last == nil
	id := s.ID
	files := w.item("gui.menu.files", theme.FolderIcon(), func() { w.showSearch(searchFilter{contact: id, kind: searchFiles}) })
	if w.cfg.Export == nil {
		return []*fyne.MenuItem{files, clear}
	}
	export := w.item("gui.menu.export", theme.DocumentSaveIcon(), func() { w.showExport(s) })
	export.Disabled = s.Last == nil
	return []*fyne.MenuItem{files, export, clear}
}

func (w *Window) ridItems(s *chat.Summary) []*fyne.MenuItem {
	id := s.ID
	block := w.item("gui.menu.block", theme.VisibilityOffIcon(), func() { w.setBlocked(id, true) })
	if s.Blocked {
		block = w.item("gui.menu.unblock", theme.VisibilityIcon(), func() { w.setBlocked(id, false) })
	}
	items := []*fyne.MenuItem{block}
	if s.Pending() {
		items = append(items, w.item("gui.menu.delete", theme.DeleteIcon(), func() { w.askDelete(s) }))
	}
	return items
}

// askDelete asks before an address goes with everything written to it.
func (w *Window) askDelete(s *chat.Summary) {
	id := s.ID
	w.askFirst("gui.delete.title", "gui.menu.delete",
		w.words.Text("gui.delete.question", map[string]any{"address": s.Address}),
		func() { w.change("delete", func(ctx context.Context) error { return w.cfg.Chat.Delete(ctx, id) }) })
}

// askClear asks before what was written with somebody is deleted.
func (w *Window) askClear(s *chat.Summary) {
	id := s.ID
	w.askFirst("gui.clear.title", "gui.clear.do",
		w.words.Text("gui.clear.question", map[string]any{"name": s.DisplayName()}),
		func() { w.change("clear", func(ctx context.Context) error { return w.cfg.Chat.Clear(ctx, id) }) })
}

// askFirst asks a question before something is done that cannot be undone. The
// keyboard stands on the button that does nothing.
func (w *Window) askFirst(title, button, question string, do func()) {
	keep := newDialogButton(w.words.Text("gui.cancel", nil), nil, func() { w.modal.hide() })
	remove := newDialogButton(w.words.Text(button, nil), nil, func() {
		w.modal.hide()
		do()
	})
	remove.Importance = widget.DangerImportance
	w.openModal(w.words.Text(title, nil), 420, newParagraph(13, theme.ColorNameForeground, question), nil, keep, remove)
	w.win.Canvas().Focus(keep)
}

func (w *Window) setBlocked(id chat.ContactID, blocked bool) {
	if s := w.people[id]; s != nil {
		delete(w.differed, s.Peer) // this is about something else, or over
	}
	w.change("block", func(ctx context.Context) error { return w.cfg.Chat.SetBlocked(ctx, id, blocked) })
}

func (w *Window) setRemark(id chat.ContactID, remark string) {
	w.change("rename", func(ctx context.Context) error { return w.cfg.Chat.SetRemark(ctx, id, remark) })
}

func (w *Window) setPinned(id chat.ContactID, pinned bool) {
	w.change("pin", func(ctx context.Context) error { return w.cfg.Chat.SetPinned(ctx, id, pinned) })
}

func (w *Window) setMuted(id chat.ContactID, until time.Time) {
	w.change("mute", func(ctx context.Context) error { return w.cfg.Chat.SetMuted(ctx, id, until) })
}

// foldersAre remembers which folders of the list are closed.
func (w *Window) foldersAre(closed []string) {
	w.prefer(func(p *Preferences) { p.Folded = closed }, nil)
}
