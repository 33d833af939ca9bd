package profile

import (
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"time"
	"unicode/utf8"

	"feihong/protocol"
)

// What the user may choose as Settings.Status.
const (
	StatusOnline    = "online"
	StatusAway      = "away"
	StatusBusy      = "busy"
	StatusInvisible = "invisible" // for others they are offline
)

// What the user may choose as Settings.Discovery.
const (
	DiscoveryOn       = "on"
	DiscoveryLoopback = "loopback" // only among the profiles on this machine
	DiscoveryOff      = "off"
)

// The bounds of settings. Those of texts are in package protocol.
const (
	MaxIdleMinutes = 24 * 60
	MaxRanges      = 256 // how many; what they hold together is bounded by the search

	// The rate of files, in bytes a second, unless there is no limit. A lower
	// one would leave connections silent for so long that they seem broken.
	MinFilesRate = 10_000
	MaxFilesRate = 1 << 40
)

// idleMinutes is when the user is away unless they chose otherwise.
const idleMinutes = 10

// Settings are what the user chose. Fields that this version does not know
// are kept as they are.
type Settings struct {
	// Name is how colleagues see the user. It is safe to show and never empty.
	Name     string `json:"name"`
	Port     int    `json:"port,omitempty"`     // 0: the system chooses at each start
	Language string `json:"language,omitempty"` // "zh", "en", or "" for the system's
	// Department and StatusText are safe to show, and within the bounds of
	// package protocol.
	Department string `json:"department,omitempty"`
	Status     string `json:"status,omitempty"` // one of the constants above; "" stands for StatusOnline
	StatusText string `json:"status_text,omitempty"`
	// IdleMinutes says after how many minutes without a touch of keyboard or
	// mouse the user is away: nil for 10, 0 for never.
	IdleMinutes *int `json:"idle_minutes,omitempty"`
	// Ranges are addresses beyond the own network where to look for
	// colleagues, as the user typed them: only their number is checked here.
	Ranges    []string `json:"ranges,omitempty"`
	Discovery string   `json:"discovery,omitempty"` // one of the constants above; "" stands for DiscoveryOn
	// FilesFolder is where received files go: an absolute path, or "" for
	// Location.DefaultFilesFolder. It need not be there yet.
	FilesFolder string `json:"files_folder,omitempty"`
	// FilesRate bounds how fast files travel, in bytes a second in each
	// direction: 0 for no limit.
	FilesRate int64 `json:"files_rate,omitempty"`

	Preferences

	unknown unknownFields
}

// IdleAfter is the time of IdleMinutes; 0 for never.
func (s Settings) IdleAfter() time.Duration {
	if s.IdleMinutes == nil {
		return idleMinutes * time.Minute
	}
	return time.Duration(*s.IdleMinutes) * time.Minute
}

// clone copies what two settings would share.
func (s Settings) clone() Settings {
	s.Ranges = slices.Clone(s.Ranges)
	s.Preferences = s.Preferences.clone()
	if s.IdleMinutes != nil {
		minutes := *s.IdleMinutes
		s.IdleMinutes = &minutes
	}
	return s
}

// check brings settings into the one form in which they are kept, or says
// what cannot be kept. A name that is empty stays so.
func (s *Settings) check() error {
	s.Name = protocol.SafeName(s.Name)
	s.Department = protocol.SafeName(s.Department)
	s.StatusText = protocol.SafeName(s.StatusText)
	s.Ranges = withoutBlank(s.Ranges)
	if s.Status == StatusOnline {
		s.Status = ""
	}
	if s.Discovery == DiscoveryOn {
		s.Discovery = ""
	}
	if s.FilesFolder != "" {
		s.FilesFolder = filepath.Clean(s.FilesFolder)
	}
	departmentRunes, statusRunes := utf8.RuneCountInString(s.Department), utf8.RuneCountInString(s.StatusText)
	switch {
	case s.Port < 0 || s.Port > 65535:
		return &ValueError{Setting: "port", Value: s.Port}
	case departmentRunes > protocol.MaxDepartmentRunes:
		return &ValueError{Setting: "department", Value: departmentRunes}
	case statusRunes > protocol.MaxStatusTextRunes:
		return &ValueError{Setting: "status_text", Value: statusRunes}
	case !slices.Contains([]string{"", StatusAway, StatusBusy, StatusInvisible}, s.Status):
		return &ValueError{Setting: "status", Value: s.Status}
	case !slices.Contains([]string{"", DiscoveryLoopback, DiscoveryOff}, s.Discovery):
		return &ValueError{Setting: "discovery", Value: s.Discovery}
	case s.IdleMinutes != nil && (*s.IdleMinutes < 0 || *s.IdleMinutes > MaxIdleMinutes):
		return &ValueError{Setting: "idle_minutes", Value: *s.IdleMinutes}
	case len(s.Ranges) > MaxRanges:
		return &ValueError{Setting: "ranges", Value: len(s.Ranges)}
	case s.FilesFolder != "" && !possibleFolder(s.FilesFolder):
		return &ValueError{Setting: "files_folder", Value: s.FilesFolder}
	case s.FilesRate != 0 && (s.FilesRate < MinFilesRate || s.FilesRate > MaxFilesRate):
		return &ValueError{Setting: "files_rate", Value: s.FilesRate}
	}
	return s.Preferences.check()
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
