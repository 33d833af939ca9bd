// Package autostart lets a program begin with the user's session, in the way of
// each desktop: an XDG autostart entry, a value of the Run key of Windows, or a
// launch agent of macOS. All of them are the user's own and need no rights.
//
// Whether it does is not kept anywhere else: who removes the entry with a tool
// of the desktop, or switches it off there, is believed.
package autostart

import (
	"fmt"
	"path/filepath"
)

// Program is what begins with the session.
type Program struct {
	// ID tells the entry from those of others: letters, digits, dots and
	// hyphens.
	ID   string
	Name string // as the desktop shows it
	// Command is the whole path of the program, and its arguments.
	Command []string
}

// Enabled tells whether the program begins with the session. It is false too
// where there is no telling.
func (p Program) Enabled() bool { return p.enabled() }

// Set makes the program begin with the session, or no longer do so. Enabling it
// once more takes over a changed command.
func (p Program) Set(enabled bool) error {
	if !enabled {
		return p.disable()
	}
	if len(p.Command) == 0 || !filepath.IsAbs(p.Command[0]) {
		return fmt.Errorf("begin at login: where the program is, is not known: %q", p.Command)
	}
	return p.enable()
}
