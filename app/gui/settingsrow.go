package gui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// settingsCard is a titled group of rows; an empty title leaves it out.
func settingsCard(title string, rows ...fyne.CanvasObject) fyne.CanvasObject {
	content := flow(14)
	if title != "" {
		content.Add(newShrinkingLine(smallSize, colorMuted, title))
	}
	for _, o := range rows {
		if o != nil {
			content.Add(o)
		}
	}
	return newSurface(colorPane, 14, padded(14, 16, 16, 16, content))
}

// settingsRow puts a control behind what it is about. An empty hint is left
// out.
func settingsRow(title, hint string, control fyne.CanvasObject) fyne.CanvasObject {
	words := flow(2, newParagraph(textSize, theme.ColorNameForeground, title))
	if hint != "" {
		words.Add(newParagraph(smallSize, colorMuted, hint))
	}
	return container.New(&labelled{gap: 16, room: rowRoom}, words, control)
}

// rowRoom is how much width the words of a row want to themselves.
const rowRoom = 112

// settingsSwitch is a row with a switch that holds at once.
func settingsSwitch(title, hint string, on bool, changed func(on bool)) fyne.CanvasObject {
	return settingsRow(title, hint, newToggle(title, on, changed))
}

// choice offers some texts of which one is chosen. It is wide enough for each
// of them, within limits.
type choice struct{ widget.Select }

const (
	choiceNarrow = 110
	choiceWide   = 240
)

// FocusGained implements fyne.Focusable.
func (c *choice) FocusGained() {
	c.Select.FocusGained()
	gotFocus(c)
}

// TypedKey implements fyne.Focusable.
func (c *choice) TypedKey(key *fyne.KeyEvent) {
	if key.Name == fyne.KeyEscape {
		passKey(c, key)
		return
	}
	c.Select.TypedKey(key)
}

func newChoice(texts []string, chosen int, changed func(index int)) *choice {
	c := &choice{}
	c.Options = texts
	c.ExtendBaseWidget(c)
	if chosen >= 0 {
		c.SetSelectedIndex(chosen)
	}
	c.OnChanged = func(string) { changed(c.SelectedIndex()) }
	return c
}

// MinSize implements fyne.CanvasObject.
func (c *choice) MinSize() fyne.Size {
	width := float32(choiceNarrow)
	for _, text := range c.Options {
		width = max(width, measure(text, textSize)+choicePad)
	}
	return fyne.NewSize(min(width, choiceWide), c.Select.MinSize().Height)
}

// choicePad is what a choice needs beside its text.
const choicePad = 52

// settingsField is a text that is kept when the user presses Enter or leaves
// the field.
type settingsField struct {
	entry *guardedEntry
	count *textLine
	note  *paragraph
	limit int // characters; 0: it is not counted
	kept  string
	save  func(text string, told func(error))
	words *wording

	resized func()
}

func (p *settingsPage) field(text, example string, limit int, save func(text string, told func(error))) *settingsField {
	w := p.window
	f := &settingsField{
		entry: newGuardedEntry(w.words, false, 1024),
		count: newTextLine(smallSize, colorMuted, ""),
		note:  newParagraph(smallSize, colorMuted, ""),
		limit: limit, kept: text, save: save, words: w.words, resized: p.rearrange,
	}
	f.note.Hide()
	f.entry.SetPlaceHolder(example)
	f.entry.SetText(text)
	f.entry.toEnd()
	f.entry.submit = f.keep
	f.entry.shortcut = w.shortcut
	f.entry.escape = w.escape
	f.entry.focused = func(focused bool) {
		if !focused {
			f.keep()
		}
	}
	f.entry.OnChanged = func(string) { f.tell() }
	f.tell()
	return f
}

func (f *settingsField) value() string { return strings.TrimSpace(f.entry.Text) }

// tell counts what is left, once that begins to matter.
func (f *settingsField) tell() {
	text, color := "", colorMuted
	if f.limit > 0 {
		text, color = leftOf(f.value(), f.limit)
	}
	f.count.set(text, color, false)
}

// keep saves the text if it has changed.
func (f *settingsField) keep() {
	text := f.value()
	if text == f.kept {
		return
	}
	f.save(text, func(err error) {
		if err == nil {
			f.kept = text
			f.say(f.words.Text("gui.settings.kept", nil), theme.ColorNameSuccess)
			return
		}
		f.say(f.words.Error(err), theme.ColorNameError)
	})
}

func (f *settingsField) say(text string, color fyne.ThemeColorName) {
	f.note.set(text, color)
	f.note.Show()
	f.resized()
}

// under puts a caption above the field and room for what became of it below.
func (f *settingsField) under(caption, hint string) fyne.CanvasObject {
	f.count.align = fyne.TextAlignTrailing
	head := between(8, nil, newShrinkingLine(smallSize, colorMuted, caption), f.count)
	box := flow(4, head, f.entry, f.note)
	if hint != "" {
		box.Add(newParagraph(smallSize, colorMuted, hint))
	}
	return box
}

// centred gives an object the whole width and keeps it in the middle of the
// height.
type centred struct{}

// Layout implements fyne.Layout.
func (centred) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(fyne.NewSize(size.Width, o.MinSize().Height))
		height := o.MinSize().Height
		place(o, 0, max((size.Height-height)/2, 0), size.Width, height)
	}
}

// MinSize implements fyne.Layout.
func (centred) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return layout.NewStackLayout().MinSize(objects)
}
