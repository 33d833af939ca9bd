package autostart

import (
	"errors"
	"fmt"

	"golang.org/x/sys/windows/registry"
)

// runKey is what Windows starts with the user's session.
const runKey = `Software\Microsoft\Windows\CurrentVersion\Run`

func (p Program) enabled() bool {
	key, err := registry.OpenKey(registry.CURRENT_USER, runKey, registry.QUERY_VALUE)
	if err != nil {
		return false
	}
	defer func() { _ = key.Close() }() // only read from
	_, _, err = key.GetStringValue(p.ID)
	return err == nil
}

func (p Program) enable() error {
	return p.change(func(key registry.Key) error { return key.SetStringValue(p.ID, commandLine(p)) })
}

func (p Program) disable() error {
	return p.change(func(key registry.Key) error {
		if err := key.DeleteValue(p.ID); !errors.Is(err, registry.ErrNotExist) {
			return err
		}
		return nil
	})
}

func (p Program) change(change func(registry.Key) error) error {
	key, _, err := registry.CreateKey(registry.CURRENT_USER, runKey, registry.SET_VALUE)
	if err != nil {
		return fmt.Errorf("begin at login: %w", err)
	}
	if err := errors.Join(change(key), key.Close()); err != nil {
		return fmt.Errorf("begin at login: %w", err)
	}
	return nil
}
