package folder

import (
	"errors"
	"fmt"
	"io/fs"

	"feihong/transport/bulk"
)

// TargetError is returned when nothing can be stored in the target folder for
// another reason than that the disk is full.
type TargetError struct {
	Dir     string
	Missing bool // the folder is not there any more
	Err     error
}

func (e *TargetError) Error() string {
	if e.Missing {
		return fmt.Sprintf("the folder %s is not there any more", e.Dir)
	}
	return fmt.Sprintf("cannot write in the folder %s: %v", e.Dir, e.Err)
}

func (e *TargetError) Unwrap() error { return e.Err }

// UserText gives the translation.
func (e *TargetError) UserText() (string, map[string]any) {
	if e.Missing {
		return "files.reason.target-missing", nil
	}
	return "files.reason.target-unwritable", nil
}

// ErrInterrupted is returned by Begin after Interrupt.
var ErrInterrupted = errors.New("interrupted")

// errClash is returned where a file system takes two names for the same that
// are different for everybody else.
var errClash = errors.New("the file system takes two of the names for the same")

// refused says of an error of the file system what it means for the receiving.
func (f *Folder) refused(err error) error {
	var target *TargetError
	switch {
	case err == nil || errors.As(err, &target) || errors.Is(err, bulk.ErrNoSpace):
		return err
	case noSpace(err):
		return fmt.Errorf("%w: %w", bulk.ErrNoSpace, err)
	}
	return &TargetError{Dir: f.cfg.Target, Missing: errors.Is(err, fs.ErrNotExist), Err: err}
}
