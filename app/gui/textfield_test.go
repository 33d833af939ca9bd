package gui_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"feihong/app/gui"
)

// aField shows a field, with the focus, whose clock the test turns.
func aField(t testing.TB, letters int) (f *gui.Field, now *time.Time) {
	moment := noon
	f = gui.NewField(test.NewTempApp(t), letters, func() time.Time { return moment })
	f.Focus()
	t.Cleanup(f.Window.Close)
	return f, &moment
}

// marked returns a text with | at the cursor and ^ at the other end of the
// selection.
func marked(f *gui.Field) string {
	text := f.Text()
	cursor, anchor := f.Selection()
	switch {
	case cursor < anchor:
		return text[:cursor] + "|" + text[cursor:anchor] + "^" + text[anchor:]
	case anchor < cursor:
		return text[:anchor] + "^" + text[anchor:cursor] + "|" + text[cursor:]
	}
	return text[:cursor] + "|" + text[cursor:]
}

// setMarked is the other way round.
func setMarked(f *gui.Field, text string) {
	cursor, anchor := strings.IndexByte(text, '|'), strings.IndexByte(text, '^')
	switch {
	case anchor < 0:
		anchor = cursor
	case anchor < cursor:
		cursor--
	default:
		anchor--
	}
	f.SetText(strings.NewReplacer("|", "", "^", "").Replace(text))
	f.Select(cursor, anchor)
}

// does presses keys, with spaces between: C+ and S+ before a name are Ctrl and
// Shift, and what follows a quote is typed.
func does(f *gui.Field, keys string) {
	clipboard := fyne.CurrentApp().Clipboard()
	for key := range strings.FieldsSeq(keys) {
		if typed, ok := strings.CutPrefix(key, "'"); ok {
			for _, r := range strings.ReplaceAll(typed, "_", " ") {
				f.TypedRune(r)
			}
			continue
		}
		name, ctrl := strings.CutPrefix(key, "C+")
		name, shift := strings.CutPrefix(name, "S+")
		modifier := fyne.KeyModifierShortcutDefault
		if shift {
			modifier |= fyne.KeyModifierShift
			f.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
		}
		switch {
		case key == "C+A":
			f.TypedShortcut(&fyne.ShortcutSelectAll{})
		case key == "C+X":
			f.TypedShortcut(&fyne.ShortcutCut{Clipboard: clipboard})
		case key == "C+C":
			f.TypedShortcut(&fyne.ShortcutCopy{Clipboard: clipboard})
		case key == "C+V":
			f.TypedShortcut(&fyne.ShortcutPaste{Clipboard: clipboard})
		case key == "C+Z":
			f.TypedShortcut(&fyne.ShortcutUndo{})
		case key == "C+Y":
			f.TypedShortcut(&fyne.ShortcutRedo{})
		case ctrl:
			f.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyName(name), Modifier: modifier})
		default:
			f.TypedKey(&fyne.KeyEvent{Name: fyne.KeyName(name)})
		}
		if shift {
			f.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
		}
	}
}

func TestFieldKeys(t *testing.T) {
	const (
		family = "👨‍👩‍👧"
		thumb  = "👍🏽"
		flag   = "🇨🇳"
		accent = "e\u0301"
	)
	for _, c := range []struct{ text, keys, want string }{
		// typing and deleting, by character as people see them
		{"|", "'hello", "hello|"},
		{"a^bc|d", "'x", "ax|d"},
		{"ab|c", "BackSpace", "a|c"},
		{"ab|c", "Delete", "ab|"},
		{"|abc", "BackSpace", "|abc"},
		{"abc|", "Delete", "abc|"},
		{"a^bc|d", "BackSpace", "a|d"},
		{"a|bc^d", "Delete", "a|d"},
		{"x" + family + "|y", "BackSpace", "x|y"},
		{"x|" + family + "y", "Delete", "x|y"},
		{thumb + thumb + "|", "BackSpace", thumb + "|"},
		{flag + flag + flag + "|", "BackSpace BackSpace", flag + "|"},
		{"caf" + accent + "|", "BackSpace", "caf|"},
		{"你好|", "BackSpace", "你|"},
		{"one\n|two", "BackSpace", "one|two"},
		{"one|\ntwo", "Delete", "one|two"},
		// by character
		{"a" + family + "|b", "Left", "a|" + family + "b"},
		{"a|" + family + "b", "Right", "a" + family + "|b"},
		{"|a", "Left", "|a"},
		{"a|", "Right", "a|"},
		{"one\n|two", "Left", "one|\ntwo"},
		{"a^bc|d", "Left", "a|bcd"},
		{"a^bc|d", "Right", "abc|d"},
		{"ab|cd", "S+Right", "ab^c|d"},
		{"ab|cd", "S+Left S+Left", "|ab^cd"},
		{"ab|cd", "S+Left S+Right", "ab|cd"},
		// by word
		{"one two| three", "C+Left", "one |two three"},
		{"one two three|", "C+Left C+Left", "one |two three"},
		{"|one two", "C+Right", "one| two"},
		{"one| two", "C+Right", "one two|"},
		{"don't| go", "C+Left", "|don't go"},
		{"会议改到三点|，好的", "C+Left", "|会议改到三点，好的"},
		{"|会议 room", "C+Right", "会议| room"},
		{"one\n|two", "C+Left", "one|\ntwo"},
		{"one|\ntwo", "C+Right", "one\n|two"},
		{"one two|", "C+S+Left", "one |two^"},
		{"one two|", "C+BackSpace", "one |"},
		{"one  |two", "C+BackSpace", "|two"},
		{"|one two", "C+Delete", "| two"},
		{"a^bc|d ef", "C+Delete", "a|d ef"},
		// rows are ten letters wide: "one two" "three four" "five"
		{"one two three four fi|ve", "Up", "one two th|ree four five"},
		{"one two thre|e four five", "Up", "one |two three four five"},
		{"one two three fou|r five", "Up Down", "one two three fou|r five"},
		{"one two three four| five", "Down", "one two three four five|"},
		{"one two three four| five", "Up Up", "|one two three four five"},
		{"one two three four five|", "Down", "one two three four five|"},
		{"one |two", "Down", "one two|"},
		{"one |two", "Up", "|one two"},
		{"long line\nx\nlong li|ne", "Up Up", "long li|ne\nx\nlong line"}, // keeps the column
		{"long line\nx\nlong li|ne", "Up Left Up", "|long line\nx\nlong line"},
		{"one\ntw|o", "S+Up", "on|e\ntw^o"},
		{"on|e\ntwo", "S+Down", "on^e\ntw|o"},
		{"你好你好|\nab", "Down", "你好你好\nab|"},
		{"ab|\n你好", "Down", "ab\n你|好"},
		{"one two thr|ee four five", "Home", "one two |three four five"},
		{"one two thr|ee four five", "End", "one two three four |five"},
		{"one two thr|ee four five", "End Home", "one two |three four five"},
		{"one two thr|ee four five", "S+End", "one two thr^ee four |five"},
		{"one two thr|ee", "S+Home", "one two |thr^ee"},
		{"a\nb|c\nd", "End", "a\nbc|\nd"},
		{"a\nb|c\nd", "C+Home", "|a\nbc\nd"},
		{"a\nb|c\nd", "C+End", "a\nbc\nd|"},
		{"a\nb|c\nd", "C+S+End", "a\nb^c\nd|"},
		{"a\nb|c\nd", "C+S+Home", "|a\nb^c\nd"},
		{"1\n2\n3|\n4", "Prior", "1|\n2\n3\n4"},
		{"1\n2|\n3\n4", "Next", "1\n2\n3\n4|"},
		{"1\n2|\n3\n4", "S+Next", "1\n2^\n3\n4|"},
		// a row that is broken without a space ends before it is left
		{"|你好世界，再见啦", "End", "你好世界，|再见啦"},
		{"|你好世界，再见啦", "End Home", "|你好世界，再见啦"},
		{"|abcdefghijklm", "End Down", "abcdefghijklm|"},
		// everything
		{"a|b", "C+A", "^ab|"},
		{"|", "C+A", "|"},
		{"a|b", "C+A 'x", "x|"},
		{"a|b", "C+A Left", "|ab"},
		// clipboard
		{"a^bc|d", "C+C Right C+V", "abcbc|d"},
		{"a^bc|d", "C+X", "a|d"},
		{"a^bc|d", "C+X C+V C+V", "abcbc|d"},
		// undo: a word at a time
		{"|", "'one_two C+Z", "one|"},
		{"|", "'one_two C+Z C+Z", "|"},
		{"|", "'one_two C+Z C+Z C+Y", "one|"},
		{"|", "'one_two C+Z C+Z C+Y C+Y", "one two|"},
		{"|", "'one_two C+Z C+S+Z", "one two|"},
		{"|", "'你好，世界 C+Z", "你好|"},
		{"a^bc|d", "'xyz C+Z", "a^bc|d"},
		{"a^bc|d", "'xyz C+Z C+Y", "axyz|d"},
		{"abcd|", "BackSpace BackSpace C+Z", "abcd|"},
		{"|abcd", "Delete Delete C+Z", "|abcd"},
		{"one two|", "C+BackSpace C+BackSpace C+Z", "one |"},
		{"a|b", "C+Z C+Y", "a|b"},
		{"|", "'ab C+Z 'c C+Y", "c|"},
		// lines
		{"a|b", "S+Return", "a\n|b"},
		{"a|b", "Return", "a\n|b"}, // nobody to submit to
		{"a|b", "C+Return", "a\n|b"},
	} {
		f, _ := aField(t, 10)
		setMarked(f, c.text)
		does(f, c.keys)
		if got := marked(f); got != c.want {
			t.Errorf("%q, %s: %q, want %q", c.text, c.keys, got, c.want)
		}
		if !f.CaretInSight() {
			t.Errorf("%q, %s: the caret is out of sight", c.text, c.keys)
		}
	}
}

// The end of a row that goes on below is shown in that row, not in the next.
func TestFieldEndStaysInItsRow(t *testing.T) {
	f, _ := aField(t, 10)
	setMarked(f, "|abcdefghijklmnop")
	does(f, "End")
	if f.CursorRow() != 0 {
		t.Error("End leads to the next row")
	}
	does(f, "Right")
	if got := marked(f); got != "abcdefghijk|lmnop" || f.CursorRow() != 1 {
		t.Errorf("from there Right leads to %q in row %d", got, f.CursorRow())
	}
}

func TestFieldShowsPlaceholderWhileEmpty(t *testing.T) {
	f, _ := aField(t, 10)
	if drawn, _ := f.Drawn(); !slices.Equal(drawn, []string{"Write"}) {
		t.Errorf("the empty field shows %q", drawn)
	}
	does(f, "'x")
	if drawn, _ := f.Drawn(); !slices.Equal(drawn, []string{"x"}) {
		t.Errorf("with text it shows %q", drawn)
	}
	does(f, "BackSpace")
	if drawn, _ := f.Drawn(); !slices.Equal(drawn, []string{"Write"}) {
		t.Errorf("when it is empty again it shows %q", drawn)
	}
}

func TestFieldGrowsAndScrolls(t *testing.T) {
	f, _ := aField(t, 20)
	empty := f.Size().Height
	for lines := 1; lines <= 12; lines++ {
		want := empty + float32(min(lines, 8)-1)*f.TextHeight()
		if got := f.Size().Height; got != want {
			t.Errorf("with %d lines the field is %v high, want %v", lines, got, want)
		}
		if !f.CaretInSight() || lines <= 8 && f.Offset() != 0 || lines > 8 && f.Offset() == 0 {
			t.Errorf("with %d lines it is scrolled by %v", lines, f.Offset())
		}
		does(f, "S+Return")
	}
	f.Wheel(1000)
	if f.Offset() != 0 || f.CaretInSight() {
		t.Error("the wheel does not scroll")
	}
	does(f, "'x")
	if !f.CaretInSight() {
		t.Error("what is typed is out of sight")
	}
	f.SetText("x")
	if f.Offset() != 0 || f.Size().Height != empty {
		t.Error("a short text does not begin at the top")
	}
}

// A long text costs no more objects than are in sight.
func TestFieldDrawsWhatIsInSight(t *testing.T) {
	f, _ := aField(t, 20)
	f.SetText(strings.Repeat("line\n", 10_000))
	does(f, "C+A")
	for _, keys := range []string{"C+Home", "Next", "C+End", "Prior", "C+A"} {
		does(f, keys)
		if drawn, selected := f.Drawn(); len(drawn) > 10 || len(drawn) < 7 || selected > 10 {
			t.Errorf("%s: %d rows are drawn, %d selected", keys, len(drawn), selected)
		}
	}
	if _, selected := f.Drawn(); selected < 8 {
		t.Errorf("everything is selected, and it shows in %d rows", selected)
	}
}

func TestFieldFollowsItsWidth(t *testing.T) {
	f, _ := aField(t, 10)
	f.SetText("one two three four five")
	for letters, want := range map[int]string{10: "one two|three four|five", 13: "one two three|four five", 40: "one two three four five"} {
		f.SetLetters(letters)
		if got := strings.Join(f.Rows(), "|"); got != want {
			t.Errorf("%d letters wide the rows are %q", letters, got)
		}
	}
}

func TestFieldIsMeasuredAnewInAnotherTypeface(t *testing.T) {
	f, _ := aField(t, 20)
	f.SetText("hello")
	before := f.Measured
	f.Refresh()
	if f.Measured-before > 20 {
		t.Error("everything is measured although nothing changed")
	}
	small := f.MinSize().Height
	fyne.CurrentApp().Settings().SetTheme(largeTheme{fyne.CurrentApp().Settings().Theme()})
	f.Refresh()
	if f.MinSize().Height <= small {
		t.Error("a larger text is not higher")
	}
	if !f.RowsAreRight() {
		t.Error("the rows are those of the smaller text")
	}
}

type largeTheme struct{ fyne.Theme }

func (l largeTheme) Size(name fyne.ThemeSizeName) float32 { return 2 * l.Theme.Size(name) }

func TestFieldCaretBlinksWhileItHasTheFocus(t *testing.T) {
	f, now := aField(t, 10)
	beat := func() {
		*now = now.Add(600 * time.Millisecond)
		waiting := f.Waiting
		f.Waiting = nil
		for _, do := range waiting {
			do()
		}
	}
	if !f.CaretShown() || len(f.Waiting) != 1 {
		t.Fatal("the field has the focus, and no caret that blinks")
	}
	var seen []bool
	for range 4 {
		beat()
		seen = append(seen, f.CaretShown())
	}
	if !slices.Equal(seen, []bool{false, true, false, true}) {
		t.Errorf("the caret was shown %v", seen)
	}
	beat()
	does(f, "'x")
	if !f.CaretShown() || len(f.Waiting) != 1 {
		t.Errorf("after a key the caret is shown %v, and %d beats wait", f.CaretShown(), len(f.Waiting))
	}
	for range 100 {
		beat()
	}
	if len(f.Waiting) != 0 || !f.CaretShown() {
		t.Error("a field that is left alone goes on blinking")
	}
	does(f, "'x")
	f.Window.Canvas().Unfocus()
	if f.CaretShown() {
		t.Error("without the focus there is a caret")
	}
	beat()
	if len(f.Waiting) != 0 || f.CaretShown() {
		t.Error("without the focus it goes on blinking")
	}
}

func TestFieldPassesOnWhatIsNotAboutTheText(t *testing.T) {
	f, _ := aField(t, 10)
	f.PassOn()
	f.SetText("one")
	does(f, "Up Down Next Prior Escape S+Up S+Next C+K")
	if got := strings.Join(f.Passed, " "); got != "Up Down Next Prior Escape CustomDesktop:Control+K" {
		t.Errorf("passed on was %s", got)
	}
	f.Passed = nil
	does(f, "C+Home C+Home C+End C+End")
	if got := strings.Join(f.Passed, " "); got != "CustomDesktop:Control+Home CustomDesktop:Control+End" {
		t.Errorf("passed on was %s", got)
	}
}

func TestFieldSubmits(t *testing.T) {
	f, _ := aField(t, 10)
	submitted := 0
	f.SetSubmit(func() { submitted++ })
	f.SetText("one")
	does(f, "Return KP_Enter")
	if submitted != 2 || f.Text() != "one" {
		t.Errorf("submitted %d times, with %q", submitted, f.Text())
	}
}
