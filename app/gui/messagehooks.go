package gui

import (
	"net/url"

	"fyne.io/fyne/v2"

	"feihong/app/chat"
)

// messageHooks is what the messages of a conversation need of the window.
type messageHooks struct {
	name   func(chat.ContactID) string                            // of the other person
	quoted func(answer chat.Message) quote                        // what a message answers
	jump   func(chat.Ref)                                         // to a message of the same conversation
	link   func(shown string, link *url.URL)                      // follows a link
	react  func(m chat.Message, emoji string)                     // "" takes the reaction back
	again  func(m chat.Message) func()                            // writes what was taken back anew; nil: it cannot be
	menu   func(m chat.Message, row messageRow, at fyne.Position) // what can be done about a message
	picker func(m chat.Message, row messageRow)                   // chooses any emoji as reaction
	reply  func(chat.Message)
}

// messageRow is a row of the timeline that shows a message.
type messageRow interface {
	fyne.CanvasObject
	held() chat.Message
	// frame says where in the row the bubble or card begins, how wide it is
	// and how high.
	frame() (x, width, height float32)
	// selectedText is what the user has selected in it.
	selectedText() string
	// anchor is what cards about the message are shown beside.
	anchor() fyne.CanvasObject
}

// changeable says that something can be done about a message: it is neither
// taken back nor a mere remark.
func changeable(m *chat.Message) bool { return !m.Recalled && m.Kind != chat.KindNudge }
