package gui

import (
	"context"
	"net/url"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// openLink follows a link of a message. If its machine is not the one that
// the message shows, the user is told first.
func (w *Window) openLink(shown string, link *url.URL) {
	if w.cfg.OpenLink == nil {
		w.copy(link.String())
		return
	}
	if !disguised(shown, link) {
		w.followLink(link)
		return
	}
	question := newParagraph(13, theme.ColorNameForeground,
		w.words.Text("gui.link.question", map[string]any{"host": link.Host, "shown": oneLine(shown)}))
	cancel := newDialogButton(w.words.Text("gui.cancel", nil), nil, func() { w.modal.hide() })
	open := newDialogButton(w.words.Text("gui.link.open", nil), nil, func() {
		w.modal.hide()
		w.followLink(link)
	})
	w.openModal(w.words.Text("gui.link.title", nil), 420, question, nil, cancel, open)
}

// followLink opens a link in the browser, off the user interface.
func (w *Window) followLink(link *url.URL) {
	w.background.start(func(context.Context) {
		err := w.cfg.OpenLink(link)
		if err == nil {
			return
		}
		w.cfg.Logger.Warn("open link", "err", err)
		w.cfg.Do(func() { w.left.warn(w.words.Text("gui.link.failed", nil)) })
	})
}

// linkItems are what a menu offers for the links of a text, of which it shows
// the first few.
func (w *Window) linkItems(c *content) []*fyne.MenuItem {
	const most = 3
	var items []*fyne.MenuItem
	for _, p := range c.parts {
		if p.look != lookLink || len(items) == most {
			continue
		}
		shown, link := c.text[p.start:p.end], p.link
		text := w.words.Text("gui.link.open-host", map[string]any{"host": shortened(link.Host, 40)})
		if w.cfg.OpenLink == nil {
			text = w.words.Text("gui.link.copy", map[string]any{"host": shortened(link.Host, 40)})
		}
		items = append(items, fyne.NewMenuItemWithIcon(text, theme.SearchIcon(), func() { w.openLink(shown, link) }))
	}
	return items
}

// shortened cuts a name in its middle if it has too many characters: who it is
// stands at its end.
func shortened(name string, most int) string {
	runes := []rune(name)
	if len(runes) <= most {
		return name
	}
	return string(runes[:most/3]) + "…" + string(runes[len(runes)-most*2/3:])
}
