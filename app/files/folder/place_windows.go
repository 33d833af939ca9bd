package folder

import (
	"errors"
	"io/fs"
	"os"
	"strings"

	"golang.org/x/sys/windows"
)

func openPlace(path string) (place, error) { return openRooted(path) }

// moveNew renames and fails with fs.ErrExist rather than replace something. The
// move is on the disk when it returns.
func moveNew(from, to string) error {
	old, err := windows.UTF16PtrFromString(long(from))
	if err != nil {
		return err
	}
	fresh, err := windows.UTF16PtrFromString(long(to))
	if err != nil {
		return err
	}
	err = windows.MoveFileEx(old, fresh, windows.MOVEFILE_WRITE_THROUGH)
	if errors.Is(err, windows.ERROR_ALREADY_EXISTS) || errors.Is(err, windows.ERROR_FILE_EXISTS) {
		err = fs.ErrExist
	}
	if err != nil {
		return &os.LinkError{Op: "move", Old: from, New: to, Err: err}
	}
	return nil
}

// long spells a path so that it may have more than 260 characters.
func long(path string) string {
	if len(path) < 240 || strings.HasPrefix(path, `\\`) {
		return path
	}
	return `\\?\` + path
}

// flushFolder does nothing: this system has no such call and needs none.
func flushFolder(*os.Root) error { return nil }

// startWriting does nothing: this system begins by itself.
func startWriting(uintptr, int64, int64) {}

// makeSparse lets parts of a file that are never written take no room. It is a
// hint.
func makeSparse(file *os.File) {
	var returned uint32
	_ = windows.DeviceIoControl(windows.Handle(file.Fd()), windows.FSCTL_SET_SPARSE, nil, 0, nil, 0, &returned, nil)
}

// refusedByName tells whether an error says that a file system does not take a
// name, or a file of this size.
func refusedByName(err error) bool {
	return errors.Is(err, windows.ERROR_INVALID_NAME) || errors.Is(err, windows.ERROR_FILENAME_EXCED_RANGE) ||
		errors.Is(err, windows.ERROR_FILE_TOO_LARGE) || errors.Is(err, windows.ERROR_INVALID_PARAMETER)
}

// noSpace tells whether an error says that the disk is full.
func noSpace(err error) bool {
	return errors.Is(err, windows.ERROR_DISK_FULL) || errors.Is(err, windows.ERROR_HANDLE_DISK_FULL) ||
		errors.Is(err, windows.ERROR_DISK_QUOTA_EXCEEDED)
}
