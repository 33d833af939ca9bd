package protocol

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// TextReason says why a text cannot be sent.
type TextReason uint8

// The reasons.
const (
	TextEmpty   TextReason = iota + 1 // nothing, or nothing but white space
	TextTooLong                       // more than MaxTextBytes
	TextNotUTF8                       // not UTF-8
)

// TextError says why CheckText refused a text.
type TextError struct {
	Reason TextReason
	Size   int // of the text, in bytes
}

func (e *TextError) Error() string {
	switch e.Reason {
	case TextEmpty:
		return "the text is empty"
	case TextTooLong:
		return fmt.Sprintf("the text is too long: %d bytes, at most %d are possible", e.Size, MaxTextBytes)
	}
	return "the text is not UTF-8"
}

// UserText names the translation of the error.
func (e *TextError) UserText() (key string, args map[string]any) {
	switch e.Reason {
	case TextEmpty:
		return "text.empty", nil
	case TextTooLong:
		return "text.too-long", map[string]any{"size": e.Size, "limit": MaxTextBytes}
	}
	return "text.not-utf8", nil
}

// CheckText says whether s can be the text of a message: UTF-8, at most
// MaxTextBytes, with at least one character that is not white space. It
// returns nil or a *TextError. Writers ask before they send, receivers refuse
// what does not pass.
func CheckText(s string) error {
	switch {
	case len(s) > MaxTextBytes:
		return &TextError{Reason: TextTooLong, Size: len(s)}
	case !utf8.ValidString(s):
		return &TextError{Reason: TextNotUTF8, Size: len(s)}
	case strings.TrimSpace(s) == "":
		return &TextError{Reason: TextEmpty, Size: len(s)}
	}
	return nil
}

// VisibleText makes the text of a message safe to show. Every kind of line
// break becomes "\n"; tabs stay. All other control characters become
// visible: C0 and DEL as control pictures (U+2400 and up), C1 and the
// characters that reorder text in the eyes of the reader (bidirectional
// embeddings, overrides and isolates) as "[U+202E]". Bytes that are not
// UTF-8 become U+FFFD. It is idempotent.
func VisibleText(s string) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	afterCR := false
	for _, r := range s {
		if r != '\n' || !afterCR {
			writeVisible(&b, r)
		}
		afterCR = r == '\r'
	}
	return b.String()
}

// isPlain says that VisibleText has nothing to change in s, as is nearly
// always so.
func isPlain(s string) bool {
	for i, r := range s {
		switch {
		case r == '\n' || r == '\t':
		case r < 0x20, r >= 0x7f && r <= 0x9f, r == 0x2028, r == 0x2029, isReordering(r):
			return false
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD"):
			return false
		}
	}
	return true
}

func writeVisible(b *strings.Builder, r rune) {
	switch {
	case r == '\n' || r == '\t':
		b.WriteRune(r)
	case r == '\r' || r == 0x2028 || r == 0x2029:
		b.WriteByte('\n')
	case r < 0x20:
		b.WriteRune(0x2400 + r)
	case r == 0x7f:
		b.WriteRune(0x2421)
	case r >= 0x80 && r <= 0x9f, isReordering(r):
		fmt.Fprintf(b, "[U+%04X]", r)
	default:
		b.WriteRune(r)
	}
}

// isReordering says that r opens or closes a stretch of text whose direction
// differs from its surroundings. With these a text can look like another.
func isReordering(r rune) bool {
	return r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
}
