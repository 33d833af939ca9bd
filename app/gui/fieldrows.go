package gui

import (
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"feihong/protocol"
)

// fieldRow is one line of a text as it stands on the screen.
type fieldRow struct {
	start int
	solid int  // where its letters end, before spaces and a line break
	next  int  // where the next row begins
	seen  int  // how far the text was looked at in order to find the row
	hard  bool // a line break ends it
}

// stop is where the row ends, before a line break.
func (r fieldRow) stop() int {
	if r.hard {
		return r.next - 1
	}
	return r.next
}

// fieldRows are the lines of a text in a field of a width, by the rules of
// wrapText. What a row is, follows from the text behind its beginning, of
// which only seen bytes matter. So a change of the text changes the row that
// has seen it and those below, until one begins where one began before.
type fieldRows struct {
	rows    []fieldRow
	width   float32
	measure func(string) float32
	runes   map[rune]float32 // widths of single characters
}

func newFieldRows(measure func(string) float32) *fieldRows {
	return &fieldRows{rows: []fieldRow{{seen: 1}}, measure: measure, runes: make(map[rune]float32)}
}

// layout finds the rows of a text from scratch.
func (l *fieldRows) layout(text string) {
	l.rows = l.rows[:0]
	for at := 0; ; {
		row := l.row(text, at)
		l.rows = append(l.rows, row)
		if row.isLast(text) {
			return
		}
		at = row.next
	}
}

func (r fieldRow) isLast(text string) bool { return !r.hard && r.next == len(text) }

// edited finds the rows anew after so many bytes were removed and inserted at a
// place. It leaves alone what cannot have changed.
func (l *fieldRows) edited(text string, at, removed, inserted int) {
	first := slices.IndexFunc(l.rows, func(r fieldRow) bool { return r.seen > at })
	shift, rest := inserted-removed, first
	var fresh []fieldRow
	for start := l.rows[first].start; ; {
		for rest < len(l.rows) && (l.rows[rest].start < at+removed || l.rows[rest].start+shift < start) {
			rest++
		}
		if rest < len(l.rows) && l.rows[rest].start+shift == start {
			break // from here on all is as it was
		}
		row := l.row(text, start)
		if fresh = append(fresh, row); row.isLast(text) {
			rest = len(l.rows)
			break
		}
		start = row.next
	}
	l.rows = slices.Replace(l.rows, first, rest, fresh...)
	for i := first + len(fresh); i < len(l.rows); i++ {
		row := &l.rows[i]
		row.start, row.solid, row.next, row.seen = row.start+shift, row.solid+shift, row.next+shift, row.seen+shift
	}
}

// lookAhead is how far behind a piece of text that may not be broken one has to
// look in order to find its end.
const lookAhead = maxClusterBytes + utf8.UTFMax

// row finds the row that begins at a byte.
func (l *fieldRows) row(text string, start int) fieldRow {
	end := fieldLineEnd(text, start)
	at, solid, used, state := start, start, float32(0), -1
	for at < end {
		var word string
		word, state = l.word(text[at:end], state)
		letters := len(strings.TrimRight(word, " \t\u3000"))
		width := l.widthOf(word[:letters])
		seen := min(at+len(word)+lookAhead, end+1)
		if used+width > l.width || at+len(word)-start > maxLineBytes {
			if at > start {
				return fieldRow{start: start, solid: solid, next: at, seen: seen}
			}
			if at = l.cut(text, start, start+len(word)); at < end {
				return fieldRow{start: start, solid: at, next: at, seen: seen}
			}
			solid = end
			break
		}
		if letters > 0 {
			solid = at + letters
		}
		used += width + l.widthOf(word[letters:])
		at += len(word)
	}
	if end == len(text) {
		return fieldRow{start: start, solid: solid, next: end, seen: end + 1}
	}
	return fieldRow{start: start, solid: solid, next: end + 1, seen: end + 1, hard: true}
}

// fieldLineEnd returns where the line ends that a byte is in, or a byte that is too
// far away for any row to get there.
func fieldLineEnd(text string, at int) int {
	limit := min(at+maxLineBytes+maxWordBytes+lookAhead, len(text))
	if found := strings.IndexByte(text[at:limit], '\n'); found >= 0 {
		return at + found
	}
	return limit
}

// word returns what may not be broken at the beginning of a text, with the
// spaces behind it. Of a word that is longer than any row, it returns so much
// that no row has room for it.
func (l *fieldRows) word(text string, state int) (word string, next int) {
	if size := ideograph(text); size > 0 && ideograph(text[size:]) > 0 {
		return text[:size], -1
	}
	if most := min(max(int(l.width), maxClusterBytes), maxWordBytes); len(text) > most {
		for !utf8.RuneStart(text[most]) {
			most--
		}
		text = text[:most]
	}
	word, _, _, next = uniseg.FirstLineSegmentInString(text, state)
	return word, next
}

// ideograph returns the length of the common Chinese character at the beginning
// of a text, or 0. Between two of them a line may always be broken: no need to
// look at the rules.
func ideograph(text string) int {
	if len(text) < 3 || text[0] < 0xe4 || text[0] > 0xe9 {
		return 0
	}
	if r, size := utf8.DecodeRuneInString(text); r >= 0x4e00 && r <= 0x9fff {
		return size
	}
	return 0
}

// cut returns where a word from start to stop is broken that is wider than a
// row.
func (l *fieldRows) cut(text string, start, stop int) int {
	used := float32(0)
	for at := start; at < stop; {
		size := min(clusterBytes(text[at:]), stop-at)
		width := l.widthOf(text[at : at+size])
		if at > start && used+width > l.width {
			return at
		}
		used += width
		at += size
	}
	return stop
}

// widthOf returns how wide a piece of one line is.
func (l *fieldRows) widthOf(piece string) float32 {
	if piece == "" {
		return 0
	}
	r, size := utf8.DecodeRuneInString(piece)
	if size < len(piece) {
		return l.measure(fieldShown(piece))
	}
	width, known := l.runes[r]
	if !known {
		width = l.measure(fieldShown(piece))
		l.runes[r] = width
	}
	return width
}

// fieldShown is what is drawn for a piece of one line. A control character is
// shown as what it is.
func fieldShown(piece string) string { return shownText(protocol.VisibleText(piece)) }

// rowAt returns the row in which a byte is. Where a line is broken without a
// space, a place is in two rows; before says that it is the end of the upper.
func (l *fieldRows) rowAt(at int, before bool) int {
	i := sort.Search(len(l.rows), func(i int) bool { return l.rows[i].start > at }) - 1
	if before && i > 0 && l.rows[i].start == at && !l.rows[i-1].hard {
		i--
	}
	return i
}

// x returns how far from the left a byte of a row is. Spaces at its end do not
// go further than the row.
func (l *fieldRows) x(text string, row, at int) float32 {
	return min(l.widthOf(text[l.rows[row].start:at]), l.width)
}

// nearest returns the place in a row that is nearest to a distance from the
// left, and whether that is the end of a row that goes on below.
func (l *fieldRows) nearest(text string, row int, x float32) (at int, before bool) {
	r := l.rows[row]
	places := []int{r.start}
	for at := r.start; at < r.stop(); {
		at = min(clusterAfter(text, at), r.stop())
		places = append(places, at)
	}
	i := sort.Search(len(places), func(i int) bool { return l.x(text, row, places[i]) >= x })
	if i == len(places) {
		i--
	}
	if i > 0 && x-l.x(text, row, places[i-1]) < l.x(text, row, places[i])-x {
		i--
	}
	return places[i], i > 0 && !r.hard && places[i] == r.next && row < len(l.rows)-1
}
