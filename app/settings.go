package app

import (
	"cmp"
	"context"

	"feihong/app/chat"
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
	ranges := change.Ranges != nil || change.AddRanges != nil
	err := n.updateSettings(func(s *profile.Settings) error {
		if err := change.Apply(s); err != nil || !ranges {
			return err // what was there before a removal is not looked at
		}
		return checkRanges(s.Ranges)
	})
	if err == nil && ranges {
		n.search()
	}
	return err
}

// updateSettings changes the settings, makes them hold and tells everybody whom
// that concerns. If change fails, nothing has changed.
func (n *node) updateSettings(change func(*profile.Settings) error) error {
	var refused error
	err := n.profile.Update(func(s *profile.Settings) {
		if refused = change(s); refused != nil {
			*s = n.profile.Current()
		}
	})
	switch {
	case refused != nil:
		return &control.BadSettingError{Err: refused}
	case err != nil:
		return err
	}
	now := n.profile.Current()
	n.sending.SetRate(now.FilesRate)
	n.receiving.SetRate(now.FilesRate)
	n.chat.SetPolicy(policyOf(now))
	n.selfChanged()
	return nil
}

// policyOf is what the settings say about what others get to know.
func policyOf(s profile.Settings) chat.Policy {
	return chat.Policy{Receipts: !s.ReceiptsOff, Typing: !s.TypingOff, KeepDays: s.KeepDays, ImagesUpTo: s.ImageBound()}
}
