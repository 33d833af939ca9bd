//go:build !headless

package app

import (
	"cmp"
	"context"

	"feihong/app/gui"
	"feihong/app/profile"
)

// preferFor fills in what the user chose, and how they change it.
func (n *node) preferFor(config *gui.Config) {
	config.Preferences = windowPreferences{n}
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
