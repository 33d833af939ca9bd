//go:build unix

package folder

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// moveNew renames and fails with fs.ErrExist rather than replace something.
func moveNew(from, to string) error {
	return (&descriptor{fd: unix.AT_FDCWD}).move(from, &descriptor{fd: unix.AT_FDCWD}, to)
}

// flushFolder puts on the disk which names there are in a folder.
func flushFolder(root *os.Root) error {
	dir, err := root.Open(".")
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// makeSparse does nothing: files are sparse by themselves.
func makeSparse(*os.File) {}

// refusedByName tells whether an error says that a file system does not take a
// name, or a file of this size.
func refusedByName(err error) bool {
	return errors.Is(err, unix.ENAMETOOLONG) || errors.Is(err, unix.EILSEQ) || errors.Is(err, unix.EINVAL) || errors.Is(err, unix.EFBIG)
}

// noSpace tells whether an error says that the disk is full.
func noSpace(err error) bool {
	return errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT)
}
