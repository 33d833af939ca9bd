package profile

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// maxSocketPath is what every system takes as the path of a Unix socket: the
// smallest limit, of macOS, is 104 bytes with the closing zero.
const maxSocketPath = 103

// socketPath is the path of the control socket. It lies in the profile folder, or,
// when that path is too long for a socket, in a private folder for
// temporary files under a name made from the profile folder. Which folder that
// is depends on XDG_RUNTIME_DIR and TMPDIR, which all programs of a user share.
func (l Location) socketPath() string {
	path := filepath.Join(l.Dir, "control.sock")
	if len(path) <= maxSocketPath {
		return path
	}
	sum := sha256.Sum256([]byte(l.Dir))
	for _, dir := range privateDirs() {
		path = filepath.Join(dir, hex.EncodeToString(sum[:8])+".sock")
		if len(path) <= maxSocketPath {
			break
		}
	}
	return path
}

// FindSocket gives the path of the control socket, at which the process that
// holds the profile answers. The error is fs.ErrNotExist if there is none, and
// an *ExposedError if it lies where somebody else could have put it: what is
// told to whoever listens there could be read by them.
func (l Location) FindSocket() (string, error) {
	path := l.socketPath()
	dir := filepath.Dir(path)
	if _, err := os.Lstat(path); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return "", fs.ErrNotExist
		}
		return "", folderError(dir, err)
	}
	if err := checkPrivate(dir); err != nil {
		return "", err
	}
	return path, nil
}

// PrepareSocket makes sure that the folder of the control socket is there and
// nobody else's, and removes the socket of a process that is gone. Call it
// with the profile's lock held.
func (p *Profile) PrepareSocket() (string, error) {
	path := p.socketPath()
	dir := filepath.Dir(path)
	if dir != p.Dir {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return "", folderError(dir, err)
		}
		if err := checkPrivate(dir); err != nil {
			return "", err
		}
	}
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
		return "", folderError(dir, err)
	}
	return path, nil
}
