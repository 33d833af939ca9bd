package words_test

import (
	"strings"
	"testing"

	"feihong/app/store/words"
)

func TestFind(t *testing.T) {
	for _, c := range []struct{ query, text, want string }{
		{"report", "The Report is ready, reports follow", "The [Report] is ready, [report]s follow"},
		{"port", "report port", "report [port]"}, // by the beginning of a word
		{"开会", "明天开会，别忘了开会", "明天[开会]，别忘了[开会]"},
		{"开会 明天", "明天开会", "[明天][开会]"},
		{"明天 天开", "明天开会", "[明天开]会"},
		{"cafe", "Café au lait", "[Café] au lait"},
		{"cafe", "cafe\u0301 au lait", "[cafe\u0301] au lait"},
		{"abc", "ＡＢＣ def", "[ＡＢＣ] def"},
		{"株式会社", "㍿です", "[㍿]です"}, // one character that folds to four
		{"式", "㍿です", "[㍿]です"},
		{"👍", "ok 👍🏽!", "ok [👍]🏽!"},
		{"?!", "really?!", "really[?][!]"},
		{"x", "", ""},
		{"", "x", "x"},
		{"nothing", "here", "here"},
		{"a", "\xffa\xff a", "\xff[a]\xff [a]"},
	} {
		marked, last := "", 0
		for _, s := range words.Parse(c.query).Find(c.text, 100) {
			marked += c.text[last:s.Start] + "[" + c.text[s.Start:s.End] + "]"
			last = s.End
		}
		if marked += c.text[last:]; marked != c.want {
			t.Errorf("%q in %q: %q, want %q", c.query, c.text, marked, c.want)
		}
	}
}

func TestFindIsBounded(t *testing.T) {
	text := strings.Repeat("再 a ", 20_000)
	if got := len(words.Parse("再 a").Find(text, 50)); got != 50 {
		t.Errorf("%d places, want 50", got)
	}
}

// Whatever matches can be shown.
func FuzzFind(f *testing.F) {
	f.Add("明天 cafe", "Cafe\u0301 明天见")
	f.Add("\u0301", "e\u0301\u0327\xff\u1100\u1161")
	f.Fuzz(func(t *testing.T, query, text string) {
		if len(text) > 4<<10 || len(query) > 1<<10 {
			return
		}
		q, last := words.Parse(query), 0
		spans := q.Find(text, 1000)
		for _, s := range spans {
			if s.Start < last || s.End <= s.Start || s.End > len(text) {
				t.Fatalf("%q in %q: %v", query, text, spans)
			}
			last = s.End
		}
		if !q.Empty() && q.Matches(text) && len(spans) == 0 {
			t.Fatalf("%q is in %q but not found", query, text)
		}
	})
}
