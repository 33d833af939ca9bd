package chat

import (
	"time"

	"feihong/protocol"
)

// ContactID names one contact within one profile. It is local: it never
// leaves the machine. Zero names nobody. The service chooses it, counting up.
type ContactID int64

// Contact is one person known to this profile.
//
// A contact begins either with a proven key (Peer is set), or, when the user
// wrote to an address where nobody has answered yet, with an address alone
// (Peer is zero). The first to answer there is pinned: from then on the key
// is the person, and address and name are only hints.
type Contact struct {
	ID   ContactID
	Peer protocol.PeerID // zero until somebody has answered
	Name string          // as the person calls themself; made safe for display
	// Department and Host are what the person says of themself in what they
	// announce, made safe for display; empty if they never did. They help to
	// tell people of the same name apart.
	Department string
	Host       string
	// Remark is the name the user gave; empty if none.
	Remark string
	// Address is the last known place to dial, as host:port; empty if unknown.
	Address string
	// Proven says that the person answered at Address when it was dialled;
	// otherwise it is only what they say.
	Proven   bool
	Verified bool // the two people compared their codes
	Blocked  bool
	// Namesake is set when, at first contact, another person with the same
	// name was already known: the window and the command line warn.
	Namesake bool
	// AutoAccept is up to how many bytes offers of this person are accepted
	// without asking: 0 none, negative any.
	AutoAccept int64
	Pinned     bool // the user keeps the conversation on top of the list
	// MutedUntil says until when nothing of this person asks for attention;
	// zero: they are not muted; Forever: until the user ends it.
	MutedUntil time.Time
	// Picture names the picture that the person shows, for Service.Picture:
	// the hash of it in hexadecimal digits; empty if they show none.
	Picture  string
	Created  time.Time
	LastSeen time.Time // zero if never
}

// Forever is a time that is never reached, for Contact.MutedUntil.
var Forever = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// Muted says whether the person is muted at a moment.
func (c Contact) Muted(now time.Time) bool { return now.Before(c.MutedUntil) }

// DisplayName is the name to show: the remark, else the name, else the
// address, else the short form of the ID.
func (c Contact) DisplayName() string {
	switch {
	case c.Remark != "":
		return c.Remark
	case c.Name != "":
		return c.Name
	case c.Address != "":
		return c.Address
	}
	return c.Peer.Short()
}

// Pending says that nobody has answered at the contact's address yet.
func (c Contact) Pending() bool { return c.Peer.IsZero() }

// ConversationID names the conversation with the contact in interfaces that
// outlive this process: the peer ID in text, or "address:" and the address
// while nobody has answered there.
func (c Contact) ConversationID() string {
	if c.Pending() {
		return "address:" + c.Address
	}
	return c.Peer.String()
}

// Summary is a contact with what a list of people shows beside the name.
type Summary struct {
	Contact
	// Online says that the person is there: they are heard, or there is a
	// session with them, and they have not said goodbye.
	Online bool
	// Status is what they say about themself, StatusOffline if not Online.
	Status Status
	// StatusText is their status line; empty if none, or not Online.
	StatusText string
	// Nearby says that discovery hears of them.
	Nearby bool
	Typing bool
	// Via says how the person was found: "address" when there is a session
	// that was dialled, "incoming" when they dialled us; without a session the
	// way by which discovery heard of them; else "".
	Via string
	// Addresses are where discovery says that they can be dialled, host:port,
	// best first; the rest are empty, and all if they are not Nearby. A change
	// of them alone is not told by an event.
	Addresses [maxSighted]string
	Unread    int
	Last      *Message // newest message of the conversation, nil if none
	Draft     string
	// Problem is why the last attempt to reach the contact failed, nil if it
	// did not or none was made.
	Problem error
}
