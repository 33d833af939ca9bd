package profile

import (
	"fmt"
	"io/fs"

	"feihong/protocol"
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

// FormatError is returned for a settings.json that is no JSON (Line alone), has
// something of another kind than it should be in a field (Line and Field), or
// is anything but an object (neither).
type FormatError struct {
	Line  int    // counted from 1
	Field string // as in the file
	Err   error  // of the JSON; may be nil
}

func (e *FormatError) Error() string {
	switch {
	case e.Field != "":
		return fmt.Sprintf("line %d: %q cannot have a value of this kind", e.Line, e.Field)
	case e.Line != 0:
		return fmt.Sprintf("line %d is no JSON", e.Line)
	}
	return "it holds no settings"
}

func (e *FormatError) Unwrap() error { return e.Err }

// UserText gives the translation.
func (e *FormatError) UserText() (string, map[string]any) {
	switch {
	case e.Field != "":
		return "profile.bad-kind", map[string]any{"line": e.Line, "field": e.Field}
	case e.Line != 0:
		return "profile.no-json", map[string]any{"line": e.Line}
	}
	return "profile.no-settings", nil
}

// ValueError is returned for a setting that cannot have a value.
type ValueError struct {
	Setting string // as in the file, such as "idle_minutes"
	Value   any    // the value; the length, in characters or elements, if it is that
}

func (e *ValueError) Error() string {
	switch e.Setting {
	case "name":
		return "a name has at least one visible character"
	case "department":
		return fmt.Sprintf("the department has %v characters; %d are possible", e.Value, protocol.MaxDepartmentRunes)
	case "status_text":
		return fmt.Sprintf("the status text has %v characters; %d are possible", e.Value, protocol.MaxStatusTextRunes)
	case "status":
		return fmt.Sprintf("the status is %q; it can be online, away, busy or invisible", e.Value)
	case "discovery":
		return fmt.Sprintf("discovery is %q; it can be on, loopback or off", e.Value)
	case "idle_minutes":
		return fmt.Sprintf("away after %v minutes is not possible; give 0 (never) to %d", e.Value, MaxIdleMinutes)
	case "ranges":
		return fmt.Sprintf("there are %v ranges of addresses; %d are possible", e.Value, MaxRanges)
	case "files_folder":
		return fmt.Sprintf("%q cannot be the folder for received files; give a whole path", e.Value)
	case "files_rate":
		return fmt.Sprintf("%v bytes a second are not possible for files; give 0 (no limit), or %d to %d", e.Value, int64(MinFilesRate), int64(MaxFilesRate))
	case "theme":
		return fmt.Sprintf("the theme is %q; it can be light, dark or empty for the system's", e.Value)
	case "accent":
		return fmt.Sprintf("the accent is %q; the name of a colour is expected", e.Value)
	case "text_percent":
		return fmt.Sprintf("text of %v percent is not possible; give %d to %d", e.Value, MinTextPercent, MaxTextPercent)
	case "quiet_hours":
		return fmt.Sprintf("%v is not a minute of the day; give 0 to %d", e.Value, minutesOfDay-1)
	case "keep_days":
		return fmt.Sprintf("messages cannot be kept for %v days; give 0 (for ever) to %d", e.Value, MaxKeepDays)
	case "images_up_to":
		return fmt.Sprintf("pictures of up to %v bytes cannot be accepted alone; give 0 (none) to %d", e.Value, MaxImageBytes)
	case "recent_emoji", "folded", "interfaces_off":
		return fmt.Sprintf("%s has %v entries; %d of %d bytes each are possible", e.Setting, e.Value, MaxListed, MaxListedBytes)
	}
	return fmt.Sprintf("%s %v is not a number from 0 to 65535", e.Setting, e.Value)
}

// UserText gives the translation.
func (e *ValueError) UserText() (string, map[string]any) {
	args := map[string]any{"value": e.Value}
	switch e.Setting {
	case "name":
		return "profile.no-name", nil
	case "department":
		args["max"] = protocol.MaxDepartmentRunes
		return "profile.department-too-long", args
	case "status_text":
		args["max"] = protocol.MaxStatusTextRunes
		return "profile.status-text-too-long", args
	case "status":
		return "profile.bad-status", args
	case "discovery":
		return "profile.bad-discovery", args
	case "idle_minutes":
		args["max"] = MaxIdleMinutes
		return "profile.bad-idle-minutes", args
	case "ranges":
		args["max"] = MaxRanges
		return "profile.too-many-ranges", args
	case "files_folder":
		return "profile.bad-files-folder", args
	case "files_rate":
		args["min"], args["max"] = int64(MinFilesRate), int64(MaxFilesRate)
		return "profile.bad-files-rate", args
	case "theme":
		return "profile.bad-theme", args
	case "accent":
		return "profile.bad-accent", args
	case "text_percent":
		args["min"], args["max"] = MinTextPercent, MaxTextPercent
		return "profile.bad-text-percent", args
	case "quiet_hours":
		args["max"] = minutesOfDay - 1
		return "profile.bad-quiet-hours", args
	case "keep_days":
		args["max"] = MaxKeepDays
		return "profile.bad-keep-days", args
	case "images_up_to":
		args["max"] = MaxImageBytes
		return "profile.bad-images-up-to", args
	case "recent_emoji", "folded", "interfaces_off":
		args["setting"], args["max"], args["bytes"] = e.Setting, MaxListed, MaxListedBytes
		return "profile.bad-list", args
	}
	return "profile.bad-port", args
}
