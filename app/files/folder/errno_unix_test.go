//go:build unix

package folder_test

import "golang.org/x/sys/unix"

var errNoSpace error = unix.ENOSPC

// errsOfOne are about one name or one file.
var errsOfOne = []error{unix.ENAMETOOLONG, unix.EILSEQ, unix.EINVAL, unix.EFBIG}
