package gui

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"feihong/assets/translations"
	"feihong/protocol"
)

// Field is a text field in a window, in a typeface of equal widths: a letter is
// ten wide, a Chinese character twenty and a mark nothing.
type Field struct {
	*textField
	Window   fyne.Window
	Measured int      // how often a piece was measured
	Waiting  []func() // for later
	Cuts     int      // how often a paste was cut
	Passed   []string // keys that were passed on to the window
}

// Letter is how wide a letter is.
const Letter = 10

// NewField shows an empty field that is so many letters wide.
func NewField(app fyne.App, letters int, now func() time.Time) *Field {
	app.Settings().SetTheme(NewTheme(nil))
	words := &wording{Catalog: translations.New("en"), now: now}
	f := &Field{textField: newTextField(words, composerRows, protocol.MaxTextBytes)}
	f.rows.measure = func(s string) float32 {
		f.Measured++
		width := float32(0)
		for _, r := range s {
			width += letterWidth(r)
		}
		return width
	}
	f.later = func(_ time.Duration, do func()) { f.Waiting = append(f.Waiting, do) }
	f.cut = func() { f.Cuts++ }
	f.setPlaceholder("Write")
	f.onChange = func(string) { f.Arrange() }
	f.Window = app.NewWindow("")
	f.Window.SetContent(container.NewWithoutLayout(f.textField))
	f.Window.Resize(fyne.NewSize(1200, 400))
	f.SetLetters(letters)
	return f
}

func letterWidth(r rune) float32 {
	switch {
	case r >= 0x300 && r < 0x370, r == 0x200d, r >= 0xfe00 && r <= 0xfe0f:
		return 0
	case r > 0x2e80:
		return 2 * Letter
	}
	return Letter
}

// SetLetters makes the field so many letters wide.
func (f *Field) SetLetters(letters int) {
	around := 2 * (f.padding() + f.border())
	f.Resize(fyne.NewSize(float32(letters*Letter)+around, f.MinSize().Height))
}

// Arrange gives the field the height that it needs.
func (f *Field) Arrange() { f.Resize(fyne.NewSize(f.Size().Width, f.MinSize().Height)) }

func (f *Field) Selection() (cursor, anchor int) { return f.body.cursor, f.body.anchor }

// Select puts the cursor and the other end of the selection somewhere.
func (f *Field) Select(cursor, anchor int) {
	f.body.cursor, f.body.anchor = cursor, anchor
	f.before, f.keeping = false, false
	f.show()
}

// CursorRow is the row in which the cursor is shown.
func (f *Field) CursorRow() int { return f.cursorRow() }

func (f *Field) RowsInSight() int { return f.rowsInSight() }

// Rows returns the letters of the rows.
func (f *Field) Rows() []string {
	var rows []string
	for _, r := range f.rows.rows {
		rows = append(rows, f.body.text[r.start:r.solid])
	}
	return rows
}

// RowsAreRight says that the rows are what they would be from scratch.
func (f *Field) RowsAreRight() bool {
	fresh := newFieldRows(f.rows.measure)
	fresh.width = f.rows.width
	fresh.layout(f.body.text)
	return slices.Equal(fresh.rows, f.rows.rows)
}

// View takes the mouse.
func (f *Field) View() *fieldView { return f.view }

// At is where in the text a byte is on the screen, a little below the upper
// edge of its row.
func (f *Field) At(at int) fyne.Position {
	row := f.rows.rowAt(at, false)
	return fyne.NewPos(f.padding()+f.rows.x(f.body.text, row, at), f.padding()+float32(row)*f.rowHeight()+3)
}

// Drawn returns what is drawn of the text, and how many rows are selected.
func (f *Field) Drawn() (texts []string, selected int) {
	for _, o := range f.view.objects {
		switch o := o.(type) {
		case *canvas.Text:
			if o.Visible() {
				texts = append(texts, o.Text)
			}
		case *canvas.Rectangle:
			if o.Visible() && o != f.view.caret {
				selected++
			}
		}
	}
	return texts, selected
}

// CaretInSight says that the caret is inside what is in sight of the text.
func (f *Field) CaretInSight() bool {
	top := f.view.caret.Position().Y - f.scroll.Offset.Y
	return top >= 0 && top+f.rowHeight() <= f.scroll.Size().Height
}

func (f *Field) CaretShown() bool { return f.view.caret.Visible() }
func (f *Field) Offset() float32  { return f.scroll.Offset.Y }
func (f *Field) Wheel(dy float32) {
	f.scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, dy)})
}
func (f *Field) Focus()                    { f.Window.Canvas().Focus(f.textField) }
func (f *Field) Insert(text string)        { f.insert(text) }
func (f *Field) Menu() []*fyne.MenuItem    { return f.menu() }
func (f *Field) HasFocus() bool            { return f.focused }
func (f *Field) TextHeight() float32       { return f.rowHeight() }
func (f *Field) SetSubmit(submit func())   { f.submit = submit }
func (f *Field) SetPicture(picture func()) { f.picture = picture }

// PassOn notes the keys that the field gives to the window.
func (f *Field) PassOn() {
	note := func(name fyne.KeyName) bool {
		f.Passed = append(f.Passed, string(name))
		return true
	}
	f.arrow, f.page = note, note
	f.escape = func() bool { return note(fyne.KeyEscape) }
	f.shortcut = func(s fyne.Shortcut) bool { return note(fyne.KeyName(s.ShortcutName())) }
}

// WrapInField is Wrap by the rows of a field.
func WrapInField(text string, width int) (lines []string) {
	rows := newFieldRows(func(s string) float32 {
		total := 0
		for _, r := range s {
			total++
			if r > 0x2E80 {
				total++
			}
		}
		return float32(total)
	})
	rows.width = float32(width)
	rows.layout(text)
	for _, r := range rows.rows {
		lines = append(lines, text[r.start:r.solid])
	}
	return lines
}
