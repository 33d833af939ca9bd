// Package translations holds every text that a person reads, in English and
// Simplified Chinese, and chooses the language.
//
// The texts live in en.json and zh.json: flat maps from a dotted key to a
// text, in which {name} stands for an argument. Both files have the same keys
// with the same placeholders; the tests of this package insist on it, and on
// every key that the program asks for being there. So a missing text is a
// failing test, never a surprise for somebody at work.
//
// The package knows no window and no terminal: both use it, and so does
// everything that turns an error into a sentence.
package translations

import (
	_ "embed" // for en.json and zh.json
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
)

// The languages there are.
const (
	English = "en"
	Chinese = "zh"
)

var (
	//go:embed en.json
	englishFile []byte
	//go:embed zh.json
	chineseFile []byte

	englishTexts = sync.OnceValue(func() map[string]string { return parse(englishFile) })
	chineseTexts = sync.OnceValue(func() map[string]string { return parse(chineseFile) })
)

// Catalog gives the texts of one language. It never changes, so it is safe for
// concurrent use.
type Catalog struct {
	lang  string
	texts map[string]string
}

// New returns the texts in lang, which is English or Chinese or any tag that
// begins with one of them, such as "zh-CN" or "en_GB.UTF-8". An empty lang
// follows the system; what is neither English nor Chinese becomes English.
func New(lang string) *Catalog {
	if lang == "" {
		lang = systemLanguage()
	}
	if language(lang) == Chinese {
		return &Catalog{lang: Chinese, texts: chineseTexts()}
	}
	return &Catalog{lang: English, texts: englishTexts()}
}

// Lang returns the language of the texts: English or Chinese.
func (c *Catalog) Lang() string { return c.lang }

// Text returns the text for key with every {name} replaced by args["name"].
// An argument that is an error is put in as Error would tell it, and one that
// has a method UserText otherwise as the text of that. A placeholder
// without an argument stays as it is, and an unknown key is returned itself,
// so that a mistake shows but nothing breaks.
func (c *Catalog) Text(key string, args map[string]any) string {
	text, ok := c.texts[key]
	if !ok {
		return key
	}
	return c.fill(text, args)
}

// Error tells err to a person. It looks through what err wraps for the first
// error with a method
//
//	UserText() (key string, args map[string]any)
//
// and returns the text of that key. If there is none, or the key is unknown,
// the result is err.Error(), which is English; for a nil error it is "".
func (c *Catalog) Error(err error) string {
	if err == nil {
		return ""
	}
	var told interface {
		UserText() (key string, args map[string]any)
	}
	if !errors.As(err, &told) {
		return err.Error()
	}
	key, args := told.UserText()
	text, ok := c.texts[key]
	if !ok {
		return err.Error()
	}
	return c.fill(text, args)
}

// fill replaces the placeholders of text in one pass, so that a placeholder
// inside an argument (a nickname, say) means nothing.
func (c *Catalog) fill(text string, args map[string]any) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, after, closed := strings.Cut(rest, "}")
		arg, known := args[name]
		if !closed || !known {
			b.WriteByte('{')
			text = rest
			continue
		}
		b.WriteString(c.argument(arg))
		text = after
	}
}

func (c *Catalog) argument(arg any) string {
	switch arg := arg.(type) {
	case nil:
		return ""
	case string:
		return arg
	case error:
		return c.Error(arg)
	case interface {
		UserText() (key string, args map[string]any)
	}:
		return c.Text(arg.UserText())
	default:
		return fmt.Sprint(arg)
	}
}

// parse panics if an embedded file is broken: the program was built wrongly,
// and the tests would have said so.
func parse(file []byte) map[string]string {
	var texts map[string]string
	if err := json.Unmarshal(file, &texts); err != nil {
		panic("translations: " + err.Error())
	}
	return texts
}
