package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// settingsTab stands for a section of the settings.
type settingsTab struct {
	widget.BaseWidget
	icon   fyne.Resource
	name   *textLine
	label  string
	tapped func()

	short                    bool // the icon alone
	chosen, hovered, focused bool
}

const settingsTabHeight = 40

func newSettingsTab(icon fyne.Resource, label string, tapped func()) *settingsTab {
	t := &settingsTab{icon: icon, label: label, tapped: tapped, name: newShrinkingLine(textSize, theme.ColorNameForeground, label)}
	t.ExtendBaseWidget(t)
	return t
}

func (t *settingsTab) mark(chosen, focused, short bool) {
	if t.chosen != chosen || t.focused != focused || t.short != short {
		t.chosen, t.focused, t.short = chosen, focused, short
		t.Refresh()
	}
}

// Tapped implements fyne.Tappable.
func (t *settingsTab) Tapped(*fyne.PointEvent) { t.tapped() }

// Cursor implements desktop.Cursorable.
func (t *settingsTab) Cursor() desktop.Cursor { return desktop.PointerCursor }

// MouseIn, MouseMoved and MouseOut implement desktop.Hoverable.
func (t *settingsTab) MouseIn(*desktop.MouseEvent) {
	t.hovered = true
	t.Refresh()
	if t.short {
		showTip(t, t.label)
	}
}
func (t *settingsTab) MouseMoved(*desktop.MouseEvent) {}
func (t *settingsTab) MouseOut()                      { t.hovered = false; t.Refresh(); hideTip(t) }

// AccessibilityLabel and AccessibilityRole implement fyne.Accessible.
func (t *settingsTab) AccessibilityLabel() string             { return t.label }
func (t *settingsTab) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer implements fyne.Widget.
func (t *settingsTab) CreateRenderer() fyne.WidgetRenderer {
	ground := canvas.NewRectangle(nil)
	ground.CornerRadius = 10
	image := newImage(t.icon)
	d := &drawing{objects: []fyne.CanvasObject{ground, image, t.name}}
	d.minSize = func() fyne.Size { return fyne.NewSize(settingsTabHeight, settingsTabHeight) }
	d.layout = func(size fyne.Size) {
		ground.Resize(size)
		const side, left = 20, 12
		if t.short {
			place(image, (size.Width-side)/2, (size.Height-side)/2, side, side)
			return
		}
		place(image, left, (size.Height-side)/2, side, side)
		height := lineHeight(textSize)
		place(t.name, left+side+10, (size.Height-height)/2, max(size.Width-left-side-18, 0), height)
	}
	d.refresh = func() {
		fill, ink := colorNone, colorMuted
		switch {
		case t.chosen:
			fill, ink = colorRowOpen, theme.ColorNamePrimary
		case t.hovered:
			fill = colorRowHover
		}
		ground.FillColor, ground.StrokeWidth = colorFor(t, fill), 0
		if t.focused {
			ground.StrokeColor, ground.StrokeWidth = colorFor(t, theme.ColorNamePrimary), 2
		}
		image.Resource = colored(t.icon, ink)
		t.name.Hidden = t.short
		t.name.set(t.label, theme.ColorNameForeground, t.chosen)
		d.layout(t.Size())
		ground.Refresh()
		image.Refresh()
	}
	d.refresh()
	return d
}
