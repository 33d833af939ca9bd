package gui_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"feihong/app/chat"
	"feihong/app/gui"
)

// settingsScreen opens the page of settings in a window that has all of them.
func settingsScreen(t *testing.T, lang string, prefs *fakePreferences) *screen {
	t.Helper()
	system := &fakeSystem{rules: gui.FileRules{Folder: "/srv/in", Rate: 3e6}, folder: "/srv/other"}
	f := colleagues()
	system.fake = f
	f.edit(1, func(s *chat.Summary) { s.Verified = true })
	presence := &fakePresence{current: gui.Presence{Status: chat.StatusOnline, Department: "Sales", Text: "at the desk"}}
	s := open(t, lang, f, withPreferences(prefs), withPresence(presence), func(cfg *gui.Config) {
		cfg.FileRules, cfg.PickFolder = system, system.pickFolder
		cfg.AtLogin, cfg.Version, cfg.Folder = true, "0.5.0", "/home/me/.local/share/feihong/default"
		cfg.SetOwnPicture = func(context.Context, string) error { return errDisk }
		cfg.OwnPicture = func() []byte { return nil }
		cfg.Ranges = func() []string { return []string{"10.8.0.0/24"} }
		cfg.SetRanges = func(context.Context, []string) error { return nil }
		cfg.CheckRanges = func([]string) error { return nil }
		cfg.Interfaces = func() []gui.Interface {
			return []gui.Interface{{Name: "eth0", Addresses: []string{"192.168.1.12/24"}}, {Name: "docker0"}}
		}
		cfg.Open = func(context.Context, string) error { return nil }
	})
	s.until("everything is known", func() bool { return s.IsVerified(1) && s.sees("192.168.1.12:49731") })
	s.Shortcut(&desktop.CustomShortcut{KeyName: fyne.KeyComma, Modifier: fyne.KeyModifierShortcutDefault})
	return s
}

// Every section is reached by the keyboard alone, and shows what is kept.
func TestSettingsSections(t *testing.T) {
	prefs := standardPreferences()
	prefs.current.QuietFrom, prefs.current.QuietTo, prefs.current.KeepDays = 1335, 420, 45
	prefs.current.Port, prefs.current.Interfaces = 41870, []string{"gone0"}
	s := settingsScreen(t, "en", prefs)
	for i, texts := range [][]string{
		{"This is how colleagues see you.", "Choose picture", "Sales", "at the desk", "Online"},
		{"English", "As the system", "100 %", "Accent"},
		{"Enter", "45 days", "Privacy"},
		{"/srv/in", "Up to 3 MB/s", "Up to 10 MB"},
		{"Quiet hours", "22:15", "07:00", "Start when I log in"},
		{"192.168.1.12:49731", "41870", "In the network", "10.8.0.0/24", "eth0", "192.168.1.12/24", "gone0"},
		{"SELF", "Verified people", "Wang"},
		{"0.5.0", "Apache License 2.0", "/home/me/.local/share/feihong/default"},
	} {
		if i > 0 {
			s.press(fyne.KeyDown)
		}
		s.until("the section is filled", func() bool { return i != 5 || s.sees("gone0") })
		s.mustSee(texts...)
	}
	s.press(fyne.KeyUp)
	s.mustSee("Verified people")
	s.press(fyne.KeyEscape)
	if s.sees("Verified people") {
		t.Error("Escape does not close the page")
	}
}

func TestSettingsHoldAtOnce(t *testing.T) {
	prefs := standardPreferences()
	s := settingsScreen(t, "en", prefs)
	kept := func(what string, holds func(p gui.Preferences) bool) {
		t.Helper()
		s.until(what, func() bool { return holds(prefs.Current()) })
		s.work()
	}
	s.SettingsField(0).SetText("Li Na")
	s.SettingsField(0).TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	kept("the name is kept", func(p gui.Preferences) bool { return p.Name == "Li Na" })
	s.OpenSettings(1)
	s.ChooseInSettings(1, 2)
	kept("the theme is kept", func(p gui.Preferences) bool { return p.Theme == gui.ThemeDark })
	s.TapSwatch(2)
	kept("the accent is kept", func(p gui.Preferences) bool { return p.Accent == "violet" })
	s.ChooseInSettings(2, 5)
	kept("the size is kept", func(p gui.Preferences) bool { return p.TextPercent == 150 })
	s.OpenSettings(2)
	s.ChooseInSettings(0, 1)
	kept("the key is kept", func(p gui.Preferences) bool { return p.SendWithCtrl })
	s.TapToggle(0)
	kept("receipts are off", func(p gui.Preferences) bool { return !p.Receipts })
	s.ChooseInSettings(1, 2)
	s.mustSee("This cannot be undone")
	s.PressInModal("Delete")
	kept("the days are kept", func(p gui.Preferences) bool { return p.KeepDays == 30 })
	s.OpenSettings(3)
	s.ChooseInSettings(1, 0)
	kept("no picture comes by itself", func(p gui.Preferences) bool { return p.ImagesUpTo == 0 })
	s.ChooseInSettings(0, 2)
	s.until("the rate is kept", func() bool { return slices.Contains(s.chat.called("rules"), `rules "/srv/in" 2000000`) })
	s.OpenSettings(4)
	s.TapToggle(4)
	kept("there are quiet hours", func(p gui.Preferences) bool { return p.QuietFrom == 1320 && p.QuietTo == 420 })
	s.OpenSettings(5)
	s.until("the interfaces are known", func() bool { return s.sees("docker0") })
	s.TapToggle(1)
	kept("docker0 is left out", func(p gui.Preferences) bool { return slices.Equal(p.Interfaces, []string{"docker0"}) })
	s.SettingsField(0).SetText("70000")
	s.SettingsField(0).TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	s.mustSee("\"70000\" is not a port")
	s.OpenSettings(1)
	s.ChooseInSettings(0, 1)
	s.until("the page is Chinese", func() bool { return s.sees("强调色") })
	s.mustSee("大小")
}

func TestSettingsThatCannotBeKept(t *testing.T) {
	prefs := standardPreferences()
	s := settingsScreen(t, "en", prefs)
	prefs.mu.Lock()
	prefs.err = errDisk
	prefs.mu.Unlock()
	s.OpenSettings(2)
	s.TapToggle(0)
	s.until("the failure is told", func() bool { return s.sees("disk is full") })
	if !s.ToggleOn(0) {
		t.Error("the switch shows what was not kept")
	}
	s.ChooseInSettings(1, 1) // asks
	s.PressInModal("Cancel")
	if got := s.ChosenInSettings(1); got != "For ever" {
		t.Errorf("%q is shown as chosen", got)
	}
}

func TestAllMessagesAreCleared(t *testing.T) {
	s := settingsScreen(t, "en", standardPreferences())
	s.OpenSettings(2)
	s.PressInSettings("Delete")
	if len(s.chat.called("clear")) != 0 {
		t.Error("nobody was asked")
	}
	s.PressInModal("Delete")
	s.until("it is cleared", func() bool { return len(s.chat.called("clear")) == 1 }) // one has messages
}

func TestSettingsSpeakBothLanguages(t *testing.T) {
	for _, lang := range []string{"en", "zh"} {
		s := settingsScreen(t, lang, standardPreferences())
		for i := range 8 {
			s.OpenSettings(i)
			for _, text := range s.texts() {
				if strings.HasPrefix(text, "gui.") {
					t.Errorf("%s: %s", lang, text)
				}
			}
		}
	}
}
