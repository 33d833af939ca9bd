package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// emojiTabs is a row of emoji of which each leads to its part of the sheet. A
// line below one says which part is in sight.
type emojiTabs struct {
	widget.BaseWidget
	faces   []string
	current int
	tapped  func(i int)
}

// Measures of the row.
const (
	emojiTabsHeight = 34
	emojiOnTab      = 20
)

func newEmojiTabs(faces []string, tapped func(int)) *emojiTabs {
	t := &emojiTabs{faces: faces, tapped: tapped}
	t.ExtendBaseWidget(t)
	return t
}

func (t *emojiTabs) show(current int) {
	if t.current != current {
		t.current = current
		t.Refresh()
	}
}

func (t *emojiTabs) each() float32 { return t.Size().Width / float32(max(len(t.faces), 1)) }

// Tapped implements fyne.Tappable.
func (t *emojiTabs) Tapped(event *fyne.PointEvent) {
	if i := int(event.Position.X / max(t.each(), 1)); i >= 0 && i < len(t.faces) {
		t.tapped(i)
	}
}

// Cursor implements desktop.Cursorable.
func (t *emojiTabs) Cursor() desktop.Cursor { return desktop.PointerCursor }

// CreateRenderer implements fyne.Widget.
func (t *emojiTabs) CreateRenderer() fyne.WidgetRenderer {
	line := canvas.NewRectangle(nil)
	line.CornerRadius = 1.5
	d := &drawing{objects: []fyne.CanvasObject{line}}
	for _, face := range t.faces {
		d.objects = append(d.objects, newEmojiPicture(face))
	}
	d.minSize = func() fyne.Size { return fyne.NewSize(0, emojiTabsHeight) }
	d.layout = func(size fyne.Size) {
		each := t.each()
		for i, o := range d.objects[1:] {
			place(o, float32(i)*each, (size.Height-3-emojiOnTab)/2, each, emojiOnTab)
		}
		place(line, float32(t.current)*each+8, size.Height-3, max(each-16, 0), 3)
	}
	d.refresh = func() {
		line.FillColor = colorFor(t, theme.ColorNamePrimary)
		d.layout(t.Size())
		refreshAll(d.objects...)
	}
	d.refresh()
	return d
}
