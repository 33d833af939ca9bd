package profile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"

	"feihong/protocol"
	"feihong/transport/atomicfile"
)

// Settings are what the user chose. Fields that this version does not know
// are kept as they are.
type Settings struct {
	Name     string `json:"name"`               // how colleagues see the user
	Port     int    `json:"port,omitempty"`     // 0: the system chooses at each start
	Language string `json:"language,omitempty"` // "zh", "en", or "" for the system's

	unknown map[string]json.RawMessage
}

// maxSettingsBytes is far more than settings ever need.
const maxSettingsBytes = 1 << 20

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
	s.Name = protocol.SafeName(s.Name)
	if s.Name == "" {
		s.Name = ownName()
	}
	return s, nil
}

func parseSettings(raw []byte) (Settings, error) {
	var s Settings
	if err := json.Unmarshal(raw, &s); err != nil {
		return s, err
	}
	if err := json.Unmarshal(raw, &s.unknown); err != nil {
		return s, err
	}
	if s.unknown == nil {
		return s, errors.New("it holds no settings")
	}
	if s.Port < 0 || s.Port > 65535 {
		return s, fmt.Errorf("port %d is not a number from 0 to 65535", s.Port)
	}
	return s, nil
}

// Save writes the settings so that after a crash either the old or the new
// ones are there, whole.
func (p *Profile) Save() error {
	all := make(map[string]json.RawMessage, len(p.Settings.unknown)+3)
	for key, value := range p.Settings.unknown {
		all[key] = value
	}
	known, err := json.Marshal(p.Settings)
	if err != nil {
		return fmt.Errorf("write settings: %w", err)
	}
	delete(all, "port")
	delete(all, "language")
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

// ownName is the name to begin with: the user's, as the system knows it.
func ownName() string {
	if u, err := user.Current(); err == nil {
		if name := protocol.SafeName(u.Name); name != "" {
			return name
		}
		if name := protocol.SafeName(u.Username); name != "" {
			return name
		}
	}
	if host, err := os.Hostname(); err == nil {
		if name := protocol.SafeName(host); name != "" {
			return name
		}
	}
	return "Feihong"
}
