package words_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"go.uber.org/goleak"

	"feihong/app/store/words"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestIndex(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"empty", "", "\ue0007"},
		{"one character", "好", "\ue0007 好"},
		{"run", "你好吗", "\ue0007 你 你好 好 好吗 吗"},
		{"punctuation divides a run", "你，好", "\ue0007 你 ， 好"},
		{"short words", "a is", "\ue0007 a i is"},
		{"long word", "Hello", "\ue0007 h he hel hell hello"},
		{"diacritics", "Ézűr", "\ue0007 e ez ezu ezur"},
		{"full width", "ＡＢ１", "\ue0007 a ab ab1"},
		{"mixed", "iPad屏", "\ue0007 i ip ipa ipad 屏"},
		{"emoji with modifier and selector", "👍🏽❤️", "\ue0007 👍 🏽 ❤"},
		{"kana", "コーヒー", "\ue0007 コ コー ー ーヒ ヒ ヒー ー"},
		{"hangul", "한글", "\ue0007 한 한글 글"},
		{"quotation mark", `"`, "\ue0007 ＂"},
		{"long token", strings.Repeat("x", 100), "\ue0007 x xx xxx xxxx xxxxx xxxxxx xxxxxxx xxxxxxxx " + strings.Repeat("x", 24)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := words.Index(7, tt.text); got != tt.want {
				t.Errorf("Index(%q) = %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}

func TestExpression(t *testing.T) {
	tests := []struct {
		name, query string
		owner       int64
		want        string
	}{
		{"one character", "好", 0, `"好"`},
		{"pair", "你好", 0, `"你好"`},
		{"run", "你好吗", 0, `"你好" AND "好吗"`},
		{"short word", "he", 0, `"he"`},
		{"long word", "conversation", 0, `"conversation"*`},
		{"owner", "hello", 37, "\"\ue00011\" AND \"hello\""},
		{"syntax is text", `a" OR b*`, 0, `"a" AND "or" AND "b"`},
		{"punctuation ignored beside words", "你好！", 0, `"你好"`},
		{"punctuation alone", "？！", 0, `"？" AND "！"`},
		{"same word twice", "ab ab AB", 0, `"ab"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := words.Parse(tt.query).Expression(tt.owner); got != tt.want {
				t.Errorf("Parse(%q).Expression = %q, want %q", tt.query, got, tt.want)
			}
		})
	}
}

func TestExpressionIsBounded(t *testing.T) {
	var long strings.Builder
	for r := rune(0x4E00); r < 0x5E00; r++ {
		long.WriteRune(r)
	}
	if n := strings.Count(words.Parse(long.String()).Expression(1), `"`); n > 64 {
		t.Errorf("%d tokens", n/2)
	}
}

func TestMatches(t *testing.T) {
	tests := []struct {
		text, query string
		want        bool
	}{
		{"今天晚上吃火锅", "晚上", true},
		{"今天晚上吃火锅", "锅", true},
		{"今天晚上吃火锅", "上晚", false},
		{"今天，晚上", "天晚", false},
		{"今天晚上吃火锅", "火锅 今天", true},
		{"今天晚上吃火锅", "火锅 明天", false},
		{"Hello World", "wor", true},
		{"Hello World", "orld", false},
		{"Hello World", "HELLO", true},
		{"sworn word", "word", true},
		{"Crème brûlée", "creme BRUL", true},
		{"用iPhone拍的", "iphone", true},
		{"用iPhone拍的", "phone", false},
		{"好的👍", "👍", true},
		{"好的", "👍", false},
		{"真的吗？！", "?!", true},
		{"真的吗", "?", false},
		{"真的吗", "真的吗?", true},
		{"anything", " \t", true},
		{"anything", "", true},
		{"ab\u00adcd", "abcd", true},
	}
	for _, tt := range tests {
		if got := words.Parse(tt.query).Matches(tt.text); got != tt.want {
			t.Errorf("Parse(%q).Matches(%q) = %v", tt.query, tt.text, got)
		}
	}
}

// FuzzWords checks what the index relies on: a text is found by each of its
// own words, tokens never hold what the tokenizer or the query language of
// the index would interpret, and matching implies that the index has every
// token asked for.
func FuzzWords(f *testing.F) {
	for _, s := range []string{"你好 world", `"a" OR NEAR(b)`, "👨‍👩‍👧 ok", "ﷺ½①", "e\u0301\u0345", "\xff\x00", "İstanbul ſtraße"} {
		f.Add(s, "好")
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, text, query string) {
		for _, field := range strings.Fields(text) {
			if !words.Parse(field).Matches(text) {
				t.Fatalf("%q does not match its own word %q", text, field)
			}
		}
		index := words.Index(1, text)
		for _, token := range strings.Split(index, " ") {
			for _, r := range token {
				if r < utf8.RuneSelf && (r < '0' || r > '9') && (r < 'a' || r > 'z') {
					t.Fatalf("token %q of %q", token, text)
				}
			}
			if token == "" {
				t.Fatalf("empty token in %q", index)
			}
		}
		q := words.Parse(query)
		if q.Empty() || !q.Matches(text) {
			return
		}
		for _, want := range strings.Split(q.Expression(1), " AND ") {
			if !hasToken(index, want) {
				t.Fatalf("%q matches %q, but the index %q lacks %s", query, text, index, want)
			}
		}
	})
}

func hasToken(index, want string) bool {
	token, prefix := strings.CutSuffix(want, "*")
	token = strings.Trim(token, `"`)
	for _, have := range strings.Split(index, " ") {
		if have == token || prefix && strings.HasPrefix(have, token) {
			return true
		}
	}
	return false
}
