//go:build linux || darwin

package source

import "golang.org/x/sys/unix"

// hole tells that there are only zeros from offset on, length bytes long, that
// take no room on the disk. To ask is faster than to read them, and leaves the
// memory in which the system keeps files to files with something in them.
func (f file) hole(offset int64, length int) bool {
	data, err := unix.Seek(f.descriptor, offset, unix.SEEK_DATA)
	if err == unix.ENXIO { // nothing but a hole up to the end
		return true
	}
	return err == nil && data >= offset+int64(length)
}
