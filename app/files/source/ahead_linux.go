package source

import "golang.org/x/sys/unix"

// ahead lets the system read on in the file while what was read is hashed and
// sealed. To ask for each part by itself would be too slow: it takes long even
// for what is in memory.
func (f file) ahead() {
	_ = unix.Fadvise(f.descriptor, 0, 0, unix.FADV_SEQUENTIAL) // only advice
}
