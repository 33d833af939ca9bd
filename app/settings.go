package app

import (
	"cmp"
	"context"

	"feihong/app/control"
	"feihong/app/profile"
	"feihong/protocol"
)

// settings are the user's, as they are shown, with what comes of them.
func (n *node) settings() control.Settings {
	s := n.profile.Current()
	shown := control.SettingsOf(s)
	shown.Shown = n.status(s).String()
	shown.Discovery = cmp.Or(n.mode, profile.DiscoveryOn)
	shown.FilesInto = n.profile.FilesFolder()
	if n.passive {
		shown.Shown = protocol.StatusOffline.String()
	}
	return shown
}

// changeSettings keeps a change and tells everybody whom it concerns.
func (n *node) changeSettings(_ context.Context, change control.SettingsChange) error {
	var refused error
	err := n.profile.Update(func(s *profile.Settings) {
		refused = change.Apply(s)
		if refused == nil && (change.Ranges != nil || change.AddRanges != nil) {
			refused = checkRanges(s.Ranges) // what was there before a removal is not looked at
		}
		if refused != nil {
			*s = n.profile.Current()
		}
	})
	switch {
	case refused != nil:
		return &control.BadSettingError{Err: refused}
	case err != nil:
		return err
	}
	n.sending.SetRate(n.profile.Current().FilesRate)
	n.receiving.SetRate(n.profile.Current().FilesRate)
	n.selfChanged()
	if change.Ranges != nil || change.AddRanges != nil {
		n.search()
	}
	return nil
}
