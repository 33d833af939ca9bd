package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// linkLine is a line of text that does something in this window when tapped.
// It never opens anything outside.
type linkLine struct {
	widget.BaseWidget
	line   *textLine
	tapped func()
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

// CreateRenderer implements fyne.Widget.
func (l *linkLine) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(l.line)
}
