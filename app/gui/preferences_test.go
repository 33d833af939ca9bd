package gui_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"feihong/app/chat"
	"feihong/app/gui"
)

// fakePreferences keep what the user chose, in memory.
type fakePreferences struct {
	mu      sync.Mutex
	current gui.Preferences
	err     error
}

func standardPreferences() *fakePreferences {
	p := &fakePreferences{current: gui.DefaultPreferences()}
	p.current.Name, p.current.Welcomed, p.current.Language = "Me", true, "en"
	return p
}

func (f *fakePreferences) Current() gui.Preferences {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.current
}

func (f *fakePreferences) Update(_ context.Context, change func(*gui.Preferences)) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		change(&f.current)
	}
	return f.err
}

func withPreferences(p *fakePreferences) func(*gui.Config) {
	return func(cfg *gui.Config) { cfg.Preferences = p }
}

// The language changes in the open window, in which everything else stays as
// it is.
func TestLanguageChangesAtOnce(t *testing.T) {
	f, prefs := newFakeChat(clockAtNoon), standardPreferences()
	id := f.add(chat.Summary{Contact: chat.Contact{Peer: peer(1), Name: "Wang", Address: "10.0.0.9:1"}})
	for range 100 {
		f.say(id, chat.In, chat.Read, noon.AddDate(0, 0, -1), "hello")
	}
	s := open(t, "en", f, withPreferences(prefs))
	s.openTalk(id)
	s.write("half a sen")
	s.Scroll(500)
	offset := s.ScrollOffset()
	s.Filter().SetText("wa")
	s.until("the address is shown", func() bool { return s.sees("192.168.1.12:49731") })
	s.mustSee("Yesterday")

	s.Prefer(func(p *gui.Preferences) { p.Language = "zh" }, nil)
	s.until("the words are Chinese", func() bool { return s.sees("昨天") })
	s.mustSee("half a sen", "192.168.1.12:49731", "Wang")
	for _, english := range []string{"Yesterday", "offline", "New chat by address"} {
		if s.sees(english) {
			t.Errorf("%q is still on the screen", english)
		}
	}
	if s.ScrollOffset() != offset || s.Filter().Text != "wa" || s.OpenContact() != id {
		t.Errorf("the place is lost: %v, was %v", s.ScrollOffset(), offset)
	}
	f.arrive(id, "another")
	s.until("the window goes on", func() bool { return s.lastShown() == "another" })
	s.Prefer(func(p *gui.Preferences) { p.Language = "en" }, nil)
	s.until("the words are English", func() bool { return s.sees("New chat by address") })
}

func (s *screen) lastShown() string {
	shown := s.Shown()
	if len(shown) == 0 {
		return ""
	}
	return shown[len(shown)-1].Text
}

func TestThemeAccentAndSizeHoldAtOnce(t *testing.T) {
	prefs := standardPreferences()
	var scales []float32
	s := open(t, "en", newFakeChat(clockAtNoon), withPreferences(prefs), func(cfg *gui.Config) {
		cfg.Scale = func(factor float32) { scales = append(scales, factor) }
	})
	color := func(name fyne.ThemeColorName, desktop fyne.ThemeVariant) any {
		return fyne.CurrentApp().Settings().Theme().Color(name, desktop)
	}
	light, dark := color(theme.ColorNameBackground, theme.VariantLight), color(theme.ColorNameBackground, theme.VariantDark)
	rose := gui.Palettes["light rose"][theme.ColorNamePrimary]
	if light == dark {
		t.Fatal("both variants are the same")
	}
	for _, step := range []struct {
		change   func(*gui.Preferences)
		on       fyne.ThemeVariant // the desktop
		want     any
		accented bool
	}{
		{func(p *gui.Preferences) { p.Theme = gui.ThemeDark }, theme.VariantLight, dark, false},
		{func(p *gui.Preferences) { p.Theme = gui.ThemeLight }, theme.VariantDark, light, false},
		{func(p *gui.Preferences) { p.Theme = gui.ThemeSystem }, theme.VariantDark, dark, false},
		{func(p *gui.Preferences) { p.Accent = "rose" }, theme.VariantLight, light, true},
		{func(p *gui.Preferences) { p.Accent = "no such accent" }, theme.VariantLight, light, false},
		{func(p *gui.Preferences) { p.TextPercent = 150 }, theme.VariantLight, light, false},
	} {
		done := false
		s.Prefer(step.change, func(err error) { done = err == nil })
		s.until("it is changed", func() bool { return done })
		if got := color(theme.ColorNameBackground, step.on); got != step.want {
			t.Errorf("%+v: the background is %v", prefs.Current(), got)
		}
		if got := color(theme.ColorNamePrimary, theme.VariantLight) == rose; got != step.accented {
			t.Errorf("%+v: the accent differs: %v", prefs.Current(), got)
		}
	}
	if !slices.Equal(scales, []float32{1, 1, 1, 1, 1, 1, 1.5}) {
		t.Errorf("the window was scaled by %v", scales)
	}
}

func TestPreferencesThatCannotBeKept(t *testing.T) {
	prefs := standardPreferences()
	prefs.err = errDisk
	s := open(t, "en", newFakeChat(clockAtNoon), withPreferences(prefs))
	s.Prefer(func(p *gui.Preferences) { p.Language = "zh" }, nil)
	s.until("the failure is told", func() bool { return s.sees("disk is full") })
	var told error
	s.Prefer(func(p *gui.Preferences) { p.Language = "zh" }, func(err error) { told = err })
	s.until("the failure is told to who asked", func() bool { return errors.Is(told, errDisk) })
	s.mustSee("New chat by address")
}
