package chat

import (
	"context"
	"time"

	"feihong/protocol"
)

// Store keeps what must survive. Implementations are safe for concurrent use;
// the service itself writes from one goroutine only.
//
// Durability: when Commit returns nil, everything in the batch survives a
// power cut; but a batch of nothing except States that move messages forward
// need only survive a crash of the program, because after a power cut the
// receiver tells them again. When Commit returns an error, nothing of the batch
// is kept.
type Store interface {
	// Commit applies the batch in one transaction, in the order of its
	// fields and of their elements. It refuses a batch that puts messages,
	// transfers, pictures or drafts with a contact that is not there.
	Commit(ctx context.Context, batch Batch) (Committed, error)

	// Contacts returns every contact, by ID.
	Contacts(ctx context.Context) ([]Contact, error)

	// Overview returns, for each contact that has any of them, the number of
	// unread messages, the newest message and the draft. Amendments do not
	// count.
	Overview(ctx context.Context) (map[ContactID]Overview, error)

	// Outbox returns at most limit outgoing messages to the contact that are
	// queued or sent, with Seq greater than after, oldest first.
	Outbox(ctx context.Context, contact ContactID, after int64, limit int) ([]Message, error)

	// OutboxContacts returns the contacts for which Outbox is not empty.
	OutboxContacts(ctx context.Context) ([]ContactID, error)

	// History returns messages that match the query, oldest first.
	History(ctx context.Context, query HistoryQuery) ([]Message, error)

	// Picture returns the picture of a contact, nil if there is none.
	Picture(ctx context.Context, contact ContactID) ([]byte, error)

	// Message finds a message by direction and ID, whoever it is with.
	// ErrNoMessage if there is none. Others choose the IDs of what they write:
	// it may be somebody else's message.
	Message(ctx context.Context, direction Direction, id protocol.MessageID) (Message, error)

	// MessageOf finds a message of one conversation. ErrNoMessage if there is
	// none.
	MessageOf(ctx context.Context, contact ContactID, ref Ref) (Message, error)

	// Transfers returns the transfers that match the query, the newest (by
	// Created) first.
	Transfers(ctx context.Context, query TransferQuery) ([]Transfer, error)

	// Transfer finds a transfer by ID, whoever it is with. ErrNoTransfer if
	// there is none.
	Transfer(ctx context.Context, id protocol.MessageID) (Transfer, error)

	// PathsInUse returns the paths of transfers that contain a text, in large
	// or small letters of ASCII, each once, in order.
	PathsInUse(ctx context.Context, part string) ([]string, error)

	Close() error
}

// KeptAmendments is how many amendments of each kind a store keeps of every
// conversation: more than can be under way, so that none counts twice, and no
// more, because nobody sees that there are many.
const KeptAmendments = 2 * windowMessages

// ExpireStep is how many messages are looked at for Batch.Expire.
const ExpireStep = 2000

// ErrNoMessage is returned when a message is not in the store.
var ErrNoMessage error = errNoMessage{}

type errNoMessage struct{}

func (errNoMessage) Error() string { return "no such message" }

// UserText gives the translation.
func (errNoMessage) UserText() (string, map[string]any) { return "chat.no-message", nil }

// Batch is a set of changes that are committed together, in the order of the
// fields below.
type Batch struct {
	// Contacts are inserted, or replace the contact with the same ID.
	Contacts []Contact
	// Merges move conversations from one contact to another.
	Merges []Merge
	// Messages are inserted with the next Seq each. One whose (Contact,
	// Direction, ID) is already there is skipped. What amendments make of a
	// message (Edited, Recalled, Reactions) does not come with it, nor do the
	// times of its states.
	//
	// When all are inserted, the amendments among them that were not skipped
	// change their targets, in order. The target must be there, in the same
	// conversation, and neither recalled nor an amendment itself. An edit needs
	// a text of the same Direction that was not edited at its Time or later. A
	// recall needs a message of the same Direction; it removes everything from
	// it but who wrote it when and how far it has come, and the text of all
	// edits of it, those that come later included.
	//
	// An amendment is kept, also without effect, so that it is known when it
	// comes again; but of the amendments of one kind in a conversation only the
	// newest KeptAmendments, besides those that are still to be delivered, and
	// of an edit by the other person not the text, which is in its target.
	Messages []Message
	// Transfers are inserted, or replace the transfer with the same ID. What
	// belongs to the moment (Current, Rate, Left) is not kept. Nor is what was
	// offered (see Transfer.Forget) if the message that offers it is recalled,
	// be it before or in this batch.
	Transfers []Transfer
	// Pictures replace the pictures of contacts.
	Pictures []Picture
	// Clears delete the messages and transfers of contacts. What is still to be
	// delivered stays: outgoing messages that are queued or sent, transfers
	// whose end did not come or is not known to both (Confirmed), and the
	// messages that offer those.
	Clears []ContactID
	// Expire deletes likewise the messages of all contacts whose Time, and the
	// transfers whose Created is before it; zero deletes none. What is unread
	// stays, however long ago it was written. Only the next ExpireStep messages
	// with a Seq greater than ExpireAfter are looked at, so that others need not
	// wait long; the transfers go when Committed.ExpiredUpTo is 0.
	Expire      time.Time
	ExpireAfter int64
	// States move outgoing messages forward. A change that would move one
	// back, or names a message that is not there, has no effect.
	States []StateChange
	// ReadUpTo marks incoming messages as read; amendments it leaves alone.
	ReadUpTo []ReadMark
	// Drafts replace the draft of a contact; an empty text removes it.
	Drafts []Draft
	// Removals delete contacts, with their messages, transfers, picture and
	// draft. Nothing happens for one that is not there.
	Removals []ContactID
}

// Merge moves messages, transfers and draft of From to Into and deletes From,
// with its picture. A message that Into already has is dropped; two drafts
// become two lines, that of Into first. Nothing happens if From is not there or
// is Into.
type Merge struct{ From, Into ContactID }

// StateChange moves one outgoing message forward.
type StateChange struct {
	Contact ContactID
	ID      protocol.MessageID
	State   State
	Reason  string // for Failed
	// At is when the news of that came, Sent when the message was handed to a
	// session first; zero if unknown. They fill in the times of the message that
	// are unknown; news that it is read say too that it is delivered.
	At, Sent time.Time
}

// ReadMark marks the contact's incoming messages up to and including UpTo.
type ReadMark struct {
	Contact ContactID
	UpTo    int64 // Seq
}

// Picture is what a person shows beside their name: a PNG or JPEG of at most
// protocol.MaxPictureBytes, as it came, or empty to remove it. It is not safe to
// decode without looking at its size first.
type Picture struct {
	Contact ContactID
	Data    []byte
}

// Draft is text typed but not sent.
type Draft struct {
	Contact ContactID
	Text    string
}

// Committed tells what a batch changed.
type Committed struct {
	// Seq has one element for each of Batch.Messages: its Seq if it was
	// inserted, 0 if it was there already.
	Seq []int64
	// Changed has one element for each of Batch.States: whether it had effect.
	Changed []bool
	// Amended has the messages that amendments among Batch.Messages changed, as
	// they are after the whole batch: each once, in the order of the first
	// amendments that changed them.
	Amended []Message
	// ExpiredUpTo is the greatest Seq that Expire has looked at if there may be
	// messages beyond it that are too old, otherwise 0.
	ExpiredUpTo int64
	// Read lists the IDs of the messages that ReadUpTo changed, in order of Seq.
	Read map[ContactID][]protocol.MessageID
}

// Overview is what a list shows of a conversation.
type Overview struct {
	Unread int
	Last   *Message
	Draft  string
}

// HistoryQuery selects messages.
type HistoryQuery struct {
	Contact ContactID // 0: all contacts
	// Search finds messages that contain every word: a run of Han characters
	// anywhere as written, other words by their beginning. Empty: no filter.
	Search string
	// Before limits to messages with a smaller Seq; 0: no limit. With it the
	// newest Limit messages before that point are returned.
	Before int64
	// After limits to messages with a greater Seq. With After and no Before
	// the oldest Limit messages after that point are returned; a negative
	// After is the point before the first message.
	After int64
	// Since limits to messages whose Time is not earlier; zero: no limit.
	Since time.Time
	// Until limits to messages whose Time is earlier; zero: no limit.
	Until time.Time
	// Kinds limits to messages of these kinds; nil: all but amendments.
	Kinds []Kind
	// From limits to one direction; nil: both.
	From  *Direction
	Limit int // 0: no limit
}
