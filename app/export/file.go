package export

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// ExistsError says that there is a file already that is not to be replaced.
type ExistsError struct{ Path string }

func (e *ExistsError) Error() string { return e.Path + " exists already" }

// UserText gives the translation.
func (e *ExistsError) UserText() (string, map[string]any) {
	return "export.exists", map[string]any{"path": e.Path}
}

// FileError says why a file could not be written.
type FileError struct {
	Path string
	Err  error
}

func (e *FileError) Error() string { return fmt.Sprintf("write %s: %v", e.Path, e.Err) }
func (e *FileError) Unwrap() error { return e.Err }

// UserText gives the translation.
func (e *FileError) UserText() (string, map[string]any) {
	return "export.not-written", map[string]any{"path": e.Path, "error": cause(e.Err)}
}

// cause is what the system says, without the path.
func cause(err error) error {
	var onPath *fs.PathError
	if errors.As(err, &onPath) {
		return onPath.Err
	}
	var onName *os.LinkError
	if errors.As(err, &onName) {
		return onName.Err
	}
	return err
}

// File writes a file, which only the user can read, with what write gives. It
// is there in full or, when that fails, as it was before. Without replace a
// file that exists is left alone: *ExistsError.
func File(path string, replace bool, write func(io.Writer) error) error {
	if replace {
		if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
			return &FileError{Path: path, Err: errors.New("it is not a file")}
		}
		return writeFile(path, write)
	}
	// The name is taken first: whoever else wants it then finds it taken.
	taken, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return &ExistsError{Path: path}
	}
	if err != nil {
		return &FileError{Path: path, Err: err}
	}
	_ = taken.Close() // nothing was written
	if err := writeFile(path, write); err != nil {
		_ = os.Remove(path) // the error told is why there is none
		return err
	}
	return nil
}

func writeFile(path string, write func(io.Writer) error) error {
	temp, err := os.CreateTemp(filepath.Dir(path), ".export-*.tmp")
	if err != nil {
		return &FileError{Path: path, Err: err}
	}
	out := &fileWriter{File: temp}
	err = write(out)
	if err == nil {
		out.note(temp.Sync())
	}
	out.note(temp.Close())
	if err == nil && out.err == nil {
		out.note(os.Rename(temp.Name(), path))
	}
	if err == nil && out.err == nil {
		return nil
	}
	_ = os.Remove(temp.Name()) // the error told came before
	if out.err != nil {
		return &FileError{Path: path, Err: out.err}
	}
	return err
}

// fileWriter tells what is wrong with the file from what is wrong with what is
// written.
type fileWriter struct {
	*os.File
	err error
}

func (w *fileWriter) note(err error) {
	if w.err == nil {
		w.err = err
	}
}

func (w *fileWriter) Write(p []byte) (int, error) {
	n, err := w.File.Write(p)
	w.note(err)
	return n, err
}
