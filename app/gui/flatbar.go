package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// flatBar is a thin line that fills from the left. Nothing in it moves by
// itself.
type flatBar struct {
	widget.BaseWidget
	share   float32 // 0 to 1
	resting bool    // nothing happens at the moment
	redo    func()
}

func newFlatBar() *flatBar {
	b := &flatBar{}
	b.ExtendBaseWidget(b)
	return b
}

func (b *flatBar) show(share float32, resting bool) {
	if b.share == share && b.resting == resting {
		return
	}
	b.share, b.resting = share, resting
	if b.redo != nil {
		b.redo()
	}
}

// CreateRenderer implements fyne.Widget.
func (b *flatBar) CreateRenderer() fyne.WidgetRenderer {
	track, filled := canvas.NewRectangle(nil), canvas.NewRectangle(nil)
	track.CornerRadius, filled.CornerRadius = slimHeight/2, slimHeight/2
	d := &drawing{objects: []fyne.CanvasObject{track, filled}}
	d.minSize = func() fyne.Size { return fyne.NewSize(0, slimHeight) }
	d.layout = func(size fyne.Size) {
		track.Resize(size)
		width := float32(0)
		if b.share > 0 {
			width = max(size.Width*b.share, size.Height) // a dot at least
		}
		filled.Resize(fyne.NewSize(width, size.Height))
	}
	b.redo = func() {
		color := theme.ColorNamePrimary
		if b.resting {
			color = colorOffline
		}
		track.FillColor, filled.FillColor = colorFor(b, colorPill), colorFor(b, color)
		d.layout(b.Size())
		track.Refresh()
		filled.Refresh()
	}
	d.refresh = b.redo
	b.redo()
	return d
}

// AccessibilityLabel and AccessibilityRole implement fyne.Accessible.
func (b *flatBar) AccessibilityLabel() string             { return percent(b.share) }
func (b *flatBar) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }
