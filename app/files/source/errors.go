package source

import (
	"errors"
	"fmt"
	"io/fs"

	"feihong/protocol"
)

// NothingError says that no path at all was given.
type NothingError struct{}

func (*NothingError) Error() string { return "nothing to send was given" }

// UserText gives the translation.
func (*NothingError) UserText() (string, map[string]any) { return "files.walk.nothing", nil }

// PathError says that a file or folder cannot be sent, and why.
type PathError struct {
	Path string
	Err  error
}

var (
	errKind     = errors.New("neither a file nor a folder")
	errRelative = errors.New("not an absolute path")
	errPrivate  = errors.New("it belongs to a profile of this program, with its private key")
)

func (e *PathError) Error() string { return fmt.Sprintf("cannot send %s: %v", e.Path, e.Err) }

func (e *PathError) Unwrap() error { return e.Err }

// UserText gives the translation.
func (e *PathError) UserText() (string, map[string]any) {
	switch {
	case gone(e.Err):
		return "files.walk.missing", map[string]any{"path": e.Path}
	case errors.Is(e.Err, fs.ErrPermission):
		return "files.walk.forbidden", map[string]any{"path": e.Path}
	case errors.Is(e.Err, errKind):
		return "files.walk.not-a-file", map[string]any{"path": e.Path}
	case errors.Is(e.Err, errPrivate):
		return "files.walk.private", map[string]any{"path": e.Path}
	case errors.Is(e.Err, errRelative):
		return "files.walk.relative", map[string]any{"path": e.Path}
	}
	return "files.walk.unreadable", map[string]any{"path": e.Path, "reason": e.Err}
}

// Limit says which limit of one offer is exceeded.
type Limit uint8

// The limits of an offer.
const (
	LimitEntries Limit = iota + 1 // files and folders together
	LimitDepth                    // folders in each other
	LimitBytes                    // all files together
	LimitNames                    // the length of all paths together
)

// LimitError says that something is too much for one offer.
type LimitError struct {
	Limit Limit
	Path  string // what was too much
	Most  int64
}

func (e *LimitError) Error() string {
	switch e.Limit {
	case LimitEntries:
		return fmt.Sprintf("more than %d files and folders cannot be sent at once; pack them into an archive, or send them in parts", e.Most)
	case LimitDepth:
		return fmt.Sprintf("cannot send %s: more than %d folders lie in each other; pack them into an archive", e.Path, e.Most)
	case LimitBytes:
		return fmt.Sprintf("more than %d bytes cannot be sent at once", e.Most)
	}
	return "the names of the files are too long together; pack them into an archive, or send them in parts"
}

// UserText gives the translation.
func (e *LimitError) UserText() (string, map[string]any) {
	switch e.Limit {
	case LimitEntries:
		return "files.walk.too-many", map[string]any{"most": e.Most}
	case LimitDepth:
		return "files.walk.too-deep", map[string]any{"path": e.Path, "most": e.Most}
	case LimitBytes:
		return "files.walk.too-large", map[string]any{"most": e.Most}
	}
	return "files.walk.names-too-long", nil
}

// tooMuch explains what the protocol says about a manifest of ours. All limits
// but that of its length are looked at before.
func tooMuch(err error) error {
	var limit *protocol.LimitError
	if errors.As(err, &limit) {
		return &LimitError{Limit: LimitNames, Most: limit.Limit}
	}
	return err
}
