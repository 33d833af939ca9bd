package gui

import (
	"path/filepath"

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
}

const trayHeight = 54

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
	if len(a.paths) == 1 {
		t.icon = iconFile
		if a.weight.folders > 0 {
			t.icon = iconFolder
		}
	}
	t.name, t.others = fileName(filepath.Base(a.paths[0])), len(a.paths)-1
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

// CreateRenderer implements fyne.Widget.
func (t *attachTray) CreateRenderer() fyne.WidgetRenderer {
	ground, tile := canvas.NewRectangle(nil), canvas.NewRectangle(nil)
	ground.CornerRadius, tile.CornerRadius = 10, 8
	icon := newImage(iconFile)
	d := &drawing{objects: []fyne.CanvasObject{ground, tile, icon, t.title, t.summary, t.remove}}
	d.minSize = func() fyne.Size { return fyne.NewSize(0, trayHeight+10) }
	d.layout = func(size fyne.Size) {
		left, right := float32(timelineMargin), size.Width-timelineMargin
		place(ground, left, 10, right-left, trayHeight)
		const side = 36
		place(tile, left+9, 10+(trayHeight-side)/2, side, side)
		place(icon, left+17, 18+(trayHeight-side)/2, side-16, side-16)
		x := left + 9 + side + 11
		room := max(right-x-40, 0)
		name, more := lineHeight(nameSize), lineHeight(smallSize)
		top := 10 + (trayHeight-name-more-1)/2
		t.title.setText(t.words.fitted(t.name, t.others, room, nameSize))
		place(t.title, x, top, room, name)
		place(t.summary, x, top+name+1, room, more)
		place(t.remove, right-36, 10+(trayHeight-30)/2, 30, 30)
	}
	d.refresh = func() {
		ground.FillColor, tile.FillColor = colorFor(t, colorField), colorFor(t, colorPill)
		icon.Resource = colored(t.icon, theme.ColorNamePrimary)
		d.layout(t.Size())
		for _, o := range d.objects {
			o.Refresh()
		}
	}
	d.refresh()
	return d
}
