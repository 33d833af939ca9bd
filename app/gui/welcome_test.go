package gui_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"feihong/app/gui"
)

// newcomer starts the program for the first time.
func newcomer(t *testing.T, lang string) (*screen, *keptPreferences) {
	t.Helper()
	keeper := &keptPreferences{kept: gui.DefaultPreferences()}
	return open(t, lang, newFakeChat(clockAtNoon), func(cfg *gui.Config) { cfg.Preferences = keeper }), keeper
}

func TestFirstStartAsksForTheName(t *testing.T) {
	for _, c := range []struct{ lang, question, begin string }{
		{"en", "What shall your colleagues call you?", "Start"},
		{"zh", "同事怎么称呼你？", "开始使用"},
	} {
		s, keeper := newcomer(t, c.lang)
		s.mustSee(c.question, "Me")
		field := s.Focused()
		test.Type(field, "小李") // the usual answer is selected
		s.PressInModal(c.begin)
		s.until("the answer is kept", func() bool { return keeper.Current().Welcomed })
		if got := keeper.Current().Name; got != "小李" || s.ModalOpen() {
			t.Errorf("%s: the name is %q", c.lang, got)
		}
	}
}

func TestFirstQuestionHasAUsualAnswer(t *testing.T) {
	for _, leave := range []func(*screen){
		func(s *screen) { s.press(fyne.KeyReturn) },
		func(s *screen) { s.press(fyne.KeyEscape) },
	} {
		s, keeper := newcomer(t, "en")
		leave(s)
		s.until("the answer is kept", func() bool { return keeper.Current().Welcomed })
		if got := keeper.Current().Name; got != "Me" {
			t.Errorf("the name is %q", got)
		}
		s.Show()
		if s.ModalOpen() {
			t.Error("the question is asked twice")
		}
	}
}

func TestFirstQuestionWantsAName(t *testing.T) {
	s, keeper := newcomer(t, "en")
	field := s.Focused().(interface {
		fyne.Focusable
		SetText(string)
	})
	for _, name := range []string{"", "   ", strings.Repeat("长", 65)} {
		field.SetText(name)
		s.press(fyne.KeyReturn)
		s.PressInModal("Start")
		if !s.ModalOpen() || keeper.Current().Welcomed {
			t.Fatalf("%q is taken", name)
		}
	}
}

func TestFailureToKeepTheNameIsTold(t *testing.T) {
	s, keeper := newcomer(t, "en")
	keeper.mu.Lock()
	keeper.err = errors.New("the disk is full")
	keeper.mu.Unlock()
	s.press(fyne.KeyReturn)
	s.until("it is told", func() bool { return s.sees("the disk is full") })
}

func TestEmptyStateOffersThreeWays(t *testing.T) {
	s := open(t, "en", newFakeChat(clockAtNoon), withDoctor(nil), func(cfg *gui.Config) {
		cfg.Ranges, cfg.CheckRanges = func() []string { return nil }, func([]string) error { return nil }
		cfg.SetRanges = func(context.Context, []string) error { return nil }
	})
	s.mustSee("Add by address", "Search other", "Why is nobody")
	for _, c := range []struct{ tile, title string }{
		{"Add by address", "New chat by address"}, {"Search other subnets", "For example 10.8.33.1-254"},
	} {
		s.PressTile(c.tile)
		if !s.ModalOpen() {
			t.Errorf("%q does nothing", c.tile)
		}
		s.mustSee(c.title)
		s.Escape()
	}
}
