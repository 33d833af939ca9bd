//go:build unix

package transport_test

import (
	"time"

	"golang.org/x/sys/unix"
)

// processorTime is how much time of processors this process has taken.
func processorTime() time.Duration {
	var usage unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
