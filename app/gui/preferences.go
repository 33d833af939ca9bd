package gui

import (
	"context"
	"slices"
	"sync"
)

// Themes that the user may choose as Preferences.Theme.
const (
	ThemeSystem = "" // as the desktop has it
	ThemeLight  = "light"
	ThemeDark   = "dark"
)

// Preferences are what the user chose, as far as the window shows or heeds it.
type Preferences struct {
	Welcomed bool   // the question of the first start was answered
	Name     string // as others see the user
	Language string // "zh", "en", or "" for the system's

	Theme       string // one of the themes above
	Accent      string // a name of the palette's accents, "" for the usual one
	TextPercent int    // of the usual size of text, 80 to 200

	SendWithCtrl bool     // Ctrl+Enter sends and Enter breaks the line, else the other way round
	RecentEmoji  []string // the newest first
	Folded       []string // departments that are shown as closed folders

	Notify      bool // messages make notifications
	NotifyText  bool // with their text
	Sounds      bool
	Flash       bool // the window asks for attention in the task bar
	QuietFrom   int  // minute of the day from which nothing asks for attention …
	QuietTo     int  // … until this one; the same for both: never
	CloseToTray bool // closing the window leaves the program running
	TrayTold    bool // that it does was told once
	AtLogin     bool // the program begins with the user's session

	Receipts   bool  // tell others that their messages were read
	Typing     bool  // tell others that the user is typing
	KeepDays   int   // older messages are deleted; 0: none are
	ImagesUpTo int64 // pictures of people the user has written to are accepted alone, in bytes; 0: none

	Port       int      // to listen on from the next start on; 0: any
	Discovery  string   // "on", "loopback" or "off", from the next start on
	Interfaces []string // of the network that are not used for finding people
}

// DefaultPreferences are those of somebody who never chose.
func DefaultPreferences() Preferences {
	return Preferences{
		TextPercent: 100,
		Notify:      true,
		NotifyText:  true,
		Sounds:      true,
		Flash:       true,
		CloseToTray: true,
		Receipts:    true,
		Typing:      true,
		ImagesUpTo:  10e6,
		Discovery:   "on",
	}
}

// PreferencesKeeper knows and changes what the user chose. Both methods are
// safe for concurrent use; Current is quick and what it returns belongs to the
// caller.
type PreferencesKeeper interface {
	Current() Preferences
	// Update changes the preferences durably and makes them hold. Nothing is
	// changed if it returns an error.
	Update(ctx context.Context, change func(*Preferences)) error
}

// heldPreferences are kept as long as the window is.
type heldPreferences struct {
	mu   sync.Mutex
	held Preferences
}

// Current implements PreferencesKeeper.
func (h *heldPreferences) Current() Preferences {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.held
	p.RecentEmoji, p.Folded, p.Interfaces = slices.Clone(p.RecentEmoji), slices.Clone(p.Folded), slices.Clone(p.Interfaces)
	return p
}

// Update implements PreferencesKeeper.
func (h *heldPreferences) Update(_ context.Context, change func(*Preferences)) error {
	p := h.Current()
	change(&p)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.held = p
	return nil
}
