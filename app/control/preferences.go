package control

import (
	"fmt"
	"strings"
	"time"

	"feihong/app/profile"
)

// Preferences are the part of Settings that says what others get to know, what
// is kept, and what calls the user.
type Preferences struct {
	Receipts   bool  `json:"receipts"`     // others are told what was read
	Typing     bool  `json:"typing"`       // and that the user is typing
	KeepDays   int   `json:"keep_days"`    // older messages are deleted; 0: none are
	ImagesUpTo int64 `json:"images_up_to"` // bytes of pictures that are accepted without asking; 0: none are

	Notify     bool   `json:"notify"`
	NotifyText bool   `json:"notify_text"` // notifications show what was written
	Sounds     bool   `json:"sounds"`
	QuietHours string `json:"quiet_hours"` // "22:00-07:00"; "": none
}

// PreferencesChange is the same part of SettingsChange.
type PreferencesChange struct {
	Receipts   *bool   `json:"receipts,omitempty"`
	Typing     *bool   `json:"typing,omitempty"`
	KeepDays   *int    `json:"keep_days,omitempty"`
	ImagesUpTo *int64  `json:"images_up_to,omitempty"`
	Notify     *bool   `json:"notify,omitempty"`
	NotifyText *bool   `json:"notify_text,omitempty"`
	Sounds     *bool   `json:"sounds,omitempty"`
	QuietHours *string `json:"quiet_hours,omitempty"`
}

func preferencesOf(p profile.Preferences) Preferences {
	shown := Preferences{
		Receipts: !p.ReceiptsOff, Typing: !p.TypingOff, KeepDays: p.KeepDays, ImagesUpTo: p.ImageBound(),
		Notify: !p.NotifyOff, NotifyText: !p.NotifyTextOff, Sounds: !p.SoundsOff,
	}
	if p.QuietFrom != p.QuietTo {
		shown.QuietHours = clock(p.QuietFrom) + "-" + clock(p.QuietTo)
	}
	return shown
}

// clock writes a minute of the day as people do.
func clock(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

func (c PreferencesChange) apply(p *profile.Preferences) error {
	for off, on := range map[*bool]*bool{
		&p.ReceiptsOff: c.Receipts, &p.TypingOff: c.Typing, &p.NotifyOff: c.Notify, &p.NotifyTextOff: c.NotifyText, &p.SoundsOff: c.Sounds,
	} {
		if on != nil {
			*off = !*on
		}
	}
	set(&p.KeepDays, c.KeepDays)
	if c.ImagesUpTo != nil {
		p.ImagesUpTo = c.ImagesUpTo
	}
	if c.QuietHours == nil {
		return nil
	}
	from, to, ok := quietHours(*c.QuietHours)
	if !ok {
		return &QuietHoursError{Text: *c.QuietHours}
	}
	p.QuietFrom, p.QuietTo = from, to
	return nil
}

// quietHours reads two times of the day; both are 0 if there are none.
func quietHours(text string) (from, to int, ok bool) {
	if text == "" {
		return 0, 0, true
	}
	first, second, ok := strings.Cut(text, "-")
	if !ok {
		return 0, 0, false
	}
	from, okFrom := minuteOfDay(first)
	to, okTo := minuteOfDay(second)
	return from, to, okFrom && okTo && from != to
}

func minuteOfDay(text string) (int, bool) {
	at, err := time.Parse("15:04", strings.TrimSpace(text))
	return at.Hour()*60 + at.Minute(), err == nil
}

// QuietHoursError is returned for quiet hours that are not two different times
// of the day.
type QuietHoursError struct{ Text string }

func (e *QuietHoursError) Error() string {
	return fmt.Sprintf("%q are no quiet hours; give two times such as 22:00-07:00", e.Text)
}

// UserText gives the translation.
func (e *QuietHoursError) UserText() (string, map[string]any) {
	return "control.bad-quiet-hours", map[string]any{"value": e.Text}
}
