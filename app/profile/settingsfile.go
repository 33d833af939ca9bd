package profile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"strings"

	"feihong/transport/atomicfile"
)

// maxSettingsBytes is far more than settings ever need.
const maxSettingsBytes = 1 << 20

// unknownFields are the fields of the file that this version does not know.
type unknownFields map[string]json.RawMessage

func readSettings(path string) (Settings, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Settings{Name: ownName()}, nil
	}
	if err == nil && len(raw) > maxSettingsBytes {
		err = fmt.Errorf("larger than %d bytes", maxSettingsBytes)
	}
	if err != nil {
		return Settings{}, &SettingsError{Path: path, Err: err}
	}
	s, err := parseSettings(raw)
	if err != nil {
		return Settings{}, &SettingsError{Path: path, Err: err}
	}
	if s.Name == "" {
		s.Name = ownName()
	}
	return s, nil
}

func parseSettings(raw []byte) (Settings, error) {
	var s Settings
	if err := json.Unmarshal(raw, &s); err != nil {
		return s, formatError(raw, err)
	}
	if err := json.Unmarshal(raw, &s.unknown); err != nil {
		return s, formatError(raw, err)
	}
	if s.unknown == nil {
		return s, &FormatError{}
	}
	for key := range s.unknown {
		if isKnown(key) {
			delete(s.unknown, key)
		}
	}
	return s, s.check()
}

// formatError says in the user's words what is wrong with the file.
func formatError(raw []byte, err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	line := func(offset int64) int {
		return 1 + bytes.Count(raw[:min(max(offset-1, 0), int64(len(raw)))], []byte("\n"))
	}
	switch {
	case errors.As(err, &syntax):
		return &FormatError{Line: line(syntax.Offset), Err: err}
	case errors.As(err, &kind) && kind.Field != "":
		return &FormatError{Line: line(kind.Offset), Field: kind.Field, Err: err}
	case errors.As(err, &kind):
		return &FormatError{Err: err}
	}
	return err
}

// knownKeys are the names of the fields in the file.
var knownKeys = []string{
	"name", "port", "language", "department", "status", "status_text", "idle_minutes", "ranges", "discovery",
	"files_folder", "files_rate",
	"welcomed", "theme", "accent", "text_percent", "send_with_ctrl", "recent_emoji", "folded",
	"notify_off", "notify_text_off", "sounds_off", "flash_off", "quiet_from", "quiet_to", "close_to_tray_off", "tray_told",
	"receipts_off", "typing_off", "keep_days", "images_up_to", "interfaces_off",
}

// isKnown tells whether a key is one of ours, whatever its case: as such it
// has been read.
func isKnown(key string) bool {
	for _, known := range knownKeys {
		if strings.EqualFold(key, known) {
			return true
		}
	}
	return false
}

// Current gives the settings as they are now. They belong to the caller. It is
// safe for concurrent use and never waits for the disk.
func (p *Profile) Current() Settings { return p.settings.Load().clone() }

// Update changes the settings and saves them; after a crash either the old or
// the new ones are there, whole. What cannot be kept is refused with a
// *ValueError, and then, as when saving fails, nothing has changed. It is safe
// for concurrent use; change must not call it.
func (p *Profile) Update(change func(*Settings)) error {
	p.updating.Lock()
	defer p.updating.Unlock()
	next := p.Current()
	change(&next)
	if err := next.check(); err != nil {
		return err
	}
	if next.Name == "" {
		return &ValueError{Setting: "name", Value: ""}
	}
	if err := p.save(next); err != nil {
		return err
	}
	next = next.clone() // change may have kept something
	p.settings.Store(&next)
	return nil
}

func (p *Profile) save(s Settings) error {
	known, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("write settings: %w", err)
	}
	all := maps.Clone(s.unknown)
	if err := json.Unmarshal(known, &all); err != nil {
		return fmt.Errorf("write settings: %w", err)
	}
	raw, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return fmt.Errorf("write settings: %w", err)
	}
	if err := atomicfile.Write(p.settingsPath(), append(bytes.TrimSpace(raw), '\n')); err != nil {
		return folderError(p.Dir, err)
	}
	return nil
}
