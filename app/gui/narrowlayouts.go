package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// wrapping stands objects beside each other, in as many lines as they need at
// the width there is.
type wrapping struct {
	gap      float32
	trailing bool // at the right edge
	width    float32
}

// lineUp puts objects into a row that breaks.
func lineUp(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&wrapping{gap: gap}, objects...)
}

// lines returns the objects of each line, and the height of all.
func (l *wrapping) lines(objects []fyne.CanvasObject) (lines [][]fyne.CanvasObject, height float32) {
	x, tallest := float32(0), float32(0)
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		size := o.MinSize()
		if len(lines) == 0 || l.width > 0 && x+l.gap+size.Width > l.width {
			if len(lines) > 0 {
				height += tallest + l.gap
			}
			lines, x, tallest = append(lines, nil), -l.gap, 0
		}
		last := len(lines) - 1
		lines[last] = append(lines[last], o)
		x, tallest = x+l.gap+size.Width, max(tallest, size.Height)
	}
	return lines, height + tallest
}

// Layout implements fyne.Layout.
func (l *wrapping) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	lines, _ := l.lines(objects)
	y := float32(0)
	for _, line := range lines {
		width, height := -l.gap, float32(0)
		for _, o := range line {
			width, height = width+l.gap+o.MinSize().Width, max(height, o.MinSize().Height)
		}
		x := float32(0)
		if l.trailing {
			x = max(size.Width-width, 0)
		}
		for _, o := range line {
			own := min(o.MinSize().Width, size.Width)
			place(o, x, y, own, height)
			x += own + l.gap
		}
		y += height + l.gap
	}
}

// MinSize implements fyne.Layout.
func (l *wrapping) MinSize(objects []fyne.CanvasObject) fyne.Size {
	widest := float32(0)
	for _, o := range objects {
		if o.Visible() {
			widest = max(widest, o.MinSize().Width)
		}
	}
	_, height := l.lines(objects)
	return fyne.NewSize(widest, height)
}

// abreast lays two objects beside each other if there is room for that, else
// one above the other.
type abreast struct {
	from  float32 // the width from which on there is room
	gap   float32
	even  bool // both get half the width; else the first keeps its own
	width float32
}

// Layout implements fyne.Layout.
func (a *abreast) Layout(o []fyne.CanvasObject, size fyne.Size) {
	a.width = size.Width
	if size.Width < a.from {
		first := a.heightOf(o[0], size.Width)
		place(o[0], 0, 0, size.Width, first)
		place(o[1], 0, first+a.gap, size.Width, a.heightOf(o[1], size.Width))
		return
	}
	left := a.left(o[0])
	place(o[0], 0, 0, left, size.Height)
	place(o[1], left+a.gap, 0, size.Width-left-a.gap, size.Height)
}

func (a *abreast) left(o fyne.CanvasObject) float32 {
	if a.even {
		return (a.width - a.gap) / 2
	}
	return o.MinSize().Width
}

// heightOf returns the height that an object needs at a width.
func (a *abreast) heightOf(o fyne.CanvasObject, width float32) float32 {
	o.Resize(fyne.NewSize(width, o.MinSize().Height)) // wraps its text
	return o.MinSize().Height
}

// MinSize implements fyne.Layout.
func (a *abreast) MinSize(o []fyne.CanvasObject) fyne.Size {
	one, other := o[0].MinSize(), o[1].MinSize()
	if a.width < a.from {
		return fyne.NewSize(max(one.Width, other.Width), one.Height+a.gap+other.Height)
	}
	return fyne.NewSize(one.Width+a.gap+other.Width, max(one.Height, other.Height))
}

// labelled puts a control behind the words about it, or below them where both
// have too little room beside each other.
type labelled struct {
	gap   float32
	room  float32 // that the words want to themselves
	width float32
}

// below says that the control stands below the words.
func (l *labelled) below(control fyne.CanvasObject) bool {
	return control.Visible() && l.width > 0 && l.width-control.MinSize().Width-l.gap < l.room
}

// Layout implements fyne.Layout. The words are the first object, the control is
// the second.
func (l *labelled) Layout(o []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	words, control := o[0], o[1]
	if !control.Visible() {
		place(words, 0, 0, size.Width, size.Height)
		return
	}
	least := control.MinSize()
	if l.below(control) {
		words.Resize(fyne.NewSize(size.Width, words.MinSize().Height))
		height := words.MinSize().Height
		place(words, 0, 0, size.Width, height)
		place(control, 0, height+labelGap, min(least.Width, size.Width), least.Height)
		return
	}
	room := max(size.Width-least.Width-l.gap, 0)
	words.Resize(fyne.NewSize(room, words.MinSize().Height))
	height := words.MinSize().Height
	place(words, 0, max((size.Height-height)/2, 0), room, height)
	place(control, size.Width-least.Width, (size.Height-least.Height)/2, least.Width, least.Height)
}

// labelGap is between words and the control below them.
const labelGap = 6

// MinSize implements fyne.Layout.
func (l *labelled) MinSize(o []fyne.CanvasObject) fyne.Size {
	words, control := o[0].MinSize(), o[1].MinSize()
	if !o[1].Visible() {
		return words
	}
	if l.below(o[1]) {
		return fyne.NewSize(max(words.Width, control.Width), words.Height+labelGap+control.Height)
	}
	return fyne.NewSize(words.Width+control.Width+l.gap, max(words.Height, control.Height))
}
