package gui_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"feihong/app/chat"
	"feihong/app/gui"
	"feihong/protocol"
)

// fakeChat is a chat service in memory. It does what it is told, publishes
// events as the real one does, and notes what was asked of it.
type fakeChat struct {
	now func() time.Time

	mu       sync.Mutex
	people   map[chat.ContactID]*chat.Summary
	messages []chat.Message
	seq      int64
	pictures map[chat.ContactID][]byte // that people show
	calls    []string
	events   chan chat.Event
	noted    chan struct{} // something was asked
	connect  func(ctx context.Context, address string) (chat.Contact, error)
	sendErr  error
	nudgeErr error

	historyErr error // guarded by mu
}

func newFakeChat(now func() time.Time) *fakeChat {
	return &fakeChat{now: now, people: make(map[chat.ContactID]*chat.Summary), events: make(chan chat.Event, 100_000), noted: make(chan struct{}, 1)}
}

// add makes somebody known.
func (f *fakeChat) add(s chat.Summary) chat.ContactID {
	f.mu.Lock()
	defer f.mu.Unlock()
	s.ID = chat.ContactID(len(f.people) + 1)
	f.people[s.ID] = &s
	return s.ID
}

// failHistory lets messages be read no more, or with nil again.
func (f *fakeChat) failHistory(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.historyErr = err
}

// say puts a message into a conversation, without an event.
func (f *fakeChat) say(id chat.ContactID, direction chat.Direction, state chat.State, at time.Time, text string) chat.Message {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seq++
	m := chat.Message{Seq: f.seq, ID: uuid.New(), Contact: id, Direction: direction, State: state, Kind: chat.KindText, Text: text, Time: at}
	f.messages = append(f.messages, m)
	s := f.people[id]
	s.Last = &m
	if direction == chat.In && state != chat.Read {
		s.Unread++
	}
	return m
}

// arrive lets a message come in, with its events.
func (f *fakeChat) arrive(id chat.ContactID, text string) chat.Message {
	m := f.say(id, chat.In, chat.Delivered, f.now(), text)
	f.events <- chat.MessageAdded{Message: m, Contact: f.summary(id).Contact}
	f.changed(id)
	return m
}

func (f *fakeChat) summary(id chat.ContactID) chat.Summary {
	f.mu.Lock()
	defer f.mu.Unlock()
	return *f.people[id]
}

// edit changes what is known about somebody and tells it.
func (f *fakeChat) edit(id chat.ContactID, change func(*chat.Summary)) {
	f.mu.Lock()
	change(f.people[id])
	f.mu.Unlock()
	f.changed(id)
}

func (f *fakeChat) changed(id chat.ContactID) {
	f.events <- chat.ContactChanged{Summary: f.summary(id)}
}

func (f *fakeChat) note(call string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, call)
	select {
	case f.noted <- struct{}{}:
	default:
	}
}

// called returns the calls so far that begin with a word.
func (f *fakeChat) called(word string) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var found []string
	for _, call := range f.calls {
		if strings.HasPrefix(call, word) {
			found = append(found, call)
		}
	}
	return found
}

func (f *fakeChat) Send(_ context.Context, to chat.ContactID, text string) (chat.Message, error) {
	f.note("send " + text)
	if f.sendErr != nil {
		return chat.Message{}, f.sendErr
	}
	m := f.say(to, chat.Out, chat.Queued, f.now(), text)
	f.events <- chat.MessageAdded{Message: m, Contact: f.summary(to).Contact}
	f.changed(to)
	return m, nil
}

func (f *fakeChat) Connect(ctx context.Context, address string) (chat.Contact, error) {
	f.note("connect " + address)
	return f.connect(ctx, address)
}

// Known makes a contact of somebody, or finds the one with their key.
func (f *fakeChat) Known(_ context.Context, who chat.Sighting) (chat.Contact, error) {
	f.note("known " + who.Name)
	f.mu.Lock()
	for _, s := range f.people {
		if s.Peer == who.Peer {
			defer f.mu.Unlock()
			return s.Contact, nil
		}
	}
	f.mu.Unlock()
	id := f.add(chat.Summary{Contact: chat.Contact{Peer: who.Peer, Name: who.Name, Department: who.Department}, Online: true, Status: who.Status})
	return f.summary(id).Contact, nil
}

func (f *fakeChat) People(context.Context) ([]chat.Summary, error) {
	f.note("people")
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []chat.Summary
	for _, s := range f.people {
		all = append(all, *s)
	}
	return all, nil
}

func (f *fakeChat) Discard(_ context.Context, id chat.ContactID) error {
	f.note("discard")
	f.mu.Lock()
	delete(f.people, id)
	f.mu.Unlock()
	f.events <- chat.ContactRemoved{ID: id}
	return nil
}

func (f *fakeChat) Delete(ctx context.Context, id chat.ContactID) error { return f.Discard(ctx, id) }

func (f *fakeChat) MarkRead(_ context.Context, id chat.ContactID, _ int64) error {
	f.note("read")
	f.mu.Lock()
	for i := range f.messages {
		if m := &f.messages[i]; m.Contact == id && m.Direction == chat.In {
			m.State = chat.Read
		}
	}
	f.people[id].Unread = 0
	f.mu.Unlock()
	f.changed(id)
	return nil
}

func (f *fakeChat) SetDraft(_ context.Context, id chat.ContactID, text string) error {
	f.note("draft " + text)
	f.mu.Lock()
	defer f.mu.Unlock()
	s, known := f.people[id]
	if !known {
		return chat.ErrNoContact
	}
	s.Draft = text
	return nil
}

func (f *fakeChat) SetTyping(_ chat.ContactID, active bool) {
	if active {
		f.note("typing on")
		return
	}
	f.note("typing off")
}

func (f *fakeChat) SetBlocked(_ context.Context, id chat.ContactID, blocked bool) error {
	f.note("block")
	f.edit(id, func(s *chat.Summary) { s.Blocked = blocked })
	return nil
}

func (f *fakeChat) SetRemark(_ context.Context, id chat.ContactID, remark string) error {
	f.note("remark " + remark)
	f.edit(id, func(s *chat.Summary) { s.Remark = remark })
	return nil
}

func (f *fakeChat) Subscribe() gui.Subscription { return fakeSubscription{f.events} }

type fakeSubscription struct{ events chan chat.Event }

func (s fakeSubscription) Events() <-chan chat.Event { return s.events }
func (s fakeSubscription) Close()                    {}

// peer returns an ID that differs for different seeds.
func peer(seed byte) protocol.PeerID { return protocol.PeerID{0: seed, 5: seed, 31: seed} }

var errDisk = errors.New("the disk is full")

// The rest of gui.Chat: each notes the call and does the least that is true.

func (f *fakeChat) amend(ref chat.Ref, change func(*chat.Message)) (chat.Message, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.messages {
		if m := &f.messages[i]; m.Ref() == ref {
			change(m)
			f.events <- chat.MessageChanged{Message: *m}
			return *m, nil
		}
	}
	return chat.Message{}, chat.ErrNoMessage
}

// forgetSilently recalls a message without an event.
func (f *fakeChat) forgetSilently(ref chat.Ref) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.messages {
		if m := &f.messages[i]; m.Ref() == ref {
			m.Text, m.Recalled = "", true
		}
	}
}

func (f *fakeChat) Reply(_ context.Context, to chat.ContactID, text string, answers chat.Ref) (chat.Message, error) {
	f.note("reply " + text)
	if f.sendErr != nil {
		return chat.Message{}, f.sendErr
	}
	m := f.say(to, chat.Out, chat.Queued, f.now(), text)
	return f.amend(m.Ref(), func(m *chat.Message) { m.ReplyTo = answers })
}

func (f *fakeChat) Edit(_ context.Context, _ chat.ContactID, ref chat.Ref, text string) (chat.Message, error) {
	f.note("edit " + text)
	if f.sendErr != nil {
		return chat.Message{}, f.sendErr
	}
	return f.amend(ref, func(m *chat.Message) { m.Text, m.Edited = text, f.now() })
}

func (f *fakeChat) Recall(_ context.Context, _ chat.ContactID, ref chat.Ref) (chat.Message, error) {
	f.note("recall")
	return f.amend(ref, func(m *chat.Message) { m.Text, m.Recalled = "", true })
}

func (f *fakeChat) React(_ context.Context, _ chat.ContactID, ref chat.Ref, emoji string) (chat.Message, error) {
	f.note("react " + emoji)
	return f.amend(ref, func(m *chat.Message) { m.Reactions[chat.Out] = emoji })
}

func (f *fakeChat) Nudge(_ context.Context, to chat.ContactID) (chat.Message, error) {
	f.note("nudge")
	if f.nudgeErr != nil {
		return chat.Message{}, f.nudgeErr
	}
	m := f.say(to, chat.Out, chat.Queued, f.now(), "")
	return f.amend(m.Ref(), func(m *chat.Message) { m.Kind = chat.KindNudge })
}

func (f *fakeChat) MessageAt(_ context.Context, _ chat.ContactID, ref chat.Ref) (chat.Message, error) {
	f.note("message at")
	return f.amend(ref, func(*chat.Message) {})
}

func (f *fakeChat) SetPinned(_ context.Context, id chat.ContactID, pinned bool) error {
	f.note("pin")
	f.edit(id, func(s *chat.Summary) { s.Pinned = pinned })
	return nil
}

func (f *fakeChat) SetMuted(_ context.Context, id chat.ContactID, until time.Time) error {
	f.note("mute")
	f.edit(id, func(s *chat.Summary) { s.MutedUntil = until })
	return nil
}

func (f *fakeChat) SetVerified(_ context.Context, id chat.ContactID, verified bool) error {
	f.note("verify")
	f.edit(id, func(s *chat.Summary) { s.Verified = verified })
	return nil
}

func (f *fakeChat) Clear(_ context.Context, id chat.ContactID) error {
	f.note("clear")
	f.mu.Lock()
	f.messages = slices.DeleteFunc(f.messages, func(m chat.Message) bool { return m.Contact == id })
	f.people[id].Last, f.people[id].Unread = nil, 0
	f.mu.Unlock()
	f.changed(id)
	return nil
}

// nudged lets a nudge come in, with its events.
func (f *fakeChat) nudged(id chat.ContactID) {
	m := f.say(id, chat.In, chat.Delivered, f.now(), "")
	m.Kind = chat.KindNudge
	f.events <- chat.MessageAdded{Message: m, Contact: f.summary(id).Contact}
	f.changed(id)
}

func (f *fakeChat) Picture(_ context.Context, id chat.ContactID) ([]byte, error) {
	f.note("picture")
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.pictures[id], nil
}
