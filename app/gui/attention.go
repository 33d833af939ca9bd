package gui

import (
	"fyne.io/fyne/v2"

	"feihong/app/chat"
)

// Attention calls the user when they do not look at the window. All methods are
// quick, and safe for concurrent use.
type Attention interface {
	// Notify shows that something came, in place of what was shown before for
	// the same conversation. A click on it calls Window.OpenFromOutside.
	Notify(n Notification)
	// Withdraw takes back what was shown for a conversation.
	Withdraw(id chat.ContactID)
	// Flash lets the window ask for attention in the task bar. It neither raises
	// the window nor takes the focus.
	Flash(window fyne.Window)
	// Play plays one of our sounds.
	Play(sound Sound)
}

// Notification is what the user is told. The texts are those of others: no
// markup is meant by them.
type Notification struct {
	Conversation chat.ContactID
	Title        string // who
	Text         string // what; may be empty
}

// Sound is one of our sounds.
type Sound uint8

// The sounds.
const (
	SoundMessage Sound = iota
	SoundNudge
	SoundDone // files arrived
)
