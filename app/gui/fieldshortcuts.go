package gui

import (
	"runtime"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// TypedShortcut implements fyne.Shortcutable.
func (f *textField) TypedShortcut(shortcut fyne.Shortcut) {
	if isCtrlEnter(shortcut) {
		if !f.guard.key(fyne.KeyReturn) {
			f.enter(!f.swapped())
		}
		return
	}
	if s, ok := shortcut.(*desktop.CustomShortcut); ok {
		// To the end of the text, and from there to the end of the messages.
		if !f.far(s) && (f.shortcut == nil || !f.shortcut(s)) {
			f.combined(s)
		}
		return
	}
	switch s := shortcut.(type) {
	case *fyne.ShortcutPaste:
		f.paste(s.Clipboard)
	case *fyne.ShortcutCopy:
		f.copyTo(s.Clipboard)
	case *fyne.ShortcutCut:
		f.cutTo(s.Clipboard)
	case *fyne.ShortcutSelectAll:
		f.selectAll()
	case *fyne.ShortcutUndo:
		f.undo()
	case *fyne.ShortcutRedo:
		f.redo()
	default:
		if f.shortcut != nil {
			f.shortcut(shortcut)
		}
	}
}

// far goes to the beginning or the end of the text. It returns false if there is
// nowhere to go.
func (f *textField) far(s *desktop.CustomShortcut) bool {
	to := 0
	switch s.KeyName {
	case fyne.KeyHome:
	case fyne.KeyEnd:
		to = len(f.body.text)
	default:
		return false
	}
	extend := s.Modifier&shift != 0
	if s.Modifier&^shift != ctrl || f.body.cursor == to && !extend {
		return false
	}
	f.move(to, false, extend)
	return true
}

// wordModifier makes keys go word by word.
func wordModifier() fyne.KeyModifier {
	if runtime.GOOS == "darwin" {
		return fyne.KeyModifierAlt
	}
	return ctrl
}

// combined does what a key does together with others.
func (f *textField) combined(s *desktop.CustomShortcut) {
	extend, modifier := s.Modifier&shift != 0, s.Modifier&^shift
	text, cursor := f.body.text, f.body.cursor
	switch {
	case s.KeyName == fyne.KeyZ && extend && modifier == ctrl:
		f.redo()
	case modifier == wordModifier() && s.KeyName == fyne.KeyLeft:
		f.move(wordBefore(text, cursor), false, extend)
	case modifier == wordModifier() && s.KeyName == fyne.KeyRight:
		f.move(wordAfter(text, cursor), false, extend)
	case modifier == wordModifier() && s.KeyName == fyne.KeyBackspace:
		f.erase(wordBefore(text, cursor), false)
	case modifier == wordModifier() && s.KeyName == fyne.KeyDelete:
		f.erase(wordAfter(text, cursor), false)
	case modifier == ctrl && s.KeyName == fyne.KeyLeft: // on a Mac
		f.moveBy(fyne.KeyHome, extend)
	case modifier == ctrl && s.KeyName == fyne.KeyRight:
		f.moveBy(fyne.KeyEnd, extend)
	}
}

func (f *textField) selectAll() {
	f.body.anchor, f.body.cursor = 0, len(f.body.text)
	f.before, f.keeping = false, false
	f.show()
}

func (f *textField) copyTo(to fyne.Clipboard) {
	if text := f.body.selected(); text != "" {
		to.SetContent(text)
	}
}

func (f *textField) cutTo(to fyne.Clipboard) {
	f.copyTo(to)
	f.replaceSelection("", false)
}

// paste inserts as much of the clipboard as the field may hold.
func (f *textField) paste(from fyne.Clipboard) {
	f.guard.reset()
	text := from.Content()
	if text == "" && f.picture != nil {
		f.picture()
		return
	}
	f.insert(text)
}
