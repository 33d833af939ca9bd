package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// linkLine is a line of text that does something in this window when tapped. It
// can be reached and pressed with the keyboard. It never opens anything outside.
type linkLine struct {
	widget.BaseWidget
	line    *textLine
	tapped  func()
	focused bool
}

func newLinkLine() *linkLine {
	l := &linkLine{line: newTextLine(smallSize, theme.ColorNamePrimary, "")}
	l.ExtendBaseWidget(l)
	return l
}

// show sets the text and what a tap does; nil makes it a plain remark.
func (l *linkLine) show(text string, tapped func()) {
	l.tapped = tapped
	color := theme.ColorNamePrimary
	if tapped == nil {
		color = colorMuted
	}
	l.line.set(text, color, false)
	if l.focused {
		l.Refresh()
	}
}

// Tapped implements fyne.Tappable.
func (l *linkLine) Tapped(*fyne.PointEvent) {
	if l.tapped != nil {
		l.tapped()
	}
}

// Cursor implements desktop.Cursorable.
func (l *linkLine) Cursor() desktop.Cursor {
	if l.tapped == nil {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// Enable, Disable and Disabled implement fyne.Disableable: a plain remark takes
// no focus.
func (l *linkLine) Enable()        {}
func (l *linkLine) Disable()       {}
func (l *linkLine) Disabled() bool { return l.tapped == nil }

// FocusGained, FocusLost, TypedRune and TypedKey implement fyne.Focusable.
func (l *linkLine) FocusGained()     { l.focused = true; l.Refresh(); gotFocus(l) }
func (l *linkLine) FocusLost()       { l.focused = false; l.Refresh() }
func (l *linkLine) TypedRune(r rune) { passRune(l, r) }

func (l *linkLine) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		l.Tapped(nil)
	default:
		passKey(l, key)
	}
}

// AccessibilityLabel and AccessibilityRole implement fyne.Accessible.
func (l *linkLine) AccessibilityLabel() string             { return l.line.text }
func (l *linkLine) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer implements fyne.Widget. What has the focus has a line below.
func (l *linkLine) CreateRenderer() fyne.WidgetRenderer {
	below := canvas.NewRectangle(nil)
	d := &drawing{objects: []fyne.CanvasObject{l.line, below}, minSize: l.line.MinSize}
	d.layout = func(size fyne.Size) {
		l.line.Resize(size)
		place(below, 0, size.Height-linkUnderline, min(l.line.MinSize().Width, size.Width), linkUnderline)
	}
	d.refresh = func() {
		below.Hidden, below.FillColor = !l.focused, colorFor(l, theme.ColorNamePrimary)
		d.layout(l.Size())
		refreshAll(l.line, below)
	}
	d.refresh()
	return d
}

// linkUnderline is how thick the line below a text with the focus is.
const linkUnderline = 2
