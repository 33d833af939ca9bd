package gui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// textField is a text field of several lines for long texts: a keystroke costs
// the rows that it changes, and only rows in sight are drawn. (The toolkit's
// own field goes through the whole text for every row at every key.) It is as
// high as its text has rows, within bounds, and scrolls beyond.
//
// Enter submits, with Shift or Ctrl it breaks the line; the user may have Enter
// and Ctrl+Enter changed for each other.
type textField struct {
	widget.BaseWidget
	body    fieldText
	rows    *fieldRows
	before  bool    // the cursor stands at the end of the upper of two rows
	goal    float32 // where Up and Down lead to in a row, if keeping is set
	keeping bool
	probe   fieldProbe

	words       *wording
	guard       imeGuard
	shift       bool // is down
	focused     bool
	limit       int // bytes of text
	mostRows    int // in sight
	placeholder string
	caret       fieldCaret
	pointer     fieldPointer

	view   *fieldView
	scroll *container.Scroll
	frame  *canvas.Rectangle // around all
	ground *canvas.Rectangle

	onChange func(string)
	submit   func()
	cut      func()                      // a paste did not fit and was cut
	picture  func()                      // a paste without text, of a picture perhaps
	escape   func() bool                 // this and those below: true if something was done
	shortcut func(fyne.Shortcut) bool    // what is not about the text
	arrow    func(fyne.KeyName) bool     // Up and Down
	page     func(fyne.KeyName) bool     // PageUp and PageDown
	later    func(time.Duration, func()) // calls on the user interface's goroutine; nil: the caret does not blink
	// sendsWithCtrl says that Ctrl+Enter submits in place of Enter; nil is no.
	sendsWithCtrl func() bool
}

var (
	_ fyne.Focusable    = (*textField)(nil)
	_ fyne.Shortcutable = (*textField)(nil)
	_ fyne.Tabbable     = (*textField)(nil)
)

func newTextField(words *wording, mostRows, limit int) *textField {
	f := &textField{words: words, mostRows: mostRows, limit: limit, guard: imeGuard{now: words.now}}
	f.rows = newFieldRows(func(s string) float32 { return measure(s, f.textSize()) })
	f.view = newFieldView(f)
	f.scroll = container.NewVScroll(f.view)
	f.scroll.OnScrolled = func(fyne.Position) { f.view.draw() }
	f.ground, f.frame = canvas.NewRectangle(nil), canvas.NewRectangle(nil)
	f.ExtendBaseWidget(f)
	return f
}

// Text returns what is in the field.
func (f *textField) Text() string { return f.body.text }

// SetText puts another text into the field and the cursor behind it. What was
// done before cannot be undone.
func (f *textField) SetText(text string) {
	text = fieldInput(text)
	changed := text != f.body.text
	f.body.set(text)
	f.pointer.end()
	f.before, f.keeping = false, false
	if changed {
		f.rows.layout(text)
		f.told()
	}
	f.show()
}

// beginAnew leaves the text and the cursor, but makes what was done before no
// longer undoable.
func (f *textField) beginAnew() {
	f.body.done, f.body.undone = nil, nil
	f.pointer.end()
}

func (f *textField) setPlaceholder(text string) {
	f.placeholder = text
	f.view.draw()
}

// rowsInSight is how many rows the field is high.
func (f *textField) rowsInSight() int { return min(max(len(f.rows.rows), 1), f.mostRows) }

// insert puts a text in place of what is selected, as if it were pasted.
func (f *textField) insert(text string) {
	f.guard.reset()
	room := max(f.limit-len(f.body.text)+len(f.body.selected()), 0)
	text, cut := pasteable(text, room, pasteLines)
	if text = fieldInput(text); text != "" {
		f.replaceSelection(text, false)
	}
	if cut && f.cut != nil {
		f.cut()
	}
}

// limitSlack is how far typing may go beyond the limit. Sending then says what
// is wrong, with the text still there to be shortened.
const limitSlack = 4 << 10

func (f *textField) replaceSelection(with string, typed bool) {
	from, to := f.body.selection()
	f.replace(from, to, with, typed)
}

func (f *textField) replace(from, to int, with string, typed bool) {
	if from == to && with == "" {
		return
	}
	f.edited(f.body.replace(from, to, with, typed))
}

func (f *textField) undo() {
	if edit, ok := f.body.undo(); ok {
		f.edited(edit)
	}
}

func (f *textField) redo() {
	if edit, ok := f.body.redo(); ok {
		f.edited(edit)
	}
}

// edited follows a change of the text. Whoever is told may give the field
// another size, so that it is drawn at last.
func (f *textField) edited(edit textEdit) {
	f.pointer.end()
	f.before, f.keeping = false, false
	f.rows.edited(f.body.text, edit.at, len(edit.removed), len(edit.inserted))
	f.told()
	f.show()
}

func (f *textField) told() {
	if f.onChange != nil {
		f.onChange(f.body.text)
	}
}

// show draws what is in sight after the text or the cursor changed, and brings
// the cursor into sight.
func (f *textField) show() {
	f.touchCaret()
	f.view.fit()
	f.reveal()
	f.view.draw()
}

// reveal scrolls until the cursor is in sight.
func (f *textField) reveal() {
	height := f.scroll.Size().Height
	if height <= 0 {
		return
	}
	pad, row := f.padding(), f.rowHeight()
	top := float32(f.cursorRow()) * row
	offset := f.scroll.Offset.Y
	switch {
	case top < offset:
		offset = top
	case top+row+2*pad > offset+height:
		offset = top + row + 2*pad - height
	default:
		return
	}
	f.scroll.ScrollToOffset(fyne.NewPos(0, offset))
}

func (f *textField) cursorRow() int { return f.rows.rowAt(f.body.cursor, f.before) }

func (f *textField) textSize() float32  { return f.Theme().Size(theme.SizeNameText) }
func (f *textField) rowHeight() float32 { return lineHeight(f.textSize()) }

// padding is the room around the text inside the frame.
func (f *textField) padding() float32 { return f.Theme().Size(theme.SizeNameInnerPadding) - f.border() }

// fieldProbe is what the rows depend on besides the text.
type fieldProbe struct {
	textWidth, size, letters float32
}

// wrap finds the rows anew, if the width or the typeface is another one.
func (f *textField) wrap(width float32) {
	size := f.textSize()
	now := fieldProbe{textWidth: max(width-2*f.padding(), 1), size: size, letters: measure("Ág国", size)}
	if now == f.probe {
		return
	}
	if now.size != f.probe.size || now.letters != f.probe.letters {
		clear(f.rows.runes)
	}
	f.probe, f.rows.width = now, now.textWidth
	f.rows.layout(f.body.text)
}

// Resize breaks the lines anew.
func (f *textField) Resize(size fyne.Size) {
	if size == f.Size() {
		return
	}
	f.wrap(size.Width - 2*f.border())
	f.BaseWidget.Resize(size)
	f.view.fit()
	f.reveal()
	f.view.draw()
}

func (f *textField) border() float32 { return f.Theme().Size(theme.SizeNameInputBorder) }

// CreateRenderer implements fyne.Widget.
func (f *textField) CreateRenderer() fyne.WidgetRenderer {
	d := &drawing{objects: []fyne.CanvasObject{f.ground, f.frame, f.scroll}}
	d.layout = func(size fyne.Size) {
		border := f.border()
		place(f.ground, border, border, size.Width-2*border, size.Height-2*border)
		// Half a pixel less, so that the lower and the right edge are not cut.
		place(f.frame, border/2, border/2, size.Width-border-0.5, size.Height-border-0.5)
		place(f.scroll, border, border, size.Width-2*border, size.Height-2*border)
	}
	d.minSize = func() fyne.Size {
		around := 2 * (f.padding() + f.border())
		return fyne.NewSize(2*around, float32(f.rowsInSight())*f.rowHeight()+around)
	}
	d.refresh = func() {
		if f.Size().Width > 0 {
			f.wrap(f.Size().Width - 2*f.border())
			f.view.fit()
		}
		f.recolor()
		f.view.Refresh()
	}
	f.recolor()
	return d
}

// recolor draws the frame, which shows the focus.
func (f *textField) recolor() {
	color := theme.ColorNameInputBorder
	if f.focused {
		color = theme.ColorNamePrimary
	}
	radius := f.Theme().Size(theme.SizeNameInputRadius)
	f.ground.FillColor, f.ground.CornerRadius = colorFor(f, theme.ColorNameInputBackground), radius
	f.frame.FillColor, f.frame.CornerRadius = colorFor(f, colorNone), radius
	f.frame.StrokeColor, f.frame.StrokeWidth = colorFor(f, color), f.border()
	f.ground.Refresh()
	f.frame.Refresh()
}

// AccessibilityLabel and AccessibilityRole implement fyne.Accessible.
func (f *textField) AccessibilityLabel() string {
	if f.body.text == "" {
		return f.placeholder
	}
	return f.body.text
}
func (f *textField) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }
