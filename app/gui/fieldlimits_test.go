package gui_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"feihong/protocol"
)

func TestFieldKeepsTheLimit(t *testing.T) {
	f, _ := aField(t, 10)
	f.Insert(strings.Repeat("长", 30_000))
	if got := len(f.Text()); got > protocol.MaxTextBytes || got < protocol.MaxTextBytes-2 || f.Cuts != 1 {
		t.Errorf("%d bytes were pasted and %d pastes cut", got, f.Cuts)
	}
	for range 10_000 {
		f.TypedRune('长')
	}
	if got := len(f.Text()); got > protocol.MaxTextBytes+4<<10 {
		t.Errorf("%d bytes were typed", got)
	}
	does(f, "C+A")
	f.Insert("short")
	if f.Text() != "short" || f.Cuts != 1 {
		t.Error("there is no room in place of everything")
	}
}

func TestFieldPastesAPicture(t *testing.T) {
	f, _ := aField(t, 10)
	pictures := 0
	f.SetPicture(func() { pictures++ })
	fyne.CurrentApp().Clipboard().SetContent("")
	does(f, "C+V")
	fyne.CurrentApp().Clipboard().SetContent("text")
	does(f, "C+V")
	if pictures != 1 || f.Text() != "text" {
		t.Errorf("%d pictures and %q were pasted", pictures, f.Text())
	}
}

// Whatever comes, the text is valid, and a key costs little.
func TestFieldWithOddTexts(t *testing.T) {
	const kib = 64 << 10
	for name, text := range map[string]string{
		"one word":      strings.Repeat("x", kib),
		"wide word":     strings.Repeat("W", kib),
		"marks":         "a" + strings.Repeat("\u0301", kib/2),
		"only marks":    strings.Repeat("\u0301", kib/2),
		"breaks":        strings.Repeat("\n", 10_000),
		"spaces":        strings.Repeat(" ", kib),
		"tabs":          strings.Repeat("\t", kib),
		"chinese":       strings.Repeat("好", kib/3),
		"thai":          strings.Repeat("ภาษาไทย", kib/21),
		"flags":         strings.Repeat("🇨", kib/4),
		"joiners":       strings.Repeat("👨‍", kib/7),
		"controls":      strings.Repeat("\x00\x01\x1b\x7f", kib/4),
		"not UTF-8":     strings.Repeat("\xff\xc3\x28", kib/3),
		"right to left": strings.Repeat("שלום عليكم \u202e", kib/30),
		"breaks of all": strings.Repeat("a\r\nb\rc\u2028d\u2029e\v\f\u0085", 2000),
		"words":         strings.Repeat("word ", kib/5),
	} {
		t.Run(name, func(t *testing.T) {
			f, _ := aField(t, 40)
			f.SetText(text)
			if f.Measured > kib*2 {
				t.Errorf("at first %d pieces were measured", f.Measured)
			}
			length := len(f.Text())
			middle := length / 2
			for !utf8.RuneStart(f.Text()[middle]) {
				middle++
			}
			for _, at := range []int{length, middle, 0} {
				f.Select(at, at)
				for _, key := range strings.Fields("'x 'y_ S+Return Left S+Left Right Up Down S+Up End Home C+Left C+Right Next Prior BackSpace Delete C+BackSpace C+Delete C+Z C+Y C+Z C+Z") {
					f.Measured = 0
					does(f, key)
					if f.Measured > 25_000 {
						t.Errorf("at %d, %s measured %d pieces", at, key, f.Measured)
					}
					if !utf8.ValidString(f.Text()) {
						t.Fatalf("at %d, %s: the text is no longer UTF-8", at, key)
					}
				}
				if !f.RowsAreRight() {
					t.Errorf("at %d the rows are wrong", at)
				}
			}
		})
	}
}
