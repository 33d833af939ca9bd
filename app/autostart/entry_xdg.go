//go:build !windows && !darwin

package autostart

import (
	"fmt"
	"os"
	"path/filepath"
)

// switchedOff reads what the tools of desktops write.
func switchedOff(content string) bool { return desktopEntryOff(content) }

// entry is where the desktop looks, and what it is to find there.
func (p Program) entry() (path, content string, err error) {
	config := os.Getenv("XDG_CONFIG_HOME")
	if !filepath.IsAbs(config) {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", "", fmt.Errorf("find the home folder: %w", err)
		}
		config = filepath.Join(home, ".config")
	}
	return filepath.Join(config, "autostart", p.ID+".desktop"), desktopEntry(p), nil
}
