package gui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"feihong/app/chat"
)

// StatusInvisible is chosen by somebody who wants to look offline to all
// others. Nobody is ever told that somebody else is invisible.
const StatusInvisible chat.Status = "invisible"

// Presence is what the user lets others see.
type Presence struct {
	Status     chat.Status // as the user chose it: online, away, busy or StatusInvisible
	Text       string      // the status line, at most MaxStatusRunes
	Department string      // at most MaxDepartmentRunes
	// Idle says that others see the user as away although the user chose
	// online, because nobody has used this machine for a while. SetPresence
	// ignores it.
	Idle bool
}

// What others are told is limited, so that it fits into one line.
const (
	MaxStatusRunes     = 50
	MaxDepartmentRunes = 40
)

// PresenceKeeper knows and changes what the user lets others see. Both methods
// are safe for concurrent use; Current is quick.
type PresenceKeeper interface {
	Current() Presence
	SetPresence(ctx context.Context, p Presence) error
}

// dot is how a status is drawn in the corner of an avatar. Each has a shape
// of its own, because not everybody tells the colours apart.
type dot uint8

const (
	dotNone    dot = iota // nothing is known
	dotOffline            // a hollow ring
	dotAway               // a crescent
	dotBusy               // a disc with a bar
	dotOnline             // a disc
)

func dotOf(status chat.Status) dot {
	switch status {
	case chat.StatusAway:
		return dotAway
	case chat.StatusBusy:
		return dotBusy
	case chat.StatusOffline, StatusInvisible:
		return dotOffline
	}
	return dotOnline
}

// dotOfPerson tells nothing about an address where nobody has answered, and
// nothing about people whom the user does not want to hear of.
func dotOfPerson(s *chat.Summary) dot {
	switch {
	case s.Blocked, s.Pending() && !s.Online:
		return dotNone
	case !s.Online:
		return dotOffline
	}
	return dotOf(s.Status)
}

func (d dot) color() fyne.ThemeColorName {
	switch d {
	case dotAway:
		return colorAway
	case dotBusy:
		return colorBusy
	case dotOffline:
		return colorOffline
	}
	return colorOnline
}

// statusWord names a status, and the colour for text that does.
func (w *wording) statusWord(status chat.Status) (string, fyne.ThemeColorName) {
	switch status {
	case chat.StatusAway:
		return w.Text("gui.status.away", nil), theme.ColorNameWarning
	case chat.StatusBusy:
		return w.Text("gui.status.busy", nil), theme.ColorNameError
	case chat.StatusOffline:
		return w.Text("gui.status.offline", nil), colorMuted
	case StatusInvisible:
		return w.Text("gui.status.invisible", nil), colorMuted
	}
	return w.Text("gui.status.online", nil), theme.ColorNameSuccess
}

// ownStatus tells in a line what others see of the user.
func (w *wording) ownStatus(p Presence) string {
	word, _ := w.statusWord(p.Status)
	if p.Idle {
		word = w.Text("gui.status.idle", nil)
	}
	return joined(word, p.Text)
}

// about says who somebody is and what they do at the moment, in a line: the
// department and the status line, or a word for the status.
func (w *wording) about(s *chat.Summary) string {
	if !s.Online {
		return joined(s.Department, w.lastSeen(s))
	}
	doing := s.StatusText
	if doing == "" && (s.Status == chat.StatusAway || s.Status == chat.StatusBusy) {
		doing, _ = w.statusWord(s.Status)
	}
	who := s.Department
	if who == "" && doing == "" {
		who = s.Host
	}
	return joined(who, doing)
}

// lastSeen tells when somebody offline was there; "" if they never were.
func (w *wording) lastSeen(s *chat.Summary) string {
	if s.LastSeen.IsZero() {
		return ""
	}
	return w.Text("gui.status.seen", map[string]any{"when": w.seen(s.LastSeen)})
}

// joined puts a dot between the parts that there are.
func joined(parts ...string) string {
	var there []string
	for _, part := range parts {
		if part = strings.TrimSpace(part); part != "" {
			there = append(there, isolate(part))
		}
	}
	return strings.Join(there, " · ")
}
