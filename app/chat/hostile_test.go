package chat_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"go.uber.org/goleak"

	"feihong/app/chat"
	"feihong/app/chat/memstore"
	"feihong/protocol"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// scripted is a peer who does what the test says, and only that.
type scripted struct {
	name            string
	peer            protocol.PeerID
	address, dialed string
	sent            []protocol.ChatMessage // what the service sent them
	files           []protocol.FilesMessage
	closed          []protocol.ErrorCode
	old             bool // speaks the first version only
	onSend          func(protocol.ChatMessage)
}

func (a *scripted) Peer() protocol.PeerID { return a.peer }
func (a *scripted) Name() string          { return a.name }
func (a *scripted) Address() string       { return a.address }
func (a *scripted) Dialed() string        { return a.dialed }
func (a *scripted) Speaks(feature string) bool {
	return !a.old && (feature == protocol.FeatureFiles || feature == protocol.FeatureAmend)
}
func (a *scripted) Send(app protocol.Application, body []byte) error {
	if app == protocol.AppFiles {
		m, err := protocol.DecodeFiles(body)
		a.files = append(a.files, m)
		return err
	}
	m, err := protocol.DecodeChat(body)
	if err != nil {
		return err
	}
	a.sent = append(a.sent, m)
	if a.onSend != nil {
		a.onSend(m)
	}
	return nil
}
func (a *scripted) Close(code protocol.ErrorCode, _ string) { a.closed = append(a.closed, code) }

func body(t *testing.T, m protocol.ChatMessage) []byte {
	t.Helper()
	b, err := protocol.EncodeChat(m)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestHostilePeer(t *testing.T) {
	id := uuid.Must(uuid.NewV7())
	text := func(s string, ms int64) protocol.ChatMessage {
		return &protocol.Text{ID: id, Time: ms, Body: s}
	}
	tests := []struct {
		name   string
		frames []protocol.ChatMessage
		raw    []byte
		want   []string // history of received texts
		closed []protocol.ErrorCode
	}{
		{name: "receipts for messages never sent", frames: []protocol.ChatMessage{
			&protocol.Delivered{IDs: []protocol.MessageID{id}}, &protocol.Read{IDs: []protocol.MessageID{id}},
			&protocol.Refused{ID: id, Code: protocol.CodeTooLong},
		}},
		{name: "the same ID with another text", frames: []protocol.ChatMessage{text("first", 1), text("second", 2)},
			want: []string{"delivered first"}},
		{name: "control characters", frames: []protocol.ChatMessage{text("\x1b[2Jx\u202ey", 1)},
			want: []string{"delivered " + protocol.VisibleText("\x1b[2Jx\u202ey")}},
		{name: "a time in the far future", frames: []protocol.ChatMessage{text("later", protocol.MaxTime)},
			want: []string{"delivered later"}},
		{name: "bytes that are no message", raw: []byte{0xff, 0x00}, closed: []protocol.ErrorCode{protocol.CodeBadMessage}},
		{name: "an empty body", raw: []byte{}, closed: []protocol.ErrorCode{protocol.CodeBadMessage}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				board := newSwitchboard()
				alice := board.join(t, "Alice", "a:1", memstore.New())
				defer alice.leave()
				m := &scripted{name: "Mallory", peer: peerOf("Mallory")}
				alice.Up(m)
				for _, frame := range test.frames {
					alice.Receive(m, protocol.AppChat, body(t, frame))
				}
				if test.raw != nil {
					alice.Receive(m, protocol.AppChat, test.raw)
				}
				synctest.Wait()
				expect(t, "history", alice.texts(alice.who("Mallory").ID, chat.In), test.want...)
				if !slices.Equal(m.closed, test.closed) {
					t.Errorf("closed with %v, want %v", m.closed, test.closed)
				}
				messages, err := alice.History(t.Context(), chat.HistoryQuery{})
				if err != nil {
					t.Fatal(err)
				}
				for _, m := range messages {
					if m.Time.After(time.Now().Add(25 * time.Hour)) {
						t.Errorf("a message from %v was kept as such", m.Time)
					}
				}
			})
		})
	}
}

func TestSameIDFromTwoPeople(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := newSwitchboard()
		alice := board.join(t, "Alice", "a:1", memstore.New())
		defer alice.leave()
		id := uuid.Must(uuid.NewV7())
		for _, name := range []string{"Bob", "Mallory"} {
			peer := &scripted{name: name, peer: peerOf(name)}
			alice.Up(peer)
			alice.Receive(peer, protocol.AppChat, body(t, &protocol.Text{ID: id, Time: 1, Body: "from " + name}))
			synctest.Wait()
			expect(t, name, alice.texts(alice.who(name).ID, chat.In), "delivered from "+name)
			if len(peer.sent) != 1 {
				t.Errorf("%s got %d receipts, want 1", name, len(peer.sent))
			}
		}
	})
}

func TestInventedPeopleAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := newSwitchboard()
		alice := board.join(t, "Alice", "a:1", memstore.New())
		defer alice.leave()
		entered := alice.contact("somewhere:1") // by the user, who is still typing
		var invented []*scripted
		for i := range 10_100 {
			m := &scripted{name: fmt.Sprint("M", i), peer: peerOf(fmt.Sprint("M", i))}
			alice.Up(m)
			alice.Down(m, nil)
			invented = append(invented, m)
		}
		synctest.Wait()
		people, err := alice.People(t.Context())
		if err != nil || len(people) > 10_000 {
			t.Errorf("%d contacts, %v", len(people), err)
		}
		alice.send(entered, "hello")
		// Somebody real still finds a place, and the first of the invented made it.
		bob := board.join(t, "Bob", "b:1", memstore.New())
		defer bob.leave()
		alice.send(alice.contact("b:1"), "hello")
		synctest.Wait()
		expect(t, "received", bob.texts(bob.who("Alice").ID, chat.In), "delivered hello")
		var unknown *chat.UnknownError
		if _, err := alice.Find(t.Context(), invented[0].peer.String()); !errors.As(err, &unknown) {
			t.Errorf("the first of the invented is still there: %v", err)
		}
	})
}

// brokenStore fails on demand.
type brokenStore struct {
	chat.Store
	broken atomic.Bool
}

var errDisk = errors.New("disk full")

func (s *brokenStore) Commit(ctx context.Context, b chat.Batch) (chat.Committed, error) {
	if s.broken.Load() {
		return chat.Committed{}, errDisk
	}
	return s.Store.Commit(ctx, b)
}

func TestNothingIsAcknowledgedThatIsNotOnDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := newSwitchboard()
		alice := board.join(t, "Alice", "a:1", memstore.New())
		defer alice.leave()
		disk := &brokenStore{Store: memstore.New()}
		bob := board.join(t, "Bob", "b:1", disk)
		to := alice.contact("b:1")
		alice.send(to, "one")
		synctest.Wait()
		disk.broken.Store(true)
		alice.send(to, "two")
		alice.send(to, "three")
		pass(time.Minute)
		synctest.Wait()
		if got := alice.texts(to, chat.Out); got[1] != "queued two" && got[1] != "sent two" {
			t.Errorf("acknowledged without a disk: %q", got)
		}
		from := bob.who("Alice").ID
		expect(t, "received", bob.texts(from, chat.In), "delivered one")
		if _, err := bob.Send(t.Context(), from, "x"); !errors.Is(err, errDisk) {
			t.Errorf("send without a disk: %v", err)
		}
		disk.broken.Store(false)
		pass(10 * time.Minute)
		synctest.Wait()
		expect(t, "received", bob.texts(from, chat.In), "delivered one", "delivered two", "delivered three")
		expect(t, "sent", alice.texts(to, chat.Out), "delivered one", "delivered two", "delivered three")
		bob.leave()
		told := 0
		for _, e := range bob.seen {
			if _, ok := e.(chat.StoreFailed); ok {
				told++
			}
		}
		if told != 1 {
			t.Errorf("the failure was told %d times, want once", told)
		}
	})
}

func TestReceiptThatCannotBeStoredIsGivenAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := newSwitchboard()
		disk := &brokenStore{Store: memstore.New()}
		alice := board.join(t, "Alice", "a:1", disk)
		defer alice.leave()
		bob := &scripted{name: "Bob", peer: peerOf("Bob")}
		alice.Up(bob)
		synctest.Wait()
		to := alice.who("Bob").ID
		m := alice.send(to, "hello")
		synctest.Wait()
		disk.broken.Store(true)
		alice.Receive(bob, protocol.AppChat, body(t, &protocol.Delivered{IDs: []protocol.MessageID{m.ID}}))
		synctest.Wait()
		if !slices.Equal(bob.closed, []protocol.ErrorCode{protocol.CodeStorage}) {
			t.Errorf("closed with %v, want storage, so that Bob is asked again", bob.closed)
		}
		disk.broken.Store(false)
		again := &scripted{name: "Bob", peer: peerOf("Bob")}
		alice.Up(again)
		alice.Receive(again, protocol.AppChat, body(t, &protocol.Delivered{IDs: []protocol.MessageID{m.ID}}))
		synctest.Wait()
		expect(t, "sent", alice.texts(to, chat.Out), "delivered hello")
		if len(again.sent) != 1 {
			t.Errorf("%d frames in the new session, want the text once more", len(again.sent))
		}
	})
}

func TestLateReaderMissesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := newSwitchboard()
		alice := board.join(t, "Alice", "a:1", memstore.New())
		defer alice.leave()
		to := alice.contact("b:1")
		late := alice.Subscribe()
		defer late.Close()
		for range 3 {
			alice.send(to, "hello")
		}
		for added := 0; added < 3; {
			if _, ok := (<-late.Events()).(chat.MessageAdded); ok {
				added++
			}
		}
	})
}
