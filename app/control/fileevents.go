package control

import (
	"time"

	"feihong/app/chat"
	"feihong/protocol"
)

// progressPause is the least time between two events that tell of nothing but
// the progress of one transfer.
const progressPause = time.Second

// fileEvents turns what happens to transfers into events for the outside.
type fileEvents struct {
	offers map[protocol.MessageID]bool      // offers to us of which the transfer has not been told yet
	last   map[protocol.MessageID]time.Time // when the progress of a running transfer was told
}

// added takes the message that is an offer. The transfer follows, and is what
// is told.
func (f *fileEvents) added(m chat.Message) {
	if m.Direction != chat.In {
		return
	}
	if f.offers == nil {
		f.offers = make(map[protocol.MessageID]bool)
	}
	f.offers[m.ID] = true
}

// changed tells of an offer once, and of every state after it.
func (f *fileEvents) changed(e chat.TransferChanged) (Event, bool) {
	event := transferEvent("file", transferOf(e.Transfer, e.Contact))
	if f.offers[e.Transfer.ID] {
		delete(f.offers, e.Transfer.ID)
		from := personOf(e.Contact)
		event.Event, event.From, event.Conversation = "offer", &from, e.Contact.ConversationID()
	}
	if e.Transfer.State != chat.TransferRunning {
		delete(f.last, e.Transfer.ID)
	}
	return event, true
}

// progress tells how far a transfer has come, but not too often.
func (f *fileEvents) progress(t chat.Transfer, with peerState) (Event, bool) {
	now := time.Now()
	if last, told := f.last[t.ID]; told && now.Sub(last) < progressPause {
		return Event{}, false
	}
	if f.last == nil {
		f.last = make(map[protocol.MessageID]time.Time)
	}
	f.last[t.ID] = now
	shown := transferOf(t, chat.Contact{})
	shown.Name, shown.Peer = with.name, with.conversation
	return transferEvent("progress", shown), true
}

func transferEvent(kind string, t Transfer) Event {
	return Event{
		Event: kind, ID: t.ID, Name: t.Name, State: t.State, Reason: t.Reason, Text: t.Text, Time: &t.Time,
		TransferFacts: &t.TransferFacts,
	}
}
