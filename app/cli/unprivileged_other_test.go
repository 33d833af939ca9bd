//go:build !linux

package cli_test

import (
	"os"
	"runtime"
	"testing"
)

// unprivileged calls f as somebody who may not read what belongs to others.
func unprivileged(t *testing.T, f func()) {
	t.Helper()
	if os.Geteuid() == 0 || runtime.GOOS == "windows" {
		t.Skip("this system does not let one be another user for a moment, or has no modes")
	}
	f()
}
