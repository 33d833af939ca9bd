package discovery_test

import (
	"context"
	"net/netip"
	"sync"
	"testing"
	"time"

	"feihong/protocol"
	"feihong/transport/discovery"
	"feihong/transport/ether"
	"feihong/transport/ether/memory"
	"feihong/transport/identity"
)

// In a large office a newcomer does not let everybody answer.
func TestNewcomerTakesAList(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		o.open = memoized()
		const n = 60
		for range n {
			o.hire("p").start()
		}
		pass(40 * time.Second)
		newcomer := o.hire("newcomer")
		answers := 0
		o.world.Filter(func(d memory.Datagram) bool {
			if d.Receiver == "newcomer" && d.Way == ether.Unicast {
				answers++
			}
			return false
		})
		newcomer.start()
		pass(300 * time.Millisecond)
		newcomer.mustSee(o.people...)
		for _, p := range o.people {
			p.mustSee(newcomer)
		}
		o.world.Filter(nil)
		if sessions, _ := o.dialled(); sessions != 1 || answers > n*2/3 {
			t.Errorf("%d sessions, %d answers", sessions, answers)
		}
		// One other is asked later, in case that the first one lied.
		pass(10 * time.Second)
		if sessions, _ := o.dialled(); sessions != 2 {
			t.Errorf("%d sessions", sessions)
		}
		pass(30 * time.Second)
		for _, peer := range newcomer.service.Peers() {
			if peer.SecondHand {
				t.Errorf("%s was not heard in a period", peer.Name)
			}
		}
	})
}

// A neighbour who tells of nobody cannot keep a newcomer from the others, nor
// can one who takes no session.
func TestNeighbourTellsNothing(t *testing.T) {
	for _, refuse := range []bool{false, true} {
		inBubble(t, func(t *testing.T, o *office) {
			o.open = memoized()
			const n = 40
			for range n {
				o.hire("p").start()
			}
			pass(40 * time.Second)
			var dialled []string
			var newcomer *person
			newcomer = o.hire("newcomer", func(c *discovery.Config) {
				dial := c.Dial
				c.Dial = func(ctx context.Context, address string, want protocol.PeerID) error {
					dialled = append(dialled, address)
					switch {
					case len(dialled) > 1:
						return dial(ctx, address, want)
					case refuse:
						return errDown
					}
					liar := &fakeSession{peer: want}
					newcomer.service.Up(liar)
					newcomer.service.Receive(liar, presence(o.t, &protocol.People{}))
					return nil
				}
			})
			newcomer.start()
			pass(500 * time.Millisecond)
			newcomer.mustSee(o.people...)
			if len(dialled) != 2 {
				t.Errorf("dialled %v", dialled)
			}
		})
	}
}

// Without sessions, everybody answers.
func TestNewcomerWithoutSessions(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		o.open = memoized()
		for range 40 {
			o.hire("p").start()
		}
		pass(40 * time.Second)
		newcomer := o.hire("newcomer", func(c *discovery.Config) { c.Dial = nil }).start()
		pass(time.Second)
		newcomer.mustSee(o.people...)
	})
}

// fakeSession is a session whose other end is the test.
type fakeSession struct {
	peer   protocol.PeerID
	mu     sync.Mutex
	sent   []protocol.PresenceMessage
	closed []protocol.ErrorCode
}

func (s *fakeSession) Peer() protocol.PeerID { return s.peer }

func (s *fakeSession) Close(code protocol.ErrorCode, _ string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = append(s.closed, code)
}
func (s *fakeSession) Send(_ protocol.Application, body []byte) error {
	m, err := protocol.DecodePresence(body)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = append(s.sent, m)
	return nil
}

// took returns and forgets what was sent.
func (s *fakeSession) took() []protocol.PresenceMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	sent := s.sent
	s.sent = nil
	return sent
}

func presence(t testing.TB, m protocol.PresenceMessage) []byte {
	t.Helper()
	body, err := protocol.EncodePresence(m)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestWhoIsThere(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		a := o.hire("a").start()
		others := 0
		for range 60 {
			o.hire("p").start()
			others++
		}
		pass(10 * time.Second)
		stranger := o.hire("stranger")
		s := &fakeSession{peer: stranger.id.PeerID()}
		a.service.Up(s)
		pass(time.Second)
		if sent := s.took(); len(sent) != 1 {
			t.Fatalf("sent at first: %v", sent)
		} else if p, ok := sent[0].(*protocol.Present); !ok {
			t.Errorf("sent at first: %T", sent[0])
		} else if got, err := protocol.OpenAnnouncement(p.Signed); err != nil || got.Name != "a" {
			t.Errorf("%v %v", got, err)
		}
		count := func() (people int, more bool) {
			for _, m := range s.took() {
				if p, ok := m.(*protocol.People); ok {
					people += len(p.Told)
					more = p.More
					for _, told := range p.Told {
						if told.Age > 40 {
							t.Errorf("age %d", told.Age)
						}
					}
				}
			}
			return people, more
		}
		for range 3 { // once is enough
			a.service.Receive(s, presence(t, &protocol.WhoIsThere{Limit: 4096}))
		}
		pass(time.Second)
		if people, more := count(); people != others || more {
			t.Errorf("told of %d people, more %v", people, more)
		}
		pass(20 * time.Second)
		a.service.Receive(s, presence(t, &protocol.WhoIsThere{Limit: 7}))
		pass(time.Second)
		if people, more := count(); people != 7 || more {
			t.Errorf("told of %d people, more %v", people, more)
		}
		a.service.Down(s)
	})
}

func TestPeopleToldOf(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		a := o.hire("a").start()
		teller, known, ghost := o.hire("teller"), o.hire("known").start(), o.hire("ghost")
		pass(5 * time.Second)
		s := &fakeSession{peer: teller.id.PeerID()}
		a.service.Up(s)
		defer a.service.Down(s)
		told := func(age uint16, signed []byte) {
			a.service.Receive(s, presence(t, &protocol.People{Told: []protocol.Told{{Signed: signed, Age: age}}}))
			pass(100 * time.Millisecond)
		}
		told(0, ghost.signed(nil))
		a.mustNotSee(ghost) // nobody asked for it

		// Somebody else's announcement is not theirs.
		a.service.Receive(s, presence(t, &protocol.Present{Signed: ghost.signed(nil)}))
		pass(time.Millisecond)
		a.mustNotSee(ghost)

		// The teller is on no link of ours, so we ask for a list.
		a.service.Receive(s, presence(t, &protocol.Present{Signed: teller.signed(func(a *protocol.Announcement) {
			a.Addresses = []netip.Addr{netip.MustParseAddr("10.77.0.1"), netip.MustParseAddr("fe80::77")}
		})}))
		pass(time.Millisecond)
		asked := false
		for _, m := range s.took() {
			_, is := m.(*protocol.WhoIsThere)
			asked = asked || is
		}
		if !asked {
			t.Fatal("no list was asked for")
		}
		a.mustSee(teller)
		forged := known.signed(func(a *protocol.Announcement) { a.Name = "forged" })
		forged[10] ^= 1
		old := known.signed(func(a *protocol.Announcement) { a.Name = "old"; a.Sequence -= 60_000 })
		tooOld, _ := identity.Generate()
		list := &protocol.People{Told: []protocol.Told{
			{Signed: ghost.signed(nil), Age: 3},
			{Signed: forged}, {Signed: old}, {Signed: a.signed(nil)},
			{Signed: (&person{office: o, host: a.host, id: tooOld}).signed(nil), Age: 600},
		}}
		a.service.Receive(s, presence(t, list))
		pass(100 * time.Millisecond)
		a.mustNotSee(ghost) // does not answer
		if peer, _ := a.sees(known); peer.Name != "known" || peer.SecondHand {
			t.Errorf("%+v", peer)
		}
		if a.count() != 2 {
			t.Errorf("%d people", a.count())
		}
		// They are heard, and no longer second hand.
		ghost.start()
		pass(time.Second)
		if peer, ok := a.sees(ghost); !ok || peer.SecondHand {
			t.Errorf("%v %+v", ok, peer)
		}
	})
}
