package translations_test

import (
	"errors"
	"fmt"
	"runtime"
	"testing"

	"feihong/assets/translations"
)

func TestNewChoosesTheLanguage(t *testing.T) {
	for tag, want := range map[string]string{
		"en":          "en",
		"en-GB":       "en",
		"zh":          "zh",
		"ZH":          "zh",
		"zh-CN":       "zh",
		"zh_TW.UTF-8": "zh",
		"zh-Hans-SG":  "zh",
		"zha":         "en", // Zhuang
		"de_DE":       "en",
		"C.UTF-8":     "en",
	} {
		if got := translations.New(tag).Lang(); got != want {
			t.Errorf("New(%q).Lang() = %q, want %q", tag, got, want)
		}
	}
}

func TestNewFollowsTheSystem(t *testing.T) {
	for _, test := range []struct{ all, messages, lang, want string }{
		{"", "", "zh_CN.UTF-8", "zh"},
		{"", "", "en_US.UTF-8", "en"},
		{"", "zh_CN", "en_US", "zh"},
		{"C", "zh_CN", "zh_CN", "en"},
		{"zh_CN@pinyin", "C", "C", "zh"},
	} {
		t.Setenv("LC_ALL", test.all)
		t.Setenv("LC_MESSAGES", test.messages)
		t.Setenv("LANG", test.lang)
		if got := translations.New("").Lang(); got != test.want {
			t.Errorf("%+v: Lang() = %q", test, got)
		}
	}
}

func TestNewWithoutAnyLocale(t *testing.T) {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		t.Setenv(name, "")
	}
	got := translations.New("").Lang()
	if got != "en" && (runtime.GOOS == "linux" || got != "zh") {
		t.Errorf("Lang() = %q", got)
	}
}

// keyedError is an error with a text of its own: here the text is the key, as
// the tests of the mechanism should not depend on what the files say today.
type keyedError struct {
	key  string
	args map[string]any
}

func (e keyedError) Error() string                      { return "keyed: " + e.key }
func (e keyedError) UserText() (string, map[string]any) { return e.key, e.args }

func TestTextReplacesPlaceholders(t *testing.T) {
	c := translations.WithTexts(map[string]string{
		"plain": "Hello",
		"two":   "{name} at {address}",
		"twice": "{name}, {name}!",
		"odd":   "a { b {} {name",
		"cause": "Cannot connect: {cause}",
	})
	person := map[string]any{"name": "Li", "address": 7}
	for _, test := range []struct {
		key  string
		args map[string]any
		want string
	}{
		{"plain", nil, "Hello"},
		{"two", person, "Li at 7"},
		{"two", nil, "{name} at {address}"},
		{"two", map[string]any{"name": "{address}", "address": "{name}"}, "{address} at {name}"},
		{"two", map[string]any{"name": nil, "address": "x"}, " at x"},
		{"twice", person, "Li, Li!"},
		{"odd", person, "a { b {} {name"},
		{"no.such-key", person, "no.such-key"},
		{"cause", map[string]any{"cause": errors.New("no route")}, "Cannot connect: no route"},
		{"cause", map[string]any{"cause": keyedError{"two", person}}, "Cannot connect: Li at 7"},
		{"cause", map[string]any{"cause": keyedText{"two", person}}, "Cannot connect: Li at 7"},
		{"cause", map[string]any{"cause": keyedText{"plain", nil}}, "Cannot connect: Hello"},
	} {
		if got := c.Text(test.key, test.args); got != test.want {
			t.Errorf("Text(%q, %v) = %q, want %q", test.key, test.args, got, test.want)
		}
	}
}

// keyedText is part of a sentence.
type keyedText struct {
	key  string
	args map[string]any
}

func (t keyedText) UserText() (string, map[string]any) { return t.key, t.args }

func TestErrorTellsTheFirstKnownText(t *testing.T) {
	c := translations.WithTexts(map[string]string{
		"full":  "No room for {what}",
		"outer": "Sending failed: {cause}",
	})
	full := keyedError{"full", map[string]any{"what": "it"}}
	for _, test := range []struct {
		err  error
		want string
	}{
		{nil, ""},
		{errors.New("plain"), "plain"},
		{full, "No room for it"},
		{fmt.Errorf("wrapped: %w", full), "No room for it"},
		{errors.Join(errors.New("other"), full), "No room for it"},
		{keyedError{"outer", map[string]any{"cause": fmt.Errorf("x: %w", full)}}, "Sending failed: No room for it"},
		{keyedError{"unknown", nil}, "keyed: unknown"},
		{fmt.Errorf("wrapped: %w", keyedError{"unknown", nil}), "wrapped: keyed: unknown"},
	} {
		if got := c.Error(test.err); got != test.want {
			t.Errorf("Error(%v) = %q, want %q", test.err, got, test.want)
		}
	}
}
