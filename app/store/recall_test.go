package store_test

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"feihong/app/chat"
	"feihong/app/store"
	"feihong/protocol"
)

// TestRecalledTextIsGone looks into the files for text that was taken back,
// replaced or deleted.
func TestRecalledTextIsGone(t *testing.T) {
	long := strings.Repeat("很长的秘密", 4000) // more than a page
	tests := []struct {
		name   string
		secret string
		how    func(m chat.Message) chat.Batch
	}{
		{"recalled", "只有你知道的秘密", amendment(chat.KindRecall, "")},
		{"recalled long one", long, amendment(chat.KindRecall, "")},
		{"edited", "只有你知道的秘密", amendment(chat.KindEdit, "没事")},
		{"cleared", long, func(chat.Message) chat.Batch { return chat.Batch{Clears: []chat.ContactID{1}} }},
		{"expired", "只有你知道的秘密", func(m chat.Message) chat.Batch { return chat.Batch{Expire: m.Time.Add(time.Hour)} }},
		{"removed", "只有你知道的秘密", func(chat.Message) chat.Batch { return chat.Batch{Removals: []chat.ContactID{1}} }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := database(t)
			synctest.Test(t, func(t *testing.T) {
				s, _, err := store.Open(path)
				if err != nil {
					t.Fatal(err)
				}
				defer s.Close()
				secret := text(1, chat.In, tt.secret)
				batch := person(1, "before")
				batch.Messages = append(batch.Messages, secret, text(1, chat.In, "after"))
				commit(t, s, batch)
				if err := s.Index(t.Context()); err != nil {
					t.Fatal(err)
				}
				if !contains(t, path, tt.secret) {
					t.Fatal("the text cannot be found where it should be")
				}
				commit(t, s, chat.Batch{ReadUpTo: []chat.ReadMark{{Contact: 1, UpTo: 100}}}) // what is unread does not expire
				commit(t, s, tt.how(secret))
				time.Sleep(2 * time.Second) // of the bubble's clock
				synctest.Wait()
				if contains(t, path, tt.secret) {
					t.Error("the text is still there")
				}
			})
		})
	}
}

// TestRecalledByAnEarlierVersion: what it left in other places goes.
func TestRecalledByAnEarlierVersion(t *testing.T) {
	path := database(t)
	old, _, err := store.Open(path, store.Migrations(migrations(t, 5)))
	if err != nil {
		t.Fatal(err)
	}
	commit(t, old, person(1))
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	id := func(n byte) string { return "x'" + strings.Repeat(fmt.Sprintf("%02x", n), 16) + "'" }
	for n, recalled := range []int{1: 0, 2: 1} {
		if n == 0 {
			continue
		}
		execute(t, path, fmt.Sprintf(`
			INSERT INTO messages (contact, direction, id, state, kind, time, text, recalled) VALUES (1, 0, %[1]s, 4, 2, 1000, '', %[2]d);
			INSERT INTO transfers VALUES (%[1]s, 1, 0, 'cancelled', '[{"name":"secret.pdf"}]', 1, 2, 0, 0, 5, 'caption', 0, 0, 0, 0,
				'', 'secret.pdf', 0, 0, '', 'null', 1000, 1000, 1000, NULL, NULL, zeroblob(32), zeroblob(32), 1, 1, x'01');
			INSERT INTO messages (contact, direction, id, state, kind, time, text, target)
				VALUES (1, %[2]d, x'%[3]s', 4, 4, 1000, 'edited', NULL);`, id(byte(n)), recalled, strings.Repeat("0a", 16)))
	}
	s := open(t, path)
	for n, tops := range []int{1: 1, 2: 0} {
		if n == 0 {
			continue
		}
		transfer, err := s.Transfer(t.Context(), protocol.MessageID(bytes.Repeat([]byte{byte(n)}, 16)))
		if err != nil || len(transfer.Tops) != tops || transfer.MoreTops != tops || len(transfer.Preview) != tops || (transfer.Text != "") != (tops > 0) ||
			(transfer.Detail != "") != (tops > 0) || transfer.Files != 2 {
			t.Errorf("transfer %d is %+v, %v", n, transfer, err)
		}
	}
	if edits := history(t, s, chat.HistoryQuery{Kinds: []chat.Kind{chat.KindEdit}}); !slices.Equal(edits, []string{"", "edited"}) {
		t.Errorf("edits: %q", edits)
	}
}

// amendment returns what makes a batch with an amendment of a message.
func amendment(kind chat.Kind, words string) func(chat.Message) chat.Batch {
	return func(m chat.Message) chat.Batch {
		a := text(m.Contact, m.Direction, words)
		a.Kind, a.Target, a.Time = kind, m.Ref(), m.Time.Add(time.Minute)
		return chat.Batch{Messages: []chat.Message{a}}
	}
}

// contains looks for the beginning of a text in the database and its log.
func contains(t *testing.T, path, secret string) bool {
	t.Helper()
	found := false
	for _, suffix := range []string{"", "-wal"} {
		data, err := os.ReadFile(path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		found = found || bytes.Contains(data, []byte(secret[:min(len(secret), 24)]))
	}
	return found
}
