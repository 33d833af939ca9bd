package chat_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"feihong/app/chat"
	"feihong/app/chat/memstore"
)

func TestInventedSightings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &counting{Store: memstore.New()}
		acquaint(t, store, 50) // with conversations
		r := newRoads(t, store)
		office := sighting("Carol", "c:1") // a stranger who is here, and was here before
		r.service.Seen(office)
		entered := contactAt(t, r.service, "somewhere:1")
		chosen, err := r.service.Known(t.Context(), sighting("Frank", "f:1"))
		if err != nil {
			t.Fatal(err)
		}
		pass(time.Hour)
		r.taken()
		r.service.Seen(sighting("Zed", "z:1"))
		synctest.Wait()
		r.service.Gone(peerOf("Zed")) // the first to make room, before that is stored
		commits := store.commits.Load()
		for i := range 15_000 {
			r.service.Seen(sighting(fmt.Sprint("M", i), "victim:1"))
		}
		synctest.Wait()
		people, err := r.service.People(t.Context())
		if err != nil || len(people) > 10_000 {
			t.Fatalf("%d people, %v", len(people), err)
		}
		for _, address := range r.taken() {
			if address == "victim:1" {
				t.Fatal("an invented person was dialled")
			}
		}
		if n := store.commits.Load() - commits; n > 1000 {
			t.Errorf("%d commits for 15,000 invented people", n)
		}
		for i := range 50 {
			if c := summaryOf(t, r.service, peerOf(fmt.Sprint("p", i))); c.Last == nil {
				t.Errorf("the conversation with p%d is gone", i)
			}
		}
		if !summaryOf(t, r.service, office.Peer).Online {
			t.Error("Carol is hidden")
		}
		mustSend(t, r.service, entered.ID, "still there")
		mustSend(t, r.service, chosen.ID, "still there")
		r.service.Seen(sighting("Dave", "d:1"))
		synctest.Wait()
		mustSend(t, r.service, summaryOf(t, r.service, peerOf("Dave")).ID, "found a place")
		pass(time.Minute)
		people, _ = r.service.People(t.Context())
		stored, err := store.Contacts(t.Context())
		if err != nil || len(stored) != len(people) || len(stored) > 10_000 {
			t.Errorf("%d of %d people stored, %v", len(stored), len(people), err)
		}
	})
}

// TestStrangerWhileTextIsOnItsWay fills the profile in the moment in which the
// user writes to somebody known by sight alone.
func TestStrangerWhileTextIsOnItsWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gate{Store: memstore.New()}
		s := serve(t, g, nobody)
		carol := sighting("Carol", "c:1")
		s.Seen(carol)
		s.Gone(carol.Peer)
		for i := range 9_999 {
			s.Seen(sighting(fmt.Sprint("M", i), "x:1"))
		}
		synctest.Wait()
		c := mustFind(t, s, "Carol")
		g.together(t, s, mustFind(t, s, "M0").ID,
			func() { _, _ = s.Send(t.Context(), c.ID, "hello Carol") },
			func() { s.Seen(sighting("one more", "x:1")) },
		)
		messages, err := s.History(t.Context(), chat.HistoryQuery{Contact: c.ID})
		if err != nil || len(messages) != 1 {
			t.Errorf("%d texts to Carol, %v", len(messages), err)
		}
		summaryOf(t, s, peerOf("one more"))
	})
}

func TestOldStrangersAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := memstore.New()
		long, lately := time.Now().Add(-31*24*time.Hour), time.Now().Add(-29*24*time.Hour)
		batch := chat.Batch{
			Contacts: []chat.Contact{
				{Name: "old stranger", Created: long, LastSeen: long},
				{Name: "never seen", Created: long},
				{Name: "seen lately", Created: long, LastSeen: lately},
				{Name: "met lately", Created: lately},
				{Name: "remark", Remark: "boss", Created: long},
				{Name: "blocked", Blocked: true, Created: long},
				{Name: "verified", Verified: true, Created: long},
				{Name: "draft", Created: long},
				{Name: "conversation", Created: long},
				{Name: "address", Address: "a:1", Created: long},
			},
			Drafts:   []chat.Draft{{Contact: 8, Text: "Dear"}},
			Messages: []chat.Message{{ID: [16]byte{1}, Contact: 9, Direction: chat.In, State: chat.Read, Kind: chat.KindText, Text: "hi"}},
		}
		for i := range batch.Contacts {
			c := &batch.Contacts[i]
			if c.ID = chat.ContactID(i + 1); c.Address == "" {
				c.Peer = peerOf(c.Name)
			}
		}
		for i := range 3000 {
			c := chat.Contact{ID: chat.ContactID(i + 100), Peer: peerOf(fmt.Sprint("crowd ", i)), Created: long.Add(time.Hour)}
			batch.Contacts = append(batch.Contacts, c)
		}
		if _, err := store.Commit(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
		for _, left := range []int{2010, 1010, 10, 8, 8} { // a thousand at each start
			s := serve(t, store, nobody)
			synctest.Wait()
			people, err := s.People(t.Context())
			if err != nil || len(people) != left {
				t.Errorf("%d people, %v; want %d", len(people), err, left)
			}
		}
	})
}
