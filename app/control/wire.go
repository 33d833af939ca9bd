package control

import (
	"cmp"
	"strings"
	"time"

	"feihong/app/chat"
)

// Identity is the answer of GET /v1/id.
type Identity struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Profile string `json:"profile"`
	// Port and Addresses are where colleagues reach this profile; zero and
	// empty when it does not listen.
	Port      int      `json:"port"`
	Addresses []string `json:"addresses"`
	Control   string   `json:"control,omitempty"` // path of the socket
	Notice    string   `json:"notice,omitempty"`  // something the user should know, e.g. a damaged database was set aside
}

// Peer is an element of the answer of GET /v1/peers.
type Peer struct {
	ID      string `json:"id"` // empty while nobody has answered at the address
	Name    string `json:"name"`
	Address string `json:"address"`
	Online  bool   `json:"online"`
	// Status is "online", "away", "busy" or "offline". It and the next three
	// are what the person says of themself.
	Status     string `json:"status"`
	StatusText string `json:"status_text,omitempty"`
	Department string `json:"department,omitempty"`
	Host       string `json:"host,omitempty"`
	Nearby     bool   `json:"nearby,omitempty"` // discovery hears of them
	Verified   bool   `json:"verified"`
	// Via is how the session came about, "address" or "incoming", or without
	// one how they were heard: "multicast", "broadcast", "unicast", "dnssd",
	// "exchange".
	Via     string `json:"via"`
	Blocked bool   `json:"blocked,omitempty"`
	// Namesake warns that another person with another key has the same name.
	Namesake bool `json:"namesake,omitempty"`
	Unread   int  `json:"unread,omitempty"`
	// AutoAccept is up to how many bytes their files are accepted without
	// asking: 0 for none, -1 for any number.
	AutoAccept int64      `json:"auto_accept,omitempty"`
	LastSeen   *time.Time `json:"last_seen,omitempty"`
	Problem    string     `json:"problem,omitempty"` // why the last attempt to reach them failed
}

// Message is an element of the answer of GET /v1/messages.
type Message struct {
	ID        string    `json:"id"`
	Direction string    `json:"direction"` // "in" or "out"
	State     string    `json:"state"`
	Kind      string    `json:"kind"` // "text", "files" or "nudge"
	Text      string    `json:"text"`
	Names     []string  `json:"names,omitempty"` // of the first files and folders that were offered
	Time      time.Time `json:"time"`
	From      Person    `json:"from"`
	Reason    string    `json:"reason,omitempty"` // why it failed
	// When it became known here that it was sent, delivered and read; nil where
	// that is not known, and for what was received.
	Sent      *time.Time `json:"sent,omitempty"`
	Delivered *time.Time `json:"delivered,omitempty"`
	Read      *time.Time `json:"read,omitempty"`

	ReplyTo   string     `json:"reply_to,omitempty"`  // ID of the message that it answers
	Edited    *time.Time `json:"edited,omitempty"`    // when it was changed last
	Recalled  bool       `json:"recalled,omitempty"`  // taken back: it has no text
	Reactions *Reactions `json:"reactions,omitempty"` // nil if there are none
}

// Reactions are the emoji that two people put to a message.
type Reactions struct {
	Out string `json:"out,omitempty"` // the user's own
	In  string `json:"in,omitempty"`
}

// Person names somebody.
type Person struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Address is where they were last, host:port; only among the candidates of
	// an error.
	Address string `json:"address,omitempty"`
}

// SendRequest is the body of POST /v1/messages.
type SendRequest struct {
	To   string `json:"to"` // name, ID, prefix of an ID, or address
	Text string `json:"text"`
	// ReplyTo is the ID of the message of that conversation that the text
	// answers; empty: none.
	ReplyTo string `json:"reply_to,omitempty"`
	// Wait is how long to wait for delivery, as 10s or 500ms; empty: not at
	// all.
	Wait string `json:"wait,omitempty"`
}

// SendResponse is the answer of POST /v1/messages.
type SendResponse struct {
	ID       string   `json:"id"`
	State    string   `json:"state"`
	To       Person   `json:"to"`
	Reason   string   `json:"reason,omitempty"`   // why it failed
	Problem  *Error   `json:"problem,omitempty"`  // why it is not delivered yet
	Warnings []*Error `json:"warnings,omitempty"` // about the address
}

// ReadRequest is the body of POST /v1/read.
type ReadRequest struct {
	With string `json:"with"`
}

// Event is what GET /v1/events and the daemon's output consist of. Which
// fields are set depends on Event.
type Event struct {
	// Event is "ready", "message", "state", "changed", "peer", "removed", "offer",
	// "progress", "file", "notice" or "lagged".
	Event string `json:"event"`

	ID           string     `json:"id,omitempty"`
	Name         string     `json:"name,omitempty"`
	Port         int        `json:"port,omitempty"`
	Addresses    []string   `json:"addresses,omitempty"`
	Control      string     `json:"control,omitempty"`
	Conversation string     `json:"conversation,omitempty"`
	From         *Person    `json:"from,omitempty"`
	Direction    string     `json:"direction,omitempty"` // of "changed"
	Kind         string     `json:"kind,omitempty"`      // of "message" and "changed": as in Message
	Text         string     `json:"text,omitempty"`
	Time         *time.Time `json:"time,omitempty"`
	ReplyTo      string     `json:"reply_to,omitempty"`
	Edited       *time.Time `json:"edited,omitempty"`
	Recalled     bool       `json:"recalled,omitempty"`
	Reactions    *Reactions `json:"reactions,omitempty"`
	State        string     `json:"state,omitempty"`
	Reason       string     `json:"reason,omitempty"`
	Address      *string    `json:"address,omitempty"`
	Online       *bool      `json:"online,omitempty"`
	Status       string     `json:"status,omitempty"`
	StatusText   string     `json:"status_text,omitempty"`

	*TransferFacts // of "offer", "progress" and "file", with ID, Name, State, Reason, Text and Time
}

func peerOf(s chat.Summary) Peer {
	p := Peer{
		Name:       s.DisplayName(),
		Address:    s.Address,
		Online:     s.Online,
		Status:     statusOf(s),
		StatusText: s.StatusText,
		Department: s.Department,
		Host:       s.Host,
		Nearby:     s.Nearby,
		Verified:   s.Verified,
		Via:        s.Via,
		Blocked:    s.Blocked,
		Namesake:   s.Namesake,
		Unread:     s.Unread,
		AutoAccept: s.AutoAccept,
	}
	if !s.Pending() {
		p.ID = s.Peer.String()
	}
	if !s.LastSeen.IsZero() {
		p.LastSeen = &s.LastSeen
	}
	if s.Problem != nil {
		p.Problem = s.Problem.Error()
	}
	return p
}

// statusOf is never empty: who is not known to be there is offline.
func statusOf(s chat.Summary) string { return string(cmp.Or(s.Status, chat.StatusOffline)) }

func personOf(c chat.Contact) Person {
	p := Person{Name: c.DisplayName()}
	if !c.Pending() {
		p.ID = c.Peer.String()
	}
	return p
}

func messageOf(m chat.Message, from Person) Message {
	var names []string
	if m.Names != "" {
		names = strings.Split(m.Names, "\n")
	}
	shown := Message{
		ID:        m.ID.String(),
		Direction: m.Direction.String(),
		State:     m.State.String(),
		Kind:      m.Kind.String(),
		Text:      m.Text,
		Names:     names,
		Time:      m.Time,
		From:      from,
		Reason:    m.Reason,
		Recalled:  m.Recalled,
		Reactions: reactionsOf(m),
	}
	if !m.ReplyTo.IsZero() {
		shown.ReplyTo = m.ReplyTo.ID.String()
	}
	shown.Edited = known(m.Edited)
	shown.Sent, shown.Delivered, shown.Read = known(m.Sent), known(m.Delivered), known(m.Read)
	return shown
}

// known is nil for a time that is zero.
func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func reactionsOf(m chat.Message) *Reactions {
	if m.Reactions == [2]string{} {
		return nil
	}
	return &Reactions{Out: m.Reactions[chat.Out], In: m.Reactions[chat.In]}
}
