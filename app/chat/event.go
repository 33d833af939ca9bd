package chat

// Event is a change that somebody who shows the state wants to know. The
// service publishes an event about a message only after what it tells is on
// disk; presence, names and addresses are told even while the store refuses.
type Event interface{ event() }

// MessageAdded tells of a new message, in or out.
type MessageAdded struct {
	Message Message
	Contact Contact
}

// MessageChanged tells that an outgoing message moved forward, or that a message
// was amended. It also tells of an amendment by itself if that has failed: the
// other person will not see it.
type MessageChanged struct {
	Message Message
	Amended bool // by an amendment; else it moved forward
}

// ContactChanged tells that anything in the summary of a contact changed:
// name, address, presence, typing, unread count, last message. A flood of
// changes to one contact may arrive as one event with the newest state.
type ContactChanged struct{ Summary Summary }

// ContactMerged tells that a contact known by address alone turned out to be
// somebody known: its conversation has moved.
type ContactMerged struct{ From, Into ContactID }

// ContactRemoved tells that a contact is gone.
type ContactRemoved struct{ ID ContactID }

// StoreFailed tells that the store refused a change. Nothing was acknowledged;
// the service goes on and tries again with the next change.
type StoreFailed struct{ Err error }

// TransferChanged tells that a transfer is new or its state has changed. For a
// new one it follows the MessageAdded of the offer.
type TransferChanged struct {
	Transfer Transfer
	Contact  Contact
}

// TransferProgress tells how far a running transfer has come, at most five
// times a second for each; a slow subscriber gets only the newest.
type TransferProgress struct{ Transfer Transfer }

// Lagged tells that the subscriber was too slow and events were dropped: it
// reloads what it shows. It comes too when messages were deleted.
type Lagged struct{}

func (MessageAdded) event()     {}
func (MessageChanged) event()   {}
func (ContactChanged) event()   {}
func (ContactMerged) event()    {}
func (ContactRemoved) event()   {}
func (StoreFailed) event()      {}
func (TransferChanged) event()  {}
func (TransferProgress) event() {}
func (Lagged) event()           {}
