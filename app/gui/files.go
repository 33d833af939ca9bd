package gui

import (
	"context"

	"feihong/app/chat"
	"feihong/protocol"
)

// Files is what the window needs of the chat service for files and folders.
// All methods may wait for the disk and are safe for concurrent use. What
// comes of them is told by events.
type Files interface {
	// Offer offers files and folders, given by absolute paths, with a caption
	// that may be empty. It may walk through large folders first.
	Offer(ctx context.Context, to chat.ContactID, paths []string, text string) (chat.Transfer, error)
	// OfferPicture is Offer for one picture, of which the other person sees a
	// preview at once: a PNG or JPEG of at most protocol.MaxPreviewBytes.
	OfferPicture(ctx context.Context, to chat.ContactID, paths []string, text string, preview []byte) (chat.Transfer, error)
	// Accept lets an offer come into a folder; "" is the usual one.
	Accept(ctx context.Context, id protocol.MessageID, folder string) error
	Reject(ctx context.Context, id protocol.MessageID) error
	Pause(ctx context.Context, id protocol.MessageID) error
	Resume(ctx context.Context, id protocol.MessageID) error
	Cancel(ctx context.Context, id protocol.MessageID) error
	// Again offers or asks for the same once more after it ended badly.
	Again(ctx context.Context, id protocol.MessageID) (chat.Transfer, error)
	Transfer(ctx context.Context, id protocol.MessageID) (chat.Transfer, error)
	// SetAutoAccept says what is taken from somebody without asking: 0 is
	// nothing, -1 is everything, else offers of at most so many bytes.
	SetAutoAccept(ctx context.Context, contact chat.ContactID, limit int64) error
}

// FileRules are the user's wishes for all files.
type FileRules struct {
	Folder string // where received files go, as an absolute path
	Rate   int64  // bytes a second that all transfers may use together; 0 is no limit
}

// FileRulesKeeper knows and changes the rules for files. Both methods are safe
// for concurrent use; Current is quick. An empty Folder given to SetFileRules
// stands for the usual one, and one that is the current one changes nothing.
type FileRulesKeeper interface {
	Current() FileRules
	SetFileRules(ctx context.Context, rules FileRules) error
}
