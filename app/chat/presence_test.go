package chat_test

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"feihong/app/chat"
	"feihong/app/chat/memstore"
	"feihong/protocol"
)

// TestTheOffice sees people with whom nothing was ever written: they are in the
// list, nobody dials them, and they are still there after a restart.
func TestTheOffice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := newSwitchboard()
		store := memstore.New()
		alice := board.join(t, "Alice", "a:1", store)
		bob := board.join(t, "Bob", "b:1", memstore.New())
		defer bob.leave()
		s := chat.Sighting{
			Peer: bob.line.peer, Name: "B\x1bob", Department: "财务\u202e部", Host: "bob-pc", Status: chat.StatusBusy,
			StatusText: "in a\nmeeting", Addresses: []string{"b:1"}, Via: "broadcast",
		}
		alice.Seen(s)
		alice.Seen(chat.Sighting{Peer: alice.line.peer, Name: "Alice"})
		alice.Seen(chat.Sighting{Name: "nobody"})
		pass(time.Hour)
		got := summaryOf(t, alice.Service, bob.line.peer)
		if !got.Online || !got.Nearby || got.Status != chat.StatusBusy || got.StatusText != "in a meeting" || got.Via != "broadcast" {
			t.Errorf("shown as %+v", got)
		}
		if got.Name != protocol.SafeName(s.Name) || got.Department != "财务部" || got.Host != "bob-pc" || got.Address != "b:1" || got.Proven {
			t.Errorf("contact %+v", got.Contact)
		}
		if people, err := bob.People(t.Context()); err != nil || len(people) != 0 {
			t.Errorf("Bob was dialled: %+v, %v", people, err)
		}
		left := time.Now()
		alice.leave()
		pass(time.Hour)
		alice = board.join(t, "Alice", "a:1", store)
		defer alice.leave()
		pass(time.Hour)
		got = summaryOf(t, alice.Service, bob.line.peer)
		if got.Online || got.Nearby || got.Status != chat.StatusOffline || got.StatusText != "" || got.Via != "" {
			t.Errorf("after the restart shown as %+v", got)
		}
		if got.Department != "财务部" || got.Host != "bob-pc" || got.Address != "b:1" || !got.LastSeen.Equal(left) {
			t.Errorf("after the restart %+v, want last seen %v", got.Contact, left)
		}
		if people, err := alice.People(t.Context()); err != nil || len(people) != 1 {
			t.Errorf("%d people, %v; want Bob alone", len(people), err)
		}
	})
}

func TestBeaconsCostNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &counting{Store: memstore.New()}
		s := serve(t, store, nobody)
		for i := range 100 {
			s.Seen(sighting(fmt.Sprint("p", i), "a:1"))
		}
		synctest.Wait()
		commits := store.commits.Load()
		pass(time.Minute)
		events := s.Subscribe()
		told := 0
		done := make(chan struct{})
		go func() {
			defer close(done)
			for range events.Events() {
				told++
			}
		}()
		for range 100 {
			for i := range 100 {
				s.Seen(sighting(fmt.Sprint("p", i), "a:1"))
			}
			pass(30 * time.Second)
		}
		synctest.Wait()
		if n := store.commits.Load() - commits; n != 5 {
			t.Errorf("%d commits in 50 minutes for nothing new, want one each ten for when everybody was last seen", n)
		}
		events.Close()
		<-done
		if told != 0 {
			t.Errorf("%d events for nothing new", told)
		}
	})
}

// TestRestlessOffice has everybody come, go, move and call themselves otherwise
// all the time.
func TestRestlessOffice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &counting{Store: memstore.New()}
		s := serve(t, store, nobody)
		for i := range 100 {
			s.Seen(sighting(fmt.Sprint("p", i), "a:1"))
		}
		pass(time.Minute)
		commits := store.commits.Load()
		for round := range 120 {
			for i := range 100 {
				who := sighting(fmt.Sprint("p", i), fmt.Sprint("a:", round+2))
				who.Name = fmt.Sprint("p", i, "-", round)
				s.Seen(who)
				if i%3 == 0 {
					s.Gone(who.Peer)
				}
			}
			pass(time.Second)
		}
		if n := store.commits.Load() - commits; n < 2 || n > 15 {
			t.Errorf("%d commits in two minutes, want one each ten seconds", n)
		}
		pass(time.Minute)
		stored, err := store.Contacts(t.Context())
		if err != nil || len(stored) != 100 {
			t.Fatalf("%d stored, %v", len(stored), err)
		}
		for i, c := range stored {
			if c.Name != fmt.Sprint("p", i, "-119") || c.Address != "a:121" || time.Since(c.LastSeen) > 2*time.Minute {
				t.Fatalf("stored is %+v", c)
			}
		}
	})
}

// TestGoodbyeWithSessionUp is somebody who becomes invisible in the middle of
// a conversation.
func TestGoodbyeWithSessionUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := newSwitchboard()
		alice := board.join(t, "Alice", "a:1", memstore.New())
		defer alice.leave()
		bob := board.join(t, "Bob", "b:1", memstore.New())
		defer bob.leave()
		to := alice.contact("b:1")
		alice.send(to, "one")
		synctest.Wait()
		who := sighting("Bob", "b:1")
		who.StatusText = "here"
		alice.Seen(who)
		synctest.Wait()
		if s := alice.summary(to); !s.Online || s.StatusText != "here" || s.Via != "address" {
			t.Errorf("before: %+v", s)
		}
		goodbye := time.Now()
		alice.Gone(bob.line.peer)
		pass(time.Minute)
		alice.send(to, "two")
		bob.send(bob.who("Alice").ID, "three")
		synctest.Wait()
		if s := alice.summary(to); s.Online || s.Nearby || s.Status != chat.StatusOffline || s.StatusText != "" || !s.LastSeen.Equal(goodbye) {
			t.Errorf("invisible: %+v", s)
		}
		expect(t, "sent", alice.texts(to, chat.Out), "delivered one", "delivered two")
		expect(t, "received", alice.texts(to, chat.In), "delivered three")
		alice.Seen(who)
		synctest.Wait()
		if s := alice.summary(to); !s.Online || s.StatusText != "here" {
			t.Errorf("visible again: %+v", s)
		}
	})
}

func TestBlockedAreSeenButNotDialled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoads(t, memstore.New())
		c := r.metBefore(t, "b:1")
		if err := r.service.SetBlocked(t.Context(), c.ID, true); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		r.taken()
		r.service.Seen(sighting("Bob", "b:2"))
		pass(time.Hour)
		expect(t, "dials", r.taken())
		if s := summaryOf(t, r.service, c.Peer); !s.Online || s.Address != "b:2" {
			t.Errorf("%+v", s)
		}
	})
}

func TestSameNameInTwoDepartments(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, memstore.New(), nobody)
		first, second := sighting("one", "a:1"), sighting("two", "b:1")
		first.Name, first.Department = "王伟", "财务部"
		second.Name, second.Department = "other", "研发部"
		s.Seen(first)
		s.Seen(second)
		second.Name = "王伟"
		s.Seen(second)
		synctest.Wait()
		var ambiguous *chat.AmbiguousError
		if _, err := s.Find(t.Context(), "王伟"); !errors.As(err, &ambiguous) || len(ambiguous.Candidates) != 2 {
			t.Fatalf("%v, want two candidates", err)
		}
		for i, want := range []chat.Sighting{first, second} {
			c := ambiguous.Candidates[i]
			if c.Department != want.Department || c.Address != want.Addresses[0] || c.Namesake != (i == 1) {
				t.Errorf("candidate %+v, want %+v", c, want)
			}
		}
		second.Name, second.Department = "", ""
		s.Seen(second)
		synctest.Wait()
		if c := summaryOf(t, s, second.Peer); c.Name != "王伟" || c.Department != "" {
			t.Errorf("%q of %q; want the name kept and the department taken back", c.Name, c.Department)
		}
	})
}

// TestPresenceInAnyOrder drives one person through sightings and sessions in
// any order and compares what is shown with what follows from the last of each.
func TestPresenceInAnyOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		steps := rapid.SliceOfN(rapid.SampledFrom([]string{
			"seen", "away", "busy", "offline", "gone", "up", "incoming", "elsewhere", "down", "moved",
		}), 1, 30).Draw(rt, "steps")
		var complaint string
		synctest.Test(t, func(t *testing.T) { complaint = playPresence(t, steps) })
		if complaint != "" {
			rt.Fatal(complaint)
		}
	})
}

// playPresence returns what is wrong.
func playPresence(t *testing.T, steps []string) string {
	s := serve(t, memstore.New(), nobody)
	bob := peerOf("Bob")
	var session *scripted
	var nearby, hidden, known bool // known: there is a contact
	status, via := chat.StatusOnline, ""
	sighted := []string{"b:1", "b:2"}
	for i, step := range steps {
		switch step {
		case "seen", "away", "busy", "offline", "moved":
			who := sighting("Bob", sighted...)
			switch step {
			case "seen":
				who.Status = "a word from later"
				status = chat.StatusOnline
			case "moved":
				sighted = []string{fmt.Sprint("b:", 10+i), fmt.Sprint("b:", 11+i)}
				who.Addresses = sighted
				status = chat.StatusOnline
			default:
				who.Status = chat.Status(step)
			}
			s.Seen(who)
			if step == "offline" {
				nearby, hidden = false, known
				break
			}
			if step == "away" || step == "busy" {
				status = chat.Status(step)
			}
			nearby, hidden, via = true, false, "multicast"
		case "gone":
			s.Gone(bob)
			nearby, hidden = false, known
		case "up", "incoming", "elsewhere":
			session = &scripted{name: "Bob", peer: bob, address: sighted[1]}
			switch step {
			case "up":
				session.dialed = sighted[1]
			case "elsewhere":
				session.address = "nat:1"
			}
			s.Up(session)
		case "down":
			if session != nil {
				s.Down(session, nil)
				session = nil
			}
		}
		synctest.Wait()
		people, err := s.People(t.Context())
		if err != nil {
			return err.Error()
		}
		known = len(people) > 0
		if !known {
			if nearby || session != nil {
				return fmt.Sprintf("after %v there is nobody", steps[:i+1])
			}
			continue
		}
		want := chat.Summary{Nearby: nearby, Online: nearby || session != nil && !hidden, Status: chat.StatusOffline}
		if want.Online {
			want.Status = status
		}
		switch {
		case session != nil && session.dialed != "":
			want.Via = "address"
		case session != nil:
			want.Via = "incoming"
		case nearby:
			want.Via = via
		}
		got := people[0]
		if got.Online != want.Online || got.Nearby != want.Nearby || got.Status != want.Status || got.Via != want.Via || len(people) > 1 {
			return fmt.Sprintf("after %v: %+v\nwant %+v", steps[:i+1], got, want)
		}
		dialled := session != nil && session.dialed == got.Address
		if nearby && !dialled && got.Address != sighted[0] && got.Address != sighted[1] {
			return fmt.Sprintf("after %v: at %q, sighted at %q", steps[:i+1], got.Address, sighted)
		}
	}
	return ""
}
