package control

import (
	"bytes"
	"encoding/json"
	"net/http"

	"feihong/app/chat"
)

// stream turns what happens in a profile into events for the outside. It
// remembers what it told of each person, so that only real changes are told.
type stream struct {
	self  Identity
	peers map[chat.ContactID]peerState
	files fileEvents
}

type peerState struct {
	id, name, address  string
	conversation       string
	online             bool
	status, statusText string
}

func newStream(self Identity) *stream {
	return &stream{self: self, peers: make(map[chat.ContactID]peerState)}
}

func (s *stream) ready() Event {
	return Event{
		Event: "ready", ID: s.self.ID, Name: s.self.Name, Port: s.self.Port,
		Addresses: s.self.Addresses, Control: s.self.Control,
	}
}

// learn takes the present state as told.
func (s *stream) learn(all []chat.Summary) {
	for _, summary := range all {
		s.peers[summary.ID] = stateOf(summary)
	}
}

func stateOf(s chat.Summary) peerState {
	p := peerState{name: s.DisplayName(), conversation: s.ConversationID(), address: s.Address, online: s.Online, status: statusOf(s), statusText: s.StatusText}
	if !s.Pending() {
		p.id = s.Peer.String()
	}
	return p
}

// translate gives the event for the outside, if there is one.
func (s *stream) translate(e chat.Event) (Event, bool) {
	switch e := e.(type) {
	case chat.MessageAdded:
		if e.Message.Kind == chat.KindFiles {
			s.files.added(e.Message)
			return Event{}, false
		}
		return messageEvent(e)
	case chat.TransferChanged:
		return s.files.changed(e)
	case chat.TransferProgress:
		return s.files.progress(e.Transfer, s.peers[e.Transfer.Contact])
	case chat.MessageChanged:
		if e.Amended {
			return s.changed(e.Message)
		}
		return Event{Event: "state", ID: e.Message.ID.String(), State: e.Message.State.String(), Reason: e.Message.Reason}, true
	case chat.ContactChanged:
		return s.peerEvent(e.Summary)
	case chat.ContactRemoved:
		return s.removed(e.ID)
	case chat.ContactMerged:
		return s.removed(e.From)
	case chat.StoreFailed:
		return Event{Event: "notice", Text: e.Err.Error()}, true
	case chat.Lagged:
		s.files = fileEvents{} // what it waited for may never come
		return Event{Event: "lagged"}, true
	}
	return Event{}, false
}

func messageEvent(e chat.MessageAdded) (Event, bool) {
	if e.Message.Direction != chat.In {
		return Event{}, false
	}
	from := personOf(e.Contact)
	m := messageOf(e.Message, from)
	return Event{
		Event:        "message",
		ID:           m.ID,
		Conversation: e.Contact.ConversationID(),
		From:         &from,
		Kind:         m.Kind,
		Text:         m.Text,
		Time:         &e.Message.Time,
		ReplyTo:      m.ReplyTo,
	}, true
}

// changed tells what has become of a message that was edited, recalled or
// reacted to.
func (s *stream) changed(changed chat.Message) (Event, bool) {
	m := messageOf(changed, Person{})
	return Event{
		Event:        "changed",
		ID:           m.ID,
		Conversation: s.peers[changed.Contact].conversation,
		Direction:    m.Direction,
		Kind:         m.Kind,
		Text:         m.Text,
		Time:         &changed.Time,
		State:        m.State,
		ReplyTo:      m.ReplyTo,
		Edited:       m.Edited,
		Recalled:     m.Recalled,
		Reactions:    m.Reactions,
	}, true
}

func (s *stream) peerEvent(summary chat.Summary) (Event, bool) {
	now := stateOf(summary)
	if before, told := s.peers[summary.ID]; told && before == now {
		return Event{}, false
	}
	s.peers[summary.ID] = now
	return Event{
		Event: "peer", ID: now.id, Name: now.name, Address: &now.address, Online: &now.online,
		Status: now.status, StatusText: now.statusText,
	}, true
}

// removed forgets a person, and tells it to those who were told of them.
func (s *stream) removed(id chat.ContactID) (Event, bool) {
	was, told := s.peers[id]
	delete(s.peers, id)
	return Event{Event: "removed", ID: was.id, Name: was.name, Address: &was.address}, told
}

// events sends server-sent events until the client goes or the profile ends.
// The first is "ready".
func (h handler) events(w http.ResponseWriter, r *http.Request) {
	sub := h.Chat.Subscribe()
	defer sub.Close()
	s := newStream(h.Self())
	all, err := h.Chat.People(r.Context())
	if err != nil {
		refuse(w, err)
		return
	}
	s.learn(all)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	out := eventWriter{w: w, flush: http.NewResponseController(w)}
	if out.write(s.ready()) != nil || out.flush.Flush() != nil {
		return
	}
	for {
		select {
		case e, open := <-sub.Events():
			if !open || out.forward(s, e, sub.Events()) != nil {
				return
			}
		case <-r.Context().Done():
			return
		}
	}
}

type eventWriter struct {
	w     http.ResponseWriter
	flush *http.ResponseController
	buf   bytes.Buffer
}

// forward writes an event and those right behind it, then flushes once.
func (out *eventWriter) forward(s *stream, e chat.Event, more <-chan chat.Event) error {
	for range 256 {
		if event, ok := s.translate(e); ok {
			if err := out.write(event); err != nil {
				return err
			}
		}
		var open bool
		select {
		case e, open = <-more:
			if !open {
				return out.flush.Flush()
			}
		default:
			return out.flush.Flush()
		}
	}
	if event, ok := s.translate(e); ok {
		if err := out.write(event); err != nil {
			return err
		}
	}
	return out.flush.Flush()
}

func (out *eventWriter) write(e Event) error {
	out.buf.Reset()
	out.buf.WriteString("event: " + e.Event + "\ndata: ")
	if err := json.NewEncoder(&out.buf).Encode(e); err != nil {
		return err
	}
	out.buf.WriteByte('\n')
	_, err := out.w.Write(out.buf.Bytes())
	return err
}
