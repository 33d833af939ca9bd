package gui

import (
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// span is one line of a wrapped text: the bytes from start to end, without
// the line break or the spaces at which the line was broken.
type span struct{ start, end int }

// wrapText breaks text into lines that are at most width wide, by the line
// breaking rules of Unicode (UAX 14): between words, between most Chinese
// characters but never before a closing mark, and inside a word only if the
// word alone is wider than a line. It stops after maxLines lines and says
// whether text was left; the cost is bounded by the lines it returns.
//
// Fyne's own wrapping breaks at white space first, so that a Chinese sentence
// after one English word leaves that word alone on its line.
func wrapText(text string, width float32, maxLines int, measure func(string) float32) (lines []span, more bool) {
	w := wrapper{text: text, width: width, maxLines: maxLines}
	w.measure = func(from, to int) float32 { return measure(text[from:to]) }
	return w.wrap()
}

type wrapper struct {
	text     string
	width    float32
	maxLines int
	measure  func(from, to int) float32 // of bytes of text
	hidden   func(from, to int) bool    // paragraphs that are not shown; nil: none
	indent   func(from int) float32     // how much narrower a paragraph is; nil: nothing

	lines []span
	more  bool
	// The line being filled: its bytes, how much of them is not trailing
	// white space, and the width of all.
	start, end, solid int
	used              float32
}

// Limits for what looks like nothing or like one character and is long: beyond
// them a line, a word or a character is broken wherever it may be.
const (
	maxLineBytes    = 4096
	maxWordBytes    = 1024
	maxClusterBytes = 128
)

func (w *wrapper) wrap() (lines []span, more bool) {
	for at := 0; ; {
		end := strings.IndexByte(w.text[at:], '\n')
		if end < 0 {
			w.paragraph(at, len(w.text))
			return w.lines, w.more
		}
		if w.paragraph(at, at+end); w.full() {
			return w.lines, true
		}
		at += end + 1
	}
}

func (w *wrapper) full() bool { return len(w.lines) >= w.maxLines }

// paragraph wraps the bytes from start to end, which hold no line feed.
func (w *wrapper) paragraph(start, end int) {
	if w.hidden != nil && w.hidden(start, end) {
		return
	}
	if w.indent != nil {
		whole := w.width
		w.width -= w.indent(start)
		defer func() { w.width = whole }()
	}
	w.start, w.end, w.solid, w.used = start, start, start, 0
	state, rest := -1, w.text[start:end]
	for rest != "" {
		var word string
		word, rest, _, state = uniseg.FirstLineSegmentInString(rest, state)
		if !w.word(word) {
			w.more = true
			return
		}
	}
	if w.full() {
		w.more = true
		return
	}
	w.lines = append(w.lines, span{w.start, w.solid})
}

// word puts what may not be broken, with the spaces after it, on this line or
// the next. It returns false when there may be no next line.
func (w *wrapper) word(word string) bool {
	solid := strings.TrimRight(word, " \t\r\u3000")
	if len(solid) > maxWordBytes {
		return w.split(word)
	}
	width := w.measure(w.end, w.end+len(solid))
	if w.tooMuch(len(word), width) && !w.breakLine() {
		return false
	}
	if width > w.width {
		return w.split(word)
	}
	w.take(len(word), len(solid), width)
	w.used += w.blank(w.end-len(word)+len(solid), w.end)
	return true
}

// blank is how wide white space is. It hangs over the end of a line, so that
// very much of it is as good as a line.
func (w *wrapper) blank(from, to int) float32 {
	switch {
	case from == to:
		return 0
	case to-from > maxWordBytes:
		return w.width
	}
	return w.measure(from, to)
}

// tooMuch says that so much does not fit on the line that has been begun.
func (w *wrapper) tooMuch(bytes int, width float32) bool {
	return w.end > w.start && (w.used+width > w.width || w.end+bytes-w.start > maxLineBytes)
}

// split breaks a word that is wider than a line between two of its characters.
func (w *wrapper) split(word string) bool {
	for word != "" {
		bytes := clusterBytes(word)
		width := w.measure(w.end, w.end+bytes)
		if w.tooMuch(bytes, width) && !w.breakLine() {
			return false
		}
		w.take(bytes, bytes, width)
		word = word[bytes:]
	}
	return true
}

// clusterBytes returns how long the first character of a text is, as people
// see characters.
func clusterBytes(text string) int {
	window := text
	if len(text) > maxClusterBytes {
		cut := maxClusterBytes
		for cut > 1 && !utf8.RuneStart(text[cut]) {
			cut--
		}
		window = text[:cut]
	}
	cluster, _, _, _ := uniseg.FirstGraphemeClusterInString(window, -1)
	return len(cluster)
}

func (w *wrapper) take(bytes, solid int, width float32) {
	if solid > 0 {
		w.solid = w.end + solid
	}
	w.end += bytes
	w.used += width
}

func (w *wrapper) breakLine() bool {
	if w.full() {
		return false
	}
	w.lines = append(w.lines, span{w.start, w.solid})
	w.start, w.solid, w.used = w.end, w.end, 0
	return !w.full()
}

// tabStop is what a tab looks like in a bubble.
const tabStop = "    "

// shownText is what is drawn for a piece of text.
func shownText(s string) string { return strings.ReplaceAll(s, "\t", tabStop) }
