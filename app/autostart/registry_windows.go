package autostart

import (
	"errors"
	"fmt"

	"golang.org/x/sys/windows/registry"
)

const (
	// runKey is what Windows starts with the user's session.
	runKey = `Software\Microsoft\Windows\CurrentVersion\Run`
	// approvedKey is what the user has switched off of that, in the task manager
	// or in the settings of Windows: the first byte of a value is odd then.
	approvedKey = `Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run`
)

func (p Program) enabled() bool {
	key, err := registry.OpenKey(registry.CURRENT_USER, runKey, registry.QUERY_VALUE)
	if err != nil {
		return false
	}
	defer func() { _ = key.Close() }() // only read from
	_, _, err = key.GetStringValue(p.ID)
	return err == nil && !p.switchedOff()
}

func (p Program) switchedOff() bool {
	key, err := registry.OpenKey(registry.CURRENT_USER, approvedKey, registry.QUERY_VALUE)
	if err != nil {
		return false
	}
	defer func() { _ = key.Close() }() // only read from
	state, _, err := key.GetBinaryValue(p.ID)
	return err == nil && len(state) > 0 && state[0]&1 == 1
}

// enable forgets too that the user has switched the program off elsewhere.
func (p Program) enable() error {
	return errors.Join(p.change(approvedKey, p.forget), p.change(runKey, func(key registry.Key) error {
		return key.SetStringValue(p.ID, commandLine(p))
	}))
}

func (p Program) disable() error {
	return errors.Join(p.change(runKey, p.forget), p.change(approvedKey, p.forget))
}

// forget removes the value of the program, if there is one.
func (p Program) forget(key registry.Key) error {
	if err := key.DeleteValue(p.ID); !errors.Is(err, registry.ErrNotExist) {
		return err
	}
	return nil
}

func (p Program) change(path string, change func(registry.Key) error) error {
	key, _, err := registry.CreateKey(registry.CURRENT_USER, path, registry.SET_VALUE)
	if err != nil {
		return fmt.Errorf("begin at login: %w", err)
	}
	if err := errors.Join(change(key), key.Close()); err != nil {
		return fmt.Errorf("begin at login: %w", err)
	}
	return nil
}
