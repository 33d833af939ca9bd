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
