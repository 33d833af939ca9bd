package gui

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// fieldText is a text while the user works on it: with the cursor, what is
// selected, and what can be undone. It knows nothing of rows and of the screen.
// Positions are bytes, and always between two characters of UTF-8.
type fieldText struct {
	text string
	// The selection runs between the two, in either order.
	cursor, anchor int
	done, undone   []textEdit
}

// textEdit is one change: at a place, something is replaced by something.
type textEdit struct {
	at                int
	removed, inserted string
	typed             bool // character by character, so that others may join it
	cursor, anchor    int  // as they were before
}

// What can be undone is bounded in number and in bytes.
const (
	maxUndo      = 1000
	maxUndoBytes = 1 << 20
)

// fieldInput makes a text fit for a field: valid, with one kind of line break.
func fieldInput(text string) string {
	return lineBreaks.Replace(strings.ToValidUTF8(text, "\uFFFD"))
}

var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n")

// set begins with another text and its end as the cursor. Nothing can be undone.
func (t *fieldText) set(text string) {
	*t = fieldText{text: text, cursor: len(text), anchor: len(text)}
}

func (t *fieldText) selection() (from, to int) {
	return min(t.anchor, t.cursor), max(t.anchor, t.cursor)
}

func (t *fieldText) selected() string {
	from, to := t.selection()
	return t.text[from:to]
}

// move puts the cursor somewhere, and extends the selection to there or ends it.
func (t *fieldText) move(to int, extend bool) {
	t.cursor = to
	if !extend {
		t.anchor = to
	}
}

// replace puts something in place of the bytes from from to to, and the cursor
// behind it.
func (t *fieldText) replace(from, to int, with string, typed bool) textEdit {
	// Pieces of the text would keep all of it in memory.
	edit := textEdit{at: from, removed: strings.Clone(t.text[from:to]), inserted: strings.Clone(with), typed: typed, cursor: t.cursor, anchor: t.anchor}
	t.apply(from, len(edit.removed), with)
	t.undone = nil
	if n := len(t.done); n == 0 || !t.done[n-1].join(edit) {
		t.done = append(t.done, edit)
	}
	t.forget()
	return edit
}

func (t *fieldText) apply(at, removed int, inserted string) {
	t.text = t.text[:at] + inserted + t.text[at+removed:]
	t.move(at+len(inserted), false)
}

// join makes one of two changes, if the second one carries on with the word
// that was typed or deleted.
func (e *textEdit) join(next textEdit) bool {
	if !e.typed || !next.typed || beginsWord(next.inserted+next.removed) {
		return false
	}
	switch {
	case next.removed == "" && e.inserted != "" && next.at == e.at+len(e.inserted):
		e.inserted += next.inserted
	case next.inserted != "" || e.inserted != "":
		return false
	case next.at+len(next.removed) == e.at:
		e.at, e.removed = next.at, next.removed+e.removed
	case next.at == e.at:
		e.removed += next.removed
	default:
		return false
	}
	return true
}

// beginsWord says that something else begins with a character: what is undone
// at a time ends before it.
func beginsWord(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsSpace(r) || unicode.IsPunct(r)
}

// forget drops the oldest changes, if there are too many.
func (t *fieldText) forget() {
	bytes, first := 0, len(t.done)
	for first > 0 && len(t.done)-first < maxUndo {
		edit := &t.done[first-1]
		if bytes += len(edit.removed) + len(edit.inserted); bytes > maxUndoBytes {
			break
		}
		first--
	}
	t.done = t.done[first:]
}

// undo takes back the last change, and returns what that did to the text.
func (t *fieldText) undo() (edit textEdit, ok bool) {
	n := len(t.done)
	if n == 0 {
		return edit, false
	}
	last := t.done[n-1]
	t.done, t.undone = t.done[:n-1], append(t.undone, last)
	t.apply(last.at, len(last.inserted), last.removed)
	t.cursor, t.anchor = last.cursor, last.anchor
	return textEdit{at: last.at, removed: last.inserted, inserted: last.removed}, true
}

// redo makes the last change again that was taken back.
func (t *fieldText) redo() (edit textEdit, ok bool) {
	n := len(t.undone)
	if n == 0 {
		return edit, false
	}
	next := t.undone[n-1]
	t.undone, t.done = t.undone[:n-1], append(t.done, next)
	t.apply(next.at, len(next.removed), next.inserted)
	return next, true
}
