package gui

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// attachTray shows above the input field what will be sent, until the user
// sends it or takes it back. It is hidden while that is nothing.
type attachTray struct {
	widget.BaseWidget
	words   *wording
	icon    fyne.Resource
	title   *textLine
	summary *textLine
	remove  *iconButton
	name    string // the first one, in full
	others  int
	face    *image.RGBA // in place of the icon; nil if there is none
	low     bool        // the picture is shown small
}

// Measures of the tray.
const (
	trayHeight     = 54
	trayFaceWidth  = 160 // a picture is shown at most so wide
	trayFaceHeight = 100
	trayFaceLow    = 36 // in a low window
)

func newAttachTray(words *wording, remove func()) *attachTray {
	t := &attachTray{
		words:   words,
		icon:    iconFile,
		title:   newTextLine(nameSize, theme.ColorNameForeground, ""),
		summary: newShrinkingLine(smallSize, colorMuted, ""),
		remove:  newIconButton(iconCross, words.Text("gui.attach.remove", nil), 30, remove),
	}
	t.Hidden = true
	t.ExtendBaseWidget(t)
	return t
}

// show tells what is attached; nil hides the tray.
func (t *attachTray) show(a *attachment) {
	t.Hidden = a == nil
	if a == nil {
		return
	}
	t.icon = iconFiles
	if a.count() == 1 {
		t.icon = iconFile
		if a.weight.folders > 0 {
			t.icon = iconFolder
		}
	}
	t.name, t.others, t.face = a.first(), a.count()-1, a.face
	summary, color := t.words.contents(a.weight.files, a.weight.folders, a.weight.bytes), colorMuted
	switch {
	case !a.counted:
		summary = t.words.Text("gui.attach.counting", nil)
	case a.problem != nil:
		summary, color = t.words.Text("gui.attach.problem", map[string]any{"problem": a.problem}), theme.ColorNameError
	case a.weight.more:
		summary, color = t.words.Text("gui.attach.too-many", map[string]any{"limit": maxWeighed}), theme.ColorNameWarning
	}
	t.summary.set(summary, color, false)
	t.Refresh()
}

// faceSize is how large the picture is shown.
func (t *attachTray) faceSize() fyne.Size {
	if t.face == nil {
		return fyne.Size{}
	}
	size, most := t.face.Rect.Size(), float32(trayFaceHeight)
	if t.low {
		most = trayFaceLow
	}
	width, height := float32(max(size.X, 1)), float32(max(size.Y, 1))
	scale := min(trayFaceWidth/width, most/height, 1)
	return fyne.NewSize(max(width*scale, 24), max(height*scale, 24))
}

// beLow shows the picture small, for a window in which height is rare.
func (t *attachTray) beLow(low bool) {
	if t.low != low {
		t.low = low
		t.Refresh()
	}
}

// height of the ground on which everything stands.
func (t *attachTray) height() float32 {
	if t.face == nil {
		return trayHeight
	}
	return max(t.faceSize().Height+18, trayHeight)
}

// CreateRenderer implements fyne.Widget.
func (t *attachTray) CreateRenderer() fyne.WidgetRenderer {
	ground, tile := canvas.NewRectangle(nil), canvas.NewRectangle(nil)
	ground.CornerRadius, tile.CornerRadius = 10, 8
	icon, face := newImage(iconFile), &canvas.Image{FillMode: canvas.ImageFillContain, ScaleMode: canvas.ImageScaleFastest, CornerRadius: 6}
	d := &drawing{objects: []fyne.CanvasObject{ground, tile, icon, face, t.title, t.summary, t.remove}}
	d.minSize = func() fyne.Size { return fyne.NewSize(0, t.height()+10) }
	d.layout = func(size fyne.Size) {
		const side, top = 36, 10
		left, right, height := float32(timelineMargin), size.Width-timelineMargin, t.height()
		place(ground, left, top, right-left, height)
		place(tile, left+9, top+(height-side)/2, side, side)
		place(icon, left+17, top+8+(height-side)/2, side-16, side-16)
		x, shown := left+9+side+11, t.faceSize()
		if t.face != nil {
			place(face, left+9, top+(height-shown.Height)/2, shown.Width, shown.Height)
			x = left + 9 + shown.Width + 13
		}
		room := max(right-x-40, 0)
		name, more := lineHeight(nameSize), lineHeight(smallSize)
		line := top + (height-name-more-1)/2
		t.title.setText(t.words.fitted(t.name, t.others, room, nameSize))
		place(t.title, x, line, room, name)
		place(t.summary, x, line+name+1, room, more)
		place(t.remove, right-36, top+(height-30)/2, 30, 30)
	}
	d.refresh = func() {
		ground.FillColor, tile.FillColor = colorFor(t, colorField), colorFor(t, colorPill)
		icon.Resource = colored(t.icon, theme.ColorNamePrimary)
		icon.Hidden, tile.Hidden, face.Hidden = t.face != nil, t.face != nil, t.face == nil
		face.Image = nil
		if t.face != nil {
			face.Image = t.face
		}
		d.layout(t.Size())
		for _, o := range d.objects {
			o.Refresh()
		}
	}
	d.refresh()
	return d
}
