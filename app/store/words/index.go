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
	// longText is the size of a folded text, in bytes, above which it is
	// indexed coarsely: each pair of neighbours in 64 KiB would cost a tenth
	// of a second and more, while everybody who writes waits.
	longText = 4 << 10
	// coarsePrefix is how much of its words a long text is found by, in
	// characters.
	coarsePrefix = 3
	// maxCoarse bounds the tokens of a long text. What people write has fewer.
	maxCoarse = 4096

	// ownerMark begins the token that names the conversation, kindMark and
	// writerMark those of the other labels, coarseMark those of long texts. They
	// are of the private use area, whose characters are symbols: all other
	// tokens that begin so have one character only.
	ownerMark  = '\uE000'
	coarseMark = '\uE001'
	kindMark   = '\uE003'
	writerMark = '\uE004'
	// denseToken is that of a long text with more than maxCoarse others. It
	// is proposed to every search.
	denseToken = "\uE002dense"
)

// Labels are what a message is found by beside its text.
type Labels struct {
	Owner  int64 // the conversation, not 0
	Kind   uint8
	Writer uint8
}

// Index returns what the full-text index stores for a message: its tokens,
// separated by spaces, with one for each label. A run of ideographs
// gives each character and each pair of neighbours, so that a search for one
// or two characters looks up one token. A long text gives each different
// character, and beginnings of words, in tokens of their own kind.
func Index(l Labels, text string) string {
	folded := fold(text)
	var b strings.Builder
	b.Grow(24 + 4*min(len(folded), longText))
	b.WriteString(label(ownerMark, uint64(l.Owner)) + " " + label(kindMark, uint64(l.Kind)) + " " + label(writerMark, uint64(l.Writer)))
	if len(folded) > longText {
		indexCoarsely(&b, folded)
	} else {
		indexFinely(&b, folded)
	}
	return b.String()
}

func indexFinely(b *strings.Builder, folded string) {
	pieces(folded, func(c class, piece string) {
		switch c {
		case ideograph:
			indexRun(b, piece)
		case letter:
			indexWord(b, piece)
		default:
			b.WriteByte(' ')
			b.WriteString(mark(piece))
		}
	})
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

func indexCoarsely(b *strings.Builder, folded string) {
	var tokens strings.Builder
	seen := make(map[string]struct{})
	add := func(part string) {
		if _, known := seen[part]; known || len(seen) > maxCoarse {
			return
		}
		seen[part] = struct{}{}
		tokens.WriteByte(' ')
		tokens.WriteString(coarseToken(part))
	}
	pieces(folded, func(c class, piece string) {
		switch c {
		case ideograph:
			for i, r := range piece {
				add(piece[i : i+utf8.RuneLen(r)])
			}
		case letter:
			for n := 1; n <= coarsePrefix; n++ {
				add(firstRunes(piece, n))
			}
		default:
			add(mark(piece))
		}
	})
	if len(seen) > maxCoarse {
		b.WriteString(" " + denseToken)
		return
	}
	b.WriteString(tokens.String())
}

func coarseToken(part string) string { return string(coarseMark) + part }

// mark returns the token of a symbol. The tokenizer of the index divides at
// ASCII symbols, so those are indexed by their full-width form, which folded
// text never has.
func mark(symbol string) string {
	if len(symbol) == 1 {
		return string(rune(symbol[0]) + 0xFEE0)
	}
	return symbol
}

func label(mark rune, value uint64) string {
	return string(mark) + strconv.FormatUint(value, 36)
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
