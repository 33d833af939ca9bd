package folder

import "golang.org/x/sys/unix"

// renameNew renames and fails with EEXIST rather than replace something.
func renameNew(from int, name string, to int, newName string) error {
	_, err := retry(func() (int, error) {
		return 0, unix.Renameat2(from, name, to, newName, unix.RENAME_NOREPLACE)
	})
	return err
}

// syncFileSystem puts everything of a file system on the disk.
func syncFileSystem(fd int) error {
	_, err := retry(func() (int, error) { return 0, unix.Syncfs(fd) })
	return err
}

// startWriting has the system begin to write a part of a file, so that little
// is left to wait for at the end. It is a hint.
func startWriting(fd uintptr, offset, length int64) {
	_ = unix.SyncFileRange(int(fd), offset, length, unix.SYNC_FILE_RANGE_WRITE)
}
