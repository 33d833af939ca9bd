package words

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// class is what a folded character is to the search.
type class uint8

const (
	space       class = iota // divides words
	punctuation              // divides words; searched for only when nothing else is
	ideograph                // Han, kana, hangul: found anywhere
	letter                   // letters and digits of other scripts: found by the beginning of the word
	symbol                   // a word of its own
)

// fold unifies the ways to write the same text. Characters of runs stay
// adjacent: nothing is put between them.
func fold(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	s = norm.NFKC.String(s)
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf:
			b.WriteRune(unicode.ToLower(r))
		case isIdeograph(r):
			b.WriteRune(r)
		default:
			foldRune(&b, r)
		}
	}
	return b.String()
}

// foldRune writes r lower-cased and without diacritics; nothing if r is a
// combining mark or an invisible format character.
func foldRune(b *strings.Builder, r rune) {
	var buf [utf8.UTFMax]byte
	base := norm.NFD.Properties(buf[:utf8.EncodeRune(buf[:], r)]).Decomposition()
	if base == nil {
		writeVisible(b, r)
		return
	}
	for len(base) > 0 {
		part, size := utf8.DecodeRune(base)
		writeVisible(b, part)
		base = base[size:]
	}
}

func writeVisible(b *strings.Builder, r rune) {
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return
	}
	b.WriteRune(unicode.ToLower(r))
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func isIdeograph(r rune) bool {
	switch {
	case r < 0x1100: // before hangul, the first of these scripts
		return false
	case r >= 0x4E00 && r <= 0x9FFF:
		return true
	case r == 'ー': // the long vowel mark belongs to no script
		return true
	}
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo)
}

// classOf classifies a folded character.
func classOf(r rune) class {
	switch {
	case isIdeograph(r):
		return ideograph
	case unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r):
		return letter
	case unicode.IsSpace(r) || unicode.IsControl(r) || unicode.In(r, unicode.Z):
		return space
	case unicode.IsPunct(r):
		return punctuation
	}
	return symbol // also characters newer than this program: most are emoji
}

// pieces calls yield for every run, word, symbol and punctuation mark of
// folded text, in order.
func pieces(folded string, yield func(c class, piece string)) {
	start, current := 0, space
	flush := func(end int) {
		if current != space && end > start {
			yield(current, folded[start:end])
		}
	}
	for i, r := range folded {
		c := classOf(r)
		if c == current && (c == ideograph || c == letter) {
			continue
		}
		flush(i)
		start, current = i, c
	}
	flush(len(folded))
}
