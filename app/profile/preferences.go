package profile

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// What the user may choose as Preferences.Theme.
const (
	ThemeLight = "light"
	ThemeDark  = "dark"
)

// The bounds of preferences.
const (
	MinTextPercent = 80
	MaxTextPercent = 200
	MaxKeepDays    = 100 * 365
	MaxImageBytes  = 1 << 30
	// MaxListed is how many emoji, departments or interfaces are kept, and
	// MaxListedBytes how long each may be.
	MaxListed      = 256
	MaxListedBytes = 256
)

// imagesUpTo is the bound of pictures that are accepted alone unless the user
// chose otherwise.
const imagesUpTo = 10_000_000

// minutesOfDay is how many minutes a day has.
const minutesOfDay = 24 * 60

// Preferences are the settings that say how the program looks and behaves. The
// zero value is that of somebody who never chose, which is why some say what is
// off and not what is on.
type Preferences struct {
	Welcomed bool `json:"welcomed,omitempty"` // the question of the first start was answered

	Theme       string `json:"theme,omitempty"`        // one of the constants above, "" for the system's
	Accent      string `json:"accent,omitempty"`       // a name that the window knows, "" for the usual one
	TextPercent int    `json:"text_percent,omitempty"` // 0 stands for 100

	SendWithCtrl bool     `json:"send_with_ctrl,omitempty"`
	RecentEmoji  []string `json:"recent_emoji,omitempty"`
	Folded       []string `json:"folded,omitempty"` // departments

	NotifyOff      bool `json:"notify_off,omitempty"`
	NotifyTextOff  bool `json:"notify_text_off,omitempty"`
	SoundsOff      bool `json:"sounds_off,omitempty"`
	FlashOff       bool `json:"flash_off,omitempty"`
	QuietFrom      int  `json:"quiet_from,omitempty"` // minute of the day
	QuietTo        int  `json:"quiet_to,omitempty"`
	CloseToTrayOff bool `json:"close_to_tray_off,omitempty"`
	TrayTold       bool `json:"tray_told,omitempty"`

	ReceiptsOff bool   `json:"receipts_off,omitempty"`
	TypingOff   bool   `json:"typing_off,omitempty"`
	KeepDays    int    `json:"keep_days,omitempty"`    // 0: for ever
	ImagesUpTo  *int64 `json:"images_up_to,omitempty"` // bytes: nil for 10 MB, 0 for none

	Interfaces []string `json:"interfaces_off,omitempty"` // of the network that are not used for finding people
}

// TextScale is the percentage of the usual size of text.
func (p Preferences) TextScale() int {
	if p.TextPercent == 0 {
		return 100
	}
	return p.TextPercent
}

// ImageBound is the bound in bytes of ImagesUpTo; 0 for none.
func (p Preferences) ImageBound() int64 {
	if p.ImagesUpTo == nil {
		return imagesUpTo
	}
	return *p.ImagesUpTo
}

// clone copies what two preferences would share.
func (p Preferences) clone() Preferences {
	p.RecentEmoji, p.Folded, p.Interfaces = slices.Clone(p.RecentEmoji), slices.Clone(p.Folded), slices.Clone(p.Interfaces)
	if p.ImagesUpTo != nil {
		bytes := *p.ImagesUpTo
		p.ImagesUpTo = &bytes
	}
	return p
}

// check brings preferences into the one form in which they are kept, or says
// what cannot be kept.
func (p *Preferences) check() error {
	if p.TextPercent == 100 {
		p.TextPercent = 0
	}
	if p.QuietFrom == p.QuietTo {
		p.QuietFrom, p.QuietTo = 0, 0
	}
	if p.ImagesUpTo != nil && *p.ImagesUpTo == imagesUpTo {
		p.ImagesUpTo = nil
	}
	p.RecentEmoji, p.Folded, p.Interfaces = withoutBlank(p.RecentEmoji), withoutBlank(p.Folded), withoutBlank(p.Interfaces)
	minute := func(m int) bool { return m >= 0 && m < minutesOfDay }
	switch {
	case !slices.Contains([]string{"", ThemeLight, ThemeDark}, p.Theme):
		return &ValueError{Setting: "theme", Value: p.Theme}
	case !plainName(p.Accent):
		return &ValueError{Setting: "accent", Value: p.Accent}
	case p.TextPercent != 0 && (p.TextPercent < MinTextPercent || p.TextPercent > MaxTextPercent):
		return &ValueError{Setting: "text_percent", Value: p.TextPercent}
	case !minute(p.QuietFrom) || !minute(p.QuietTo):
		return &ValueError{Setting: "quiet_hours", Value: max(p.QuietFrom, p.QuietTo)}
	case p.KeepDays < 0 || p.KeepDays > MaxKeepDays:
		return &ValueError{Setting: "keep_days", Value: p.KeepDays}
	case p.ImagesUpTo != nil && (*p.ImagesUpTo < 0 || *p.ImagesUpTo > MaxImageBytes):
		return &ValueError{Setting: "images_up_to", Value: *p.ImagesUpTo}
	}
	for setting, list := range map[string][]string{"recent_emoji": p.RecentEmoji, "folded": p.Folded, "interfaces_off": p.Interfaces} {
		if len(list) > MaxListed || slices.ContainsFunc(list, func(s string) bool { return len(s) > MaxListedBytes || !utf8.ValidString(s) }) {
			return &ValueError{Setting: setting, Value: len(list)}
		}
	}
	return nil
}

// plainName tells whether a name has only small letters, and not many.
func plainName(name string) bool {
	return len(name) <= 32 && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz") == ""
}

// withoutBlank leaves out what is empty or there already; nil if nothing is
// left.
func withoutBlank(list []string) []string {
	var kept []string
	there := make(map[string]bool, len(list))
	for _, s := range list {
		s = strings.TrimSpace(s)
		if s != "" && !there[s] {
			there[s] = true
			kept = append(kept, s)
		}
	}
	return kept
}
