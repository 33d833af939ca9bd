package folder

import "math"

// Free gives how many bytes the user may still write to the file system of a
// folder; ok is false where nobody can say.
func Free(dir string) (bytes int64, ok bool) {
	free, _, ok := capacity(dir)
	return free, ok
}

// bounded multiplies without an overflow.
func bounded(count, size uint64) int64 {
	if size != 0 && count > math.MaxInt64/size {
		return math.MaxInt64
	}
	return int64(count * size)
}
