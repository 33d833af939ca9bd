//go:build !windows

package autostart

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// maxEntry is more than any entry has.
const maxEntry = 64 << 10

// enabled looks for the entry. One that a tool of the desktop has switched off
// counts as none.
func (p Program) enabled() bool {
	path, _, err := p.entry()
	if err != nil {
		return false
	}
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() || info.Size() > maxEntry {
		return false
	}
	content, err := os.ReadFile(path)
	return err == nil && !switchedOff(string(content))
}

// enable writes the entry in one go.
func (p Program) enable() error {
	path, content, err := p.entry()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("begin at login: %w", err)
	}
	next := path + ".new"
	if err := os.WriteFile(next, []byte(content), 0o600); err != nil {
		return fmt.Errorf("begin at login: %w", err)
	}
	if err := os.Rename(next, path); err != nil {
		return errors.Join(fmt.Errorf("begin at login: %w", err), os.Remove(next))
	}
	return nil
}

func (p Program) disable() error {
	path, _, err := p.entry()
	if err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("do not begin at login: %w", err)
	}
	return nil
}
