package chat_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"feihong/app/chat"
	"feihong/app/chat/memstore"
	"feihong/protocol"
)

// told lists what a peer was told about transfers, and forgets it.
func (a *scripted) told() (list []string) {
	for _, m := range a.files {
		switch m := m.(type) {
		case *protocol.TransferState:
			list = append(list, m.Phase.String())
		case *protocol.TransferReceipt:
			list = append(list, "receipt")
		case *protocol.TransferCall:
			list = append(list, "call")
		}
	}
	a.files = nil
	return list
}

// answers lists how offers and texts of a peer were answered, and forgets it.
func (a *scripted) answers() (list []string) {
	for _, m := range a.sent {
		switch m := m.(type) {
		case *protocol.Delivered:
			list = append(list, "delivered")
		case *protocol.Refused:
			list = append(list, m.Code.String())
		}
	}
	a.sent = nil
	return list
}

// offers makes a peer offer something.
func (a *scripted) offers(t *testing.T, c *courier, change func(*protocol.Offer)) protocol.MessageID {
	t.Helper()
	o := offerOf([]string{"/src/a"})
	o.ID = uuid.Must(uuid.NewV7())
	o.Token = [32]byte(slices.Concat(o.ID[:], o.ID[:]))
	if change != nil {
		change(&o)
	}
	c.Receive(a, protocol.AppChat, body(t, &o))
	return o.ID
}

// says makes a peer say something about transfers.
func (a *scripted) says(t *testing.T, c *courier, messages ...protocol.FilesMessage) {
	t.Helper()
	for _, m := range messages {
		raw, err := protocol.EncodeFiles(m)
		if err != nil {
			t.Fatal(err)
		}
		c.Receive(a, protocol.AppFiles, raw)
	}
	synctest.Wait()
}

// besieged is Alice with hostile company.
func besieged(t *testing.T, names ...string) (alice *courier, company []*scripted) {
	t.Helper()
	alice = newSwitchboard().joinCourier(t, newYard(nil), "Alice", "a:1", memstore.New())
	for _, name := range names {
		a := &scripted{name: name, peer: signerOf(name)}
		alice.Up(a)
		company = append(company, a)
	}
	synctest.Wait()
	return alice, company
}

func (c *courier) all() []chat.Transfer {
	c.t.Helper()
	all, err := c.Transfers(c.t.Context(), chat.TransferQuery{})
	if err != nil {
		c.t.Fatal(err)
	}
	return all
}

func TestOffersThatAreNotTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		alice, company := besieged(t, "Bob", "Mallory")
		defer alice.leave()
		bob, mallory := company[0], company[1]
		first := bob.offers(t, alice, nil)
		synctest.Wait()
		expect(t, "answer", bob.answers(), "delivered")
		token := alice.transfer(first).Token

		bob.offers(t, alice, func(o *protocol.Offer) { o.Token = token })
		synctest.Wait()
		expect(t, "a token for two offers", bob.answers(), "token-used")

		mallory.offers(t, alice, func(o *protocol.Offer) { o.ID = first })
		synctest.Wait()
		expect(t, "the ID of an offer of somebody else", mallory.answers(), "bad-message")

		bob.offers(t, alice, func(o *protocol.Offer) { o.ID, o.Token = first, token })
		synctest.Wait()
		expect(t, "the same offer again", bob.answers(), "delivered")

		bob.offers(t, alice, func(o *protocol.Offer) { o.ID = first })
		synctest.Wait()
		expect(t, "the same ID with another token", bob.answers(), "bad-message")

		text := uuid.Must(uuid.NewV7())
		alice.Receive(bob, protocol.AppChat, body(t, &protocol.Text{ID: text, Time: 1, Body: "hello"}))
		bob.offers(t, alice, func(o *protocol.Offer) { o.ID = text })
		bob.offers(t, alice, func(o *protocol.Offer) { o.ID = text })
		synctest.Wait()
		answers := bob.answers()
		slices.Sort(answers)
		expect(t, "the ID of a text", answers, "bad-message", "bad-message", "delivered")

		alice.id = alice.who("Mallory").ID
		ours := alice.offer("/src/ours").ID
		mallory.offers(t, alice, func(o *protocol.Offer) { o.ID = ours })
		synctest.Wait()
		expect(t, "the ID of an offer of ours", mallory.answers(), "bad-message")

		must(t, alice.Reject(t.Context(), first))
		bob.says(t, alice, &protocol.TransferState{ID: first, Phase: protocol.PhaseRejected})
		bob.offers(t, alice, func(o *protocol.Offer) { o.Token = token })
		synctest.Wait()
		expect(t, "the token of an offer that is over", bob.answers(), "token-used")
		if n := len(alice.all()); n != 2 {
			t.Errorf("%d transfers, want 2", n)
		}
	})
}

func TestThousandsOfOffers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		alice, company := besieged(t, "Mallory", "Bob")
		defer alice.leave()
		mallory, bob := company[0], company[1]
		for range 3000 {
			mallory.offers(t, alice, nil)
		}
		synctest.Wait()
		answers := mallory.answers()
		busy := slices.Compact(slices.Sorted(slices.Values(answers)))
		if n := len(alice.all()); n != 256 || !slices.Contains(busy, "busy") {
			t.Errorf("%d offers were taken, answers %q", n, busy)
		}
		bob.offers(t, alice, nil)
		synctest.Wait()
		expect(t, "somebody else", bob.answers(), "delivered")
	})
}

// TestManyWithManyOffers lets so many people offer so much that there is no
// room for one more: the greediest make it.
func TestManyWithManyOffers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var names []string
		for i := range 17 {
			names = append(names, fmt.Sprint("M", i))
		}
		alice, company := besieged(t, append(names, "Bob")...)
		defer alice.leave()
		for _, m := range company[:17] {
			for range 256 {
				m.offers(t, alice, nil)
			}
			synctest.Wait()
		}
		bob := company[17]
		id := bob.offers(t, alice, nil)
		synctest.Wait()
		expect(t, "Bob", bob.answers(), "delivered")
		if state := alice.transfer(id).State; state != chat.TransferOffered {
			t.Errorf("Bob's offer is %v", state)
		}
		open, err := alice.Transfers(t.Context(), chat.TransferQuery{Open: true})
		if err != nil || len(open) > 4096 {
			t.Errorf("%d undecided, %v", len(open), err)
		}
	})
}

// TestFloodAboutUnknownTransfers counts the answers: one for each question at
// most, none for what asks for nothing, and an end.
func TestFloodAboutUnknownTransfers(t *testing.T) {
	for _, ask := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			alice, company := besieged(t, "Mallory")
			defer alice.leave()
			mallory := company[0]
			for range 9000 {
				mallory.says(t, alice, &protocol.TransferState{ID: uuid.New(), Phase: protocol.PhaseAccepted, Answer: ask})
			}
			told := mallory.told()
			if !ask && len(told) > 0 || len(told) > 8200 || ask && told[0] != "unknown" {
				t.Errorf("asked %v: %d answers", ask, len(told))
			}
			if !slices.Equal(mallory.closed, []protocol.ErrorCode{protocol.CodeBadMessage}) {
				t.Errorf("closed with %v", mallory.closed)
			}
		})
	}
}

func TestWhatIsNotTheirsToSay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		alice, company := besieged(t, "Bob", "Mallory")
		defer alice.leave()
		bob, mallory := company[0], company[1]
		id := bob.offers(t, alice, nil)
		synctest.Wait()
		for phase := protocol.PhaseOffered; phase <= protocol.PhaseUnknown+1; phase++ {
			mallory.says(t, alice, &protocol.TransferState{ID: id, Phase: phase, Answer: true})
		}
		mallory.says(t, alice, &protocol.TransferCall{ID: id}, &protocol.TransferReceipt{ID: id, Receipt: []byte{1}})
		if told := slices.Compact(mallory.told()); !slices.Equal(told, []string{"unknown"}) {
			t.Errorf("Mallory was told %q", told)
		}
		// The sender cannot accept, reject or finish for us.
		for _, phase := range []protocol.TransferPhase{
			protocol.PhaseAccepted, protocol.PhasePaused, protocol.PhaseReceived, protocol.PhaseDone, protocol.PhaseUnknown + 1,
		} {
			bob.says(t, alice, &protocol.TransferState{ID: id, Phase: phase})
			if now := alice.transfer(id); now.State != chat.TransferOffered || now.PausedThere {
				t.Errorf("after %v: %+v", phase, now)
			}
		}
		expect(t, "porter", alice.porter.told())
		bob.says(t, alice, &protocol.TransferState{ID: id, Phase: protocol.PhaseFailed, Reason: "source-missing", Detail: "a\u202e\x1b[2J.txt"})
		if end := alice.transfer(id); end.State != chat.TransferFailed || end.Reason != "source-missing" || strings.ContainsAny(end.Detail, "\u202e\x1b") {
			t.Errorf("at the end: %+v", end)
		}
	})
}

func TestCallsAreFew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		alice, company := besieged(t, "Bob")
		defer alice.leave()
		bob := company[0]
		id := bob.offers(t, alice, nil)
		bob.says(t, alice, &protocol.TransferCall{ID: id}) // not accepted
		expect(t, "porter", alice.porter.told())
		must(t, alice.Accept(t.Context(), id, ""))
		for range 100 {
			bob.says(t, alice, &protocol.TransferCall{ID: id})
		}
		expect(t, "porter", alice.porter.told(), "begin", "called")
		pass(2 * time.Second)
		bob.says(t, alice, &protocol.TransferCall{ID: id})
		expect(t, "porter", alice.porter.told(), "called")
		alice.CallForFiles(bob.peer, id)
		alice.CallForFiles(bob.peer, uuid.New())
		alice.CallForFiles(signerOf("nobody"), id)
		synctest.Wait()
		expect(t, "Bob was told", bob.told(), "accepted", "call")
	})
}

// TestNothingIsToldThatIsNotOnDisk breaks the disk while everything happens.
func TestNothingIsToldThatIsNotOnDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		disk := &brokenStore{Store: memstore.New()}
		alice := newSwitchboard().joinCourier(t, newYard(nil), "Alice", "a:1", disk)
		bob := &scripted{name: "Bob", peer: signerOf("Bob")}
		alice.Up(bob)
		id := bob.offers(t, alice, nil)
		synctest.Wait()
		alice.porter.told()
		disk.broken.Store(true)
		if err := alice.Accept(t.Context(), id, ""); err == nil {
			t.Error("accepted without a disk")
		}
		if _, err := alice.Offer(t.Context(), alice.who("Bob").ID, []string{"/src/a"}, ""); err == nil {
			t.Error("offered without a disk")
		}
		synctest.Wait()
		expect(t, "Bob was told", bob.told())
		expect(t, "porter", alice.porter.told(), "prepare", "drop")
		disk.broken.Store(false)
		pass(5 * time.Second) // nobody does anything
		synctest.Wait()
		expect(t, "Bob was told", bob.told(), "accepted")
		expect(t, "porter", alice.porter.told(), "begin")
		disk.broken.Store(true)
		bob.offers(t, alice, nil)
		synctest.Wait()
		if !slices.Equal(bob.closed, []protocol.ErrorCode{protocol.CodeStorage}) || len(alice.all()) != 1 {
			t.Errorf("closed with %v, %d transfers", bob.closed, len(alice.all()))
		}
		alice.leave()
		expect(t, "events", alice.eventsOf(id), "offered", "accepted")
	})
}

func TestBlockingEndsTransfers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		alice, bob := couple(t, newYard(nil))
		defer alice.leave()
		defer bob.leave()
		undecided, running, ours := alice.offer("/src/a").ID, alice.offer("/src/b").ID, bob.offer("/src/c").ID
		synctest.Wait()
		must(t, bob.Accept(t.Context(), running, ""))
		must(t, bob.SetBlocked(t.Context(), bob.id, true))
		synctest.Wait()
		expect(t, "Bob", []string{states(undecided, bob)[0], states(running, bob)[0], states(ours, bob)[0]}, "rejected", "cancelled", "cancelled")
		pass(time.Minute)
		must(t, bob.SetBlocked(t.Context(), bob.id, false))
		alice.Reach(alice.id)
		pass(10 * time.Minute)
		synctest.Wait()
		expect(t, "Alice", []string{states(undecided, alice)[0], states(running, alice)[0], states(ours, alice)[0]}, "failed", "cancelled", "cancelled")
	})
}
