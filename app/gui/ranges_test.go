package gui_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"feihong/app/gui"
)

// withRanges searches the ranges in *now; a range with an x is wrong.
func withRanges(now *[]string, saved error) func(*gui.Config) {
	return func(cfg *gui.Config) {
		cfg.Ranges = func() []string { return *now }
		cfg.CheckRanges = func(ranges []string) error {
			if strings.Contains(strings.Join(ranges, ""), "x") {
				return errors.New("x is no address")
			}
			return nil
		}
		cfg.SetRanges = func(_ context.Context, ranges []string) error {
			if saved == nil {
				*now = ranges
			}
			return saved
		}
	}
}

func TestRangesAreCheckedAndSearched(t *testing.T) {
	now := []string{"10.1.1.0/24"}
	s := open(t, "en", newFakeChat(clockAtNoon), withRanges(&now, nil))
	s.OpenSettings(5)
	s.PressInSettings("Edit …")
	s.mustSee("10.1.1.0/24", "Search now", "For example 10.8.33.1-254")
	field := s.Canvas().Focused()
	s.press(fyne.KeyReturn)
	test.Type(field, "10.2.2.x")
	s.mustSee("x is no address")
	s.PressInModal("Search now")
	s.press(fyne.KeyBackspace)
	test.Type(field, "7")
	s.mustSee("For example 10.8.33.1-254")
	s.PressInModal("Search now")
	s.until("it searches", func() bool { return s.sees("Searching.") })
	if want := []string{"10.1.1.0/24", "10.2.2.7"}; !slices.Equal(now, want) {
		t.Errorf("searched are %q, want %q", now, want)
	}
}

func TestRangesThatCannotBeSaved(t *testing.T) {
	now := []string{"10.1.1.0/24"}
	s := open(t, "zh", newFakeChat(clockAtNoon), withRanges(&now, errDisk))
	s.OpenSettings(5)
	s.PressInSettings("编辑…")
	s.PressInModal("立即搜索")
	s.until("the failure is told", func() bool { return s.sees("the disk is full") })
	if !s.ModalOpen() {
		t.Error("the dialog is closed, and what was typed is lost")
	}
}

func TestNoRangesAreSavedSilently(t *testing.T) {
	now := []string{"10.1.1.0/24"}
	s := open(t, "en", newFakeChat(clockAtNoon), withRanges(&now, nil))
	s.OpenSettings(5)
	s.PressInSettings("Edit …")
	field := s.Canvas().Focused()
	for range len("10.1.1.0/24") {
		field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
	}
	s.PressInModal("Save")
	s.until("the dialog is closed", func() bool { return !s.ModalOpen() })
	if len(now) != 0 {
		t.Errorf("searched are %q", now)
	}
}
