package gui

import (
	"context"
	"image"
	"log/slog"
	"net/url"
	"time"

	"fyne.io/fyne/v2"

	"feihong/app/chat"
	"feihong/assets/translations"
	"feihong/protocol"
	"feihong/transport/doctor"
)

// Chat is what the window needs of the chat service. The methods with a
// context may wait for the disk, Connect also for the network; all are safe
// for concurrent use.
type Chat interface {
	// Send queues a message durably.
	Send(ctx context.Context, to chat.ContactID, text string) (chat.Message, error)
	// Connect finds or makes the contact at an address and dials. With an
	// error the contact may still be valid: it is pending then.
	Connect(ctx context.Context, address string) (chat.Contact, error)
	People(ctx context.Context) ([]chat.Summary, error)
	History(ctx context.Context, query chat.HistoryQuery) ([]chat.Message, error)
	// Discard removes a contact that is only an address, if nothing was
	// written to it.
	Discard(ctx context.Context, id chat.ContactID) error
	// Delete removes a contact that is only an address, with what was
	// written to it.
	Delete(ctx context.Context, id chat.ContactID) error
	// MarkRead marks what the contact wrote, up to and including a Seq.
	MarkRead(ctx context.Context, id chat.ContactID, upTo int64) error
	// Known finds or makes the contact of somebody found at an address.
	Known(ctx context.Context, sighting chat.Sighting) (chat.Contact, error)
	SetDraft(ctx context.Context, id chat.ContactID, text string) error
	SetTyping(id chat.ContactID, active bool)
	SetBlocked(ctx context.Context, id chat.ContactID, blocked bool) error
	SetRemark(ctx context.Context, id chat.ContactID, remark string) error
	// Reply is Send for a text that answers a message of the conversation.
	Reply(ctx context.Context, to chat.ContactID, text string, answers chat.Ref) (chat.Message, error)
	// Edit, Recall and React change a message of the conversation, and return
	// it as it is then.
	Edit(ctx context.Context, contact chat.ContactID, ref chat.Ref, text string) (chat.Message, error)
	Recall(ctx context.Context, contact chat.ContactID, ref chat.Ref) (chat.Message, error)
	React(ctx context.Context, contact chat.ContactID, ref chat.Ref, emoji string) (chat.Message, error)
	Nudge(ctx context.Context, to chat.ContactID) (chat.Message, error)
	// MessageAt returns a message of the conversation, chat.ErrNoMessage if it is
	// not there.
	MessageAt(ctx context.Context, contact chat.ContactID, ref chat.Ref) (chat.Message, error)
	SetPinned(ctx context.Context, id chat.ContactID, pinned bool) error
	SetMuted(ctx context.Context, id chat.ContactID, until time.Time) error
	SetVerified(ctx context.Context, id chat.ContactID, verified bool) error
	// Clear deletes the messages of a conversation.
	Clear(ctx context.Context, id chat.ContactID) error
	// Picture returns what somebody shows beside their name, nil if nothing.
	// It is hostile: a PNG or JPEG perhaps.
	Picture(ctx context.Context, id chat.ContactID) ([]byte, error)
	Subscribe() Subscription
}

// Subscription is a stream of events. The channel is closed when the service
// ends.
type Subscription interface {
	Events() <-chan chat.Event
	Close()
}

// Self is what the window tells about the user.
type Self struct {
	ID   string        // the peer ID, in groups
	Name func() string // as others see it
	// Addresses returns the addresses to give to others, host:port, the best
	// first. It is asked again now and then, off the user interface.
	Addresses func() []string
	Port      int
}

// Interface is a network interface of this machine.
type Interface struct {
	Name      string
	Addresses []string
}

// Config is what a window is made of.
type Config struct {
	App fyne.App
	// FontsLoaded waits for what LoadFonts began; nil if nothing was.
	FontsLoaded func()
	Chat        Chat
	Self        Self
	Catalog     *translations.Catalog
	// Check reads an address as the user types it: its canonical form and
	// remarks about it, or what is wrong with it. It must be quick. If there
	// is Locate, it takes addresses without a port, and their canonical form
	// has none.
	Check func(address string) (canonical string, warnings []error, err error)
	// Discovers says that colleagues appear by themselves. Otherwise the
	// window tells how to begin with an address.
	Discovers bool
	// Presence is what the user lets others see; nil if there is no such thing.
	Presence PresenceKeeper
	// Locate asks who is at an address without a port: everybody who runs the
	// program on that machine. Nobody and no error means that nobody answered.
	// It may wait for the network. Nil: a port is always needed.
	Locate func(ctx context.Context, address string) ([]chat.Sighting, error)
	// Doctor examines why somebody at an address is not reached, or with ""
	// whether this machine can be found. A person who is not zero is whom the
	// user wants to find there. It tells each step from any goroutine, none
	// after it has returned. Nil: there is no doctor.
	Doctor func(ctx context.Context, address string, person protocol.PeerID, progress func(doctor.Step)) (doctor.Report, error)
	// Search looks for people now, everywhere. It returns at once: whoever is
	// found appears by themselves. Nil: that cannot be asked for.
	Search func()
	// CheckRanges says what is wrong with ranges of addresses as the user
	// types them, one a line, blank lines left out. It must be quick. Ranges
	// returns those that are searched now, and must be quick too; SetRanges
	// keeps others and searches them at once. Nil SetRanges: there is no
	// searching, and the other two are not needed.
	CheckRanges func(ranges []string) error
	Ranges      func() []string
	SetRanges   func(ctx context.Context, ranges []string) error
	// Files exchanges files and folders; nil: this program does not, and the
	// rest about files is not needed.
	Files Files
	// FileRules keeps where files go and how fast they may travel. Nil: the
	// window has no such settings.
	FileRules FileRulesKeeper
	// PickFiles and PickFolder ask the user for paths, in dialogs of the
	// system. They wait until the user has answered or ctx has ended; nothing
	// and no error means that nothing was chosen. PickFolder begins in a
	// folder, "" for any. With errors.ErrUnsupported, and if they are nil, the
	// window asks in dialogs of its own.
	PickFiles  func(ctx context.Context) ([]string, error)
	PickFolder func(ctx context.Context, begin string) (string, error)
	// Open opens a file or folder with the program that the system has for
	// it, Reveal shows it in its folder. Nil: that is not offered.
	Open   func(ctx context.Context, path string) error
	Reveal func(ctx context.Context, path string) error
	// Preferences are what the user chose. Nil: they last as long as the window.
	Preferences PreferencesKeeper
	// OwnPicture is what the user shows others, as PNG or JPEG; nil if nothing.
	// It must be quick. SetOwnPicture shows the picture in a file, "" for none.
	// Nil SetOwnPicture: there is no such thing.
	OwnPicture    func() []byte
	SetOwnPicture func(ctx context.Context, path string) error
	// Interfaces returns the network interfaces of this machine. It may wait for
	// the system. Nil: the user cannot leave any out.
	Interfaces func() []Interface
	// AtLogin says that Preferences.AtLogin can be chosen here.
	AtLogin bool
	// Folder is where the profile is kept; may be empty.
	Folder string
	// Scale makes everything in the window larger or smaller than usual, from the
	// next time on that the App is given a theme. Nil: that is not possible.
	Scale func(factor float32)
	// Attention calls the user. Nil: nothing does.
	Attention Attention
	// Tray says that the desktop shows icons of programs now, so that the window
	// can be closed and found again. HasTray says whether it still does; it may
	// wait for the desktop, and is asked now and then. Nil: it does.
	Tray    bool
	HasTray func(ctx context.Context) bool
	// ClipboardImage returns the picture in the clipboard as PNG or JPEG; nil
	// and no error if there is none. It may wait. Nil: pictures cannot be pasted.
	ClipboardImage func(ctx context.Context) ([]byte, error)
	// Capture takes a picture of the whole screen. It may wait, also for the
	// user. Nil: that cannot be done here.
	Capture func(ctx context.Context) (image.Image, error)
	// Keep writes the picture of a screenshot or of the clipboard to a file of
	// the profile, from which it can be sent, and returns its path. Nil: such
	// pictures cannot be sent.
	Keep func(ctx context.Context, name string, data []byte) (path string, err error)
	// OpenLink opens a link to the web in the browser; it is only called for
	// http and https. Nil: links are not opened, only copied.
	OpenLink func(link *url.URL) error
	// Export writes the conversation with somebody to a file, in the form that
	// its extension names: txt, html or json. Nil: there is no exporting.
	Export func(ctx context.Context, id chat.ContactID, path string) error
	// Version is what the program calls itself; may be empty.
	Version string
	// Notice is something that the user should know from the start, such as a
	// damaged database that was set aside; empty if there is nothing.
	Notice string
	// Logger may be nil.
	Logger *slog.Logger
	// Do runs a function on the user interface's goroutine; nil is fyne.Do.
	Do func(func())
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// OnClose is called when the user closes the window; nil closes it.
	OnClose func()
	// OnQuit is called when the user ends the program from the keyboard; nil
	// quits the App.
	OnQuit func()
}

func (c *Config) fillIn() {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Do == nil {
		c.Do = fyne.Do
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Preferences == nil {
		usual := DefaultPreferences()
		usual.Welcomed = true // an answer would be forgotten
		c.Preferences = &heldPreferences{held: usual}
	}
	if c.FontsLoaded == nil {
		c.FontsLoaded = func() {}
	}
	if c.OnQuit == nil {
		c.OnQuit = c.App.Quit
	}
}
