package words

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	// shortPrefix is the longest beginning of a word that is indexed as a
	// token of its own, in characters. Longer ones are found by a prefix
	// query, which reads every token that begins so: few enough by then.
	shortPrefix = 8
	// longestToken bounds the tokens of words, in characters: nobody types
	// more, and an encoded file pasted into a chat is one word. What is
	// beyond is compared by Matches.
	longestToken = 24
	// ownerMark begins the token that names the conversation. It is of the
	// private use area, and no other token of that area is longer than it.
	ownerMark = '\uE000'
)

// Index returns what the full-text index stores for a message: its tokens,
// separated by spaces, with one for its conversation. A run of ideographs
// gives each character and each pair of neighbours, so that a search for one
// or two characters looks up one token.
func Index(owner int64, text string) string {
	var b strings.Builder
	b.Grow(8 + 4*len(text))
	b.WriteString(ownerToken(owner))
	pieces(fold(text), func(c class, piece string) {
		switch c {
		case ideograph:
			indexRun(&b, piece)
		case letter:
			indexWord(&b, piece)
		default:
			b.WriteByte(' ')
			b.WriteString(mark(piece))
		}
	})
	return b.String()
}

func indexRun(b *strings.Builder, run string) {
	for len(run) > 0 {
		_, first := utf8.DecodeRuneInString(run)
		b.WriteByte(' ')
		b.WriteString(run[:first])
		if first < len(run) {
			_, second := utf8.DecodeRuneInString(run[first:])
			b.WriteByte(' ')
			b.WriteString(run[:first+second])
		}
		run = run[first:]
	}
}

func indexWord(b *strings.Builder, word string) {
	for n := 1; n <= shortPrefix; n++ {
		short := firstRunes(word, n)
		b.WriteByte(' ')
		b.WriteString(short)
		if len(short) == len(word) {
			return
		}
	}
	b.WriteByte(' ')
	b.WriteString(firstRunes(word, longestToken))
}

// mark returns the token of a symbol. The tokenizer of the index divides at
// ASCII symbols, so those are indexed by their full-width form, which folded
// text never has.
func mark(symbol string) string {
	if len(symbol) == 1 {
		return string(rune(symbol[0]) + 0xFEE0)
	}
	return symbol
}

func ownerToken(owner int64) string {
	return string(ownerMark) + strconv.FormatUint(uint64(owner), 36)
}

// firstRunes returns the first n characters of s, or all if it has fewer.
func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
