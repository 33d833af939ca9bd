package protocol_test

import (
	"strings"
	"testing"

	"feihong/protocol"
)

// textVector is a vector of text.json.
type textVector struct {
	Name   string `json:"name"`
	Input  string `json:"input"`
	Expect string `json:"expect"`             // of the check that a text can be sent
	Text   string `json:"visible_text"`       // as it is shown in a conversation
	Line   string `json:"safe_name"`          // as it is shown where a name stands
	Key    string `json:"skeleton,omitempty"` // equal for names that look alike, where it is given
	Note   string `json:"note,omitempty"`     // why, where it is not plain
}

func textTable() []textVector {
	plain := func(name, s string) textVector {
		return textVector{Name: name, Input: s, Expect: "ok", Text: s, Line: s}
	}
	return []textVector{
		plain("Latin", "Alice"),
		plain("Chinese", "飞鸿"),
		plain("emoji of several", "👩‍👩‍👧"),
		plain("Persian with a joiner", "می\u200cخواهم"),
		plain("Hebrew", "שלום"),
		plain("combining marks", "e\u0301"),
		plain("replacement character", "a\uFFFDb"),
		{Name: "empty", Input: "", Expect: "text-empty"},
		{Name: "spaces", Input: "  ", Expect: "text-empty", Text: "  "},
		{Name: "ideographic space", Input: "\u3000", Expect: "text-empty", Text: "\u3000"},
		{Name: "line breaks only", Input: "\r\n\u2028", Expect: "text-empty", Text: "\n\n"},
		{Name: "spaces around", Input: "  a \u3000 b  ", Expect: "ok", Text: "  a \u3000 b  ", Line: "a b"},
		{Name: "line breaks", Input: "a\nb\r\nc\rd\u2028e\u2029f", Expect: "ok", Text: "a\nb\nc\nd\ne\nf", Line: "a b c d e f"},
		{Name: "two line breaks", Input: "a\r\r\n\nb", Expect: "ok", Text: "a\n\n\nb", Line: "a b"},
		{Name: "tab", Input: "a\tb", Expect: "ok", Text: "a\tb", Line: "a b"},
		{Name: "NUL", Input: "a\x00b", Expect: "ok", Text: "a\u2400b", Line: "ab"},
		{Name: "escape sequence", Input: "\x1b[31mred", Expect: "ok", Text: "\u241b[31mred", Line: "[31mred"},
		{Name: "DEL", Input: "a\x7fb", Expect: "ok", Text: "a\u2421b", Line: "ab"},
		{Name: "vertical tab and form feed", Input: "a\v\fb", Expect: "ok", Text: "a\u240b\u240cb", Line: "a b"},
		{Name: "C1", Input: "a\u009bb", Expect: "ok", Text: "a[U+009B]b", Line: "ab"},
		{Name: "next line", Input: "a\u0085b", Expect: "ok", Text: "a[U+0085]b", Line: "a b"},
		{Name: "override", Input: "exe.\u202egpj", Expect: "ok", Text: "exe.[U+202E]gpj", Line: "exe.gpj"},
		{Name: "all embeddings", Input: "\u202a\u202b\u202c\u202d\u202e", Expect: "ok", Text: "[U+202A][U+202B][U+202C][U+202D][U+202E]"},
		{Name: "all isolates", Input: "\u2066\u2067\u2068\u2069", Expect: "ok", Text: "[U+2066][U+2067][U+2068][U+2069]"},
		{Name: "marks", Input: "a\u200eb\u200fc\u061cd", Expect: "ok", Text: "a\u200eb\u200fc\u061cd", Line: "abcd", Note: "marks do not reorder what is around them, but a name does not need them"},
		{Name: "zero-width characters", Input: "A\u200bli\ufeffce\u2060\u00ad", Expect: "ok", Text: "A\u200bli\ufeffce\u2060\u00ad", Line: "Alice"},
		{Name: "joiners around", Input: "\u200da\u200d", Expect: "ok", Text: "\u200da\u200d", Line: "a"},
		{Name: "letters without ink", Input: "\u3164a\u115fb\u2800", Expect: "ok", Text: "\u3164a\u115fb\u2800", Line: "a b"},
		{Name: "tags", Input: "a\U000e0041b", Expect: "ok", Text: "a\U000e0041b", Line: "ab"},
		{Name: "noncharacters", Input: "a\ufdd0b\U0001ffffc", Expect: "ok", Text: "a\ufdd0b\U0001ffffc", Line: "abc"},
		{Name: "grapheme joiner and vowels without ink", Input: "a\u034fb\u17b4\u17b5c", Expect: "ok", Text: "a\u034fb\u17b4\u17b5c", Line: "abc", Key: "abc"},
		{Name: "variation selectors", Input: "飞\ufe00鸿\U000e0100a\u180b\u180f\ufe0f", Expect: "ok", Text: "飞\ufe00鸿\U000e0100a\u180b\u180f\ufe0f", Line: "飞鸿a", Key: "飞鸿a"},
		{Name: "heart in colour", Input: "❤\ufe0f\ufe0f", Expect: "ok", Text: "❤\ufe0f\ufe0f", Line: "❤\ufe0f", Key: "❤", Note: "the selector stays behind a symbol, once"},
		{Name: "flag of two with selector", Input: "🏳\ufe0f\u200d🌈", Expect: "ok", Text: "🏳\ufe0f\u200d🌈", Line: "🏳\ufe0f\u200d🌈", Key: "🏳🌈"},
		{Name: "joiners among Latin letters", Input: "A\u200dli\u200cce", Expect: "ok", Text: "A\u200dli\u200cce", Line: "Alice", Key: "alice"},
		{Name: "joiner between emoji and letter", Input: "👍\u200da\u200d👍", Expect: "ok", Text: "👍\u200da\u200d👍", Line: "👍a👍", Key: "👍a👍"},
		{Name: "joiner before a space", Input: "👍\u200d 👍", Expect: "ok", Text: "👍\u200d 👍", Line: "👍 👍"},
		{Name: "nothing to be seen", Input: "\u034f\ufe0f\u200d\u2063\U000e01ef\u3164", Expect: "ok", Text: "\u034f\ufe0f\u200d\u2063\U000e01ef\u3164"},
		{Name: "marks without a character", Input: "\u0301\u0301 \u0301a\u0301", Expect: "ok", Text: "\u0301\u0301 \u0301a\u0301", Line: "a\u0301"},
		{Name: "accent by itself", Input: "e\u0301", Expect: "ok", Text: "e\u0301", Line: "e\u0301", Key: "é"},
		{Name: "Cyrillic for Latin", Input: "АӀісе", Expect: "ok", Text: "АӀісе", Line: "АӀісе", Key: "alice"},
		{Name: "Greek for Latin", Input: "ΒΟΒ", Expect: "ok", Text: "ΒΟΒ", Line: "ΒΟΒ", Key: "bob"},
		{Name: "full width", Input: "Ｂｏｂ　Ｋ", Expect: "ok", Text: "Ｂｏｂ　Ｋ", Line: "Ｂｏｂ Ｋ", Key: "bob k"},
		{Name: "64 characters", Input: strings.Repeat("鸿", 64), Expect: "ok", Text: strings.Repeat("鸿", 64), Line: strings.Repeat("鸿", 64)},
		{Name: "65 characters", Input: strings.Repeat("鸿", 65), Expect: "ok", Text: strings.Repeat("鸿", 65), Line: strings.Repeat("鸿", 64)},
		{Name: "space as the last that fits", Input: strings.Repeat("a", 63) + " b", Expect: "ok", Text: strings.Repeat("a", 63) + " b", Line: strings.Repeat("a", 63)},
	}
}

const aboutText = "Text that is shown. See docs/protocol.md#golden-vectors."

func TestTextVectors(t *testing.T) {
	for _, v := range loadGolden(t, "text.json", aboutText, textTable()) {
		t.Run(v.Name, func(t *testing.T) {
			if got := outcome(protocol.CheckText(v.Input)); got != v.Expect {
				t.Errorf("CheckText gives %q, want %q", got, v.Expect)
			}
			if got := protocol.VisibleText(v.Input); got != v.Text {
				t.Errorf("VisibleText is %q, want %q", got, v.Text)
			}
			if got := protocol.SafeName(v.Input); got != v.Line {
				t.Errorf("SafeName is %q, want %q", got, v.Line)
			}
			if got := protocol.NameSkeleton(v.Input); v.Key != "" && got != v.Key {
				t.Errorf("NameSkeleton is %q, want %q", got, v.Key)
			}
		})
	}
}
