package chat

import (
	"context"
	"fmt"
	"time"

	"feihong/protocol"
)

// loop is the state of the service. Only the goroutine of Serve touches it.
type loop struct {
	*Service
	ctx       context.Context
	people    map[ContactID]*person
	byPeer    map[protocol.PeerID]*person
	pending   map[ContactID]*person // the people who are an address alone
	names     map[string]int        // how many people go by a name that looks the same
	lastID    ContactID
	dirty     map[ContactID]*person // differ from the store
	unsaved   map[ContactID]*person // differ too, but can wait for saveTimer
	turn      turn
	moved     map[ContactID]ContactID // where merged contacts went
	waiters   map[protocol.MessageID][]*waiter
	dialing   int // dials under way
	transfers map[protocol.MessageID]*transfer
	stirred   []*transfer // differ from the store
	undecided int         // of transfers
	waiting   []*person   // people to dial when a place is free
	favours   favours
	policy    Policy
	own       *ownPicture // nil: nothing is said about it

	expireTimer *time.Timer // nil while everything is kept
	saveTimer   *time.Timer // nil while nothing is unsaved
	noteTimer   *time.Timer // nil if passive
	lookTimer   *time.Timer // nil while no transfer runs
	againTimer  *time.Timer // nil unless the store has refused

	storeErr error // last failure told, so that it is told once
}

// person is a contact with everything that concerns them.
type person struct {
	Contact
	session  Session
	presence presence
	// answeredAt is where the person answered before they said that they are
	// at Address; empty if nowhere else.
	answeredAt string
	since      time.Time // when the session came up
	useless    int       // receipts of this session that changed nothing
	via        string
	owed       []protocol.MessageID // read, but not told because the writer was away
	overview   Overview
	outbox     outbox
	doubt      doubt
	reach      reach
	transfers  map[protocol.MessageID]*transfer
	busy       int           // of transfers
	signing    chan struct{} // holds an element while a receipt of theirs is being countersigned

	typing      bool
	typingTimer *time.Timer

	nudged  time.Time // when they last asked for attention; zero: never in this run
	nudging time.Time // when the user last asked for theirs
	wroteTo bool      // the user has written to them; if not set, the store knows
	shown   shown
	edited  time.Time // of their last edit whose time was not theirs

	changed bool     // the summary may have changed since the last event
	told    *Summary // by the last event, nil if there was none
}

func load(ctx context.Context, s *Service) (*loop, error) {
	l := &loop{
		Service:   s,
		ctx:       ctx,
		people:    make(map[ContactID]*person),
		byPeer:    make(map[protocol.PeerID]*person),
		pending:   make(map[ContactID]*person),
		unsaved:   make(map[ContactID]*person),
		names:     make(map[string]int),
		moved:     make(map[ContactID]ContactID),
		dirty:     make(map[ContactID]*person),
		waiters:   make(map[protocol.MessageID][]*waiter),
		transfers: make(map[protocol.MessageID]*transfer),
		policy:    openPolicy,
	}
	contacts, err := s.store.Contacts(ctx)
	if err != nil {
		return nil, fmt.Errorf("read contacts: %w", err)
	}
	overview, err := s.store.Overview(ctx)
	if err != nil {
		return nil, fmt.Errorf("read conversations: %w", err)
	}
	waiting, err := s.store.OutboxContacts(ctx)
	if err != nil {
		return nil, fmt.Errorf("read outbox: %w", err)
	}
	for _, c := range contacts {
		p := l.add(c)
		p.overview = overview[c.ID]
		s.setAdmitted(c.Peer, c.Blocked)
	}
	for _, id := range waiting {
		if p := l.people[id]; p != nil {
			p.outbox.more = true
		}
	}
	if s.carrier == nil {
		return l, nil
	}
	return l, l.loadTransfers()
}

// start forgets old strangers and begins to reach for those with whom there is
// a conversation, unless the service is passive.
func (l *loop) start() {
	l.startTransfers()
	if l.passive {
		return
	}
	l.forget()
	for _, p := range l.people {
		l.reachFor(p)
	}
	l.noteTimer = l.after(noteEvery, (*loop).notePresent)
}

// stop ends the timers and the waits. No input is processed after it.
func (l *loop) stop() {
	for _, timer := range []*time.Timer{l.saveTimer, l.noteTimer, l.lookTimer, l.againTimer, l.expireTimer} {
		if timer != nil {
			timer.Stop()
		}
	}
	for _, p := range l.people {
		p.reach.stop()
		p.doubt.stop()
		if p.typingTimer != nil {
			p.typingTimer.Stop()
		}
		if p.shown.timer != nil {
			p.shown.timer.Stop()
		}
	}
	for id := range l.waiters {
		l.wake(id, Message{}, ErrClosed)
	}
}

func (l *loop) add(c Contact) *person {
	p := &person{Contact: c, transfers: make(map[protocol.MessageID]*transfer), signing: make(chan struct{}, 1)}
	p.outbox.init()
	l.people[c.ID] = p
	l.countName(c.Name, 1)
	l.lastID = max(l.lastID, c.ID)
	if c.Pending() {
		l.pending[c.ID] = p
	} else {
		l.byPeer[c.Peer] = p
	}
	return p
}

// person finds somebody by contact, also if the contact was merged meanwhile.
func (l *loop) person(id ContactID) *person {
	if into, ok := l.moved[id]; ok {
		id = into
	}
	return l.people[id]
}

// drain takes the inputs that are already waiting into the current turn, until
// that is full.
func (l *loop) drain() {
	for range maxTurn {
		if l.turn.full() {
			return
		}
		select {
		case input := <-l.inputs:
			input(l)
		default:
			return
		}
	}
}

// after posts an input once d has passed.
func (l *loop) after(d time.Duration, input func(*loop)) *time.Timer {
	return time.AfterFunc(d, func() { l.post(input) })
}

// touch marks a person for storing and for an event.
func (l *loop) touch(p *person) {
	l.dirty[p.ID] = p
	l.show(p)
}

// show marks a person for an event only.
func (l *loop) show(p *person) {
	if p.changed {
		return
	}
	p.changed = true
	l.turn.changed = append(l.turn.changed, p)
}
