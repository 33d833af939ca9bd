package autostart

import (
	"fmt"
	"os"
	"path/filepath"
)

// switchedOff reads what tools for launch agents write.
func switchedOff(content string) bool { return launchAgentOff(content) }

// entry is where the system looks, and what it is to find there.
func (p Program) entry() (path, content string, err error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return "", "", fmt.Errorf("find the home folder: %w", err)
	}
	return filepath.Join(home, "Library", "LaunchAgents", p.ID+".plist"), launchAgent(p), nil
}
