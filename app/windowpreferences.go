//go:build !headless

package app

import (
	"cmp"
	"context"
	"os"
	"strconv"

	"feihong/app/gui"
	"feihong/app/profile"
)

// preferFor fills in what the user chose, and how they change it.
func (n *node) preferFor(config *gui.Config) {
	config.Preferences = windowPreferences{n}
	config.Scale = scaler(os.Getenv(scaleVariable))
}

// scaleVariable is where the toolkit looks for the size that the user wants,
// each time that the theme changes. It has no other way to be told.
const scaleVariable = "FYNE_SCALE"

// scaler makes everything larger by a factor than it was at the start.
func scaler(atStart string) func(factor float32) {
	usual, err := strconv.ParseFloat(atStart, 32)
	if err != nil || usual <= 0 {
		usual = 1
	}
	return func(factor float32) {
		if factor == 1 && atStart == "" {
			_ = os.Unsetenv(scaleVariable) // cannot fail for this name, as below
			return
		}
		_ = os.Setenv(scaleVariable, strconv.FormatFloat(usual*float64(factor), 'f', 2, 32))
	}
}

// windowPreferences are what the user chose, as the window shows it.
type windowPreferences struct{ *node }

// Current implements gui.PreferencesKeeper, as does the next.
func (p windowPreferences) Current() gui.Preferences { return preferencesOf(p.profile.Current()) }

func (p windowPreferences) Update(_ context.Context, change func(*gui.Preferences)) error {
	return p.updateSettings(func(s *profile.Settings) error {
		wanted := preferencesOf(*s)
		change(&wanted)
		prefer(s, wanted)
		return nil
	})
}

// preferencesOf is what the settings say to the window.
func preferencesOf(s profile.Settings) gui.Preferences {
	return gui.Preferences{
		Welcomed:     s.Welcomed,
		Name:         s.Name,
		Language:     s.Language,
		Theme:        s.Theme,
		Accent:       s.Accent,
		TextPercent:  s.TextScale(),
		SendWithCtrl: s.SendWithCtrl,
		RecentEmoji:  s.RecentEmoji,
		Folded:       s.Folded,
		Notify:       !s.NotifyOff,
		NotifyText:   !s.NotifyTextOff,
		Sounds:       !s.SoundsOff,
		Flash:        !s.FlashOff,
		QuietFrom:    s.QuietFrom,
		QuietTo:      s.QuietTo,
		CloseToTray:  !s.CloseToTrayOff,
		TrayTold:     s.TrayTold,
		Receipts:     !s.ReceiptsOff,
		Typing:       !s.TypingOff,
		KeepDays:     s.KeepDays,
		ImagesUpTo:   s.ImageBound(),
		Port:         s.Port,
		Discovery:    cmp.Or(s.Discovery, profile.DiscoveryOn),
		Interfaces:   s.Interfaces,
	}
}

// prefer puts what the window wants into the settings.
func prefer(s *profile.Settings, p gui.Preferences) {
	s.Name, s.Language, s.Port, s.Discovery = p.Name, p.Language, p.Port, p.Discovery
	s.Preferences = profile.Preferences{
		Welcomed:       p.Welcomed,
		Theme:          p.Theme,
		Accent:         p.Accent,
		TextPercent:    p.TextPercent,
		SendWithCtrl:   p.SendWithCtrl,
		RecentEmoji:    p.RecentEmoji,
		Folded:         p.Folded,
		NotifyOff:      !p.Notify,
		NotifyTextOff:  !p.NotifyText,
		SoundsOff:      !p.Sounds,
		FlashOff:       !p.Flash,
		QuietFrom:      p.QuietFrom,
		QuietTo:        p.QuietTo,
		CloseToTrayOff: !p.CloseToTray,
		TrayTold:       p.TrayTold,
		ReceiptsOff:    !p.Receipts,
		TypingOff:      !p.Typing,
		KeepDays:       p.KeepDays,
		ImagesUpTo:     &p.ImagesUpTo,
		Interfaces:     p.Interfaces,
	}
}
