package gui

import (
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// guardedEntry is a text field that survives input methods and pastes of any
// size, and hands what it does not need to the window. Enter submits, if
// there is somebody to submit to. Else, and with Shift or Ctrl, it breaks the
// line if there can be several. For long texts there is textField.
type guardedEntry struct {
	widget.Entry
	guard imeGuard
	shift bool
	limit int // bytes of text

	submit   func()
	escape   func() bool              // true if something was done
	shortcut func(fyne.Shortcut) bool // true if something was done
	arrow    func(fyne.KeyName) bool  // Up and Down; true if something was done
	page     func(fyne.KeyName) bool  // PageUp and PageDown; true if something was done
	sideways bool                     // Left and Right go to arrow too
	focused  func(bool)
}

func newGuardedEntry(words *wording, multiLine bool, limit int) *guardedEntry {
	e := &guardedEntry{limit: limit, guard: imeGuard{now: words.now}}
	e.MultiLine = multiLine
	e.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	if multiLine {
		e.Wrapping = fyne.TextWrapWord
	}
	e.ExtendBaseWidget(e)
	return e
}

// KeyDown implements desktop.Keyable.
func (e *guardedEntry) KeyDown(key *fyne.KeyEvent) {
	if isShift(key.Name) {
		e.shift = true
	}
	e.Entry.KeyDown(key)
}

// KeyUp implements desktop.Keyable.
func (e *guardedEntry) KeyUp(key *fyne.KeyEvent) {
	if isShift(key.Name) {
		e.shift = false
	}
	e.Entry.KeyUp(key)
}

func isShift(name fyne.KeyName) bool {
	return name == desktop.KeyShiftLeft || name == desktop.KeyShiftRight
}

// FocusGained implements fyne.Focusable.
func (e *guardedEntry) FocusGained() {
	e.Entry.FocusGained()
	gotFocus(e)
	if e.focused != nil {
		e.focused(true)
	}
}

// FocusLost implements fyne.Focusable.
func (e *guardedEntry) FocusLost() {
	e.guard.reset()
	e.shift = false
	e.Entry.FocusLost()
	if e.focused != nil {
		e.focused(false)
	}
}

// TypedRune implements fyne.Focusable.
func (e *guardedEntry) TypedRune(r rune) {
	e.guard.reset()
	if len(e.Text)+utf8.RuneLen(r) > e.limit+limitSlack {
		return
	}
	e.Entry.TypedRune(r)
}

// TypedKey implements fyne.Focusable.
func (e *guardedEntry) TypedKey(key *fyne.KeyEvent) {
	if e.guard.key(key.Name) {
		return
	}
	switch key.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		e.enter(e.shift)
		return
	case fyne.KeyEscape:
		if e.escape != nil && e.escape() {
			return
		}
	case fyne.KeyUp, fyne.KeyDown, fyne.KeyLeft, fyne.KeyRight:
		vertical := key.Name == fyne.KeyUp || key.Name == fyne.KeyDown
		if e.arrow != nil && (vertical || e.sideways) && e.arrow(key.Name) {
			return
		}
	}
	if isPage(key.Name) && e.page != nil && e.page(key.Name) {
		return
	}
	e.Entry.TypedKey(key)
}

func isPage(name fyne.KeyName) bool { return name == fyne.KeyPageUp || name == fyne.KeyPageDown }

// enter submits, or breaks the line if it shall and can.
func (e *guardedEntry) enter(breaks bool) {
	if e.MultiLine && (breaks || e.submit == nil) {
		e.TypedRune('\n')
	} else if e.submit != nil {
		e.submit()
	}
}

// toEnd puts the cursor behind the text.
func (e *guardedEntry) toEnd() {
	e.CursorRow = strings.Count(e.Text, "\n")
	e.CursorColumn = utf8.RuneCountInString(e.Text[strings.LastIndexByte(e.Text, '\n')+1:])
	e.Refresh()
}

// AcceptsTab lets Tab move the focus, as in a field of one line.
func (e *guardedEntry) AcceptsTab() bool { return false }

// TypedShortcut implements fyne.Shortcutable.
func (e *guardedEntry) TypedShortcut(shortcut fyne.Shortcut) {
	if paste, ok := shortcut.(*fyne.ShortcutPaste); ok {
		e.paste(paste)
		return
	}
	if isCtrlEnter(shortcut) {
		if !e.guard.key(fyne.KeyReturn) {
			e.enter(true)
		}
		return
	}
	if e.shortcut != nil && e.shortcut(shortcut) {
		return
	}
	e.Entry.TypedShortcut(shortcut)
}

func isCtrlEnter(shortcut fyne.Shortcut) bool {
	s, ok := shortcut.(*desktop.CustomShortcut)
	return ok && (s.KeyName == fyne.KeyReturn || s.KeyName == fyne.KeyEnter) && s.Modifier == fyne.KeyModifierShortcutDefault
}

// pasteLines is how many lines one paste may have: as many as a bubble shows.
const pasteLines = expandedToLines

// paste inserts as much of the clipboard as the field may hold.
func (e *guardedEntry) paste(shortcut *fyne.ShortcutPaste) {
	e.guard.reset()
	room := max(e.limit-len(e.Text)+len(e.SelectedText()), 0)
	if text, _ := pasteable(shortcut.Clipboard.Content(), room, pasteLines); text != "" {
		e.Entry.TypedShortcut(&fyne.ShortcutPaste{Clipboard: heldText(text)})
	}
}

// pasteable returns the beginning of text that fits into room bytes and so many
// lines, with one kind of line break and in UTF-8.
func pasteable(text string, room, lines int) (fitting string, cut bool) {
	// Line breaks of two bytes become one, so twice the room is enough.
	if longest := 2*room + utf8.UTFMax; len(text) > longest {
		text, cut = text[:longest], true
	}
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	text = strings.ToValidUTF8(text, "")
	if end, found := endOfLine(text, lines); found {
		text, cut = text[:end], true
	}
	if len(text) <= room {
		return text, cut
	}
	for room > 0 && !utf8.RuneStart(text[room]) {
		room--
	}
	return text[:room], true
}

// endOfLine finds where the given number of lines ends, if there are more.
func endOfLine(text string, lines int) (end int, found bool) {
	for i := range len(text) {
		if text[i] != '\n' {
			continue
		}
		if lines--; lines <= 0 {
			return i, true
		}
	}
	return 0, false
}

// heldText is a clipboard with a given content, for handing a text to the
// toolkit's own paste.
type heldText string

func (h heldText) Content() string   { return string(h) }
func (h heldText) SetContent(string) {}
