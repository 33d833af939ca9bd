//go:build unix

package folder_test

import "golang.org/x/sys/unix"

var errNoSpace error = unix.ENOSPC
