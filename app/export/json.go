package export

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"

	"feihong/app/chat"
)

// jsonVersion grows when programs that read the JSON have to be changed.
const jsonVersion = 1

// jsonSheet is one object, in which each message is a line.
type jsonSheet struct {
	*pen
	begun bool // there was a message
}

type person struct {
	ID   string `json:"id"` // empty while nobody has answered at the address
	Name string `json:"name"`
}

type reference struct {
	ID        string `json:"id"`
	Direction string `json:"direction"`
}

type reactions struct {
	In  string `json:"in,omitempty"`
	Out string `json:"out,omitempty"`
}

type message struct {
	ID        string     `json:"id"`
	Direction string     `json:"direction"` // "out" is what the user wrote
	Kind      string     `json:"kind"`
	State     string     `json:"state"`
	Time      string     `json:"time"`
	Text      string     `json:"text"`
	Names     []string   `json:"names,omitempty"` // of the first files and folders that were offered
	ReplyTo   *reference `json:"reply_to,omitempty"`
	Edited    string     `json:"edited,omitempty"` // when
	Recalled  bool       `json:"recalled,omitempty"`
	Reactions *reactions `json:"reactions,omitempty"`
	Reason    string     `json:"reason,omitempty"`    // why it failed
	Sent      string     `json:"sent,omitempty"`      // when it became known that it was
	Delivered string     `json:"delivered,omitempty"` // likewise
	Read      string     `json:"read,omitempty"`      // likewise
}

func (s *jsonSheet) begin() {
	with := person{Name: s.With.DisplayName()}
	if !s.With.Pending() {
		with.ID = s.With.Peer.String()
	}
	s.put(`{"format":"feihong-conversation","version":`, s.encoded(jsonVersion),
		`,"exported":`, s.encoded(s.Now.Format(time.RFC3339)),
		`,"self":`, s.encoded(person{ID: s.SelfID, Name: s.Self}),
		`,"with":`, s.encoded(with), `,"messages":[`)
}

func (s *jsonSheet) day(string) {}

func (s *jsonSheet) message(e entry) {
	m := message{
		ID: e.ID.String(), Direction: e.Direction.String(), Kind: e.Kind.String(), State: e.State.String(),
		Time: s.moment(e.Time), Text: e.Text, Recalled: e.Recalled, Reason: e.Reason,
	}
	if e.Names != "" {
		m.Names = strings.Split(e.Names, "\n")
	}
	if !e.ReplyTo.IsZero() {
		m.ReplyTo = &reference{ID: e.ReplyTo.ID.String(), Direction: e.ReplyTo.Direction.String()}
	}
	m.Edited, m.Sent, m.Delivered, m.Read = s.known(e.Edited), s.known(e.Sent), s.known(e.Delivered), s.known(e.Read)
	if e.Reactions != [2]string{} {
		m.Reactions = &reactions{In: e.Reactions[chat.In], Out: e.Reactions[chat.Out]}
	}
	if s.begun {
		s.put(",")
	}
	s.begun = true
	s.put("\n", s.encoded(m))
}

// known is a moment, or nothing for a time that is zero.
func (s *jsonSheet) known(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return s.moment(t)
}

func (s *jsonSheet) moment(t time.Time) string {
	return t.In(s.Now.Location()).Format("2006-01-02T15:04:05.000Z07:00")
}

// encoded is the JSON of a value, with <, > and & as they are.
func (s *jsonSheet) encoded(v any) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil && s.err == nil {
		s.err = err
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func (s *jsonSheet) end() { s.put("\n]}\n") }
