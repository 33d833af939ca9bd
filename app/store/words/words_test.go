package words_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"go.uber.org/goleak"

	"feihong/app/store/words"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestIndex(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"empty", "", "\ue0007 \ue0032 \ue0041"},
		{"one character", "好", "\ue0007 \ue0032 \ue0041 好"},
		{"run", "你好吗", "\ue0007 \ue0032 \ue0041 你 你好 好 好吗 吗"},
		{"punctuation divides a run", "你，好", "\ue0007 \ue0032 \ue0041 你 ， 好"},
		{"short words", "a is", "\ue0007 \ue0032 \ue0041 a i is"},
		{"long word", "Hello", "\ue0007 \ue0032 \ue0041 h he hel hell hello"},
		{"diacritics", "Ézűr", "\ue0007 \ue0032 \ue0041 e ez ezu ezur"},
		{"full width", "ＡＢ１", "\ue0007 \ue0032 \ue0041 a ab ab1"},
		{"mixed", "iPad屏", "\ue0007 \ue0032 \ue0041 i ip ipa ipad 屏"},
		{"emoji with modifier and selector", "👍🏽❤️", "\ue0007 \ue0032 \ue0041 👍 🏽 ❤"},
		{"kana", "コーヒー", "\ue0007 \ue0032 \ue0041 コ コー ー ーヒ ヒ ヒー ー"},
		{"hangul", "한글", "\ue0007 \ue0032 \ue0041 한 한글 글"},
		{"quotation mark", `"`, "\ue0007 \ue0032 \ue0041 ＂"},
		{"long token", strings.Repeat("x", 100), "\ue0007 \ue0032 \ue0041 x xx xxx xxxx xxxxx xxxxxx xxxxxxx xxxxxxxx " + strings.Repeat("x", 24)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := words.Index(words.Labels{Owner: 7, Kind: 2, Writer: 1}, tt.text); got != tt.want {
				t.Errorf("Index(%q) = %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}

// TestIndexOfLongText: a long text has its different characters, and the first
// letters of its words, once each.
func TestIndexOfLongText(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"characters", strings.Repeat("你好", 1000), "\ue0007 \ue0032 \ue0041 \ue001你 \ue001好"},
		{"words", strings.Repeat("Hello he, ", 1000), "\ue0007 \ue0032 \ue0041 \ue001h \ue001he \ue001hel \ue001，"},
		{"one word", strings.Repeat("x", 5000), "\ue0007 \ue0032 \ue0041 \ue001x \ue001xx \ue001xxx"},
		{"symbols", strings.Repeat("👍", 2000), "\ue0007 \ue0032 \ue0041 \ue001👍"},
		{"too many characters", everyHan(), "\ue0007 \ue0032 \ue0041 \ue002dense"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := words.Index(words.Labels{Owner: 7, Kind: 2, Writer: 1}, tt.text); got != tt.want {
				t.Errorf("Index gives %.100q, want %q", got, tt.want)
			}
		})
	}
}

// everyHan has more different characters than any text that makes sense.
func everyHan() string {
	var long strings.Builder
	for r := rune(0x4E00); r < 0x5F00; r++ {
		long.WriteRune(r)
	}
	return long.String()
}

func TestExpression(t *testing.T) {
	tests := []struct {
		name, query string
		filter      words.Filter
		want        string
	}{
		{"one character", "好", words.Filter{}, `("好") OR ("\ue001好") OR "\ue002dense"`},
		{"pair", "你好", words.Filter{}, `("你好") OR ("\ue001你" AND "\ue001好") OR "\ue002dense"`},
		{"run", "你好吗", words.Filter{}, `("你好" AND "好吗") OR ("\ue001你" AND "\ue001好" AND "\ue001吗") OR "\ue002dense"`},
		{"short word", "he", words.Filter{}, `("he") OR ("\ue001he") OR "\ue002dense"`},
		{"long word", "conversation", words.Filter{}, `("conversation"*) OR ("\ue001con") OR "\ue002dense"`},
		{"owner", "hello", words.Filter{Owner: 37}, `"\ue00011" AND (("hello") OR ("\ue001hel") OR "\ue002dense")`},
		{"labels", "好", words.Filter{Owner: 1, Kinds: []uint8{2, 3}, Writer: new(uint8)},
			`"\ue0001" AND ("\ue0032" OR "\ue0033") AND "\ue0040" AND (("好") OR ("\ue001好") OR "\ue002dense")`},
		{"syntax is text", `a" OR b*`, words.Filter{}, `("a" AND "or" AND "b") OR ("\ue001a" AND "\ue001or" AND "\ue001b") OR "\ue002dense"`},
		{"punctuation ignored beside words", "好！", words.Filter{}, `("好") OR ("\ue001好") OR "\ue002dense"`},
		{"punctuation alone", "？！", words.Filter{}, `("？" AND "！") OR ("\ue001？" AND "\ue001！") OR "\ue002dense"`},
		{"same word twice", "ab ab AB", words.Filter{}, `("ab") OR ("\ue001ab") OR "\ue002dense"`},
	}
	marks := strings.NewReplacer(`\ue000`, "\ue000", `\ue001`, "\ue001", `\ue002`, "\ue002", `\ue003`, "\ue003", `\ue004`, "\ue004")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, want := words.Parse(tt.query).Expression(tt.filter), marks.Replace(tt.want); got != want {
				t.Errorf("Parse(%q).Expression = %q, want %q", tt.query, got, want)
			}
		})
	}
}

func TestExpressionIsBounded(t *testing.T) {
	if n := strings.Count(words.Parse(everyHan()).Expression(words.Filter{Owner: 1}), `"`); n > 2*(1+2*32+1) {
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
// the index would interpret, and a text that matches is proposed, be it short
// or repeated until it is long.
func FuzzWords(f *testing.F) {
	for _, s := range []string{"你好 world", `"a" OR NEAR(b)`, "👨‍👩‍👧 ok", "ﷺ½①", "e\u0301\u0345", "\xff\x00", "İstanbul ſtraße"} {
		f.Add(s, "好")
		f.Add(s, s)
	}
	f.Add(everyHan(), "伀")
	f.Fuzz(func(t *testing.T, text, query string) {
		for _, field := range strings.Fields(text) {
			if !words.Parse(field).Matches(text) {
				t.Fatalf("%q does not match its own word %q", text, field)
			}
		}
		for _, text := range []string{text, strings.Repeat(text+" ", 1+5000/(len(text)+1))} {
			index := words.Index(words.Labels{Owner: 1, Kind: 2, Writer: 1}, text)
			checkTokens(t, index)
			q := words.Parse(query)
			if q.Empty() || !q.Matches(text) {
				continue
			}
			for _, filter := range []words.Filter{{}, {Owner: 1}, {Owner: 1, Kinds: []uint8{2}, Writer: new(uint8(1))}} {
				if expression := q.Expression(filter); !proposed(t, index, expression) {
					t.Fatalf("%q matches %.100q, but %s does not propose %.100q", query, text, expression, index)
				}
			}
		}
	})
}

func checkTokens(t *testing.T, index string) {
	t.Helper()
	for token := range strings.SplitSeq(index, " ") {
		for _, r := range token {
			if r < utf8.RuneSelf && (r < '0' || r > '9') && (r < 'a' || r > 'z') {
				t.Fatalf("token %q", token)
			}
		}
		if token == "" {
			t.Fatalf("empty token in %q", index)
		}
	}
}

// proposed evaluates an expression as FTS5 does.
func proposed(t *testing.T, index, expression string) bool {
	t.Helper()
	have := strings.Split(index, " ")
	if labels, rest, ok := strings.Cut(expression, " AND (("); ok {
		for label := range strings.SplitSeq(labels, " AND ") {
			if !hasToken(have, strings.Trim(label, "()")) {
				return false
			}
		}
		expression = "(" + strings.TrimSuffix(rest, ")")
	}
	alternatives := strings.Split(expression, " OR ")
	if len(alternatives) != 3 {
		t.Fatalf("cannot read %s", expression)
	}
	return slices.ContainsFunc(alternatives, func(all string) bool {
		all = strings.TrimSuffix(strings.TrimPrefix(all, "("), ")")
		for want := range strings.SplitSeq(all, " AND ") {
			if !hasToken(have, want) {
				return false
			}
		}
		return true
	})
}

func hasToken(index []string, want string) bool {
	token, prefix := strings.CutSuffix(want, "*")
	token = strings.Trim(token, `"`)
	return slices.ContainsFunc(index, func(have string) bool {
		return have == token || prefix && strings.HasPrefix(have, token)
	})
}
