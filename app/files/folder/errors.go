package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"

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

// errUnfit is returned where a folder cannot be made, nor anything in it.
var errUnfit = errors.New("the file system does not take the folder")

// errGone is returned when something that was received has vanished from the
// staging folder. It is fetched again.
var errGone = errors.New("something else has taken away what was received")

// stampError says that everything is as it is to be but the time.
type stampError struct{ err error }

func (e *stampError) Error() string { return e.err.Error() }
func (e *stampError) Unwrap() error { return e.err }

// stamped wraps an error of setting a time.
func stamped(err error) error {
	if err == nil {
		return nil
	}
	return &stampError{err}
}

// untimed passes over that a time could not be set, which is not worth a
// failure: not everybody may, and not every file system can. It logs the first.
func (f *Folder) untimed(err error) error {
	var stamp *stampError
	if !errors.As(err, &stamp) || noSpace(err) || errors.Is(err, syscall.EIO) || errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f.untimedOnce.Do(func() { f.cfg.Logger.Warn("times of files are not kept", "err", err) })
	return nil
}

// isUnfit tells of an error whether it is about one entry, so that everything
// else can go on: its name, or its size, is not one that the file system takes.
func isUnfit(err error) bool {
	return errors.Is(err, errClash) || errors.Is(err, errUnfit) || refusedByName(err)
}

// refused says of an error of the file system what it means for the receiving.
func (f *Folder) refused(err error) error {
	var target *TargetError
	var fault *bulk.Fault
	switch {
	case err == nil || errors.As(err, &fault) || errors.As(err, &target) || errors.Is(err, bulk.ErrNoSpace):
		return err
	case noSpace(err):
		return fmt.Errorf("%w: %w", bulk.ErrNoSpace, err)
	}
	return &TargetError{Dir: f.cfg.Target, Missing: errors.Is(err, fs.ErrNotExist), Err: err}
}
