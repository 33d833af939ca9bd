package gui

import (
	"image"
	"image/draw"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// picturePane shows a picture that can be enlarged by the wheel and moved with
// the pointer.
type picturePane struct {
	widget.BaseWidget
	picture *image.RGBA
	tiles   []pictureTile
	scale   func() float32 // of the screen: how many pixels a unit has
	zoom    float32        // pixels on the screen for a pixel of the picture
	fitting bool           // the picture is as large as the pane lets it be
	center  fyne.Position  // which point of the picture is in the middle of the pane, in its pixels
	held    bool           // the pointer moves the picture
	zoomed  func()
}

// pictureTile is a part of the picture that no graphics card finds too large.
type pictureTile struct {
	image *canvas.Image
	at    image.Rectangle
}

const (
	tilePixels = 4096 // a side, at most
	zoomStep   = 1.25
	zoomMost   = 16
	zoomLeast  = 0.02
	panStep    = 60
)

func newPicturePane(scale func() float32, zoomed func()) *picturePane {
	p := &picturePane{scale: scale, zoomed: zoomed, zoom: 1, fitting: true}
	p.ExtendBaseWidget(p)
	return p
}

// show shows another picture, as a whole; nil is none.
func (p *picturePane) show(picture *image.RGBA) {
	p.picture, p.tiles, p.fitting = picture, nil, true
	if picture != nil {
		p.tiles = tilesOf(picture)
		p.center = fyne.NewPos(float32(picture.Rect.Dx())/2, float32(picture.Rect.Dy())/2)
	}
	p.moved()
	p.Refresh()
}

func tilesOf(p *image.RGBA) []pictureTile {
	var tiles []pictureTile
	for y := 0; y < p.Rect.Dy(); y += tilePixels {
		for x := 0; x < p.Rect.Dx(); x += tilePixels {
			at := image.Rect(x, y, x+tilePixels, y+tilePixels).Intersect(p.Rect)
			part := p
			if at != p.Rect { // the painter wants pixels without gaps
				part = image.NewRGBA(image.Rectangle{Max: at.Size()})
				draw.Draw(part, part.Rect, p, at.Min, draw.Src)
			}
			shown := &canvas.Image{Image: part, FillMode: canvas.ImageFillStretch, ScaleMode: canvas.ImageScaleFastest}
			tiles = append(tiles, pictureTile{shown, at})
		}
	}
	return tiles
}

// fit makes the picture as large as the pane, but not larger than it is.
func (p *picturePane) fit() {
	p.fitting = true
	p.moved()
}

// zoomBy enlarges the picture around a point of the pane.
func (p *picturePane) zoomBy(factor float32, around fyne.Position) {
	p.zoomTo(p.zoom*factor, around)
}

func (p *picturePane) zoomTo(zoom float32, around fyne.Position) {
	zoom = min(max(zoom, min(zoomLeast, p.whole())), zoomMost)
	unit := p.zoom / p.scale()
	off := around.Subtract(p.middle())
	point := p.center.AddXY(off.X/unit, off.Y/unit) // stays where it is
	p.fitting, p.zoom = false, zoom
	unit = zoom / p.scale()
	p.center = point.SubtractXY(off.X/unit, off.Y/unit)
	p.moved()
}

// pan moves the picture by a way on the screen.
func (p *picturePane) pan(dx, dy float32) {
	unit := p.zoom / p.scale()
	p.center = p.center.SubtractXY(dx/unit, dy/unit)
	p.moved()
}

func (p *picturePane) middle() fyne.Position {
	return fyne.NewPos(p.Size().Width/2, p.Size().Height/2)
}

// whole is the zoom at which the whole picture is in sight.
func (p *picturePane) whole() float32 {
	if p.picture == nil || p.Size().Width <= 0 {
		return 1
	}
	size := p.picture.Rect
	return min(1, p.Size().Width*p.scale()/float32(size.Dx()), p.Size().Height*p.scale()/float32(size.Dy()))
}

// moved keeps the picture in sight and puts its parts where they belong.
func (p *picturePane) moved() {
	if p.fitting {
		p.zoom = p.whole()
	}
	if p.picture != nil {
		unit := p.zoom / p.scale()
		p.center.X = kept(p.center.X, p.Size().Width/unit, float32(p.picture.Rect.Dx()))
		p.center.Y = kept(p.center.Y, p.Size().Height/unit, float32(p.picture.Rect.Dy()))
		corner := p.middle().SubtractXY(p.center.X*unit, p.center.Y*unit)
		for _, tile := range p.tiles {
			place(tile.image, corner.X+float32(tile.at.Min.X)*unit, corner.Y+float32(tile.at.Min.Y)*unit,
				float32(tile.at.Dx())*unit, float32(tile.at.Dy())*unit)
		}
		canvas.Refresh(p)
	}
	if p.zoomed != nil {
		p.zoomed()
	}
}

// kept is where the middle of the pane lies along one side of the picture, so
// that nothing empty is shown where there could be picture.
func kept(center, shown, all float32) float32 {
	if shown >= all {
		return all / 2
	}
	return min(max(center, shown/2), all-shown/2)
}

// Scrolled implements fyne.Scrollable.
func (p *picturePane) Scrolled(event *fyne.ScrollEvent) {
	switch {
	case event.Scrolled.DY > 0:
		p.zoomBy(zoomStep, event.Position)
	case event.Scrolled.DY < 0:
		p.zoomBy(1/float32(zoomStep), event.Position)
	}
}

// Dragged and DragEnd implement fyne.Draggable.
func (p *picturePane) Dragged(event *fyne.DragEvent) {
	p.held = true
	p.pan(event.Dragged.DX, event.Dragged.DY)
}

func (p *picturePane) DragEnd() { p.held = false }

// DoubleTapped implements fyne.DoubleTappable: between the whole picture and
// its own size.
func (p *picturePane) DoubleTapped(event *fyne.PointEvent) {
	if p.fitting && p.zoom < 1 {
		p.zoomTo(1, event.Position)
		return
	}
	p.fit()
}

// Tapped implements fyne.Tappable, so that what lies below is not tapped.
func (p *picturePane) Tapped(*fyne.PointEvent) {}

// Cursor implements desktop.Cursorable.
func (p *picturePane) Cursor() desktop.Cursor {
	if p.held {
		return desktop.PointerCursor
	}
	return desktop.DefaultCursor
}

// Resize fits the picture again, if it was fitted.
func (p *picturePane) Resize(size fyne.Size) {
	p.BaseWidget.Resize(size)
	p.moved()
}

// CreateRenderer implements fyne.Widget.
func (p *picturePane) CreateRenderer() fyne.WidgetRenderer { return &paneDrawing{pane: p} }

// paneDrawing draws a picturePane.
type paneDrawing struct{ pane *picturePane }

// Destroy implements fyne.WidgetRenderer.
func (d *paneDrawing) Destroy() {}

// Layout implements fyne.WidgetRenderer. Resize of the pane does it.
func (d *paneDrawing) Layout(fyne.Size) {}

// MinSize implements fyne.WidgetRenderer.
func (d *paneDrawing) MinSize() fyne.Size { return fyne.NewSize(80, 80) }

// Objects implements fyne.WidgetRenderer.
func (d *paneDrawing) Objects() []fyne.CanvasObject {
	objects := make([]fyne.CanvasObject, len(d.pane.tiles))
	for i, tile := range d.pane.tiles {
		objects[i] = tile.image
	}
	return objects
}

// Refresh implements fyne.WidgetRenderer.
func (d *paneDrawing) Refresh() { canvas.Refresh(d.pane) }

// IsClip tells the painter that nothing is drawn outside the pane.
func (d *paneDrawing) IsClip() {}
