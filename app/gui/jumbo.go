package gui

import (
	"strings"
	"unicode/utf8"
)

// jumboSize is the size of a message that is nothing but a few emoji.
const jumboSize = 40

// Limits of such a message.
const (
	maxJumbo      = 3
	maxEmojiBytes = 48 // the longest that exist, families and flags, have fewer
)

// isJumbo says that a text is one to three emoji and nothing else, and that there
// are pictures of them.
func isJumbo(text string) bool {
	text = strings.TrimSpace(text)
	if text == "" || len(text) > maxJumbo*(maxEmojiBytes+1) {
		return false
	}
	for count := 0; text != ""; count++ {
		bytes := clusterBytes(text)
		if count == maxJumbo || emojiSquares(text[:bytes]) == 0 {
			return false
		}
		text = strings.TrimLeft(text[bytes:], " ")
	}
	return true
}

// lettersOrEmoji are letters, unless they are told to be emoji.
const lettersOrEmoji = "0123456789#*©®‼⁉™ℹ"

// isEmoji says that a character, as people see characters, is an emoji.
func isEmoji(cluster string) bool {
	first, size := utf8.DecodeRuneInString(cluster)
	if len(cluster) > maxEmojiBytes {
		return false
	}
	for _, r := range cluster[size:] {
		if !emojiJoins(r) && !emojiBase(r) {
			return false
		}
	}
	if strings.ContainsRune(lettersOrEmoji, first) {
		return strings.ContainsAny(cluster[size:], "\uFE0F\u20E3")
	}
	return emojiBase(first)
}

// emojiBase says that an emoji may begin with a character.
func emojiBase(r rune) bool {
	return r >= 0x1F000 && r <= 0x1FAFF || r >= 0x2600 && r <= 0x27BF || r >= 0x2B05 && r <= 0x2B55 ||
		r >= 0x2194 && r <= 0x21AA || r >= 0x231A && r <= 0x23FA || r >= 0x25AA && r <= 0x25FE ||
		r == 0x3030 || r == 0x303D || r == 0x3297 || r == 0x3299
}

// emojiJoins says that a character makes another emoji of the one before it.
func emojiJoins(r rune) bool {
	return r == 0x200D || r == 0xFE0F || r == 0x20E3 || r >= 0xE0020 && r <= 0xE007F
}
