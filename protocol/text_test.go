package protocol_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"feihong/protocol"
)

func TestCheckTextLimits(t *testing.T) {
	longest := strings.Repeat("a", protocol.MaxTextBytes)
	for _, test := range []struct {
		name, text, want string
	}{
		{"longest", longest, "ok"},
		{"one byte too long", longest + "a", "text-too-long"},
		{"longest in Chinese", strings.Repeat("飞", protocol.MaxTextBytes/3), "ok"},
		{"not UTF-8", "a\xff", "text-not-utf8"},
		{"surrogate", "\xed\xa0\x80", "text-not-utf8"},
		{"half a character", "飞"[:2], "text-not-utf8"},
	} {
		if got := outcome(protocol.CheckText(test.text)); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestTextErrors(t *testing.T) {
	for _, test := range []struct {
		reason       protocol.TextReason
		english, key string
	}{
		{protocol.TextEmpty, "the text is empty", "text.empty"},
		{protocol.TextTooLong, "the text is too long: 70000 bytes, at most 65536 are possible", "text.too-long"},
		{protocol.TextNotUTF8, "the text is not UTF-8", "text.not-utf8"},
	} {
		err := &protocol.TextError{Reason: test.reason, Size: 70000}
		key, _ := err.UserText()
		if err.Error() != test.english || key != test.key {
			t.Errorf("%q, %q; want %q, %q", err, key, test.english, test.key)
		}
	}
}

func TestTextNotUTF8(t *testing.T) {
	const input = "a\xff\xfeb\xe9\xa3"
	if got, want := protocol.VisibleText(input), "a\uFFFD\uFFFDb\uFFFD\uFFFD"; got != want {
		t.Errorf("VisibleText is %q, want %q", got, want)
	}
	if got := protocol.SafeName(input); !utf8.ValidString(got) {
		t.Errorf("SafeName is %q", got)
	}
}

// TestVisibleTextControls goes through every control and every character that
// reorders.
func TestVisibleTextControls(t *testing.T) {
	for r := rune(0); r < 0x3000; r++ {
		got := protocol.VisibleText("a" + string(r) + "b")
		want := fmt.Sprintf("a%cb", r)
		switch {
		case r == '\n' || r == '\t':
		case r == '\r' || r == 0x2028 || r == 0x2029:
			want = "a\nb"
		case r < 0x20:
			want = fmt.Sprintf("a%cb", 0x2400+r)
		case r == 0x7f:
			want = "a\u2421b"
		case unicode.Is(unicode.Cc, r), r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			want = fmt.Sprintf("a[U+%04X]b", r)
		}
		if got != want {
			t.Errorf("U+%04X is shown as %q, want %q", r, got, want)
		}
	}
}

// TestPlainTextCostsNothing: nearly all texts are plain, and each is made
// visible every time it is drawn.
func TestPlainTextCostsNothing(t *testing.T) {
	s := strings.Repeat("下午三点开会\n", 100)
	if n := testing.AllocsPerRun(10, func() { protocol.VisibleText(s) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

// checkVisible fails for a text that VisibleText should not have returned.
func checkVisible(t *testing.T, s string) {
	t.Helper()
	if again := protocol.VisibleText(s); again != s {
		t.Errorf("VisibleText changes %q again, to %q", s, again)
	}
	for _, r := range s {
		if unicode.Is(unicode.Cc, r) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r) && !isMark(r) {
			t.Errorf("U+%04X is left in %q", r, s)
		}
	}
	if !utf8.ValidString(s) {
		t.Errorf("%q is not UTF-8", s)
	}
}

// isMark says that r is one of the three characters that only give their own
// place a direction.
func isMark(r rune) bool { return r == 0x200e || r == 0x200f || r == 0x061c }

// checkName fails for a name that SafeName should not have returned.
func checkName(t *testing.T, s string) {
	t.Helper()
	if again := protocol.SafeName(s); again != s {
		t.Errorf("SafeName changes %q again, to %q", s, again)
	}
	for _, r := range s {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || unicode.IsSpace(r) && r != ' ' {
			t.Errorf("U+%04X is left in %q", r, s)
		}
	}
	if s != "" && strings.IndexFunc(s, isBase) != 0 {
		t.Errorf("%+q does not begin with a character that can be seen", s)
	}
	switch {
	case utf8.RuneCountInString(s) > protocol.MaxNameRunes, len(s) > protocol.MaxNameBytes:
		t.Errorf("%q is too long", s)
	case strings.TrimSpace(s) != s, strings.Contains(s, "  "):
		t.Errorf("%q has spaces too many", s)
	case !utf8.ValidString(s):
		t.Errorf("%q is not UTF-8", s)
	}
}

// isBase says that r can be seen by itself.
func isBase(r rune) bool {
	return !unicode.In(r, unicode.M, unicode.Cc, unicode.Cf, unicode.Z, unicode.Other_Default_Ignorable_Code_Point)
}

// TestNamesShowWhatTheyAre: no character that cannot be seen makes a name
// different from the same without it.
func TestNamesShowWhatTheyAre(t *testing.T) {
	invisible := []rune{0x00AD, 0x034F, 0x061C, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180E, 0x180F,
		0x200B, 0x200C, 0x200D, 0x2060, 0x2061, 0x2062, 0x2063, 0x2064, 0x2065, 0xFE00, 0xFE0E, 0xFE0F, 0xFEFF,
		0xFFF0, 0xE0001, 0xE0020, 0xE0100, 0xE01EF}
	for _, r := range invisible {
		for with, want := range map[string]string{"%c": "", "%cBob": "Bob", "Bo%cb": "Bob", "Bob%c": "Bob", "飞%c鸿": "飞鸿", "B %c b": "B b"} {
			if got := protocol.SafeName(fmt.Sprintf(with, r)); got != want {
				t.Errorf("%q with U+%04X gives %+q, want %q", with, r, got, want)
			}
		}
	}
	for _, r := range []rune{0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0} { // these look like a space
		for with, want := range map[string]string{"%c": "", "%cBob": "Bob", "Bo%cb": "Bo b", "Bob%c": "Bob", "B %c b": "B b"} {
			if got := protocol.SafeName(fmt.Sprintf(with, r)); got != want {
				t.Errorf("%q with U+%04X gives %+q, want %q", with, r, got, want)
			}
		}
	}
}

func TestErrorTextIsCutBetweenCharacters(t *testing.T) {
	body := mustEncodeLink(t, &protocol.Error{Code: protocol.CodeBusy, Text: strings.Repeat("飞", 200) + "\n"})
	m, err := protocol.DecodeLink(body)
	if err != nil {
		t.Fatal(err)
	}
	var got *protocol.Error
	if !errors.As(m.(*protocol.Error), &got) || got.Text != strings.Repeat("飞", 170) {
		t.Errorf("text of %d bytes: %q", len(got.Text), got.Text)
	}
}
