package gui_test

import (
	"strings"
	"testing"

	"feihong/app/gui"
)

func TestRuns(t *testing.T) {
	for text, want := range map[string]string{
		"":                   "",
		"plain 中文":           "plain 中文",
		"good 👍 job":         "good |e👍| job",
		"👍👍🏽❤️":              "e👍|e👍🏽|e❤️",
		"👨‍👩‍👧":              "e👨‍👩‍👧",
		"⚽ and 1️⃣":          "e⚽| and |e1️⃣",
		"12 ☀ ✔ © ♥":         "12 ☀ ✔ © ♥", // marks among letters
		"☀️":                 "e☀️",
		"new 🥰":              "new 🥰", // there is no picture of it
		"wait…":              "wait|l…",
		"等等…… ok":            "等等…… ok",
		"……":                 "……",
		"打开 log.txt……":       "打开 log.txt……",
		"…":                  "l…",
		"…ok":                "l…|ok",
		"don’t":              "don|l’|t",
		"he said “yes…”":     "he said |l“|yes|l…”",
		"他说“hello”，好":        "他说“hello”，好",
		"“hello”":            "l“|hello|l”",
		"ok\n…\n好":           "ok\n|l…|\n好", // other lines tell nothing
		"x\xff…":             "x\xff|l…",
		"\u200D\uFE0F\u20E3": "\u200D\uFE0F\u20E3",
	} {
		if got := strings.Join(gui.Runs(text), "|"); got != want {
			t.Errorf("%q is cut into %q, want %q", text, got, want)
		}
	}
}

func FuzzRuns(f *testing.F) {
	for _, seed := range []string{"good 👍🏽 job…", "👨‍👩‍👧‍👦\u200D", "“\xf0\x9f’", "1\uFE0F\u20E3", strings.Repeat("👍\u200D", 50)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var whole strings.Builder
		for _, run := range gui.Runs(text) {
			if strings.HasPrefix(run, "e") || strings.HasPrefix(run, "l") {
				run = run[1:]
			}
			whole.WriteString(run)
		}
		if plain := func(s string) string { return strings.NewReplacer("e", "", "l", "").Replace(s) }; plain(whole.String()) != plain(text) {
			t.Errorf("%q became %q", text, whole.String())
		}
	})
}
