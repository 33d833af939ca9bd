package chat_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"feihong/app/chat"
	"feihong/app/chat/memstore"
	"feihong/protocol"
)

// storm is two people who do anything at any time, while sessions are cut,
// frames get lost, disks refuse and programs end.
type storm struct {
	t      *testing.T
	random *rand.Rand
	people [2]*courier
	disks  [2]*brokenStore
	ids    []protocol.MessageID
	log    []string
	ends   map[chat.TransferState]int
}

// TestTransfersConverge lets a storm pass, and then time: whatever happened,
// every transfer must have come to the same end for both people.
func TestTransfersConverge(t *testing.T) {
	storms := 150
	if testing.Short() {
		storms = 30
	}
	ends := make(map[chat.TransferState]int)
	for seed := range storms {
		synctest.Test(t, func(t *testing.T) {
			s := newStorm(t, uint64(seed))
			s.ends = ends
			s.run()
		})
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	for _, state := range []chat.TransferState{chat.TransferDone, chat.TransferRejected, chat.TransferCancelled, chat.TransferFailed} {
		if ends[state] == 0 {
			t.Errorf("no transfer was %s: the storms were too calm", state)
		}
	}
}

func newStorm(t *testing.T, seed uint64) *storm {
	s := &storm{t: t, random: rand.New(rand.NewPCG(seed, 1))}
	y := newYard(rand.New(rand.NewPCG(seed, 2)))
	board := newSwitchboard()
	if seed%4 > 0 {
		var mu sync.Mutex
		slow := rand.New(rand.NewPCG(seed, 3))
		board.delay = func() time.Duration {
			mu.Lock()
			defer mu.Unlock()
			return time.Duration(slow.IntN(100)) * time.Millisecond
		}
	}
	for i, name := range []string{"Alice", "Bob"} {
		s.disks[i] = &brokenStore{Store: memstore.New()}
		s.people[i] = board.joinCourier(t, y, name, fmt.Sprint(name, ":1"), s.disks[i])
	}
	s.people[0].meet(s.people[1])
	synctest.Wait()
	if s.random.IntN(3) == 0 {
		must(t, s.people[1].SetAutoAccept(t.Context(), s.people[1].id, -1))
	}
	return s
}

func (s *storm) run() {
	defer func() {
		for _, p := range s.people {
			p.leave()
		}
		for _, p := range s.people {
			s.checkEvents(p.person)
		}
		if s.t.Failed() {
			for _, line := range s.log {
				s.t.Log(line)
			}
		}
	}()
	for range 20 + s.random.IntN(80) {
		s.event()
		switch s.random.IntN(4) {
		case 0:
			synctest.Wait()
		case 1:
			pass(time.Duration(s.random.IntN(400)) * time.Millisecond)
		}
	}
	s.calm()
	s.check()
}

func (s *storm) note(format string, args ...any) {
	s.log = append(s.log, fmt.Sprintf(format, args...))
}

// event is something that a person or the world does.
func (s *storm) event() {
	i := s.random.IntN(2)
	p := s.people[i]
	switch n := s.random.IntN(100); {
	case n < 15:
		s.offer(i)
	case n < 75:
		s.command(p)
	case n < 84:
		s.note("cut")
		p.line.cut()
	case n < 89: // what is on its way gets lost
		s.note("%s is mute", p.line.name)
		p.line.mute()
		pass(time.Duration(s.random.IntN(50)) * time.Millisecond)
		p.line.cut()
	case n < 94:
		s.disks[i].broken.Store(!s.disks[i].broken.Load())
		s.note("disk of %s broken: %v", p.line.name, s.disks[i].broken.Load())
	case n < 97:
		s.restart(i)
	default:
		pass(time.Duration(s.random.IntN(5000)) * time.Millisecond)
	}
}

func (s *storm) restart(i int) {
	s.note("%s restarts", s.people[i].line.name)
	before := s.people[i].person
	s.people[i].restart(s.t)
	s.checkEvents(before)
}

func (s *storm) offer(i int) {
	p := s.people[i]
	transfer, err := p.Offer(s.t.Context(), p.id, []string{fmt.Sprint("/src/", len(s.ids))}, "")
	s.note("%s offers %s: %v", p.line.name, short(transfer.ID), err)
	if err == nil {
		s.ids = append(s.ids, transfer.ID)
	}
}

func short(id protocol.MessageID) string { return id.String()[30:] }

func (s *storm) command(p *courier) {
	if len(s.ids) == 0 {
		return
	}
	id := s.ids[s.random.IntN(len(s.ids))]
	ctx := s.t.Context()
	commands := []struct {
		name string
		do   func() error
	}{
		{"accepts", func() error { return p.Accept(ctx, id, "") }},
		{"accepts", func() error { return p.Accept(ctx, id, "") }},
		{"accepts", func() error { return p.Accept(ctx, id, "") }},
		{"rejects", func() error { return p.Reject(ctx, id) }},
		{"pauses", func() error { return p.Pause(ctx, id) }},
		{"resumes", func() error { return p.Resume(ctx, id) }},
		{"cancels", func() error { return p.Cancel(ctx, id) }},
		{"tries again", func() error {
			again, err := p.Again(ctx, id)
			if err == nil && again.ID != id {
				s.ids = append(s.ids, again.ID)
			}
			return err
		}},
	}
	c := commands[s.random.IntN(len(commands))]
	err := c.do()
	s.note("%s %s %s: %v", p.line.name, c.name, short(id), err)
}

// calm brings everything to its end: disks work, all is accepted and resumed.
func (s *storm) calm() {
	for _, disk := range s.disks {
		disk.broken.Store(false)
	}
	pass(15 * time.Minute)
	for range 2 {
		for _, p := range s.people {
			for _, id := range s.ids {
				_ = p.Accept(s.t.Context(), id, "") // whatever is possible
				_ = p.Resume(s.t.Context(), id)
			}
		}
		pass(15 * time.Minute)
		synctest.Wait()
	}
}

// check compares what the two people have.
func (s *storm) check() {
	for _, id := range s.ids {
		var found [2]chat.Transfer
		var errs [2]error
		for i, p := range s.people {
			found[i], errs[i] = p.Transfer(s.t.Context(), id)
		}
		a, b := found[0], found[1]
		s.ends[a.State]++
		switch {
		case errs[0] == nil && errs[1] == nil:
			if a.State != b.State || !a.Final() || !a.Confirmed || !b.Confirmed {
				s.t.Errorf("%s: %v (%s, confirmed %v) and %v (%s, confirmed %v)", short(id), a.State, a.Reason, a.Confirmed, b.State, b.Reason, b.Confirmed)
			}
			s.checkReceipts(a, b)
		case errors.Is(errs[0], chat.ErrNoTransfer) && b.State == chat.TransferCancelled && b.Confirmed,
			errors.Is(errs[1], chat.ErrNoTransfer) && a.State == chat.TransferCancelled && a.Confirmed:
			// It was withdrawn before it was heard of.
		default:
			s.t.Errorf("%s: %v (%v) and %v (%v)", short(id), a.State, errs[0], b.State, errs[1])
		}
	}
	for _, p := range s.people {
		open, err := p.Transfers(s.t.Context(), chat.TransferQuery{Unsettled: true})
		if err != nil || len(open) > 0 {
			s.t.Errorf("%s: %d are not over, %v", p.line.name, len(open), err)
		}
	}
}

func (s *storm) checkReceipts(both ...chat.Transfer) {
	for _, transfer := range both {
		if transfer.State != chat.TransferDone {
			continue
		}
		r, err := protocol.DecodeReceipt(transfer.Receipt)
		if err != nil {
			s.t.Errorf("%s: %v", short(transfer.ID), err)
			continue
		}
		if receiver, sender := r.Verify(); !receiver || !sender || r.Transfer != transfer.ID {
			s.t.Errorf("%s: signed by receiver %v, by sender %v", short(transfer.ID), receiver, sender)
		}
	}
}

// checkEvents makes sure that nobody saw a transfer come back from its end, or
// turn from one end to a lesser one.
func (s *storm) checkEvents(p *person) {
	order := []chat.TransferState{chat.TransferRejected, chat.TransferFailed, chat.TransferCancelled, chat.TransferDone}
	ends := make(map[protocol.MessageID]int)
	for _, e := range p.seen {
		changed, ok := e.(chat.TransferChanged)
		if !ok {
			continue
		}
		rank := slices.Index(order, changed.Transfer.State)
		if before, ended := ends[changed.Transfer.ID]; ended && rank < before {
			s.t.Errorf("%s: %v became %v", short(changed.Transfer.ID), order[before], changed.Transfer.State)
		}
		if rank >= 0 {
			ends[changed.Transfer.ID] = rank
		}
	}
}
