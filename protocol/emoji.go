package protocol

import (
	"errors"
	"unicode/utf8"
)

// ErrEmoji says that something is not one emoji.
var ErrEmoji error = errEmoji{errors.New("not a single emoji")}

type errEmoji struct{ error }

// UserText names the translation of the error.
func (errEmoji) UserText() (key string, args map[string]any) { return "text.not-emoji", nil }

// What emoji are made of, beside pictures.
const (
	keycap       = 0x20E3
	textStyle    = 0xFE0E
	tagsBegin    = 0xE0020
	tagsEnd      = 0xE007E
	tagsCancel   = 0xE007F
	regionsBegin = 0x1F1E6
	regionsEnd   = 0x1F1FF
	tonesBegin   = 0x1F3FB
	tonesEnd     = 0x1F3FF
)

// pictographs are the blocks in which emoji lie, also those that are not given
// out yet: a receiver can be older than an emoji.
var pictographs = [][2]rune{
	{0xA9, 0xA9}, {0xAE, 0xAE}, {0x203C, 0x203C}, {0x2049, 0x2049}, {0x2122, 0x2122}, {0x2139, 0x2139},
	{0x2190, 0x21FF}, {0x2300, 0x23FF}, {0x24C2, 0x24C2}, {0x25A0, 0x27BF}, {0x2934, 0x2935}, {0x2B00, 0x2BFF},
	{0x3030, 0x3030}, {0x303D, 0x303D}, {0x3297, 0x3297}, {0x3299, 0x3299}, {0x1F000, 0x1FAFF},
}

// CheckEmoji says whether s is one emoji: a picture, several that are joined to
// one, a flag or a key, of at most MaxEmojiBytes. It returns nil or ErrEmoji.
// Whether a font has it is another matter.
func CheckEmoji(s string) error {
	if s == "" || len(s) > MaxEmojiBytes || !utf8.ValidString(s) {
		return ErrEmoji
	}
	runes := []rune(s)
	if isRegion(runes[0]) {
		if len(runes) == 2 && isRegion(runes[1]) {
			return nil
		}
		return ErrEmoji
	}
	if isKey(runes) {
		return nil
	}
	for {
		rest, ok := afterPicture(runes)
		switch {
		case !ok:
			return ErrEmoji
		case len(rest) == 0:
			return nil
		case rest[0] != zeroWidthJoiner:
			return ErrEmoji
		}
		runes = rest[1:]
	}
}

// afterPicture gives what follows the picture at the beginning, its style, its
// tone and its tags.
func afterPicture(runes []rune) (rest []rune, ok bool) {
	if len(runes) == 0 || !isPictograph(runes[0]) {
		return nil, false
	}
	rest = runes[1:]
	if len(rest) > 0 && (rest[0] == emojiPresentation || rest[0] == textStyle || within(rest[0], tonesBegin, tonesEnd)) {
		rest = rest[1:]
	}
	if len(rest) == 0 || !within(rest[0], tagsBegin, tagsEnd) {
		return rest, true
	}
	for len(rest) > 0 && within(rest[0], tagsBegin, tagsEnd) {
		rest = rest[1:]
	}
	if len(rest) == 0 || rest[0] != tagsCancel {
		return nil, false
	}
	return rest[1:], true
}

// isKey says that a digit, # or * is drawn as a key.
func isKey(runes []rune) bool {
	first, last := runes[0], runes[len(runes)-1]
	if last != keycap || first != '#' && first != '*' && (first < '0' || first > '9') {
		return false
	}
	return len(runes) == 2 || len(runes) == 3 && runes[1] == emojiPresentation
}

func isRegion(r rune) bool { return within(r, regionsBegin, regionsEnd) }

func isPictograph(r rune) bool {
	if isRegion(r) {
		return false
	}
	for _, block := range pictographs {
		if within(r, block[0], block[1]) {
			return true
		}
	}
	return false
}

func within(r, first, last rune) bool { return r >= first && r <= last }
