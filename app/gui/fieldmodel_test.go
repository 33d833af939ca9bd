package gui_test

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"github.com/rivo/uniseg"
	"pgregory.net/rapid"

	"feihong/app/gui"
)

// pieces are what texts of tests are made of: what breaks lines, and what must
// not be broken.
var pieces = []string{"a", "word", " ", "  ", "\n", "你好", "，", "“引号”", "（", "）", "。", "\t", "x-y", "https://example.com/a?b=c", "👨‍👩‍👧", "🇨🇳",
	"👍🏽", "e\u0301", "12,000.50", "don't", "\u0301", "\x00", "\u202e", "שלום", strings.Repeat("long", 40), strings.Repeat("长", 60), "\u00a0", "ภาษาไทย", "한국어", "—", "%", "$5"}

func aText(t *rapid.T, label string, most int) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, most).Draw(t, label), "")
}

// Rows of a field are those of a bubble, as long as no word is longer than a row
// and nothing is shown as something else.
func TestFieldBreaksLinesLikeBubbles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		short := slices.DeleteFunc(slices.Clone(pieces), func(p string) bool { return len(p) > 30 || strings.ContainsAny(p, "\t\x00\u202e") })
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(short), 0, 60).Draw(t, "text"), "")
		want, _ := gui.Wrap(text, 40, 1000)
		if got := gui.WrapInField(text, 40); !slices.Equal(got, want) {
			t.Fatalf("%q: %q, in a bubble %q", text, got, want)
		}
	})
}

// boundary says that a place is between two characters.
func boundary(text string, at int) bool {
	return at >= 0 && at <= len(text) && (at == len(text) || utf8.RuneStart(text[at]))
}

// anyPlace is somewhere on a field, or outside of it.
func anyPlace(t *rapid.T, f *gui.Field) fyne.Position {
	size := f.Size()
	x := rapid.Float32Range(-20, size.Width+20).Draw(t, "x")
	return fyne.NewPos(x, f.Offset()+rapid.Float32Range(-20, size.Height+20).Draw(t, "y"))
}

// Whatever is done: cursor and selection stay in the text, the text stays
// UTF-8, the rows are what they would be from scratch, and all can be undone
// and redone.
func TestFieldModel(t *testing.T) {
	keys := strings.Fields("Left Right Up Down Home End Prior Next S+Left S+Right S+Up S+Down S+Home S+End BackSpace Delete S+Return " +
		"C+Left C+Right C+S+Left C+S+Right C+BackSpace C+Delete C+Home C+End C+A C+X C+C C+V C+Z C+Y")
	field, now := aField(t, 20)
	rapid.Check(t, func(t *rapid.T) {
		// Nothing is left of the check before.
		field.View().DragEnd()
		holdOn(field)
		*now = now.Add(time.Minute)
		fyne.CurrentApp().Clipboard().SetContent("")
		first := aText(t, "first", 30)
		field.SetLetters(20)
		field.SetText(first)
		first = field.Text()
		check := func(after string) {
			cursor, anchor := field.Selection()
			text := field.Text()
			switch {
			case !boundary(text, cursor) || !boundary(text, anchor):
				t.Fatalf("%s: cursor %d and anchor %d in %q", after, cursor, anchor, text)
			case !utf8.ValidString(text):
				t.Fatalf("%s: %q is not UTF-8", after, text)
			case !field.RowsAreRight():
				t.Fatalf("%s: the rows of %q are not what they are from scratch", after, text)
			case !field.CaretInSight():
				t.Fatalf("%s: the caret is out of sight in %q", after, text)
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"key": func(t *rapid.T) {
				key := rapid.SampledFrom(keys).Draw(t, "key")
				does(field, key)
				check(key)
			},
			"type": func(t *rapid.T) {
				text := field.Text()
				cursor, anchor := field.Selection()
				r := rapid.SampledFrom([]rune("a 你，\n\u0301👍\x00")).Draw(t, "rune")
				field.TypedRune(r)
				if want := text[:min(cursor, anchor)] + string(r) + text[max(cursor, anchor):]; field.Text() != want {
					t.Fatalf("typing %q makes %q, want %q", r, field.Text(), want)
				}
				check("typing")
			},
			"erase": func(t *rapid.T) {
				text := field.Text()
				cursor, _ := field.Selection()
				field.Select(cursor, cursor)
				does(field, "BackSpace")
				last := ""
				for graphemes := uniseg.NewGraphemes(text[:cursor]); graphemes.Next(); {
					last = graphemes.Str()
				}
				if want := text[:cursor-len(last)] + text[cursor:]; len(text) < 200 && field.Text() != want {
					t.Fatalf("Backspace at %d in %q makes %q, want %q", cursor, text, field.Text(), want)
				}
				check("Backspace")
			},
			"paste": func(t *rapid.T) {
				field.Insert(aText(t, "pasted", 8))
				check("pasting")
			},
			"select": func(t *rapid.T) {
				place := rapid.IntRange(0, len(field.Text()))
				at := [2]int{place.Draw(t, "cursor"), place.Draw(t, "anchor")}
				for i := range at {
					for !boundary(field.Text(), at[i]) {
						at[i]--
					}
				}
				field.Select(at[0], at[1])
				check("selecting")
			},
			"drag": func(t *rapid.T) {
				place := rapid.IntRange(0, len(field.Text()))
				from, to := place.Draw(t, "from"), place.Draw(t, "to")
				for !boundary(field.Text(), from) {
					from--
				}
				for !boundary(field.Text(), to) {
					to--
				}
				drag(field, rapid.IntRange(0, 2).Draw(t, "clicks"), from, to)
				check("dragging")
			},
			// The parts of a drag, between which all else can happen.
			"press": func(t *rapid.T) {
				at := anyPlace(t, field)
				for range rapid.IntRange(0, 2).Draw(t, "clicks") {
					clickAt(field, at, desktop.MouseButtonPrimary, 0)
				}
				pressAt(field, at)
				check("pressing the button")
			},
			"lead": func(t *rapid.T) {
				leadTo(field, anyPlace(t, field))
				check("leading the pointer")
			},
			"wait": func(*rapid.T) {
				holdOn(field)
				check("holding the pointer")
			},
			"release": func(*rapid.T) {
				field.View().DragEnd()
				check("releasing the button")
			},
			"set": func(t *rapid.T) {
				field.SetText(aText(t, "another text", 8))
				first = field.Text() // from here on can be undone
				check("setting a text")
			},
			"resize": func(t *rapid.T) {
				field.SetLetters(rapid.IntRange(1, 60).Draw(t, "letters"))
				check("resizing")
			},
		})
		last, steps := field.Text(), 0
		for ; !field.Menu()[0].Disabled; steps++ {
			does(field, "C+Z")
			check("undoing")
		}
		if field.Text() != first {
			t.Fatalf("undoing everything leads to %q, not to %q", field.Text(), first)
		}
		for range steps {
			does(field, "C+Y")
			check("redoing")
		}
		if field.Text() != last {
			t.Fatalf("redoing everything leads to %q, not to %q", field.Text(), last)
		}
	})
}

// FuzzField changes any text at any place.
func FuzzField(f *testing.F) {
	for _, seed := range pieces {
		f.Add(seed+seed+" "+seed, seed, len(seed), 7)
	}
	f.Add("one two\nthree", "\n", 4, 10)
	f.Add("\xff\xfe\r\n", "\u2028\r", 1, 3)
	field, _ := aField(f, 20)
	f.Fuzz(func(t *testing.T, text, change string, at, letters int) {
		if len(text) > 4000 || len(change) > 4000 || letters < 1 || letters > 200 {
			return
		}
		field.SetLetters(letters)
		field.SetText(text)
		begun := field.Text()
		at = min(max(at, 0), len(begun))
		for !boundary(begun, at) {
			at--
		}
		field.Select(at, at)
		for _, r := range change {
			field.TypedRune(r)
		}
		field.Insert(change)
		does(field, "Left S+Up C+Left S+Down C+X Right Delete")
		if !utf8.ValidString(field.Text()) || !field.RowsAreRight() {
			t.Fatalf("after %q at %d of %q the rows are wrong", change, at, text)
		}
		for !field.Menu()[0].Disabled {
			does(field, "C+Z")
		}
		if field.Text() != begun || !field.RowsAreRight() {
			t.Fatalf("undoing everything leads to %q, not to %q", field.Text(), begun)
		}
	})
}
