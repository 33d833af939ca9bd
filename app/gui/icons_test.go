package gui_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"feihong/app/gui"
)

// dressed opens the window of the tour in light or dark.
func dressed(t *testing.T, dress string) *screen {
	t.Helper()
	prefs := standardPreferences()
	prefs.current.Theme = dress
	return tour(t, "en", false, withPreferences(prefs))
}

// Menus show an icon as it comes: in the dark a black one would not be seen.
func TestIconsOfMenusFollowTheTheme(t *testing.T) {
	for _, dress := range []string{gui.ThemeLight, gui.ThemeDark} {
		s := dressed(t, dress)
		s.openTalk(tourGone)
		icons := s.MenuIcons()
		s.openTalk(tourLong)
		maps.Copy(icons, s.MenuIcons())
		for _, label := range []string{"Reply", "React", "Forward", "Edit", "Compare codes …", "Nudge", "Pin to top", "Mute"} {
			if icons[label] == nil {
				t.Errorf("%q has no icon", label)
			}
		}
		for label, icon := range icons {
			themed, ok := icon.(fyne.ThemedResource)
			if !ok {
				t.Errorf("the icon of %q has a colour of its own", label)
				continue
			}
			r, g, b, _ := theme.Color(themed.ThemeColorName()).RGBA()
			if want := fmt.Sprintf("fill=\"#%02x%02x%02x\"", r>>8, g>>8, b>>8); !strings.Contains(string(icon.Content()), want) {
				t.Errorf("%s: the icon of %q has no %s", dress, label, want)
			}
		}
	}
}

// Menus are drawn in the Chinese typeface, whose ellipsis hangs in the middle.
func TestDotsInMenusFollowTheLanguage(t *testing.T) {
	for lang, want := range map[string][2]string{"en": {"Export ...", "Settings ..."}, "zh": {"导出聊天记录…", "设置…"}} {
		s := tour(t, lang, false)
		s.openTalk(tourLong)
		for i, show := range []func(){s.OpenMenu, s.OpenSelfMenu} {
			show()
			if _, size := s.PlaceOf(want[i]); size.IsZero() {
				t.Errorf("no menu says %q", want[i])
			}
			s.Canvas().Overlays().Remove(s.Canvas().Overlays().Top())
		}
	}
}
