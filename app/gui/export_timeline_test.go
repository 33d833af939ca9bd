package gui

import (
	"fyne.io/fyne/v2"

	"feihong/app/chat"
)

// MaxLoaded bounds how many messages of a conversation are held.
const MaxLoaded = maxLoaded

func (w *Window) JumpTo(m chat.Message, search string) { w.jumpTo(m, search) }
func (w *Window) JumpToRef(ref chat.Ref)               { w.jumpToRef(ref) }
func (w *Window) JumpToStart()                         { w.jumpToStart() }
func (w *Window) JumpToEnd()                           { w.jumpToEnd() }
func (w *Window) Reload()                              { w.reload() }

// Flashed returns the text of the message that the user was led to.
func (w *Window) Flashed() string {
	return textOf(w.right.conv.timeline.message(w.right.conv.timeline.flashed))
}

// Chosen returns the text of the message that has the focus.
func (w *Window) Chosen() string {
	view := w.right.conv.timeline.view
	if !view.focused || view.ring.Hidden {
		return ""
	}
	return textOf(w.right.conv.timeline.message(view.current))
}

func textOf(m *chat.Message) string {
	if m == nil {
		return ""
	}
	return m.Text
}

// MessageKeys hands keys for a message to a function.
func (w *Window) MessageKeys(f func(m chat.Message, key fyne.KeyName, r rune) bool) {
	w.right.conv.timeline.onMessageKey = func(m chat.Message, _ fyne.CanvasObject, key fyne.KeyName, r rune) bool { return f(m, key, r) }
}

// StickyDay returns the day shown above the messages while scrolling.
func (w *Window) StickyDay() string {
	if label := w.right.conv.timeline.sticky.label; label.Visible() {
		return label.text
	}
	return ""
}

// Marked returns the words marked in the bubbles in sight.
func (w *Window) Marked() []string {
	var found []string
	for _, o := range w.right.conv.timeline.view.objects {
		if b, ok := o.(*bubble); ok {
			for _, s := range b.body.found {
				found = append(found, b.body.text[s.start:s.end])
			}
		}
	}
	return found
}

// RowsAgree says that rows built bit by bit are as if built at once.
func (w *Window) RowsAgree() bool {
	table := &w.right.conv.timeline.table
	whole := rowTable{words: table.words, messages: table.messages, unreadFrom: table.unreadFrom, expanded: table.expanded, book: table.book, describe: table.describe}
	whole.build(w.right.conv.timeline.width, 0)
	if len(whole.rows) != len(table.rows) || whole.total != table.total {
		return false
	}
	for i := range whole.rows {
		if whole.rows[i] != table.rows[i] {
			return false
		}
	}
	return true
}

// PressTryAgain loads once more what could not be loaded.
func (w *Window) PressTryAgain() { w.right.conv.missing.action.Tapped(nil) }
