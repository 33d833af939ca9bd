package gui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// fieldPointer is what the mouse does in a textField.
type fieldPointer struct {
	clicks int // in the same place, one soon after the other
	last   time.Time
	at     fyne.Position // of the last one

	dragging bool
	from, to int           // what the click selected, which dragging extends; places in the text of that time
	over     fyne.Position // the pointer, in what is in sight of the text
	scrolls  bool          // the text goes on while the pointer is above or below
}

var (
	_ fyne.Draggable         = (*fieldView)(nil)
	_ fyne.SecondaryTappable = (*fieldView)(nil)
	_ desktop.Mouseable      = (*fieldView)(nil)
	_ desktop.Cursorable     = (*fieldView)(nil)
)

const (
	clickReach = 4 // how far the pointer may go between two clicks
	// dragPause is after what time the text goes on by a row, while the pointer
	// is held above or below it.
	dragPause = 60 * time.Millisecond
)

// Cursor implements desktop.Cursorable.
func (v *fieldView) Cursor() desktop.Cursor { return desktop.TextCursor }

// MouseDown implements desktop.Mouseable. One click puts the cursor, two select
// a word and three a line; with Shift, or then dragged, the selection extends.
func (v *fieldView) MouseDown(event *desktop.MouseEvent) {
	f := v.field
	if c := fyne.CurrentApp().Driver().CanvasForObject(v); c != nil {
		c.Focus(f)
	}
	at, before := v.placeAt(event.Position)
	from, to := f.body.selection()
	if event.Button == desktop.MouseButtonSecondary {
		if at < from || at > to || from == to {
			f.move(at, before, false)
		}
		return
	}
	if event.Button != desktop.MouseButtonPrimary {
		return
	}
	p := &f.pointer
	p.count(f.words.now(), event.Position)
	p.dragging = true
	if p.clicks == 1 && event.Modifier&fyne.KeyModifierShift != 0 {
		p.from, p.to = f.body.anchor, f.body.anchor
		f.move(at, before, true)
		return
	}
	p.from, p.to = v.unitAt(at)
	f.body.move(p.from, false)
	f.move(p.to, before && p.clicks == 1, true)
}

// count counts clicks: a fourth one is a first one.
func (p *fieldPointer) count(now time.Time, at fyne.Position) {
	soon := now.Sub(p.last) <= fyne.CurrentApp().Driver().DoubleTapDelay()
	near := max(at.X-p.at.X, p.at.X-at.X, at.Y-p.at.Y, p.at.Y-at.Y) <= clickReach
	if !soon || !near || p.clicks == 3 {
		p.clicks = 0
	}
	p.clicks++
	p.last, p.at = now, at
}

// unitAt returns what so many clicks select at a byte.
func (v *fieldView) unitAt(at int) (from, to int) {
	f := v.field
	switch f.pointer.clicks {
	case 2:
		return wordAround(f.body.text, at)
	case 3:
		return lineAround(f.body.text, at)
	}
	return at, at
}

// placeAt returns the byte of the text at a position, and whether that is the
// end of the upper of two rows.
func (v *fieldView) placeAt(p fyne.Position) (at int, before bool) {
	f := v.field
	row := int(max(p.Y-f.padding(), 0) / f.rowHeight())
	return f.rows.nearest(f.body.text, min(row, len(f.rows.rows)-1), p.X-f.padding())
}

// MouseUp implements desktop.Mouseable.
func (v *fieldView) MouseUp(*desktop.MouseEvent) { v.field.pointer.end() }

// Dragged implements fyne.Draggable.
func (v *fieldView) Dragged(event *fyne.DragEvent) {
	f := v.field
	if !f.pointer.dragging {
		return
	}
	f.pointer.over = event.Position.Subtract(f.scroll.Offset)
	v.dragTo(event.Position)
	v.dragOn()
}

// end lets go of the text: what the drag began with is no place in another one.
func (p *fieldPointer) end() { p.dragging = false }

// dragTo extends the selection by whole words or lines, if words or lines were
// selected at first.
func (v *fieldView) dragTo(p fyne.Position) {
	f := v.field
	at, before := v.placeAt(p)
	from, to := v.unitAt(at)
	if from < f.pointer.from {
		f.body.anchor = f.pointer.to
		f.move(from, before && from == at, true)
		return
	}
	f.body.anchor = f.pointer.from
	f.move(max(to, f.pointer.to), before && to == at, true)
}

// dragOn extends the selection row by row while the pointer is held above or
// below the text.
func (v *fieldView) dragOn() {
	f := v.field
	if f.pointer.scrolls || f.later == nil || !v.outside() {
		return
	}
	f.pointer.scrolls = true
	f.later(dragPause, func() {
		f.pointer.scrolls = false
		if !f.pointer.dragging || !v.outside() {
			return
		}
		v.dragTo(f.pointer.over.Add(f.scroll.Offset))
		v.dragOn()
	})
}

func (v *fieldView) outside() bool {
	y := v.field.pointer.over.Y
	return y < 0 || y > v.field.scroll.Size().Height
}

// DragEnd implements fyne.Draggable.
func (v *fieldView) DragEnd() { v.field.pointer.end() }

// TappedSecondary implements fyne.SecondaryTappable.
func (v *fieldView) TappedSecondary(event *fyne.PointEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(v); c != nil {
		showMenuAt(c, event.AbsolutePosition, v.field.menu())
	}
}

// menu is what can be done with the text.
func (f *textField) menu() []*fyne.MenuItem {
	clipboard := fyne.CurrentApp().Clipboard()
	item := func(key string, can bool, do func()) *fyne.MenuItem {
		made := fyne.NewMenuItem(f.words.Text(key, nil), do)
		made.Disabled = !can
		return made
	}
	selects := f.body.cursor != f.body.anchor
	return []*fyne.MenuItem{
		item("gui.field.undo", len(f.body.done) > 0, f.undo),
		item("gui.field.redo", len(f.body.undone) > 0, f.redo),
		fyne.NewMenuItemSeparator(),
		item("gui.field.cut", selects, func() { f.cutTo(clipboard) }),
		item("gui.field.copy", selects, func() { f.copyTo(clipboard) }),
		item("gui.field.paste", true, func() { f.paste(clipboard) }),
		item("gui.field.select-all", f.body.text != "", f.selectAll),
	}
}
