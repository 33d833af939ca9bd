package gui_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"feihong/app/chat"
	"feihong/app/gui"
)

func key(modifier fyne.KeyModifier, name fyne.KeyName) *desktop.CustomShortcut {
	return &desktop.CustomShortcut{KeyName: name, Modifier: modifier}
}

func TestNoKeyHasTwoMeanings(t *testing.T) {
	seen := map[desktop.CustomShortcut]bool{}
	for _, key := range gui.KeymapKeys() {
		if seen[key] {
			t.Errorf("%s is there twice", key.ShortcutName())
		}
		seen[key] = true
	}
	if len(seen) < 15 {
		t.Errorf("there are only %d shortcuts", len(seen))
	}
}

func TestCardOfKeysShowsTheTable(t *testing.T) {
	for lang, texts := range map[string][]string{
		"en": {"Keyboard", "Conversations", "Next conversation", "Alt+↓   Ctrl+Tab", "Ctrl+/", "Ctrl+1 … 9"},
		"zh": {"键盘快捷键", "会话", "下一个未读会话", "Ctrl+/"},
	} {
		f, _, _, _, _ := office()
		s := open(t, lang, f)
		if !s.Shortcut(key(fyne.KeyModifierShortcutDefault, fyne.KeySlash)) || !s.ModalOpen() {
			t.Fatal("Ctrl+/ shows nothing")
		}
		s.mustSee(texts...)
		if s.Shortcut(key(fyne.KeyModifierShortcutDefault, fyne.KeyN)) {
			t.Error("a shortcut reaches through the card")
		}
		s.Escape()
	}
}

func TestKeysOpenUnreadAndByPosition(t *testing.T) {
	f, wang, anna, chen, _ := office()
	f.say(chen, chat.In, chat.Delivered, noon, "新消息") // 陈静, 王小明, Anna, Zoe
	s := open(t, "en", f)
	const altShift = fyne.KeyModifierAlt | fyne.KeyModifierShift
	for i, step := range []struct {
		key  fyne.Shortcut
		want chat.ContactID
	}{
		{key(fyne.KeyModifierShortcutDefault, fyne.Key2), wang},
		{key(altShift, fyne.KeyDown), anna},
		{key(altShift, fyne.KeyDown), chen},
		{key(altShift, fyne.KeyUp), anna},
		{key(fyne.KeyModifierShortcutDefault, fyne.Key9), anna}, // there is no ninth
	} {
		s.SetForeground(false) // so that nothing becomes read
		if !s.Shortcut(step.key) {
			t.Errorf("step %d: the shortcut is not known", i)
		}
		if got := s.OpenContact(); got != step.want {
			t.Errorf("step %d: contact %d is open, want %d", i, got, step.want)
		}
	}
}

func TestEscapeClosesACardWhoseButtonHasTheFocus(t *testing.T) {
	s := open(t, "en", newFakeChat(clockAtNoon))
	s.ShowKeys()
	focused := s.Canvas().Focused()
	if focused == nil {
		t.Fatal("nothing on the card has the focus")
	}
	focused.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if s.ModalOpen() {
		t.Error("the card is still open")
	}
}

// TestQuitsFromEveryField: a field that has the focus gets the keys before the
// window does, and passes on what it has no use for.
func TestQuitsFromEveryField(t *testing.T) {
	ctrl := fyne.KeyModifierShortcutDefault
	f := newFakeChat(clockAtNoon)
	anna := f.add(chat.Summary{Contact: chat.Contact{Peer: peer(1), Name: "Anna"}})
	by := func(name fyne.KeyName) func() *screen {
		return func() *screen { s := open(t, "en", f); s.Shortcut(key(ctrl, name)); return s }
	}
	for place, get := range map[string]func() *screen{
		"the first question": func() *screen { s, _ := newcomer(t, "en"); return s },
		"the emoji":          func() *screen { s := open(t, "en", f); s.openTalk(anna); openEmoji(t, s); return s },
		"the search":         by(fyne.KeyK),
		"an address":         by(fyne.KeyN),
	} {
		s := get()
		s.Focused().(fyne.Shortcutable).TypedShortcut(key(ctrl, fyne.KeyQ))
		if s.quit != 1 {
			t.Errorf("%s: it ended %d times", place, s.quit)
		}
	}
}
