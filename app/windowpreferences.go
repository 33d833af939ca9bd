//go:build !headless

package app

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"

	"feihong/app/autostart"
	"feihong/app/gui"
	"feihong/app/profile"
	"feihong/transport/ether"
)

// preferFor fills in what the user chose, and how they change it.
func (n *node) preferFor(config *gui.Config) {
	config.Preferences = &windowPreferences{node: n, login: n.atLogin()}
	config.AtLogin = true
	config.OwnPicture, config.SetOwnPicture = n.profile.Picture, n.setPortrait
	config.Folder, config.Version = n.profile.Dir, version().Feihong
	if n.discovery != nil {
		config.Interfaces = interfaces
	}
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

// interfaces are those of this machine on which there can be others.
func interfaces() []gui.Interface {
	found, err := ether.System().Interfaces()
	if err != nil {
		return nil
	}
	var list []gui.Interface
	for _, i := range found {
		if i.Loopback {
			continue
		}
		shown := gui.Interface{Name: i.Name}
		for _, address := range i.Addresses {
			shown.Addresses = append(shown.Addresses, address.String())
		}
		list = append(list, shown)
	}
	return list
}

// atLogin is what begins with the user's session if they want it: this profile,
// in its window.
func (n *node) atLogin() autostart.Program {
	path, err := os.Executable()
	if err != nil {
		n.log.Warn("where this program is, is not known: it cannot begin at login", "error", err)
	}
	program := autostart.Program{ID: appID, Name: "Feihong", Command: []string{path}}
	if n.profile.Name != profile.DefaultName {
		program.ID += "." + idOf(n.profile.Name)
		program.Command = append(program.Command, "--profile", n.profile.Name)
	}
	if n.profile.Given {
		root := filepath.Dir(n.profile.Dir)
		program.ID += "." + idOf(root)
		program.Command = append(program.Command, "--data", root)
	}
	return program
}

// idOf is a short name for something that can have any letters.
func idOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:6])
}

// windowPreferences are what the user chose, as the window shows it. Whether the
// program begins with the session is known to the desktop alone.
type windowPreferences struct {
	*node
	login autostart.Program

	once  sync.Once
	there atomic.Bool // begins with the session
}

// Current implements gui.PreferencesKeeper, as does the next.
func (p *windowPreferences) Current() gui.Preferences {
	p.once.Do(func() { p.there.Store(p.login.Enabled()) })
	current := preferencesOf(p.profile.Current())
	current.AtLogin = p.there.Load()
	return current
}

func (p *windowPreferences) Update(_ context.Context, change func(*gui.Preferences)) error {
	before := p.Current().AtLogin
	var after bool
	err := p.updateSettings(func(s *profile.Settings) error {
		wanted := preferencesOf(*s)
		wanted.AtLogin = before
		change(&wanted)
		prefer(s, wanted)
		after = wanted.AtLogin
		return nil
	})
	if err != nil || before == after {
		return err
	}
	if err := p.login.Set(after); err != nil {
		return err
	}
	p.there.Store(after)
	return nil
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
