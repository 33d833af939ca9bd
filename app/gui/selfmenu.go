package gui

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"feihong/app/chat"
)

// openSelfMenu shows what the user can change about themself, and what helps
// when somebody is missing.
func (w *Window) openSelfMenu() {
	if items := w.selfItems(); len(items) > 0 {
		showMenuBelow(w.left.self, items)
	}
}

func (w *Window) selfItems() []*fyne.MenuItem {
	items := w.presenceItems()
	if len(items) > 0 {
		items = append(items, fyne.NewMenuItemSeparator())
	}
	items = append(items, fyne.NewMenuItemWithIcon(w.words.Text("gui.settings.menu", nil), theme.SettingsIcon(), w.showSettings))
	if w.cfg.Doctor != nil {
		items = append(items, fyne.NewMenuItemWithIcon(w.words.Text("gui.doctor.menu", nil), theme.InfoIcon(),
			func() { w.showDoctor(doctorCase{}) }))
	}
	return items
}

// presenceItems offers the statuses and the status line.
func (w *Window) presenceItems() []*fyne.MenuItem {
	if w.cfg.Presence == nil {
		return nil
	}
	current := w.cfg.Presence.Current()
	var items []*fyne.MenuItem
	for _, status := range []chat.Status{chat.StatusOnline, chat.StatusAway, chat.StatusBusy, StatusInvisible} {
		word := w.words.Text("gui.self."+string(status), nil)
		item := fyne.NewMenuItemWithIcon(word, statusIcon(status), func() {
			chosen := w.cfg.Presence.Current()
			chosen.Status = status
			w.setPresence(chosen)
		})
		item.Checked = status == current.Status
		items = append(items, item)
	}
	edit := fyne.NewMenuItemWithIcon(w.words.Text("gui.self.edit", nil), theme.DocumentCreateIcon(), w.showStatusText)
	return append(items, fyne.NewMenuItemSeparator(), edit)
}

// setPresence changes what others see, and shows it at once.
func (w *Window) setPresence(p Presence) {
	p.Idle = false
	w.left.self.show(w.cfg.Self.Name(), &p)
	w.change("presence", func(ctx context.Context) error {
		err := w.cfg.Presence.SetPresence(ctx, p)
		w.cfg.Do(w.showSelf)
		return err
	})
}

// showSelf brings the user's own name and presence up to date.
func (w *Window) showSelf() {
	var shown *Presence
	if w.cfg.Presence != nil {
		current := w.cfg.Presence.Current()
		shown = &current
	}
	w.left.self.show(w.cfg.Self.Name(), shown)
	if w.cfg.OwnPicture != nil {
		w.left.self.avatar.showOwn(w.cfg.OwnPicture())
	}
}

// showStatusText lets the user say what they do and where they belong.
func (w *Window) showStatusText() {
	words, current := w.words, w.cfg.Presence.Current()
	text := newCountedField(words, current.Text, words.Text("gui.self.text-example", nil), MaxStatusRunes)
	department := newCountedField(words, current.Department, words.Text("gui.self.department-example", nil), MaxDepartmentRunes)
	var ok *dialogButton
	save := func() {
		if ok.Disabled() {
			return
		}
		chosen := w.cfg.Presence.Current()
		chosen.Text, chosen.Department = text.value(), department.value()
		w.modal.hide()
		w.setPresence(chosen)
	}
	ok = newDialogButton(words.Text("gui.save", nil), nil, save)
	ok.Importance = widget.HighImportance
	for _, f := range []*countedField{text, department} {
		f.entry.submit = save
		f.entry.shortcut = w.shortcut
		f.entry.escape = func() bool { w.modal.hide(); return true }
		f.changed = func() {
			if text.fits() && department.fits() {
				ok.Enable()
			} else {
				ok.Disable()
			}
		}
	}
	cancel := newDialogButton(words.Text("gui.cancel", nil), nil, func() { w.modal.hide() })
	content := column(14,
		text.under(words.Text("gui.self.text", nil)),
		department.under(words.Text("gui.self.department", nil)),
		newParagraph(smallSize, colorMuted, words.Text("gui.self.hint", nil)),
	)
	w.openModal(words.Text("gui.self.title", nil), 420, content, nil, cancel, ok)
	w.win.Canvas().Focus(text.entry)
}

// countedField is a text field that tells how many more characters fit.
type countedField struct {
	entry   *guardedEntry
	count   *textLine
	limit   int // characters
	changed func()
}

func newCountedField(words *wording, text, example string, limit int) *countedField {
	f := &countedField{entry: newGuardedEntry(words, false, 1024), count: newTextLine(smallSize, colorMuted, ""), limit: limit}
	f.entry.SetPlaceHolder(example)
	f.entry.SetText(text)
	f.entry.toEnd()
	f.entry.OnChanged = func(string) { f.tell() }
	f.tell()
	return f
}

func (f *countedField) value() string { return strings.TrimSpace(f.entry.Text) }

func (f *countedField) left() int { return f.limit - utf8.RuneCountInString(f.value()) }

func (f *countedField) fits() bool { return f.left() >= 0 }

// tell shows the number once it begins to matter.
func (f *countedField) tell() {
	number, color := leftOf(f.value(), f.limit)
	f.count.set(number, color, false)
	if f.changed != nil {
		f.changed()
	}
}

// leftOf tells how many more characters fit, once that begins to matter.
func leftOf(text string, limit int) (number string, color fyne.ThemeColorName) {
	left := limit - utf8.RuneCountInString(text)
	switch {
	case left >= limit/3:
		return "", colorMuted
	case left < 0:
		return strconv.Itoa(left), theme.ColorNameError
	}
	return strconv.Itoa(left), colorMuted
}

// under puts a caption above the field, with the number at its end.
func (f *countedField) under(caption string) fyne.CanvasObject {
	f.count.align = fyne.TextAlignTrailing
	head := container.NewStack(newTextLine(smallSize, colorMuted, caption), f.count)
	return column(4, head, f.entry)
}
