package gui_test

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"feihong/app/gui"
)

func clickAt(f *gui.Field, at fyne.Position, button desktop.MouseButton, modifier fyne.KeyModifier) {
	f.View().MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at}, Button: button, Modifier: modifier})
	f.View().MouseUp(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at}, Button: button, Modifier: modifier})
}

// drag presses at one byte and leads the pointer to another; clicks is how often
// was clicked there before.
func drag(f *gui.Field, clicks, from, to int) {
	at := f.At(from)
	for range clicks {
		clickAt(f, at, desktop.MouseButtonPrimary, 0)
	}
	pressAt(f, at)
	leadTo(f, f.At(to))
	f.View().DragEnd()
}

func pressAt(f *gui.Field, at fyne.Position) {
	f.View().MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at}, Button: desktop.MouseButtonPrimary})
}

// leadTo moves the pointer while the button is down.
func leadTo(f *gui.Field, at fyne.Position) {
	f.View().Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: at}})
}

// holdOn lets happen what waits while the pointer is held in its place.
func holdOn(f *gui.Field) {
	waiting := f.Waiting
	f.Waiting = nil
	for _, do := range waiting {
		do()
	}
}

func TestFieldClicks(t *testing.T) {
	const text = "one two three four five\n你好，世界"
	for _, c := range []struct {
		what     string
		clicks   int
		at       int
		aside    float32
		modifier fyne.KeyModifier
		want     string
	}{
		{"a click", 1, 6, 0, 0, "one tw|o three four five\n你好，世界"},
		{"a click left of the middle", 1, 6, 4, 0, "one tw|o three four five\n你好，世界"},
		{"a click right of the middle", 1, 6, 6, 0, "one two| three four five\n你好，世界"},
		{"a click in the second row", 1, 10, 0, 0, "one two th|ree four five\n你好，世界"},
		{"a click on Chinese", 1, 27, 0, 0, "one two three four five\n你|好，世界"},
		{"a click with Shift", 1, 6, 0, fyne.KeyModifierShift, "^one tw|o three four five\n你好，世界"},
		{"two clicks", 2, 6, 0, 0, "one ^two| three four five\n你好，世界"},
		{"two clicks on Chinese", 2, 24, 0, 0, "one two three four five\n^你好|，世界"},
		{"two clicks at the end of a line", 2, 23, 0, 0, "one two three four ^five|\n你好，世界"},
		{"three clicks", 3, 6, 0, 0, "^one two three four five|\n你好，世界"},
		{"three clicks below", 3, 30, 0, 0, "one two three four five\n^你好，世界|"},
		{"four clicks", 4, 6, 0, 0, "one tw|o three four five\n你好，世界"},
		{"far to the right", 1, 24, 500, 0, "one two three four five\n你好，世界|"},
		{"far to the left", 1, 27, -500, 0, "one two three four five\n|你好，世界"},
	} {
		f, _ := aField(t, 10)
		setMarked(f, "|"+text)
		f.Window.Canvas().Unfocus()
		for range c.clicks {
			clickAt(f, f.At(c.at).AddXY(c.aside, 0), desktop.MouseButtonPrimary, c.modifier)
		}
		if got := marked(f); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
		if !f.HasFocus() {
			t.Errorf("%s does not give the focus", c.what)
		}
	}
}

func TestFieldSlowClicksAreSingle(t *testing.T) {
	f, now := aField(t, 10)
	setMarked(f, "one| two")
	for range 3 {
		clickAt(f, f.At(5), desktop.MouseButtonPrimary, 0)
		*now = now.Add(time.Second)
	}
	if got := marked(f); got != "one t|wo" {
		t.Errorf("slow clicks select: %q", got)
	}
}

func TestFieldDrags(t *testing.T) {
	for _, c := range []struct {
		clicks, from, to int
		want             string
	}{
		{0, 1, 5, "o^ne t|wo three four"},
		{0, 5, 1, "o|ne t^wo three four"},
		{0, 2, 10, "on^e two th|ree four"}, // into the next row
		{0, 5, 5, "one t|wo three four"},
		{1, 5, 9, "one ^two three| four"}, // by words
		{1, 5, 1, "|one two^ three four"},
		{1, 5, 6, "one ^two| three four"},
		{2, 5, 9, "^one two three four|"}, // by lines
	} {
		f, _ := aField(t, 10)
		setMarked(f, "|one two three four")
		drag(f, c.clicks, c.from, c.to)
		if got := marked(f); got != c.want {
			t.Errorf("after %d clicks dragged from %d to %d: %q, want %q", c.clicks, c.from, c.to, got, c.want)
		}
	}
}

// What a drag began with is a place in the text of that time: another text ends
// the drag, however it comes about while the button is down.
func TestFieldDragEndsWithItsText(t *testing.T) {
	for what, c := range map[string]struct {
		change func(*gui.Field)
		want   string
	}{
		"Backspace":           {func(f *gui.Field) { does(f, "BackSpace") }, "你|"},
		"typing":              {func(f *gui.Field) { does(f, "'x") }, "你x|"},
		"undoing":             {func(f *gui.Field) { does(f, "C+Z") }, "|"},
		"another text":        {func(f *gui.Field) { f.SetText("é你") }, "é你|"},
		"no text":             {func(f *gui.Field) { f.SetText("") }, "|"},
		"moving the cursor":   {func(f *gui.Field) { does(f, "Home") }, "|你^好，世界"},
		"nothing but waiting": {func(*gui.Field) {}, "|你^好，世界"},
	} {
		f, _ := aField(t, 40)
		f.Insert("你好，世界")
		pressAt(f, f.At(len("你")))
		leadTo(f, f.At(len(f.Text())))
		c.change(f)
		leadTo(f, f.At(0))
		if got := marked(f); got != c.want {
			t.Errorf("%s, then dragged on: %q, want %q", what, got, c.want)
		}
		does(f, "'x") // replaces what is selected
		if got, want := f.Text(), typedOver(c.want, "x"); got != want {
			t.Errorf("%s, then dragged and typed: %q, want %q", what, got, want)
		}
		f.View().DragEnd()
	}
}

// typedOver returns the text of a marked one after typing in it.
func typedOver(marked, typed string) string {
	if from, rest, selects := strings.Cut(marked, "|"); selects {
		_, after, selected := strings.Cut(rest, "^")
		if !selected {
			after = rest
		}
		return from + typed + after
	}
	return marked
}

// While the pointer is held below the text, the selection goes on.
func TestFieldScrollsWhileDragging(t *testing.T) {
	f, _ := aField(t, 10)
	setMarked(f, "|1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12")
	pressAt(f, f.At(0))
	leadTo(f, f.At(0).AddXY(0, f.Size().Height+f.TextHeight()/2))
	for range 6 {
		holdOn(f)
	}
	if cursor, anchor := f.Selection(); anchor != 0 || f.CursorRow() != 11 || cursor == 0 || f.Offset() == 0 {
		t.Errorf("selected is %q, in sight from %v on", marked(f), f.Offset())
	}
	f.View().DragEnd()
	for range 6 {
		holdOn(f)
	}
	before := marked(f)
	holdOn(f)
	if marked(f) != before {
		t.Error("it goes on when the button is up")
	}
}

func TestFieldMenu(t *testing.T) {
	f, _ := aField(t, 10)
	setMarked(f, "^one| two")
	choose := func(label string) {
		t.Helper()
		for _, item := range f.Menu() {
			if item.Label == label && !item.Disabled {
				item.Action()
				return
			}
		}
		t.Errorf("the menu has no %s to choose", label)
	}
	clickAt(f, f.At(1), desktop.MouseButtonSecondary, 0) // keeps the selection
	choose("Cut")
	choose("Paste")
	choose("Paste")
	choose("Undo")
	choose("Redo")
	choose("Select all")
	choose("Copy")
	if got := marked(f); got != "^oneone two|" || fyne.CurrentApp().Clipboard().Content() != "oneone two" {
		t.Errorf("the field has %q, the clipboard %q", got, fyne.CurrentApp().Clipboard().Content())
	}
	clickAt(f, f.At(8), desktop.MouseButtonSecondary, 0)
	f.Select(1, 1)
	clickAt(f, f.At(8), desktop.MouseButtonSecondary, 0)
	if got := marked(f); got != "oneone t|wo" {
		t.Errorf("beside a selection the secondary button leads to %q", got)
	}
	for _, item := range f.Menu() {
		if able := !item.Disabled; able == (item.Label == "Cut" || item.Label == "Copy" || item.Label == "Redo") && !item.IsSeparator {
			t.Errorf("%s can be chosen: %v", item.Label, able)
		}
	}
	f.View().TappedSecondary(&fyne.PointEvent{})
	if f.Window.Canvas().Overlays().Top() == nil {
		t.Error("the secondary button opens no menu")
	}
}
