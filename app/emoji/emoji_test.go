package emoji_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"feihong/app/emoji"
)

func TestTable(t *testing.T) {
	all := emoji.All()
	if len(all) < 400 {
		t.Errorf("there are only %d", len(all))
	}
	seen := make(map[string]bool)
	inGroup := make(map[emoji.Group]int)
	for i, e := range all {
		if seen[e.Text] {
			t.Errorf("%s is there twice", e.Text)
		}
		seen[e.Text] = true
		if uniseg.GraphemeClusterCount(e.Text) != 1 || len(e.Text) > 64 {
			t.Errorf("%q is not one character", e.Text)
		}
		if e.Group >= emoji.Groups || i > 0 && e.Group < all[i-1].Group {
			t.Errorf("%s is in group %d", e.Text, e.Group)
		}
		inGroup[e.Group]++
		checkWords(t, e.Text, e.English, func(r rune) bool { return r < utf8.RuneSelf && !unicode.IsUpper(r) })
		checkWords(t, e.Text, e.Chinese, func(r rune) bool { return unicode.Is(unicode.Han, r) || r == 'T' })
	}
	for g := range emoji.Groups {
		if inGroup[g] < 20 {
			t.Errorf("group %v has %d", g, inGroup[g])
		}
	}
}

func checkWords(t *testing.T, text string, words []string, fits func(rune) bool) {
	t.Helper()
	sorted := slices.Clone(words)
	slices.Sort(sorted)
	if len(slices.Compact(sorted)) != len(words) {
		t.Errorf("%s has a word twice: %q", text, words)
	}
	for _, word := range words {
		if word == "" || strings.TrimSpace(word) != word || strings.ContainsFunc(word, func(r rune) bool { return !fits(r) }) {
			t.Errorf("%s is called %q", text, word)
		}
	}
}

func TestSearch(t *testing.T) {
	for _, c := range []struct {
		query string
		first string // of what is found
		also  string
		least int
	}{
		{"heart", "❤️", "💚", 10},
		{"green heart", "💚", "💚", 1},
		{"GREEN  Heart ", "💚", "💚", 1},
		{"thumb", "👍", "👎", 2},
		{"赞", "👍", "👍", 1},
		{"笑", "😀", "😂", 8},
		{"谢谢", "🙏", "🙏", 1},
		{"哈哈", "😆", "😂", 3},
		{"t恤", "👕", "👕", 1},
		{"❤", "❤️", "❤️", 1},
		{"👍", "👍", "👍", 1},
		{"", "", "", 0},
		{"  ", "", "", 0},
		{"xyzzy", "", "", 0},
		{"heart xyzzy", "", "", 0},
		{strings.Repeat("长", 10_000), "", "", 0},
	} {
		var found []string
		for _, e := range emoji.Search(c.query) {
			found = append(found, e.Text)
		}
		if len(found) < c.least || c.least == 0 && len(found) > 0 {
			t.Errorf("%.20q finds %q", c.query, found)
			continue
		}
		if c.least > 0 && (found[0] != c.first || !slices.Contains(found, c.also)) {
			t.Errorf("%q finds %q, want %s first and %s", c.query, found, c.first, c.also)
		}
	}
}

func TestFind(t *testing.T) {
	for text, name := range map[string]string{"❤️": "heart", "❤": "heart", "👍": "thumbs up", "🇨🇳": "china"} {
		if e := emoji.Find(text); e == nil || e.Name("en") != name {
			t.Errorf("%q is %v, want %s", text, e, name)
		}
	}
	if e := emoji.Find("👍"); e.Name("zh") != "赞" {
		t.Errorf("in Chinese it is %s", e.Name("zh"))
	}
	for _, text := range []string{"", "x", "👍👍", "\uFE0F"} {
		if e := emoji.Find(text); e != nil {
			t.Errorf("%q is %v", text, e)
		}
	}
}
