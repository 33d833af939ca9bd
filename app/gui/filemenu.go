package gui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"feihong/app/chat"
)

// filesItems are what a menu offers for taking something out of an offer.
func (w *Window) filesItems(m chat.Message, selected string) []*fyne.MenuItem {
	var items []*fyne.MenuItem
	add := func(text string, content string) {
		if content != "" {
			items = append(items, fyne.NewMenuItemWithIcon(text, theme.ContentCopyIcon(), func() { w.copy(content) }))
		}
	}
	add(w.words.Text("gui.message.copy-selection", nil), selected)
	page := w.transfers.of(m)
	if page == nil {
		return items
	}
	t := page.transfer
	if _, here := itemOf(m, &t); here && !page.unshowable {
		items = append(items, fyne.NewMenuItemWithIcon(w.words.Text("gui.files.view", nil), iconPicture, func() { w.viewPicture(m) }))
		items = append(items, w.outsideItems(&t)...)
	}
	names := make([]string, len(t.Tops))
	for i, top := range t.Tops {
		names[i] = fileName(top.Name)
	}
	add(w.words.Text("gui.files.copy-names", nil), strings.Join(names, "\n"))
	add(w.words.Text("gui.message.copy", nil), t.Text)
	if t.State == chat.TransferDone {
		add(w.words.Text("gui.files.copy-path", nil), strings.Join(t.Paths, "\n"))
	}
	return items
}

// outsideItems open a file elsewhere: on the card of a picture there are no
// buttons for it.
func (w *Window) outsideItems(t *chat.Transfer) []*fyne.MenuItem {
	var items []*fyne.MenuItem
	if w.cfg.Open != nil {
		items = append(items, fyne.NewMenuItemWithIcon(w.words.Text("gui.viewer.open", nil), theme.ViewFullScreenIcon(), func() { w.outside("open", t.Paths[0], w.cfg.Open) }))
	}
	if w.cfg.Reveal != nil {
		items = append(items, fyne.NewMenuItemWithIcon(fileReveal.label(w.words), theme.FolderOpenIcon(), func() { w.outside("show in folder", t.Paths[0], w.cfg.Reveal) }))
	}
	return items
}
