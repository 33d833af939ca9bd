package folder

import (
	"errors"

	"golang.org/x/sys/unix"
)

// renameNew renames and fails with EEXIST rather than replace something.
func renameNew(from int, name string, to int, newName string) error {
	return unix.RenameatxNp(from, name, to, newName, unix.RENAME_EXCL)
}

// syncFileSystem is not there on this system.
func syncFileSystem(int) error { return errors.ErrUnsupported }

// startWriting does nothing: this system begins by itself.
func startWriting(uintptr, int64, int64) {}
