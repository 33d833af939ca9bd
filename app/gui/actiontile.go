package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// actionTile is a large button with an icon above what it does, to stand beside
// others of its kind.
type actionTile struct {
	widget.BaseWidget
	icon   fyne.Resource
	text   string
	accent bool // what most people need now
	tapped func()

	hovered, focused bool
}

// Measures of a tile.
const (
	tileHeight = 88
	tileIcon   = 24
	tileLines  = 2
)

func newActionTile(icon fyne.Resource, text string, tapped func()) *actionTile {
	t := &actionTile{icon: icon, text: text, tapped: tapped}
	t.ExtendBaseWidget(t)
	return t
}

func (t *actionTile) set(text string, accent bool) {
	if t.text != text || t.accent != accent {
		t.text, t.accent = text, accent
		t.Refresh()
	}
}

// Tapped implements fyne.Tappable.
func (t *actionTile) Tapped(*fyne.PointEvent) { t.tapped() }

// Cursor implements desktop.Cursorable.
func (t *actionTile) Cursor() desktop.Cursor { return desktop.PointerCursor }

// MouseIn, MouseMoved and MouseOut implement desktop.Hoverable.
func (t *actionTile) MouseIn(*desktop.MouseEvent)    { t.hovered = true; t.Refresh() }
func (t *actionTile) MouseMoved(*desktop.MouseEvent) {}
func (t *actionTile) MouseOut()                      { t.hovered = false; t.Refresh() }

// FocusGained, FocusLost, TypedRune and TypedKey implement fyne.Focusable.
func (t *actionTile) FocusGained()     { t.focused = true; t.Refresh(); gotFocus(t) }
func (t *actionTile) FocusLost()       { t.focused = false; t.Refresh() }
func (t *actionTile) TypedRune(r rune) { passRune(t, r) }

func (t *actionTile) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		t.tapped()
	default:
		passKey(t, key)
	}
}

// AccessibilityLabel and AccessibilityRole implement fyne.Accessible.
func (t *actionTile) AccessibilityLabel() string             { return t.text }
func (t *actionTile) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer implements fyne.Widget.
func (t *actionTile) CreateRenderer() fyne.WidgetRenderer {
	ground, tint := canvas.NewRectangle(nil), canvas.NewRectangle(nil)
	ground.CornerRadius, tint.CornerRadius = 12, 12
	icon := newImage(t.icon)
	words := newCentredText(13, theme.ColorNameForeground, tileLines, t.text)
	d := &drawing{objects: []fyne.CanvasObject{ground, tint, icon, words}}
	d.minSize = func() fyne.Size { return fyne.NewSize(96, tileHeight) }
	d.layout = func(size fyne.Size) {
		ground.Resize(size)
		tint.Resize(size)
		inside := max(size.Width-16, 1)
		words.Resize(fyne.NewSize(inside, 0))
		height := words.MinSize().Height
		top := (size.Height - tileIcon - 6 - height) / 2
		place(icon, (size.Width-tileIcon)/2, top, tileIcon, tileIcon)
		place(words, 8, top+tileIcon+6, inside, height)
	}
	d.refresh = func() {
		fill, ink, mark := colorPane, theme.ColorNameForeground, theme.ColorNamePrimary
		if t.accent {
			fill, ink, mark = theme.ColorNamePrimary, theme.ColorNameForegroundOnPrimary, theme.ColorNameForegroundOnPrimary
		}
		tinted := colorNone
		if t.hovered {
			tinted = theme.ColorNameHover
		}
		ground.FillColor, tint.FillColor = colorFor(t, fill), colorFor(t, tinted)
		ground.StrokeColor, ground.StrokeWidth = colorFor(t, colorLine), 1
		if t.focused {
			ground.StrokeColor, ground.StrokeWidth = colorFor(t, theme.ColorNameForeground), 2
		}
		words.set(t.text, ink)
		words.Refresh()
		icon.Resource = colored(t.icon, mark)
		ground.Refresh()
		tint.Refresh()
		icon.Refresh()
		d.layout(t.Size())
	}
	d.refresh()
	return d
}
