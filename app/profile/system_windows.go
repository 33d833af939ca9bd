package profile

import (
	"errors"
	"os"
	"path/filepath"

	"golang.org/x/sys/windows"
)

// dataHome is the folder for the data of programs.
func dataHome() (string, error) {
	return windows.KnownFolderPath(windows.FOLDERID_LocalAppData, 0)
}

// downloads is the user's folder for downloads; "" if there is no telling.
func downloads() string {
	dir, err := windows.KnownFolderPath(windows.FOLDERID_Downloads, 0)
	if err != nil {
		return downloadsOf()
	}
	return dir
}

// privateDirs are folders of this user for what does not outlive a process.
func privateDirs() []string { return []string{filepath.Join(os.TempDir(), "feihong")} }

var errLocked = errors.New("locked")

// takeLock locks a file for this process. The system gives the lock back when
// the process ends, however it ends.
func takeLock(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	const flags = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	err = windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, &windows.Overlapped{})
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) || errors.Is(err, windows.ERROR_IO_PENDING) {
		err = errLocked
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// makePrivate does nothing: folders of a user are the user's own on Windows.
func makePrivate(string) error { return nil }

// checkPrivate accepts what the system made: folders for temporary files are
// the user's own on Windows.
func checkPrivate(string) error { return nil }
