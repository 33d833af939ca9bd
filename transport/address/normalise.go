package address

import (
	"strings"
	"unicode"
)

// normalise trims the input and gives the ASCII form of the full-width
// characters that a Chinese or Japanese input method writes.
func normalise(s string) string {
	const fullWidth, fullWidthEnd, toASCII = '！', '～', '！' - '!'
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= fullWidth && r <= fullWidthEnd:
			return r - toASCII
		case r == '。' || r == '｡':
			return '.'
		case r == '【':
			return '['
		case r == '】':
			return ']'
		}
		return r
	}, s)
	return strings.TrimFunc(s, isSpace)
}

// isSpace counts invisible formatting characters as space: they come along
// when an address is copied from a chat or a web page.
func isSpace(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }
