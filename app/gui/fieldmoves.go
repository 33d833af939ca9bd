package gui

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Where a text can be left and entered: between characters as people see them,
// and between words.

// clusterAfter returns the end of the character that begins at a byte.
func clusterAfter(text string, at int) int {
	if at >= len(text) {
		return len(text)
	}
	return at + clusterBytes(text[at:])
}

// clusterBefore returns the beginning of the character that ends at a byte. It
// looks at what is near only: a text may be one long word.
func clusterBefore(text string, at int) int {
	if at <= 0 {
		return 0
	}
	start := max(at-2*maxClusterBytes, 0)
	for start > 0 && !utf8.RuneStart(text[start]) {
		start--
	}
	for {
		next := clusterAfter(text, start)
		if next >= at {
			return start
		}
		start = next
	}
}

// runeClass tells the parts of a text apart through which one goes word by word.
type runeClass uint8

const (
	classBreak runeClass = iota // of a line
	classSpace
	classWord
	classIdeograph // of languages without spaces
	classOther
)

func classOf(r rune) runeClass {
	switch {
	case r == '\n':
		return classBreak
	case unicode.IsSpace(r):
		return classSpace
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana):
		return classIdeograph
	case r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
		return classWord
	}
	return classOther
}

// classAt returns the class of the character at a byte, and its length. An
// apostrophe between letters is a part of the word.
func classAt(text string, at int) (class runeClass, size int) {
	r, size := utf8.DecodeRuneInString(text[at:])
	if r == '\'' || r == '’' {
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		after, _ := utf8.DecodeRuneInString(text[at+size:])
		if unicode.IsLetter(before) && unicode.IsLetter(after) {
			return classWord, size
		}
	}
	return classOf(r), size
}

func classBefore(text string, at int) (class runeClass, size int) {
	_, size = utf8.DecodeLastRuneInString(text[:at])
	class, _ = classAt(text, at-size)
	return class, size
}

// wordAfter returns where the word ends that begins at a byte or after the
// spaces there. A line break is a word.
func wordAfter(text string, at int) int {
	at = skip(text, at, classSpace)
	if at == len(text) {
		return at
	}
	class, size := classAt(text, at)
	if class == classBreak {
		return at + size
	}
	return skip(text, at, class)
}

// wordBefore returns where the word begins that ends at a byte or before the
// spaces there.
func wordBefore(text string, at int) int {
	at = skipBack(text, at, classSpace)
	if at == 0 {
		return 0
	}
	class, size := classBefore(text, at)
	if class == classBreak {
		return at - size
	}
	return skipBack(text, at, class)
}

// wordAround returns the word, or the spaces, around a byte. At the end of a
// line that is what stands there last.
func wordAround(text string, at int) (from, to int) {
	atEnd := at == len(text) || text[at] == '\n'
	if atEnd && (at == 0 || text[at-1] == '\n') {
		return at, at
	}
	var class runeClass
	if atEnd {
		class, _ = classBefore(text, at)
	} else {
		class, _ = classAt(text, at)
	}
	return skipBack(text, at, class), skip(text, at, class)
}

// lineAround returns the line, from break to break, around a byte.
func lineAround(text string, at int) (from, to int) {
	from = strings.LastIndexByte(text[:at], '\n') + 1
	if to = strings.IndexByte(text[at:], '\n'); to < 0 {
		return from, len(text)
	}
	return from, at + to
}

func skip(text string, at int, class runeClass) int {
	for at < len(text) {
		found, size := classAt(text, at)
		if found != class {
			break
		}
		at += size
	}
	return at
}

func skipBack(text string, at int, class runeClass) int {
	for at > 0 {
		found, size := classBefore(text, at)
		if found != class {
			break
		}
		at -= size
	}
	return at
}
