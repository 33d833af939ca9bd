package gui

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// screenEditor shows the screen as it was at one moment, and lets the user
// choose a part of it and draw on that.
type screenEditor struct {
	widget.BaseWidget
	window fyne.Window // nil: it is tested alone
	words  *wording
	screen *image.RGBA
	tiles  []pictureTile
	faces  *markFaces
	done   func(*image.RGBA) // nil: the user does not want it any more

	region image.Rectangle // in pixels of the screen; empty: none was chosen
	marks  []*screenMark
	live   *screenMark // being drawn, or the text being typed
	tool   markTool
	ink    int // of markInks
	start  image.Point
	inside bool // a drag is on its way
	bar    *screenTools
	hint   *textLine
	redo   func() // nil before there is a renderer
}

// markInks are the colours of marks, the usual one first.
var markInks = []color.NRGBA{rgb(0xE5383B), rgb(0xF5A800), rgb(0x1FA35B), rgb(0x1E7BD6), rgb(0x16181A), rgb(0xFFFFFF)}

func newScreenEditor(words *wording, screen *image.RGBA, done func(*image.RGBA)) *screenEditor {
	e := &screenEditor{words: words, screen: screen, tiles: tilesOf(screen), faces: newMarkFaces(), done: done}
	e.bar = newScreenTools(words, e)
	e.hint = newTextLine(textSize, colorOnShade, words.Text("gui.screen.hint", nil))
	e.hint.align = fyne.TextAlignCenter
	e.ExtendBaseWidget(e)
	return e
}

// share is how many units of the window a pixel of the screen has, and from
// where on it is shown.
func (e *screenEditor) share() (share float32, corner fyne.Position) {
	size, screen := e.Size(), e.screen.Rect
	share = min(size.Width/float32(screen.Dx()), size.Height/float32(screen.Dy()))
	return share, fyne.NewPos((size.Width-share*float32(screen.Dx()))/2, (size.Height-share*float32(screen.Dy()))/2)
}

// pixel is what lies below a point of the window.
func (e *screenEditor) pixel(at fyne.Position) image.Point {
	share, corner := e.share()
	if share <= 0 {
		return image.Point{}
	}
	screen := e.screen.Rect
	return image.Pt(min(max(int((at.X-corner.X)/share+0.5), 0), screen.Dx()), min(max(int((at.Y-corner.Y)/share+0.5), 0), screen.Dy()))
}

// onWindow is where pixels are in the window.
func (e *screenEditor) onWindow(r image.Rectangle) (fyne.Position, fyne.Size) {
	share, corner := e.share()
	return corner.AddXY(share*float32(r.Min.X), share*float32(r.Min.Y)), fyne.NewSize(share*float32(r.Dx()), share*float32(r.Dy()))
}

// use takes another tool.
func (e *screenEditor) use(tool markTool) {
	e.keepLive()
	e.tool = tool
	e.changed()
}

func (e *screenEditor) color(ink int) {
	e.ink = ink
	if e.live != nil {
		e.live.ink = markInks[ink]
	}
	e.changed()
}

// undo takes the last mark back.
func (e *screenEditor) undo() {
	if e.live != nil {
		e.live = nil
	} else if len(e.marks) > 0 {
		e.marks = e.marks[:len(e.marks)-1]
	}
	e.changed()
}

// keepLive makes a mark of what is being drawn or typed.
func (e *screenEditor) keepLive() {
	if e.live != nil && !e.live.empty() {
		e.marks = append(e.marks, e.live)
	}
	e.live = nil
}

func (e *screenEditor) newMark(at image.Point) *screenMark {
	share, _ := e.share()
	return &screenMark{tool: e.tool, from: at, to: at, ink: markInks[e.ink], unit: 1 / max(share, 0.01)}
}

// finish hands over what was chosen, all of the screen if nothing was.
func (e *screenEditor) finish() {
	e.keepLive()
	region := e.region
	if region.Empty() {
		region = e.screen.Rect
	}
	marked := image.NewRGBA(region)
	draw.Draw(marked, region, e.screen, region.Min, draw.Src)
	for _, m := range e.marks {
		m.draw(marked, e.screen, e.faces)
	}
	result := image.NewRGBA(image.Rectangle{Max: region.Size()})
	draw.Draw(result, result.Rect, marked, region.Min, draw.Src)
	e.done(result)
}

// MouseDown and MouseUp implement desktop.Mouseable: with the beginning of a
// drag the driver would tell where the pointer has come to, not whence.
func (e *screenEditor) MouseDown(event *desktop.MouseEvent) {
	e.start = e.pixel(event.Position)
}

func (e *screenEditor) MouseUp(*desktop.MouseEvent) {}

// Dragged and DragEnd implement fyne.Draggable.
func (e *screenEditor) Dragged(event *fyne.DragEvent) {
	at := e.pixel(event.Position)
	if !e.inside {
		e.inside = true
		e.keepLive()
		if e.tool != toolRegion && e.tool != toolText {
			e.live = e.newMark(e.start)
		}
	}
	switch {
	case e.live != nil && e.tool != toolText:
		e.live.to = at
	case e.tool == toolRegion:
		e.region = image.Rectangle{Min: e.start, Max: at}.Canon()
	}
	e.changed()
}

func (e *screenEditor) DragEnd() {
	e.inside = false
	if e.tool != toolText {
		e.keepLive()
	}
	e.changed()
}

// Tapped implements fyne.Tappable: text begins where it is tapped.
func (e *screenEditor) Tapped(event *fyne.PointEvent) {
	e.keepLive()
	if e.tool == toolText {
		e.live = e.newMark(e.pixel(event.Position))
	}
	e.changed()
}

// TappedSecondary implements fyne.SecondaryTappable: back by one step.
func (e *screenEditor) TappedSecondary(*fyne.PointEvent) {
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
}

// Cursor implements desktop.Cursorable.
func (e *screenEditor) Cursor() desktop.Cursor {
	if e.tool == toolText {
		return desktop.TextCursor
	}
	return desktop.CrosshairCursor
}

// FocusGained, FocusLost, TypedRune and TypedKey implement fyne.Focusable.
func (e *screenEditor) FocusGained() {}
func (e *screenEditor) FocusLost()   {}

// TypedRune writes text, or takes a tool.
func (e *screenEditor) TypedRune(r rune) {
	if e.live != nil && e.live.tool == toolText {
		if utf8.RuneCountInString(e.live.text) < textRunes {
			e.live.text += string(r)
			e.changed()
		}
		return
	}
	if r >= '1' && r <= '5' {
		e.use(markTool(r - '1'))
	}
}

func (e *screenEditor) TypedKey(key *fyne.KeyEvent) {
	typing := e.live != nil && e.live.tool == toolText
	switch key.Name {
	case fyne.KeyEscape:
		e.stepBack(typing)
	case fyne.KeyReturn, fyne.KeyEnter:
		if typing {
			e.keepLive()
			e.changed()
			return
		}
		e.finish()
	case fyne.KeyBackspace:
		if typing && e.live.text != "" {
			_, size := utf8.DecodeLastRuneInString(e.live.text)
			e.live.text = e.live.text[:len(e.live.text)-size]
			e.changed()
		}
	case fyne.KeyDelete:
		e.undo()
	}
}

// stepBack leaves the text, else the region, else all.
func (e *screenEditor) stepBack(typing bool) {
	switch {
	case typing:
		e.live = nil
	case !e.region.Empty() && len(e.marks) == 0:
		e.region, e.tool = image.Rectangle{}, toolRegion
	default:
		e.done(nil)
		return
	}
	e.changed()
}

// TypedShortcut implements fyne.Shortcutable.
func (e *screenEditor) TypedShortcut(shortcut fyne.Shortcut) {
	switch shortcut.(type) {
	case *fyne.ShortcutUndo:
		e.undo()
	case *fyne.ShortcutCopy:
		e.finish()
	}
}

// changed brings the picture up to date.
func (e *screenEditor) changed() {
	e.bar.show()
	if e.redo != nil {
		e.redo()
	}
}

// CreateRenderer implements fyne.Widget.
func (e *screenEditor) CreateRenderer() fyne.WidgetRenderer {
	d := newEditorDrawing(e)
	e.redo = d.Refresh
	return d
}

// regionText tells how large the region is.
func (e *screenEditor) regionText() string {
	return fmt.Sprintf("%d × %d", e.region.Dx(), e.region.Dy())
}
