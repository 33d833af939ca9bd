//go:build unix && !linux && !darwin

package folder

import "errors"

// renameNew is not there on this system.
func renameNew(int, string, int, string) error { return errors.ErrUnsupported }

// syncFileSystem is not there on this system.
func syncFileSystem(int) error { return errors.ErrUnsupported }

// startWriting does nothing: this system begins by itself.
func startWriting(uintptr, int64, int64) {}
