//go:build unix && !linux

package source_test

import (
	"os"
	"testing"
)

// unprivileged calls f, in this goroutine, without the right of the superuser
// to read everything.
func unprivileged(t *testing.T, f func()) {
	t.Helper()
	if os.Geteuid() == 0 {
		t.Skip("the superuser may read everything")
	}
	f()
}
