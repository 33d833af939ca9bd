package gui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// readAddress reads an address as the user types it. It returns the canonical
// form, "" if the address is not valid, and what is to be said about it, ""
// if that is nothing.
func (w *Window) readAddress(typed string) (canonical, remark string, color fyne.ThemeColorName) {
	canonical, warnings, err := w.cfg.Check(typed)
	if err != nil {
		return "", w.words.Error(err), theme.ColorNameError
	}
	lines := make([]string, len(warnings))
	for i, warning := range warnings {
		lines[i] = w.words.Error(warning)
	}
	return canonical, strings.Join(lines, "\n"), theme.ColorNameWarning
}

// addressQuestion lets the user have an address examined: a field, a button,
// and below them what is wrong with what is typed.
type addressQuestion struct {
	widget.BaseWidget
	caption *paragraph
	entry   *guardedEntry
	start   *dialogButton
	remark  *paragraph
	address string // canonical, "" while the field holds no valid address
	act     questionActions
}

type questionActions struct {
	read     func(typed string) (canonical, remark string, color fyne.ThemeColorName)
	examine  func(address string)
	shortcut func(fyne.Shortcut) bool
	escape   func() bool
	resized  func() // the widget needs another height
}

func newAddressQuestion(words *wording, act questionActions) *addressQuestion {
	q := &addressQuestion{
		caption: newParagraph(smallSize, colorMuted, words.Text("gui.doctor.ask", nil)),
		entry:   newGuardedEntry(words, false, 512),
		remark:  newParagraph(smallSize, colorMuted, ""),
		act:     act,
	}
	q.start = newDialogButton(words.Text("gui.doctor.ask-start", nil), nil, q.submit)
	q.start.Disable()
	q.remark.Hide()
	q.entry.SetPlaceHolder(words.Text("gui.new.example", nil))
	q.entry.OnChanged = q.check
	q.entry.submit = q.submit
	q.entry.shortcut, q.entry.escape = act.shortcut, act.escape
	q.ExtendBaseWidget(q)
	return q
}

// check reads the address as it stands.
func (q *addressQuestion) check(typed string) {
	remark, color := "", colorMuted
	q.address = ""
	if strings.TrimSpace(typed) != "" {
		q.address, remark, color = q.act.read(typed)
	}
	if q.address != "" {
		q.start.Enable()
	} else {
		q.start.Disable()
	}
	if q.remark.text == remark {
		return
	}
	q.remark.set(remark, color)
	q.remark.Hidden = remark == ""
	q.act.resized()
}

func (q *addressQuestion) submit() {
	if q.address != "" {
		q.act.examine(q.address)
	}
}

// CreateRenderer implements fyne.Widget.
func (q *addressQuestion) CreateRenderer() fyne.WidgetRenderer {
	content := flow(8, q.caption, between(8, nil, q.entry, q.start), q.remark)
	return widget.NewSimpleRenderer(newSurface(colorPane, 14, padded(12, 14, 16, 16, content)))
}
