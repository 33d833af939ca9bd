package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
)

// padded puts space around an object.
func padded(top, bottom, left, right float32, o fyne.CanvasObject) *fyne.Container {
	around := fyne.NewSize(left+right, top+bottom)
	return container.New(padding{layout.NewCustomPaddedLayout(top, bottom, left, right), around}, o)
}

// padding leaves nothing of the object where there is no room for the space
// around it. Less than nothing is more than painters can draw.
type padding struct {
	usual  fyne.Layout
	around fyne.Size
}

// Layout and MinSize implement fyne.Layout.
func (p padding) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	p.usual.Layout(objects, size.Max(p.around))
}

func (p padding) MinSize(objects []fyne.CanvasObject) fyne.Size { return p.usual.MinSize(objects) }

// column and row stack objects with a given gap.
func column(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedVBoxLayout(gap), objects...)
}

func row(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedHBoxLayout(gap), objects...)
}

// middle centres an object vertically and lets it have its own width.
func middle(o fyne.CanvasObject) *fyne.Container {
	return column(0, layout.NewSpacer(), o, layout.NewSpacer())
}

// filling lays one object between two others that keep their width.
type filling struct {
	left, center, right fyne.CanvasObject
	gap                 float32
}

// between returns a row in which center takes what left and right leave; nil
// stands for nothing.
func between(gap float32, left, center, right fyne.CanvasObject) *fyne.Container {
	f := &filling{left: left, center: center, right: right, gap: gap}
	c := container.New(f)
	for _, o := range []fyne.CanvasObject{left, center, right} {
		if o != nil {
			c.Add(o)
		}
	}
	return c
}

// Layout implements fyne.Layout.
func (f *filling) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	x, end := float32(0), size.Width
	if f.left != nil && f.left.Visible() {
		width := f.left.MinSize().Width
		place(f.left, 0, 0, width, size.Height)
		x = width + f.gap
	}
	if f.right != nil && f.right.Visible() {
		width := f.right.MinSize().Width
		place(f.right, size.Width-width, 0, width, size.Height)
		end -= width + f.gap
	}
	place(f.center, x, 0, max(end-x, 0), size.Height)
}

// MinSize implements fyne.Layout.
func (f *filling) MinSize([]fyne.CanvasObject) fyne.Size {
	size := f.center.MinSize()
	for _, o := range []fyne.CanvasObject{f.left, f.right} {
		if o == nil || !o.Visible() {
			continue
		}
		side := o.MinSize()
		size = fyne.NewSize(size.Width+side.Width+f.gap, max(size.Height, side.Height))
	}
	return size
}

// pile lays one object between two others that keep their height.
type pile struct{ top, center, bottom fyne.CanvasObject }

// stacked returns a column without gaps in which center takes what top and
// bottom leave; nil stands for nothing.
func stacked(top, center, bottom fyne.CanvasObject) *fyne.Container {
	c := container.New(&pile{top: top, center: center, bottom: bottom})
	for _, o := range []fyne.CanvasObject{center, top, bottom} {
		if o != nil {
			c.Add(o)
		}
	}
	return c
}

// Layout implements fyne.Layout.
func (p *pile) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	y, end := float32(0), size.Height
	if p.top != nil && p.top.Visible() {
		p.top.Resize(fyne.NewSize(size.Width, p.top.MinSize().Height)) // wraps its text
		y = p.top.MinSize().Height
		place(p.top, 0, 0, size.Width, y)
	}
	if p.bottom != nil && p.bottom.Visible() {
		p.bottom.Resize(fyne.NewSize(size.Width, p.bottom.MinSize().Height))
		end -= p.bottom.MinSize().Height
		place(p.bottom, 0, end, size.Width, size.Height-end)
	}
	place(p.center, 0, y, size.Width, max(end-y, 0))
}

// MinSize implements fyne.Layout.
func (p *pile) MinSize([]fyne.CanvasObject) fyne.Size {
	size := p.center.MinSize()
	for _, o := range []fyne.CanvasObject{p.top, p.bottom} {
		if o == nil || !o.Visible() {
			continue
		}
		edge := o.MinSize()
		size = fyne.NewSize(max(size.Width, edge.Width), size.Height+edge.Height)
	}
	return size
}

// flowing stacks objects with a gap and gives each the height that it needs at
// the width there is, which wrapped text knows only once it has that width.
type flowing float32

func flow(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(flowing(gap), objects...)
}

// Layout implements fyne.Layout.
func (f flowing) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	y := float32(0)
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		o.Resize(fyne.NewSize(size.Width, o.MinSize().Height))
		height := o.MinSize().Height
		place(o, 0, y, size.Width, height)
		y += height + float32(f)
	}
}

// MinSize implements fyne.Layout.
func (f flowing) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.Size{}
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		if size.Height > 0 {
			size.Height += float32(f)
		}
		least := o.MinSize()
		size = fyne.NewSize(max(size.Width, least.Width), size.Height+least.Height)
	}
	return size
}

// ofWidth gives an object a width and the height that it then needs. Wrapped
// text knows its height only once it has a width.
type ofWidth float32

func fixedWidth(width float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(ofWidth(width), o)
}

// Layout implements fyne.Layout.
func (w ofWidth) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		place(o, 0, 0, size.Width, size.Height)
	}
}

// MinSize implements fyne.Layout.
func (w ofWidth) MinSize(objects []fyne.CanvasObject) fyne.Size {
	height := float32(0)
	for _, o := range objects {
		o.Resize(fyne.NewSize(float32(w), o.MinSize().Height))
		height = max(height, o.MinSize().Height)
	}
	return fyne.NewSize(float32(w), height)
}

// bottomed keeps an object at the lower edge.
func bottomed(o fyne.CanvasObject) *fyne.Container {
	return column(0, layout.NewSpacer(), o)
}

// slim makes a progress bar a line. It keeps its place while the bar is hidden,
// so that nothing jumps when it appears.
type slim struct{}

const slimHeight = 4

// Layout implements fyne.Layout.
func (slim) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		place(o, 0, 0, size.Width, slimHeight)
	}
}

// MinSize implements fyne.Layout.
func (slim) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(0, slimHeight) }
