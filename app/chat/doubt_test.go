package chat_test

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"feihong/app/chat"
	"feihong/app/chat/memstore"
	"feihong/protocol"
)

// provable is a session that can be asked for a proof.
type provable struct {
	*scripted
	proofs atomic.Int32
	prove  func()
}

func (p *provable) Prove() bool {
	p.proofs.Add(1)
	if p.prove != nil {
		p.prove()
	}
	return p.prove == nil
}

// TestDoubtedSession sends text to somebody whose session stays silent.
func TestDoubtedSession(t *testing.T) {
	tests := []struct {
		name                  string
		away, answers, typing bool
		after                 time.Duration
		want                  int32
	}{
		{name: "not yet", after: 2900 * time.Millisecond},
		{name: "silent", after: 3100 * time.Millisecond, want: 1},
		{name: "silent for long", after: 62 * time.Second, want: 6},
		{name: "not near", away: true, after: time.Minute},
		{name: "delivered", answers: true, after: time.Minute},
		{name: "heard, without an answer", typing: true, after: 6 * time.Second},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRoads(t, memstore.New())
				if !test.away {
					r.service.Seen(sighting("Bob", "b:1"))
				}
				bob := &provable{scripted: &scripted{name: "Bob", peer: peerOf("Bob"), dialed: "b:1"}}
				r.service.Up(bob)
				synctest.Wait()
				m := mustSend(t, r.service, mustFind(t, r.service, "Bob").ID, "hello")
				if test.answers {
					r.service.Receive(bob, protocol.AppChat, body(t, &protocol.Delivered{IDs: []protocol.MessageID{m.ID}}))
				}
				for rest := test.after; rest > 0; rest -= time.Second {
					if test.typing {
						r.service.Receive(bob, protocol.AppChat, body(t, &protocol.Typing{Active: true}))
					}
					pass(min(rest, time.Second))
				}
				synctest.Wait()
				if n := bob.proofs.Load(); n != test.want {
					t.Errorf("asked for %d proofs, want %d", n, test.want)
				}
			})
		})
	}
}

// TestDeadSessionIsReplaced is what the proof is good for: the text is with a
// person who changed networks without a word, within seconds.
func TestDeadSessionIsReplaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoads(t, memstore.New())
		r.service.Seen(sighting("Bob", "b:1"))
		dead := &provable{scripted: &scripted{name: "Bob", peer: peerOf("Bob"), dialed: "b:1"}}
		dead.prove = func() {
			pass(2 * time.Second)
			r.service.Down(dead, &protocol.Error{Code: protocol.CodeTimeout})
		}
		r.service.Up(dead)
		bob := &scripted{name: "Bob", peer: peerOf("Bob")}
		r.answer("b:1", bob)
		synctest.Wait()
		m := mustSend(t, r.service, mustFind(t, r.service, "Bob").ID, "hello")
		pass(6 * time.Second)
		synctest.Wait()
		expect(t, "Bob got", bob.texts(), "hello")
		r.service.Receive(bob, protocol.AppChat, body(t, &protocol.Delivered{IDs: []protocol.MessageID{m.ID}}))
		synctest.Wait()
		if last := summaryOf(t, r.service, bob.peer).Last; last == nil || last.State != chat.Delivered {
			t.Errorf("the text is %+v, want it delivered", last)
		}
	})
}
