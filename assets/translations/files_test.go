package translations_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	keyPattern         = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+$`)
	placeholderPattern = regexp.MustCompile(`\{[^{}]*\}`)
	placeholderName    = regexp.MustCompile(`^\{[a-z][a-zA-Z]*\}$`)
	han                = regexp.MustCompile(`\p{Han}`)
	halfWidth          = regexp.MustCompile(`\p{Han}[,;:?!]`)
)

// wordPattern finds what looks like an English word, unlike ID, IP or OK.
var wordPattern = regexp.MustCompile(`[a-z]{3}`)

// namesOnly are the keys whose Chinese text is rightly without a Chinese
// character although it has words: names of languages and programs.
var namesOnly = map[string]bool{}

func load(t *testing.T, name string) map[string]string {
	t.Helper()
	file, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var texts map[string]string
	if err := json.Unmarshal(file, &texts); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return texts
}

// A file in one canonical form cannot hold a key twice, and two people who add
// keys get small differences.
func TestFilesAreSortedAndIndented(t *testing.T) {
	for _, name := range []string{"en.json", "zh.json"} {
		var canonical bytes.Buffer
		encoder := json.NewEncoder(&canonical)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(load(t, name)); err != nil {
			t.Fatal(err)
		}
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(bytes.TrimSpace(file), bytes.TrimSpace(canonical.Bytes())) {
			t.Errorf("%s: want unique sorted keys, two spaces of indentation, no needless escapes", name)
		}
	}
}

func TestBothLanguagesHaveTheSameKeys(t *testing.T) {
	en, zh := load(t, "en.json"), load(t, "zh.json")
	for _, key := range slices.Sorted(maps.Keys(en)) {
		if _, ok := zh[key]; !ok {
			t.Errorf("zh.json has no %q", key)
		}
		if !keyPattern.MatchString(key) {
			t.Errorf("%q is not a key like address.part-over-255", key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(zh)) {
		if _, ok := en[key]; !ok {
			t.Errorf("en.json has no %q", key)
		}
	}
}

func TestTexts(t *testing.T) {
	for _, name := range []string{"en.json", "zh.json"} {
		texts := load(t, name)
		for _, key := range slices.Sorted(maps.Keys(texts)) {
			text := texts[key]
			if strings.TrimSpace(text) != text || text == "" {
				t.Errorf("%s: %s: the text is empty or has space around it: %q", name, key, text)
			}
			for placeholder := range placeholders(text) {
				if !placeholderName.MatchString(placeholder) {
					t.Errorf("%s: %s: %q is no placeholder like {name}", name, key, placeholder)
				}
			}
		}
	}
}

func TestBothLanguagesHaveTheSamePlaceholders(t *testing.T) {
	en, zh := load(t, "en.json"), load(t, "zh.json")
	for _, key := range slices.Sorted(maps.Keys(en)) {
		if !maps.Equal(placeholders(en[key]), placeholders(zh[key])) {
			t.Errorf("%s: different placeholders:\n\t%s\n\t%s", key, en[key], zh[key])
		}
	}
}

func TestChineseIsChinese(t *testing.T) {
	zh := load(t, "zh.json")
	for _, key := range slices.Sorted(maps.Keys(zh)) {
		words := wordPattern.MatchString(placeholderPattern.ReplaceAllString(zh[key], ""))
		if words && !han.MatchString(zh[key]) && !namesOnly[key] {
			t.Errorf("%s: not translated: %s", key, zh[key])
		}
		if found := halfWidth.FindString(zh[key]); found != "" {
			t.Errorf("%s: half-width punctuation after a Chinese character, %q: %s", key, found, zh[key])
		}
	}
}

func TestEnglishIsEnglish(t *testing.T) {
	en := load(t, "en.json")
	for _, key := range slices.Sorted(maps.Keys(en)) {
		// Two names are written in Chinese everywhere: a language in the
		// choice of languages, and the program's own.
		text := strings.NewReplacer("中文", "", "飞鸿", "").Replace(en[key])
		if han.MatchString(text) {
			t.Errorf("%s: not English: %s", key, en[key])
		}
	}
}

func placeholders(text string) map[string]bool {
	found := make(map[string]bool)
	for _, placeholder := range placeholderPattern.FindAllString(text, -1) {
		found[placeholder] = true
	}
	return found
}
