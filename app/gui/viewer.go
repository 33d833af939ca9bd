package gui

import (
	"context"
	"image"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"feihong/app/chat"
	"feihong/app/picture"
)

// viewer shows the pictures of a conversation one by one, over the whole
// window.
type viewer struct {
	widget.BaseWidget
	window  *Window
	gallery *gallery
	shelf   *pictureShelf // of its own: full pictures would push all others off
	wanted  func()        // ends the waiting for the picture
	pane    *picturePane
	name    *textLine
	about   *textLine
	hint    *textLine // instead of the picture
	percent *textLine
	back    *iconButton
	forth   *iconButton
	buttons []*iconButton // at the end of the bar
}

const (
	viewerBar    = 56 // high
	viewerButton = 36
	viewerPixels = 12_000_000 // larger pictures are shown with so many
	viewerShelf  = 120 << 20
)

// viewPicture opens the viewer with what a message offers.
func (w *Window) viewPicture(m chat.Message) {
	g := w.newGallery(m)
	if g == nil || w.covered() {
		return
	}
	w.viewer = newViewer(w, g)
	w.win.Canvas().Overlays().Add(w.viewer)
	w.viewer.Resize(w.win.Canvas().Size())
	w.viewer.load()
	w.win.Canvas().Focus(w.viewer)
}

// closeViewer goes back to the conversation.
func (w *Window) closeViewer() {
	v := w.viewer
	if v == nil {
		return
	}
	w.viewer = nil
	v.wanted()
	w.win.Canvas().Overlays().Remove(v)
	w.focusComposer()
}

func newViewer(w *Window, g *gallery) *viewer {
	v := &viewer{window: w, gallery: g, wanted: func() {}, shelf: newPictureShelf(w.background.start, w.cfg.Do, w.win.Canvas().Scale)}
	v.shelf.most = viewerShelf
	v.pane = newPicturePane(func() float32 { return max(w.win.Canvas().Scale(), 0.1) }, func() { v.zoomed() })
	v.name = newShrinkingLine(nameSize, colorOnShade, "")
	v.name.strong = true
	v.about = newShrinkingLine(smallSize, colorQuietShade, "")
	v.hint = newTextLine(textSize, colorQuietShade, "")
	v.hint.align = fyne.TextAlignCenter
	v.percent = newTextLine(smallSize, colorOnShade, "")
	v.percent.align = fyne.TextAlignCenter
	v.back = v.button(iconBack, "gui.viewer.previous", func() { v.step(-1) })
	v.forth = v.button(iconForth, "gui.viewer.next", func() { v.step(+1) })
	v.buttons = []*iconButton{
		v.button(iconMinus, "gui.viewer.smaller", func() { v.zoom(1 / float32(zoomStep)) }),
		v.button(iconPlus, "gui.viewer.larger", func() { v.zoom(zoomStep) }),
		v.button(iconWhole, "gui.viewer.fit", v.pane.fit),
		v.button(iconMore, "gui.viewer.more", v.openMenu),
		v.button(iconCross, "gui.viewer.close", w.closeViewer),
	}
	v.ExtendBaseWidget(v)
	return v
}

func (v *viewer) button(icon fyne.Resource, label string, tapped func()) *iconButton {
	b := newIconButton(icon, v.window.words.Text(label, nil), viewerButton, tapped)
	b.color = colorOnShade
	return b
}

// load shows the picture of the gallery that it is the turn of, and prepares
// its neighbours.
func (v *viewer) load() {
	item, words := v.gallery.current(), v.window.words
	v.wanted()
	v.pane.show(nil)
	v.hint.setText(words.Text("gui.viewer.loading", nil))
	v.name.setText(fileName(item.transfer.Tops[0].Name))
	v.about.setText(joined(v.window.writerOf(item.message), words.seen(item.message.Time), words.size(item.transfer.Bytes)))
	v.wanted = v.shelf.fetch(v.key(v.gallery.at), v.reader(item), func(p *image.RGBA) {
		if p == nil {
			v.hint.setText(words.Text("gui.viewer.broken", nil))
			return
		}
		v.hint.setText("")
		v.pane.show(p)
		v.prepare()
	})
	v.window.lookBack(v.gallery, v.showSteps)
	v.showSteps()
	v.Refresh()
}

func (v *viewer) key(at int) pictureKey { return pictureKey{name: v.gallery.items[at].path} }

func (v *viewer) reader(item galleryItem) func(context.Context) (*image.RGBA, error) {
	return func(ctx context.Context) (*image.RGBA, error) {
		return pictureFrom(ctx, item.path, picture.Bounds{Width: picture.MaxSide, Height: picture.MaxSide, Pixels: viewerPixels}, func(image.Point) {})
	}
}

// prepare decodes the picture after the current one, so that it is there when
// the user comes to it.
func (v *viewer) prepare() {
	if at := v.gallery.at + 1; at < len(v.gallery.items) {
		v.shelf.fetch(v.key(at), v.reader(v.gallery.items[at]), func(*image.RGBA) {})
	}
}

func (v *viewer) step(by int) {
	if v.gallery.step(by) {
		v.load()
	}
}

func (v *viewer) showSteps() {
	v.back.Hidden = v.gallery.at == 0
	v.forth.Hidden = v.gallery.at == len(v.gallery.items)-1
	v.back.Refresh()
	v.forth.Refresh()
}

func (v *viewer) zoom(factor float32) { v.pane.zoomBy(factor, v.pane.middle()) }

func (v *viewer) zoomed() {
	text := ""
	if v.pane.picture != nil {
		text = strconv.Itoa(int(v.pane.zoom*100+0.5)) + "%"
	}
	v.percent.setText(text)
}

func (v *viewer) openMenu() {
	if items := v.window.pictureItems(v.gallery.current()); len(items) > 0 {
		showMenuBelow(v.buttons[3], items)
	}
}

// FocusGained, FocusLost, TypedRune and TypedKey implement fyne.Focusable.
func (v *viewer) FocusGained() {}
func (v *viewer) FocusLost()   {}

func (v *viewer) TypedRune(r rune) {
	switch r {
	case '+', '=':
		v.zoom(zoomStep)
	case '-':
		v.zoom(1 / float32(zoomStep))
	case '0':
		v.pane.fit()
	case '1':
		v.pane.zoomTo(1, v.pane.middle())
	}
}

func (v *viewer) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeyEscape:
		v.window.closeViewer()
	case fyne.KeyLeft, fyne.KeyPageUp:
		v.step(-1)
	case fyne.KeyRight, fyne.KeyPageDown, fyne.KeySpace:
		v.step(+1)
	case fyne.KeyUp:
		v.pane.pan(0, panStep)
	case fyne.KeyDown:
		v.pane.pan(0, -panStep)
	case fyne.KeyReturn, fyne.KeyEnter:
		v.openMenu()
	}
}

// Tapped implements fyne.Tappable, so that what lies below is not tapped.
func (v *viewer) Tapped(*fyne.PointEvent) { v.window.win.Canvas().Focus(v) }

// CreateRenderer implements fyne.Widget.
func (v *viewer) CreateRenderer() fyne.WidgetRenderer {
	ground, bar := canvas.NewRectangle(colorFor(v, colorViewer)), canvas.NewRectangle(colorFor(v, colorShade))
	backShade, forthShade := canvas.NewCircle(nil), canvas.NewCircle(nil)
	d := &drawing{objects: []fyne.CanvasObject{ground, v.pane, v.hint, bar, v.name, v.about, v.percent, backShade, forthShade, v.back, v.forth}}
	for _, b := range v.buttons {
		d.objects = append(d.objects, b)
	}
	d.layout = func(size fyne.Size) {
		ground.Resize(size)
		place(v.pane, 0, viewerBar, size.Width, max(size.Height-viewerBar, 0))
		place(v.hint, 0, viewerBar+(size.Height-viewerBar-lineHeight(textSize))/2, size.Width, lineHeight(textSize))
		place(bar, 0, 0, size.Width, viewerBar)
		end := v.layoutBar(size.Width)
		name, about := lineHeight(nameSize), lineHeight(smallSize)
		top := (viewerBar - name - about) / 2
		place(v.name, timelineMargin, top, max(end-2*timelineMargin, 0), name)
		place(v.about, timelineMargin, top+name, max(end-2*timelineMargin, 0), about)
		y := viewerBar + (size.Height-viewerBar-viewerButton)/2
		place(v.back, 12, y, viewerButton, viewerButton)
		place(v.forth, size.Width-12-viewerButton, y, viewerButton, viewerButton)
		place(backShade, 12, y, viewerButton, viewerButton)
		place(forthShade, size.Width-12-viewerButton, y, viewerButton, viewerButton)
	}
	d.minSize = func() fyne.Size { return fyne.NewSize(200, 160) }
	d.refresh = func() {
		ground.FillColor, bar.FillColor = colorFor(v, colorViewer), colorFor(v, colorShade)
		for shade, b := range map[*canvas.Circle]*iconButton{backShade: v.back, forthShade: v.forth} {
			shade.FillColor, shade.Hidden = colorFor(v, colorShade), b.Hidden
		}
		for _, o := range d.objects {
			o.Refresh()
		}
	}
	d.refresh()
	return d
}

// layoutBar sets the buttons at the end of the bar and returns where they
// begin.
func (v *viewer) layoutBar(width float32) float32 {
	const gap, wide = 4, 52
	x := width - 10
	y := float32(viewerBar-viewerButton) / 2
	for i := len(v.buttons) - 1; i >= 0; i-- {
		x -= viewerButton
		place(v.buttons[i], x, y, viewerButton, viewerButton)
		x -= gap
		if i == 1 { // the figure stands between the two that change it
			x -= wide
			place(v.percent, x, (viewerBar-lineHeight(smallSize))/2, wide, lineHeight(smallSize))
			x -= gap
		}
	}
	return x
}
