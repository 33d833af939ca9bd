package notify

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// What a notification holds. Desktops cut at their own lengths; these bound
// what they are given.
const (
	maxTitleRunes = 80
	maxTextRunes  = 300
	maxTextLines  = 5
)

// answerTime is how long a desktop may take to answer.
const answerTime = 5 * time.Second

// plain makes text fit: in UTF-8, without anything that is not to be seen, cut
// to so many characters and lines.
func plain(text string, runes, lines int) string {
	if longest := runes * utf8.UTFMax; len(text) > longest {
		text = text[:longest]
	}
	var b strings.Builder
	count, rows := 0, 1
	for _, r := range text {
		switch {
		case r == utf8.RuneError:
			continue
		case r == '\n' && rows < lines:
			rows++
		case unicode.IsSpace(r):
			r = ' '
		case unicode.Is(unicode.Cc, r), unicode.Is(unicode.Bidi_Control, r):
			continue
		}
		if count++; count == runes {
			b.WriteRune('…')
			break
		}
		b.WriteRune(r)
	}
	return strings.TrimSpace(b.String())
}

// markup is text as it stands in a body that may have markup.
var markup = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")
