//go:build !headless

package app

import (
	"context"
	"errors"
	"strings"

	"feihong/app/chat"
	"feihong/app/control"
	"feihong/app/gui"
	"feihong/app/profile"
)

// windowPresence is what the user lets others see, as the window shows it.
type windowPresence struct{ *node }

// Current implements gui.PresenceKeeper, as does the next.
func (p windowPresence) Current() gui.Presence {
	s := p.profile.Current()
	status := chat.Status(s.Status)
	if status == "" {
		status = chat.StatusOnline
	}
	return gui.Presence{
		Status:     status,
		Text:       s.StatusText,
		Department: s.Department,
		Idle:       p.away.Load() && status == chat.StatusOnline,
	}
}

func (p windowPresence) SetPresence(ctx context.Context, wanted gui.Presence) error {
	status := string(wanted.Status)
	return p.changeSettings(ctx, control.SettingsChange{
		Status: &status, StatusText: &wanted.Text, Department: &wanted.Department,
	})
}

// checkForWindow is checkAddress, which takes an address without a port too
// where people can be asked for.
func (n *node) checkForWindow(typed string) (string, []error, error) {
	canonical, warnings, err := n.checkAddress(typed)
	var bare *control.NoPortError
	if n.discovery == nil || !errors.As(err, &bare) {
		return canonical, warnings, err
	}
	if strings.Contains(bare.Host, ":") {
		return "[" + bare.Host + "]", nil, nil
	}
	return bare.Host, nil, nil
}

// findFor fills in how the window finds people.
func (n *node) findFor(config *gui.Config) {
	config.Doctor = n.doctor.ExaminePerson
	if n.discovery == nil {
		return // nobody would be told of a status
	}
	config.Presence = windowPresence{n}
	config.Discovers = n.mode != profile.DiscoveryLoopback
	config.Search = n.search
	config.Locate = func(ctx context.Context, address string) ([]chat.Sighting, error) {
		return n.locateHost(ctx, strings.Trim(address, "[]"))
	}
	config.CheckRanges = checkRanges
	config.Ranges = func() []string { return n.profile.Current().Ranges }
	config.SetRanges = func(ctx context.Context, ranges []string) error {
		return n.changeSettings(ctx, control.SettingsChange{Ranges: &ranges})
	}
}
