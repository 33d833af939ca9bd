package gui

import (
	"cmp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// run is a stretch of a line that is drawn in one way.
type run struct {
	start, end int
	way        runWay
	squares    int // of an emoji
}

type runWay uint8

const (
	asText runWay = iota
	asEmoji
	asLatin // a mark that is as wide as a character in Chinese, and is not meant so
	asCode  // letters of equal width
)

// Emoji beside letters, as a share of the size of the letters.
const (
	emojiSide    = 1.22
	emojiAdvance = 1.3
)

// latinMarks stand in Chinese and in other texts, where they look different.
// The typeface has the Chinese ones.
const latinMarks = "…‘’“”"

// runsIn cuts bytes of a text where the way changes in which they are drawn. If
// all is emoji, so are those that are marks among letters.
func runsIn(text string, from, to int, all bool) []run {
	var runs []run
	plain := from // where what is drawn as text begins
	add := func(start, end int, way runWay, squares int) {
		if plain < start {
			runs = append(runs, run{start: plain, end: start})
		}
		if last := len(runs) - 1; way == asLatin && last >= 0 && runs[last].way == asLatin && runs[last].end == start {
			runs[last].end = end
		} else {
			runs = append(runs, run{start, end, way, squares})
		}
		plain = end
	}
	for at := from; at < to; {
		r, size := utf8.DecodeRuneInString(text[at:to])
		switch {
		case beginsEmoji(r, text[at+size:to]):
			size = min(clusterBytes(text[at:to]), to-at)
			if cluster := text[at : at+size]; all || !isMark(cluster) {
				if squares := emojiSquares(cluster); squares > 0 {
					add(at, at+size, asEmoji, squares)
				}
			}
		case strings.ContainsRune(latinMarks, r) && !inChinese(text, at, at+size, r):
			add(at, at+size, asLatin, 0)
		}
		at += size
	}
	if plain < to {
		runs = append(runs, run{start: plain, end: to})
	}
	return runs
}

// codeRuns cuts code into letters of equal width and Chinese, which the typeface
// of the former does not have.
func codeRuns(text string, from, to int) []run {
	var runs []run
	for at, r := range text[from:to] {
		way := asCode
		if isChinese(r) {
			way = asText
		}
		if last := len(runs) - 1; last < 0 || runs[last].way != way {
			runs = append(runs, run{start: from + at, end: to, way: way})
			if last >= 0 {
				runs[last].end = from + at
			}
		}
	}
	return runs
}

// beginsEmoji says that a character may begin an emoji; rest is what follows.
func beginsEmoji(r rune, rest string) bool {
	return emojiBase(r) || strings.ContainsRune(lettersOrEmoji, r) &&
		(strings.HasPrefix(rest, "\uFE0F") || strings.HasPrefix(rest, "\u20E3"))
}

// isMark says that an emoji is a mark among letters unless it is told to be an
// emoji, and that the typeface of texts has it.
func isMark(cluster string) bool {
	first, _ := utf8.DecodeRuneInString(cluster)
	if first == '⚽' || first == '⚾' || strings.Contains(cluster, "\uFE0F") {
		return false
	}
	face, err := parseMarkFont()
	if err != nil {
		return false
	}
	glyph, err := face.GlyphIndex(nil, first)
	return err == nil && glyph != 0
}

// markSight is how far letters are looked for around a mark, in characters.
const markSight = 12

// inChinese says that a mark stands in a Chinese text: an ellipsis after Chinese
// or beside another, since Chinese has two, a quotation mark beside Chinese.
func inChinese(text string, start, end int, mark rune) bool {
	before, after := letterBefore(text[:start]), letterAfter(text[end:])
	if mark != '…' {
		return isChinese(before) || isChinese(after)
	}
	if strings.HasSuffix(text[:start], "…") || strings.HasPrefix(text[end:], "…") {
		return true
	}
	return isChinese(cmp.Or(before, after))
}

func letterBefore(text string) rune {
	for range markSight {
		r, size := utf8.DecodeLastRuneInString(text)
		if size == 0 || r == '\n' {
			return 0
		}
		if tellsScript(r) {
			return r
		}
		text = text[:len(text)-size]
	}
	return 0
}

func letterAfter(text string) rune {
	for range markSight {
		r, size := utf8.DecodeRuneInString(text)
		if size == 0 || r == '\n' {
			return 0
		}
		if tellsScript(r) {
			return r
		}
		text = text[size:]
	}
	return 0
}

func tellsScript(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || isChinese(r)
}

// isChinese says that a letter or mark is one of Chinese or Japanese.
func isChinese(r rune) bool {
	return r >= 0x2E80 && r <= 0xD7FF || r >= 0xF900 && r <= 0xFAFF || r >= 0xFE30 && r <= 0xFFEF || r >= 0x20000 && r <= 0x3FFFF
}

// latinFont is the typeface of marks that are not Chinese.
var latinFont = sync.OnceValue(theme.DefaultTextFont)

// face is the typeface of a run of text, nil for the usual one.
func (r run) face() fyne.Resource {
	if r.way == asLatin {
		return latinFont()
	}
	return nil
}

// runWidth returns how wide a run of a text is.
func runWidth(text string, r run, size float32) float32 {
	switch r.way {
	case asEmoji:
		return float32(r.squares) * emojiAdvance * size
	case asLatin:
		width, _ := fyne.CurrentApp().Driver().RenderedTextSize(text[r.start:r.end], size, fyne.TextStyle{}, latinFont())
		return width.Width
	case asCode:
		return measureMono(shownText(text[r.start:r.end]), size)
	}
	return measure(shownText(text[r.start:r.end]), size)
}

// lineWidth returns how wide a text is as textLine shows it.
func lineWidth(text string, size float32) float32 {
	return runsWidth(text, runsIn(text, 0, len(text), false), size)
}

func runsWidth(text string, runs []run, size float32) float32 {
	width := float32(0)
	for _, r := range runs {
		width += runWidth(text, r, size)
	}
	return width
}

// dotted writes an ellipsis that is not Chinese as three dots, for what is drawn
// by widgets that know one typeface only.
func dotted(text string) string {
	var b strings.Builder
	for at, r := range text {
		if end := at + utf8.RuneLen(r); r == '…' && !inChinese(text, at, end, r) {
			b.WriteString("...")
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
