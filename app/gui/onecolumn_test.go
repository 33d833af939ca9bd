package gui_test

import (
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"feihong/app/chat"
	"feihong/app/gui"
)

// Sizes of a window with one column and with two.
var (
	slim  = fyne.NewSize(420, 560)
	roomy = fyne.NewSize(980, 560)
)

// inFront demands which panes are seen.
func (s *screen) inFront(what string, list, right bool) {
	s.t.Helper()
	if l, r := s.InFront(); l != list || r != right {
		s.t.Errorf("%s: the list is seen: %v, the right pane: %v", what, l, r)
	}
}

func goBack() fyne.Shortcut {
	return &desktop.CustomShortcut{KeyName: fyne.KeyLeft, Modifier: fyne.KeyModifierAlt}
}

func TestNarrowWindowHasOneColumn(t *testing.T) {
	f, wang, anna, _, _ := office()
	s := open(t, "en", f, withDoctor(nil))
	s.PaneSize(slim)
	s.inFront("at first", true, false)
	s.openTalk(wang)
	s.inFront("opened", false, true)
	s.BackButton().Tapped(nil)
	s.inFront("after the arrow", true, false)
	if s.OpenContact() != wang || s.Focused() != fyne.Focusable(s.PeopleKeys()) {
		t.Errorf("%d is open, %T has the focus", s.OpenContact(), s.Focused())
	}
	s.TypeKey(fyne.KeyReturn)
	s.inFront("after Enter in the list", false, true)
	s.TypeKey(fyne.KeyEscape)
	s.inFront("after Escape", true, false)
	s.Shortcut(&desktop.CustomShortcut{KeyName: fyne.KeyDown, Modifier: fyne.KeyModifierAlt})
	s.inFront("after Alt+Down", false, true)
	up := &desktop.CustomShortcut{KeyName: fyne.KeyUp, Modifier: fyne.KeyModifierAlt}
	for range 4 {
		s.Shortcut(up)
	}
	s.Shortcut(goBack())
	s.inFront("back from the first", true, false)
	s.Shortcut(up)
	s.inFront("after Alt+Up at the first", false, true)
	s.Shortcut(goBack())
	s.inFront("after Alt+Left", true, false)
	s.OpenFromOutside(anna)
	s.inFront("after a notification", false, true)
	s.Shortcut(goBack())
	s.OpenSettings(0)
	s.inFront("in the settings", false, true)
	s.Shortcut(goBack())
	s.inFront("after the settings", true, false)
	if s.Focused() != fyne.Focusable(s.PeopleKeys()) {
		t.Errorf("after the settings %T has the focus", s.Focused())
	}
	s.openTalk(wang)
	s.OpenSettings(0)
	s.Shortcut(goBack())
	s.inFront("back from the settings", false, true)
	s.PressWhy()
	s.inFront("at the doctor's", false, true)
	s.TypeKey(fyne.KeyEscape)
	s.inFront("back from the doctor's", false, true)
}

// Whatever the user did stays, whichever way the window is made wider or
// narrower.
func TestNothingIsLostBetweenOneColumnAndTwo(t *testing.T) {
	f, wang, _, _, _ := office()
	f.sayMany(wang, 80, noon.Add(-time.Hour), time.Second, func(i int) string { return fmt.Sprintf("line %d", i) })
	s := open(t, "en", f)
	s.PaneSize(roomy)
	s.openTalk(wang)
	s.write("a draft")
	s.Shortcut(key(fyne.KeyModifierShortcutDefault, fyne.KeyF))
	s.Scroll(900)
	place := s.ScrollOffset()
	check := func(what string, one, list, right bool) {
		t.Helper()
		if s.OneColumn() != one || s.BackButton().Visible() != one {
			t.Errorf("%s: one column: %v, an arrow: %v", what, s.OneColumn(), s.BackButton().Visible())
		}
		s.inFront(what, list, right)
		if s.Composer().Text() != "a draft" || !s.FindVisible() || s.OpenContact() != wang || s.AtEnd() {
			t.Errorf("%s: the draft is %q, the search is there: %v, open is %d, at the end: %v", what, s.Composer().Text(), s.FindVisible(), s.OpenContact(), s.AtEnd())
		}
	}
	check("wide", false, true, true)
	s.PaneSize(slim)
	check("narrow", true, false, true)
	if s.Focused() != fyne.Focusable(s.FindField()) {
		t.Errorf("%T has the focus", s.Focused())
	}
	s.BackButton().Tapped(nil)
	check("at the list", true, true, false)
	s.TypeKey(fyne.KeyEscape) // nothing that is not seen closes
	check("after Escape at the list", true, true, false)
	s.PaneSize(roomy)
	check("wide again", false, true, true)
	if s.Focused() != fyne.Focusable(s.PeopleKeys()) {
		t.Errorf("%T has the focus", s.Focused())
	}
	if got := s.ScrollOffset(); got != place {
		t.Errorf("the messages are at %g, not %g", got, place)
	}
	s.PaneSize(slim) // the list has the focus
	check("narrow with the list", true, true, false)
	s.Shortcut(goBack())
	check("back from nowhere", true, true, false)
}

// A language that is chosen in one column leaves what was in front.
func TestLanguageChangesInOneColumn(t *testing.T) {
	prefs := standardPreferences()
	f, wang, _, _, _ := office()
	s := open(t, "en", f, withPreferences(prefs))
	s.PaneSize(slim)
	s.openTalk(wang)
	s.BackButton().Tapped(nil)
	prefs.current.Language = "zh"
	s.PreferencesChanged()
	s.inFront("at the list", true, false)
	if !s.BackButton().Visible() {
		t.Error("there is no way back")
	}
}

// What arrives in a conversation behind the list is not read, and is told.
func TestHiddenConversationIsNotRead(t *testing.T) {
	f, wang, _, _, _ := office()
	calls := &bell{}
	s := open(t, "en", f, func(c *gui.Config) { c.Attention = calls })
	s.PaneSize(slim)
	s.SetForeground(true)
	s.openTalk(wang)
	arrive := func(text string) { // one event: two may come in one batch or in two, which are read by themselves
		m := f.say(wang, chat.In, chat.Delivered, f.now(), text)
		f.events <- chat.MessageAdded{Message: m, Contact: f.summary(wang).Contact}
	}
	arrive("seen")
	s.until("it is read", func() bool { return len(f.called("read")) == 1 })
	if calls.called("notify") > 0 {
		t.Error("the user is called for what they see")
	}
	s.BackButton().Tapped(nil)
	arrive("behind the list")
	s.until("it is told", func() bool { return calls.called("notify") == 1 })
	s.work()
	s.SetForeground(true)
	if f.summary(wang).Unread != 1 || len(f.called("read")) != 1 {
		t.Errorf("%d unread, %q", f.summary(wang).Unread, f.called("read"))
	}
	s.Open(wang)
	s.until("it is read now", func() bool { return len(f.called("read")) == 2 && s.Person(wang).Unread == 0 })

	s.BackButton().Tapped(nil)
	arrive("seen by making room")
	s.until("it is told", func() bool { return calls.called("notify") == 2 })
	s.PaneSize(roomy)
	s.until("it is read in two columns", func() bool { return len(f.called("read")) == 3 })
}

func TestAloneInOneColumn(t *testing.T) {
	f := newFakeChat(clockAtNoon)
	s := open(t, "en", f, func(c *gui.Config) { c.Discovers = false })
	if s.Lonely() {
		t.Error("in two columns the list is hidden")
	}
	s.PaneSize(slim)
	s.inFront("alone", true, false)
	s.until("what to do is seen", func() bool { return s.Lonely() && s.sees("192.168.1.12:49731") })
	id := f.add(chat.Summary{Contact: chat.Contact{Name: "Lin"}, Online: true})
	f.changed(id)
	s.until("somebody is there", func() bool { return !s.Lonely() && s.sees("Lin") })
}
