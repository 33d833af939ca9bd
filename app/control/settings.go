package control

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"feihong/app/profile"
)

// Settings is the answer of GET and PUT /v1/settings.
type Settings struct {
	Name        string   `json:"name"`
	Department  string   `json:"department"`
	Status      string   `json:"status"` // "online", "away", "busy" or "invisible"
	StatusText  string   `json:"status_text"`
	IdleMinutes int      `json:"idle_minutes"` // 0: never away without being told to
	Ranges      []string `json:"ranges"`       // addresses beyond the own network, as the user typed them

	FilesFolder string `json:"files_folder"` // where the user wants received files; "": as usual
	FilesRate   int64  `json:"files_rate"`   // bytes a second for all files together; 0: no limit

	Preferences

	// FilesInto is where received files go now.
	FilesInto string `json:"files_into,omitempty"`
	// Shown is what others see now: "online", "away" (also of somebody who has
	// left the machine), "busy" or "offline".
	Shown string `json:"shown,omitempty"`
	// Discovery is "on", "loopback" or "off". With "off" nobody is told of any
	// of this.
	Discovery string `json:"discovery,omitempty"`
}

// SettingsOf gives the settings of a profile as they are shown.
func SettingsOf(s profile.Settings) Settings {
	shown := Settings{
		Name: s.Name, Department: s.Department, Status: s.Status, StatusText: s.StatusText,
		IdleMinutes: int(s.IdleAfter().Minutes()), Ranges: s.Ranges, FilesFolder: s.FilesFolder, FilesRate: s.FilesRate,
		Preferences: preferencesOf(s.Preferences),
	}
	if shown.Status == "" {
		shown.Status = profile.StatusOnline
	}
	if shown.Ranges == nil {
		shown.Ranges = []string{}
	}
	return shown
}

// SettingsChange is the body of PUT /v1/settings: what is nil stays as it is.
type SettingsChange struct {
	Name        *string   `json:"name,omitempty"`
	Department  *string   `json:"department,omitempty"`
	Status      *string   `json:"status,omitempty"`
	StatusText  *string   `json:"status_text,omitempty"`
	IdleMinutes *int      `json:"idle_minutes,omitempty"`
	Ranges      *[]string `json:"ranges,omitempty"`
	FilesFolder *string   `json:"files_folder,omitempty"`
	FilesRate   *int64    `json:"files_rate,omitempty"`
	PreferencesChange
	// AddRanges and RemoveRanges change the list as it is then, whoever changes
	// it at the same time.
	AddRanges    *[]string `json:"add_ranges,omitempty"`
	RemoveRanges *[]string `json:"remove_ranges,omitempty"`
}

// NoRangeError is returned for a range to be removed that is not there.
type NoRangeError struct{ Range string }

func (e *NoRangeError) Error() string {
	return fmt.Sprintf("the range %s is not there; \"feihong ranges\" lists those that are", e.Range)
}

// UserText gives the translation.
func (e *NoRangeError) UserText() (string, map[string]any) {
	return "control.no-range", map[string]any{"value": e.Range}
}

// Apply makes the change in the settings of a profile, for
// profile.Profile.Update. Whether the values are possible is not looked at; the
// only errors are *NoRangeError and *QuietHoursError, and then s is changed in
// part.
func (c SettingsChange) Apply(s *profile.Settings) error {
	set(&s.Name, c.Name)
	set(&s.Department, c.Department)
	set(&s.Status, c.Status)
	set(&s.StatusText, c.StatusText)
	set(&s.Ranges, c.Ranges)
	set(&s.FilesFolder, c.FilesFolder)
	set(&s.FilesRate, c.FilesRate)
	if c.IdleMinutes != nil {
		s.IdleMinutes = c.IdleMinutes
	}
	if err := c.PreferencesChange.apply(&s.Preferences); err != nil {
		return err
	}
	if c.AddRanges != nil {
		s.Ranges = append(s.Ranges, *c.AddRanges...)
	}
	if c.RemoveRanges == nil {
		return nil
	}
	for _, gone := range *c.RemoveRanges {
		i := slices.Index(s.Ranges, strings.TrimSpace(gone))
		if i < 0 {
			return &NoRangeError{Range: gone}
		}
		s.Ranges = slices.Delete(s.Ranges, i, i+1)
	}
	return nil
}

func set[T any](to *T, value *T) {
	if value != nil {
		*to = *value
	}
}

// BadSettingError marks an error as one about the value of a setting.
type BadSettingError struct{ Err error }

func (e *BadSettingError) Error() string { return e.Err.Error() }
func (e *BadSettingError) Unwrap() error { return e.Err }

func (h handler) settings(w http.ResponseWriter, _ *http.Request) { answer(w, h.Settings()) }

func (h handler) changeSettings(w http.ResponseWriter, r *http.Request) {
	var change SettingsChange
	if err := readBody(w, r, &change); err != nil {
		refuse(w, err)
		return
	}
	if err := h.ChangeSettings(r.Context(), change); err != nil {
		refuse(w, err)
		return
	}
	answer(w, h.Settings())
}

func (h handler) search(w http.ResponseWriter, _ *http.Request) {
	if h.Search == nil {
		refuse(w, &Error{Code: CodeBadRequest, Key: "control.no-discovery", Message: "nobody is looked for: the profile is not running, or its discovery is off"})
		return
	}
	h.Search()
	w.WriteHeader(http.StatusNoContent)
}
