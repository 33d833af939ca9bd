package protocol

import "fmt"

// Status is how somebody wants to be met. Numbers are on the wire: new ones
// are appended. See docs/protocol.md#announcements.
type Status uint8

// The statuses. StatusOffline is a goodbye: its sender is leaving, or wants to
// be invisible from now on.
const (
	StatusOnline Status = 1 + iota
	StatusAway
	StatusBusy
	StatusOffline
)

// String gives the name of the status, the same in every version, or
// "status-9" for one that is not known.
func (s Status) String() string {
	switch s {
	case StatusOnline:
		return "online"
	case StatusAway:
		return "away"
	case StatusBusy:
		return "busy"
	case StatusOffline:
		return "offline"
	}
	return fmt.Sprintf("status-%d", uint8(s))
}

// known says that s is one of the statuses of this version.
func (s Status) known() bool { return s >= StatusOnline && s <= StatusOffline }

// orOnline gives the status that a receiver shows: whoever announces one of a
// later version is there, which is what matters most.
func (s Status) orOnline() Status {
	if s.known() {
		return s
	}
	return StatusOnline
}
