package protocol

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// NameSkeleton is what two names have in common that people would take for the
// same: compare skeletons, never show them. Compatibility forms, upper and
// lower case, spaces and what cannot be seen make no difference, nor do
// letters of Cyrillic and Greek that look like Latin ones. Accents do. It is
// idempotent. Two names with one skeleton need not mean harm, and two with
// different ones may still look alike (l and I, rn and m): it is a reason to
// warn, not a proof.
func NameSkeleton(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	valid := strings.ToValidUTF8(s, "\uFFFD")
	for _, r := range norm.NFKD.String(valid) { // letters without their accents, to be looked up
		switch {
		case isBlank(r):
			b.WriteByte(' ')
		case isUnprintable(r):
		case unicode.Is(unicode.M, r):
			b.WriteRune(r)
		default:
			b.WriteRune(looksLike(unicode.ToLower(unicode.ToUpper(r)))) // both ways: σ and ς are one
		}
	}
	return norm.NFKC.String(strings.Join(strings.Fields(b.String()), " "))
}

// looksLike gives the Latin letter that a small letter, or its capital, is
// mistaken for in the common fonts, and r itself for all others.
func looksLike(r rune) rune {
	if latin, ok := lookAlikes[r]; ok {
		return latin
	}
	return r
}

var lookAlikes = map[rune]rune{
	// Cyrillic
	'а': 'a', 'в': 'b', 'с': 'c', 'ԁ': 'd', 'е': 'e', 'н': 'h', 'һ': 'h', 'і': 'i', 'ј': 'j', 'к': 'k', 'ӏ': 'l',
	'м': 'm', 'о': 'o', 'р': 'p', 'ԛ': 'q', 'ѕ': 's', 'т': 't', 'ѵ': 'v', 'ԝ': 'w', 'х': 'x', 'у': 'y', 'ү': 'y',
	// Greek
	'α': 'a', 'β': 'b', 'ε': 'e', 'η': 'h', 'ι': 'i', 'ϳ': 'j', 'κ': 'k', 'μ': 'm', 'ν': 'n', 'ο': 'o',
	'ρ': 'p', 'τ': 't', 'χ': 'x', 'υ': 'y', 'ζ': 'z',
}
