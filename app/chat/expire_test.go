package chat_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"feihong/app/chat"
	"feihong/app/chat/memstore"
)

// TestExpireLetsOthersWork deletes much, step by step.
func TestExpireLetsOthersWork(t *testing.T) {
	tests := map[string]struct {
		then func(alice *person) // after the first step
		left int
	}{
		"all of it":                   {func(*person) {}, 1},
		"the user changes their mind": {func(alice *person) { alice.SetPolicy(chat.Policy{}) }, 1 + 2*chat.ExpireStep},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				stored := memstore.New()
				old := chat.Batch{Contacts: []chat.Contact{{ID: 1, Address: "b:1"}}}
				for range 3 * chat.ExpireStep {
					old.Messages = append(old.Messages, chat.Message{
						ID: uuid.New(), Contact: 1, Direction: chat.In, State: chat.Read, Kind: chat.KindText, Text: "old", Time: time.Now().AddDate(0, 0, -9),
					})
				}
				_, err := stored.Commit(t.Context(), old)
				must(t, err)
				alice := newSwitchboard().join(t, "Alice", "a:1", stored)
				alice.SetPolicy(chat.Policy{KeepDays: 7})
				count := func() int {
					all, err := alice.History(t.Context(), chat.HistoryQuery{})
					must(t, err)
					return len(all)
				}
				synctest.Wait()
				if n := count(); n != 2*chat.ExpireStep {
					t.Errorf("%d are left after the first step", n)
				}
				alice.send(1, "new") // comes between
				tt.then(alice)
				pass(time.Minute)
				if n := count(); n != tt.left {
					t.Errorf("%d are left, want %d", n, tt.left)
				}
				alice.leave()
				reloads := 0
				for _, e := range alice.seen {
					if _, ok := e.(chat.Lagged); ok {
						reloads++
					}
				}
				if reloads != 1 {
					t.Errorf("clients are told %d times to read everything again", reloads)
				}
			})
		})
	}
}
