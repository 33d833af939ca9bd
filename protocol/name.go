package protocol

import (
	"unicode"
	"unicode/utf8"
)

// SafeName makes a name that somebody gave themself fit to stand in a list:
// one line of at most MaxNameRunes characters, without control, formatting,
// reordering or invisible characters, with single spaces, none of them at the
// ends, and every mark on a character that it belongs to. The result may be
// empty. It is idempotent.
func SafeName(s string) string { return safeLine(s, MaxNameRunes, MaxNameBytes) }

// Invisible characters that real names need, each in one place only: emoji are
// put together with the first and take their colours from the second, Persian
// is spelled with the third.
const (
	zeroWidthJoiner    = '\u200D' // between two symbols
	emojiPresentation  = '\uFE0F' // behind a symbol
	zeroWidthNonJoiner = '\u200C' // between two letters of the Arabic script
)

// safeLine is SafeName with any limits. Too long a line is cut between two
// characters.
func safeLine(s string, maxRunes, maxBytes int) string {
	l := line{maxRunes: maxRunes, maxBytes: maxBytes, text: make([]byte, 0, min(len(s), maxBytes))}
	for _, r := range s {
		switch {
		case isBlank(r):
			l.between = ' '
		case r == zeroWidthJoiner || r == zeroWidthNonJoiner:
			if l.between == 0 {
				l.between = r
			}
		case r == emojiPresentation && l.between == 0 && isSymbol(l.last):
			l.add(r)
		case !isUnprintable(r):
			l.add(r)
		}
		if l.full {
			break
		}
	}
	return string(l.text)
}

// keptEnd is how many bytes of the end of a name stay if it is too long: they
// say what kind of file it is.
const keptEnd = 32

// safeEnds makes a name of a file one safe line of at most maxBytes, which must
// be well above keptEnd. What is too long loses a part of its middle, so that
// "report … .exe" never looks like something else. It is idempotent.
func safeEnds(s string, maxBytes int) string {
	s = safeLine(s, MaxEntryNameBytes, MaxEntryNameBytes)
	if len(s) <= maxBytes {
		return s
	}
	const cut = "…"
	head, tail := maxBytes-keptEnd-len(cut), len(s)-keptEnd
	for !utf8.RuneStart(s[head]) {
		head--
	}
	for !utf8.RuneStart(s[tail]) {
		tail++
	}
	return safeLine(s[:head]+cut+s[tail:], maxBytes, maxBytes)
}

// line is a safe line under construction.
type line struct {
	maxRunes, maxBytes int

	text    []byte
	runes   int
	last    rune // of text
	between rune // a space or joiner that was read and waits for what follows, or 0
	full    bool // something did not fit
}

// add appends r, with what is between it and the last character if the two
// need that. A mark that has nothing to stand on is left out.
func (l *line) add(r rune) {
	between := l.between
	if unicode.Is(unicode.M, r) && (l.runes == 0 || between == ' ') {
		return
	}
	if !l.keeps(between, r) {
		between = 0
	}
	runes, bytes := 1, utf8.RuneLen(r)
	if between != 0 {
		runes, bytes = runes+1, bytes+utf8.RuneLen(between)
	}
	if l.runes+runes > l.maxRunes || len(l.text)+bytes > l.maxBytes {
		l.full = true
		return
	}
	if between != 0 {
		l.text = utf8.AppendRune(l.text, between)
	}
	l.text = utf8.AppendRune(l.text, r)
	l.runes += runes
	l.last, l.between = r, 0
}

// keeps says whether a space or joiner belongs between the last character and
// the next.
func (l *line) keeps(between, next rune) bool {
	switch between {
	case ' ':
		return l.runes > 0
	case zeroWidthJoiner:
		return (isSymbol(l.last) || l.last == emojiPresentation) && isSymbol(next)
	case zeroWidthNonJoiner:
		return unicode.Is(unicode.Arabic, l.last) && unicode.Is(unicode.Arabic, next)
	}
	return false
}

// isSymbol says that r is an emoji, or may be one: there is no narrower
// property that will be true for those of the future.
func isSymbol(r rune) bool { return r >= utf8.RuneSelf && unicode.Is(unicode.S, r) }

// isBlank says that r looks like a space, or separates as one does. Beside
// white space there are a few letters without ink, with which a name could
// look empty or like another.
func isBlank(r rune) bool {
	switch r {
	case 0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800:
		return true
	}
	return unicode.IsSpace(r)
}

// isUnprintable says that r has no place on a line of text: control and
// formatting characters, others without ink of their own (among them the
// selectors of variants), and code points that are no characters at all.
func isUnprintable(r rune) bool {
	noncharacter := r&0xFFFE == 0xFFFE || r >= 0xFDD0 && r <= 0xFDEF
	return noncharacter || unicode.In(r, unicode.Cc, unicode.Cf,
		unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}
