package gui_test

import (
	"context"
	"errors"
	"image/color"
	"path/filepath"
	"testing"

	"feihong/app/chat"
	"feihong/app/gui"
)

// withExport notes what is exported where, and answers with an error.
func withExport(paths *[]string, err error) func(*gui.Config) {
	return func(cfg *gui.Config) {
		cfg.PickFolder = func(context.Context, string) (string, error) { return "/saved", nil }
		cfg.Export = func(_ context.Context, _ chat.ContactID, path string) error {
			*paths = append(*paths, path)
			return err
		}
	}
}

func TestConversationIsExported(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"Anna", "Feihong Anna 2026-11-22 12.00.00.html"},
		{"../../etc/passwd\x00", "Feihong etc passwd 2026-11-22 12.00.00.html"},
		{"王小明：<b>", "Feihong 王小明 b 2026-11-22 12.00.00.html"},
		{"...", "Feihong 2026-11-22 12.00.00.html"},
	} {
		var paths []string
		f, _, anna, _, _ := office()
		f.people[anna].Name = c.name
		s := open(t, "en", f, withExport(&paths, nil))
		if !s.PressPersonMenu(anna, "Export …") {
			t.Fatal("there is no such entry")
		}
		s.mustSee("Web page, to read and print")
		s.PressInModal("Choose folder …")
		s.until("it is exported", func() bool { return s.sees("Exported") })
		if want := filepath.Join("/saved", c.want); len(paths) != 1 || paths[0] != want {
			t.Errorf("%q is exported to %q, want %q", c.name, paths, want)
		}
	}
}

func TestFailedExportIsTold(t *testing.T) {
	var paths []string
	f, _, anna, _, _ := office()
	s := open(t, "zh", f, withExport(&paths, errors.New("the disk is full")))
	s.PressPersonMenu(anna, "导出聊天记录…")
	s.PressInModal("选择文件夹…")
	s.until("it is told", func() bool { return s.sees("无法导出聊天记录：the disk is full") })
}

// What can be chosen has a circle that is seen.
func TestCirclesOfChoicesAreSeen(t *testing.T) {
	for _, dress := range []string{gui.ThemeLight, gui.ThemeDark} {
		s := dressed(t, dress)
		s.openTalk(tourLong)
		s.ShowExport()
		shown := s.Canvas().Capture()
		pixel := func(x, y int) color.NRGBA { return color.NRGBAModel.Convert(shown.At(x, y)).(color.NRGBA) }
		for _, label := range []string{"Web page, to read and print", "Plain text", "JSON, for other programs"} {
			at, size := s.PlaceOf(label)
			if size.IsZero() {
				t.Fatalf("%q is not shown", label)
			}
			ground, best := pixel(int(at.X)-1, int(at.Y)+1), 0.0
			for x := int(at.X) - 30; x < int(at.X); x++ {
				best = max(best, contrast(pixel(x, int(at.Y+size.Height/2)), ground))
			}
			if best < 3 {
				t.Errorf("%s: the circle of %q has %.2f:1", dress, label, best)
			}
		}
	}
}
