package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
)

// Measures of the card of keys: how wide it is, and from where on it has two
// columns.
const (
	keyCardWidth = 660
	keyColumns   = 500
)

// showKeys shows all that the keyboard can do.
func (w *Window) showKeys() {
	var columns [2][]fyne.CanvasObject
	for group := range keyGroups {
		at := &columns[group%2]
		*at = append(*at, w.keyGroup(group))
	}
	content := container.New(&abreast{from: keyColumns, gap: 16, even: true}, column(16, columns[0]...), column(16, columns[1]...))
	done := newDialogButton(w.words.Text("gui.close", nil), nil, func() { w.modal.hide() })
	w.openModal(w.words.Text("gui.keys.title", nil), keyCardWidth, content, nil, done)
	w.win.Canvas().Focus(done)
}

// keyGroup is one part of the card: its title and a line for each command.
func (w *Window) keyGroup(group keyGroup) fyne.CanvasObject {
	title := newTextLine(nameSize, theme.ColorNameForeground, w.words.Text(group.title(), nil))
	title.strong = true
	lines := column(5, title)
	for _, command := range keymap() {
		if command.group != group || command.text == "" {
			continue
		}
		what := newShrinkingLine(13, theme.ColorNameForeground, w.words.Text(command.text, nil))
		lines.Add(padded(0, 0, 0, 12, between(12, nil, what, newTextLine(smallSize, colorMuted, command.keyText()))))
	}
	return lines
}
