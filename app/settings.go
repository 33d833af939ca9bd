package app

import (
	"context"

	"feihong/app/control"
)

// settings are the user's, as they are shown.
func (n *node) settings() control.Settings { return control.SettingsOf(n.profile.Current()) }

// changeSettings keeps a change and tells everybody whom it concerns.
func (n *node) changeSettings(_ context.Context, change control.SettingsChange) error {
	if change.Ranges != nil {
		if err := checkRanges(*change.Ranges); err != nil {
			return &control.BadSettingError{Err: err}
		}
	}
	if err := n.profile.Update(change.Apply); err != nil {
		return err
	}
	n.selfChanged()
	if change.Ranges != nil {
		n.search()
	}
	return nil
}
