//go:build unix

package folder

import "golang.org/x/sys/unix"

// capacity gives how many bytes the user may still write to the file system of
// a folder, and how many it has in all; ok is false where nobody can say.
func capacity(dir string) (free, total int64, ok bool) {
	var stat unix.Statfs_t
	if err := unix.Statfs(dir, &stat); err != nil || stat.Blocks == 0 {
		return 0, 0, false
	}
	size := uint64(stat.Bsize)
	return bounded(uint64(stat.Bavail), size), bounded(uint64(stat.Blocks), size), true
}
