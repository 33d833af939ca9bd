package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// columns lays list and conversation beside each other: the list takes a third
// of the window within limits. A window that is too narrow for both is one
// column, with one of them in front and the other hidden.
type columns struct {
	left, line, right fyne.CanvasObject
	one               bool // there is one column
	rightFront        bool // in one column it is the right pane that is seen
	switched, resized func()
	size              fyne.Size
}

const (
	leftMin    = 248
	leftMax    = 320
	twoColumns = 640 // the width from which on there is room for both

	windowMinWidth  = 320 // half of 640, for text of twice the size
	windowMinHeight = 340
)

// newColumns lays out the two. switched is called when the window has become
// too narrow for both, or wide enough; resized when it has another size.
func newColumns(left, right fyne.CanvasObject, switched, resized func()) (*columns, *fyne.Container) {
	c := &columns{left: left, line: newHairline(), right: right, switched: switched, resized: resized}
	return c, container.New(c, left, c.line, right)
}

// front says which of the two is seen where there is one column.
func (c *columns) front(right bool) {
	c.rightFront = right
	show(c.left, !c.one || !right)
	show(c.line, !c.one)
	show(c.right, !c.one || right)
}

func show(o fyne.CanvasObject, shown bool) {
	switch {
	case shown && !o.Visible():
		o.Show()
	case !shown && o.Visible():
		o.Hide()
	}
}

// Layout implements fyne.Layout.
func (c *columns) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	if one := size.Width < twoColumns; one != c.one && size.Width > 0 {
		c.one = one
		c.switched()
	}
	defer c.tell(size)
	if c.one {
		place(c.left, 0, 0, size.Width, size.Height)
		place(c.right, 0, 0, size.Width, size.Height)
		return
	}
	left := min(max(float32(int(size.Width*0.31)), leftMin), leftMax)
	place(c.left, 0, 0, left, size.Height)
	place(c.line, left, 0, 1, size.Height)
	place(c.right, left+1, 0, size.Width-left-1, size.Height)
}

func (c *columns) tell(size fyne.Size) {
	if c.size != size {
		c.size = size
		c.resized()
	}
}

// MinSize implements fyne.Layout.
func (c *columns) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(windowMinWidth, windowMinHeight)
}
