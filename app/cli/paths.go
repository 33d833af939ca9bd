package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
	"unicode/utf8"
)

// sources makes the paths of what is to be sent absolute, because the profile
// may run elsewhere, and looks whether there is something that can be read.
func (c *commands) sources(args []string, wait waitFlag) ([]string, error) {
	paths := make([]string, 0, len(args))
	for _, arg := range args {
		path, err := c.absolute(arg)
		if err == nil {
			err = c.readable(arg, path)
		}
		if err == nil {
			paths = append(paths, path)
			continue
		}
		// --wait 10s is a slip of the pen that would look for a file of this name.
		if _, noTime := time.ParseDuration(arg); wait.given && noTime == nil {
			return nil, c.misuse("cli.misuse.wait", map[string]any{"value": arg})
		}
		return nil, err
	}
	return paths, nil
}

func (c *commands) absolute(arg string) (string, error) {
	if arg == "" {
		return "", c.misuse("cli.files.no-path", nil)
	}
	if !utf8.ValidString(arg) { // JSON would replace it
		return "", c.misuse("cli.files.not-utf8", map[string]any{"path": arg})
	}
	return filepath.Abs(arg)
}

// readable says what is wrong with a file or folder that is to be sent.
func (c *commands) readable(arg, path string) error {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return c.misuse("cli.files.special", map[string]any{"path": arg})
	}
	if err == nil {
		var f *os.File
		if f, err = os.Open(path); err == nil {
			_ = f.Close() // nothing was done with it
		}
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return c.misuse("cli.files.missing", map[string]any{"path": arg})
	}
	return c.misuse("cli.files.unreadable", map[string]any{"path": arg, "error": reason(err)})
}

// folder makes the path of a folder to receive into absolute. It need not be
// there yet.
func (c *commands) folder(arg string) (string, error) {
	path, err := c.absolute(arg)
	if err != nil {
		return "", err
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir(), errors.Is(err, fs.ErrNotExist):
		return path, nil
	case err == nil:
		return "", c.misuse("cli.files.no-folder", map[string]any{"path": arg})
	}
	return "", c.misuse("cli.files.bad-folder", map[string]any{"path": arg, "error": reason(err)})
}

// reason is what the system says, without the path that is told anyway.
func reason(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
