package profile

import (
	"fmt"
	"io/fs"
)

// NameError is returned for a name that cannot be a folder everywhere.
type NameError struct{ Name string }

func (e *NameError) Error() string {
	return fmt.Sprintf("profile name %q: use letters, digits, -, _ and . (not at the beginning or end), at most %d bytes", e.Name, maxNameBytes)
}

// UserText gives the translation.
func (e *NameError) UserText() (string, map[string]any) {
	return "profile.bad-name", map[string]any{"name": e.Name, "max": maxNameBytes}
}

// LockedError is returned when another process has the profile open.
type LockedError struct{ Profile, Dir string }

func (e *LockedError) Error() string {
	return fmt.Sprintf("profile %q in %s is in use by another process; close that first, or start with another --profile", e.Profile, e.Dir)
}

// UserText gives the translation.
func (e *LockedError) UserText() (string, map[string]any) {
	return "profile.locked", map[string]any{"profile": e.Profile, "dir": e.Dir}
}

// FolderError is returned when the profile folder cannot be used.
type FolderError struct {
	Dir string
	Err error
}

func (e *FolderError) Error() string {
	return fmt.Sprintf("cannot use the profile folder %s: %v; check that you may write there and that the disk is not full, or choose another with --data", e.Dir, e.Err)
}

func (e *FolderError) Unwrap() error { return e.Err }

// UserText gives the translation.
func (e *FolderError) UserText() (string, map[string]any) {
	return "profile.folder", map[string]any{"dir": e.Dir, "error": e.Err}
}

// ExposedError is returned when the control socket belongs into a folder that
// is not the user's alone.
type ExposedError struct {
	Dir  string
	Mode fs.FileMode
}

func (e *ExposedError) Error() string {
	return fmt.Sprintf("the folder %s (%v) does not belong to you alone: somebody else could listen there in place of your running program; remove it, or make it yours and private (chmod 700)", e.Dir, e.Mode)
}

// UserText gives the translation.
func (e *ExposedError) UserText() (string, map[string]any) {
	return "profile.exposed", map[string]any{"dir": e.Dir, "mode": e.Mode}
}

// SettingsError is returned when settings.json cannot be read as settings.
type SettingsError struct {
	Path string
	Err  error
}

func (e *SettingsError) Error() string {
	return fmt.Sprintf("cannot read the settings in %s: %v; mend the file, or move it away to start with new settings", e.Path, e.Err)
}

func (e *SettingsError) Unwrap() error { return e.Err }

// UserText gives the translation.
func (e *SettingsError) UserText() (string, map[string]any) {
	return "profile.settings", map[string]any{"path": e.Path, "error": e.Err}
}
