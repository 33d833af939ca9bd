package gui_test

import (
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"feihong/app/chat"
	"feihong/app/gui"
)

// office is a service that knows four people: 王小明 wrote last, Anna before
// him, nobody ever wrote to 陈静 and Zoe, and Zoe is present.
func office() (f *fakeChat, wang, anna, chen, zoe chat.ContactID) {
	f = newFakeChat(clockAtNoon)
	anna = f.add(chat.Summary{Contact: chat.Contact{Peer: peer(1), Name: "Anna", Address: "192.168.1.40:41870"}, Online: true})
	chen = f.add(chat.Summary{Contact: chat.Contact{Peer: peer(2), Name: "陈静", Address: "192.168.1.55:50900"}})
	zoe = f.add(chat.Summary{Contact: chat.Contact{Peer: peer(3), Name: "Zoe", Address: "192.168.1.66:50900"}, Online: true})
	wang = f.add(chat.Summary{Contact: chat.Contact{Peer: peer(4), Name: "王小明", Address: "192.168.1.23:50123"}})
	f.say(anna, chat.In, chat.Delivered, noon.Add(-2*time.Hour), "good morning")
	f.say(anna, chat.In, chat.Delivered, noon.Add(-time.Hour), "are you there?")
	f.say(wang, chat.Out, chat.Delivered, noon.Add(-26*time.Hour), "see you tomorrow")
	return f, wang, anna, chen, zoe
}

func TestPeopleNewestConversationFirst(t *testing.T) {
	f, _, _, chen, _ := office()
	s := open(t, "en", f)
	if got, want := s.PeopleNames(), []string{"王小明", "Anna", "Zoe", "陈静"}; !slices.Equal(got, want) {
		t.Errorf("people are %v, want %v", got, want)
	}
	s.mustSee("are you there?", "11:00", "You:", "see you tomorrow", "Yesterday", "192.168.1.55:50900")

	f.arrive(chen, "开会了")
	s.until("陈静 is first", func() bool { return s.PeopleNames()[0] == "陈静" })
	s.mustSee("开会了")
}

func TestBlockedPeopleAreLast(t *testing.T) {
	f, wang, _, _, _ := office()
	s := open(t, "en", f)
	f.edit(wang, func(p *chat.Summary) { p.Blocked = true })
	s.until("王小明 is last", func() bool { return s.PeopleNames()[3] == "王小明" })
	s.mustSee("Blocked")
}

func TestUnreadIsCountedInBadgeAndTitle(t *testing.T) {
	f, _, _, chen, _ := office()
	s := open(t, "en", f)
	s.mustSee("2")
	if got, want := s.Title(), "(2) Feihong — Me"; got != want {
		t.Errorf("title %q, want %q", got, want)
	}
	f.arrive(chen, "hello")
	s.until("three are unread", func() bool { return s.Title() == "(3) Feihong — Me" })
}

func TestOwnAddressIsAlwaysShownAndCopied(t *testing.T) {
	f, wang, _, _, _ := office()
	s := open(t, "zh", f)
	s.until("the address is shown", func() bool { return s.sees("192.168.1.12:49731") })
	s.Open(wang)
	s.mustSee("192.168.1.12:49731")
	s.PressCopyAddress()
	s.mustSee("已复制")
	if got := fyne.CurrentApp().Clipboard().Content(); got != "192.168.1.12:49731" {
		t.Errorf("the clipboard has %q", got)
	}
	s.until("the address is back", func() bool { return s.sees("192.168.1.12:49731") })
}

// That there is no network is said when it is known, and not while the window
// comes up.
func TestNoNetwork(t *testing.T) {
	look, none := make(chan struct{}), "No network (port 49731)"
	s := open(t, "en", newFakeChat(clockAtNoon), func(cfg *gui.Config) {
		cfg.Self.Addresses = func() []string { <-look; return nil }
	})
	if s.sees(none) {
		t.Error("it is said before it is known")
	}
	close(look)
	s.until("it is said", func() bool { return s.sees(none) })
}

func TestFilter(t *testing.T) {
	f, _, _, _, _ := office()
	s := open(t, "en", f)
	for _, c := range []struct {
		filter string
		want   []string
	}{
		{"ann", []string{"Anna"}},
		{"小明", []string{"王小明"}},
		{".55", []string{"陈静"}},
		{" ZOE ", []string{"Zoe"}},
		{"nobody", nil},
		{"", []string{"王小明", "Anna", "Zoe", "陈静"}},
	} {
		s.Filter().SetText(c.filter)
		if got := s.PeopleNames(); !slices.Equal(got, c.want) {
			t.Errorf("filter %q leaves %v, want %v", c.filter, got, c.want)
		}
	}
	s.Filter().SetText("nobody")
	s.mustSee("Nobody matches")
}

func TestKeyboardMovesBetweenConversations(t *testing.T) {
	f, wang, anna, _, zoe := office()
	s := open(t, "en", f)
	down := &desktop.CustomShortcut{KeyName: fyne.KeyDown, Modifier: fyne.KeyModifierAlt}
	up := &desktop.CustomShortcut{KeyName: fyne.KeyUp, Modifier: fyne.KeyModifierAlt}
	tab := &desktop.CustomShortcut{KeyName: fyne.KeyTab, Modifier: fyne.KeyModifierControl}
	for i, step := range []struct {
		key  fyne.Shortcut
		want chat.ContactID
	}{{down, wang}, {down, anna}, {tab, zoe}, {up, anna}, {up, wang}, {up, wang}} {
		if !s.Shortcut(step.key) {
			t.Errorf("step %d: the shortcut is not known", i)
		}
		if got := s.OpenContact(); got != step.want {
			t.Errorf("step %d: contact %d is open, want %d", i, got, step.want)
		}
	}
	if s.Canvas().Focused() != s.Composer() {
		t.Error("the input box does not have the focus")
	}
}

func TestShortcutsPassThroughTextFields(t *testing.T) {
	f, wang, _, _, _ := office()
	s := open(t, "en", f)
	s.Open(wang)
	s.Composer().TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyF, Modifier: fyne.KeyModifierShortcutDefault | fyne.KeyModifierShift})
	if s.Canvas().Focused() != s.Filter() {
		t.Fatal("Ctrl+Shift+F does not go to the filter")
	}
	test.Type(s.Filter(), "zoe")
	s.press(fyne.KeyEscape)
	if s.Filter().Text != "" || s.Canvas().Focused() != s.Composer() {
		t.Error("Escape does not clear the filter and go back")
	}
	s.Composer().TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyQ, Modifier: fyne.KeyModifierShortcutDefault})
	if s.quit != 1 {
		t.Error("Ctrl+Q does not quit")
	}
}

func TestEmptyStateHelps(t *testing.T) {
	s := open(t, "zh", newFakeChat(clockAtNoon))
	s.until("the address is shown", func() bool { return s.sees("192.168.1.12:49731") })
	s.mustSee("欢迎使用飞鸿", "你的地址", "按地址发起聊天", "按地址添加", "还没有找到任何人。")
}
