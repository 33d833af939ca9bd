//go:build !windows

package autostart_test

import (
	"os"
	"path/filepath"
	"testing"
)

func TestEnabledAndDisabled(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CONFIG_HOME", filepath.Join(home, "config"))
	p := program("/usr/bin/feihong")
	if p.Enabled() {
		t.Error("it is enabled from the start")
	}
	for range 2 {
		if err := p.Set(true); err != nil || !p.Enabled() {
			t.Errorf("enabled: %v", err)
		}
	}
	for range 2 {
		if err := p.Set(false); err != nil || p.Enabled() {
			t.Errorf("disabled: %v", err)
		}
	}
	// One that was switched off by a tool of the desktop does not count, until it
	// is enabled here once more.
	off := map[string]string{
		filepath.Join(home, "config", "autostart", p.ID+".desktop"):   "[Desktop Entry]\nHidden=true\n",
		filepath.Join(home, "Library", "LaunchAgents", p.ID+".plist"): "<dict><key>Disabled</key><true/></dict>",
	}
	for range 2 {
		if err := p.Set(true); err != nil || !p.Enabled() {
			t.Errorf("enabled: %v", err)
		}
		for path, content := range off {
			if _, err := os.Stat(path); err != nil {
				continue // of another system
			}
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if p.Enabled() {
			t.Error("it counts as enabled while it is switched off")
		}
	}
	if err := p.Set(false); err != nil || p.Enabled() {
		t.Errorf("disabled: %v", err)
	}
	// Nor is there an entry for a program that is nowhere.
	for _, command := range [][]string{nil, {""}, {"", "--profile", "work"}, {"feihong"}} {
		if err := program(command...).Set(true); err == nil || p.Enabled() {
			t.Errorf("%q begins with the session: %v", command, err)
		}
	}
	// Where nothing can be written, it is said and nothing is left.
	if err := os.RemoveAll(filepath.Join(home, "config")); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"config", "Library"} {
		if err := os.WriteFile(filepath.Join(home, file), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Set(true); err == nil || p.Enabled() {
		t.Error("it is enabled in a place that is none")
	}
}
