package gui_test

import (
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"feihong/app/chat"
	"feihong/app/gui"
)

func TestPinnedPeopleStandOnTop(t *testing.T) {
	f, _, _, chen, zoe := office()
	s := open(t, "en", f)
	f.edit(zoe, func(p *chat.Summary) { p.Pinned = true })
	s.until("Zoe is first", func() bool { return s.PeopleNames()[0] == "Zoe" })
	f.arrive(chen, "hello")
	s.until("陈静 is the first conversation", func() bool { return s.PeopleNames()[1] == "陈静" })
	f.edit(chen, func(p *chat.Summary) { p.Pinned = true })
	s.until("who wrote last is first", func() bool { return s.PeopleNames()[0] == "陈静" })
}

func TestMutedPeopleDoNotCount(t *testing.T) {
	f, _, anna, _, _ := office()
	s := open(t, "en", f)
	if got := s.Title(); got != "(2) Feihong — Me" {
		t.Fatalf("title %q", got)
	}
	f.edit(anna, func(p *chat.Summary) { p.MutedUntil = noon.Add(time.Hour) })
	s.until("nothing calls", func() bool { return s.Title() == "Feihong — Me" })
	s.mustSee("2") // the badge stays
}

func TestFoldersFold(t *testing.T) {
	f := colleagues()
	keeper := &keptPreferences{kept: gui.DefaultPreferences()}
	keeper.kept.Welcomed = true
	s := open(t, "en", f, func(cfg *gui.Config) { cfg.Preferences = keeper })
	s.Canvas().Focus(s.PeopleKeys())
	for _, name := range []fyne.KeyName{fyne.KeyHome, fyne.KeyDown, fyne.KeyReturn} { // Wang, the folder Legal
		s.press(name)
	}
	if got, want := s.PeopleNames(), []string{"Wang", "Zoe", "Bea", "Kim", "Ann"}; !slices.Equal(got, want) {
		t.Errorf("shown are %v, want %v", got, want)
	}
	s.mustSee("Legal · 0 of 1 here")
	s.until("it is remembered", func() bool { return slices.Equal(keeper.Current().Folded, []string{"Legal"}) })
	s.Filter().SetText("eve")
	if got := s.PeopleNames(); !slices.Equal(got, []string{"Eve"}) {
		t.Errorf("a search finds %v in a closed folder", got)
	}
	s.Filter().SetText("")
	s.press(fyne.KeyRight)
	if got := s.PeopleNames(); !slices.Contains(got, "Eve") {
		t.Errorf("the folder does not open: %v", got)
	}
}

func TestListByKeyboard(t *testing.T) {
	f, wang, anna, _, zoe := office()
	s := open(t, "en", f)
	s.Canvas().Focus(s.Filter())
	s.press(fyne.KeyDown)
	if s.Canvas().Focused() != fyne.Focusable(s.PeopleKeys()) {
		t.Fatal("Down does not go from the field to the list")
	}
	for i, step := range []struct {
		keys []fyne.KeyName
		want chat.ContactID
	}{
		{[]fyne.KeyName{fyne.KeyReturn}, wang},
		{[]fyne.KeyName{fyne.KeyDown, fyne.KeySpace}, anna},
		{[]fyne.KeyName{fyne.KeyDown, fyne.KeyEnter}, zoe}, // over the heading
		{[]fyne.KeyName{fyne.KeyUp, fyne.KeyUp, fyne.KeyUp, fyne.KeyReturn}, wang},
	} {
		s.Canvas().Focus(s.PeopleKeys())
		for _, name := range step.keys {
			s.press(name)
		}
		if got := s.OpenContact(); got != step.want {
			t.Errorf("step %d: contact %d is open, want %d", i, got, step.want)
		}
	}
	s.Canvas().Focus(s.PeopleKeys())
	s.press(desktop.KeyMenu)
	s.mustSee("Pin to top", "Mute", "Block", "Copy ID")
	s.Canvas().Overlays().Top().Hide()
	s.Canvas().Focus(s.PeopleKeys())
	s.PeopleKeys().TypedRune('z')
	if s.Filter().Text != "z" || s.Canvas().Focused() != fyne.Focusable(s.Filter()) {
		t.Error("what is typed in the list does not search")
	}
}

func TestMenuOfSomebodyElse(t *testing.T) {
	f, wang, anna, _, _ := office()
	s := open(t, "en", f)
	s.openTalk(wang)
	for _, c := range []struct{ item, call string }{
		{"Pin to top", "pin"}, {"Until I turn it off", "mute"}, {"Block", "block"},
	} {
		if !s.PressPersonMenu(anna, c.item) {
			t.Fatalf("there is no %q", c.item)
		}
		s.until(c.item, func() bool { return len(f.called(c.call)) == 1 })
	}
	if s := f.summary(anna); !s.Pinned || !s.Muted(noon) || !s.Blocked || f.summary(wang).Blocked {
		t.Errorf("Anna is %+v", s.Contact)
	}
	s.PressPersonMenu(wang, "Clear conversation …")
	s.mustSee("Clear the conversation?")
	if len(f.called("clear")) != 0 {
		t.Error("cleared without asking")
	}
	s.PressInModal("Clear")
	s.until("it is cleared", func() bool { return len(f.called("clear")) == 1 })
}
