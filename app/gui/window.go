package gui

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/driver/desktop"

	"feihong/app/chat"
	"feihong/app/store/words"
	"feihong/assets"
	"feihong/protocol"
)

// Window is the program's window. New, Show, Raise, Close and SetForeground
// belong on the user interface's goroutine; Serve runs on one of its own.
type Window struct {
	cfg        Config
	words      *wording
	win        fyne.Window
	background *background
	drafts     *draftKeeper
	typing     *typingNotifier

	// Shown on the screen; touched on the user interface's goroutine only.
	people     map[chat.ContactID]*chat.Summary
	touched    map[chat.ContactID]bool   // changed since People was asked for, nil if it was not
	written    map[chat.ContactID]string // drafts as typed here: newer than what events tell
	talk       *talk                     // the open conversation, nil if none
	transfers  *transferBook
	quotes     *quoteBook // what messages of the open conversation answer
	taken      takenBack  // texts of messages that the user took back
	pictures   *pictureShelf
	faces      *faceBook
	attached   map[chat.ContactID]*attachment // chosen, not sent
	tray       *tray                          // nil if there has never been one
	trayThere  bool                           // somebody shows the icon
	waiting    map[chat.ContactID]bool        // somebody with unread messages, as the tray was told
	answers    map[chat.ContactID]*answering  // what input boxes are used for
	differed   map[protocol.PeerID]bool       // whose code was another one, which is why they are blocked
	appearance appearance                     // as the preferences were when they were shown last
	foreground bool
	picking    bool               // a dialog of the system is open
	picker     *dialog.FileDialog // one of the window, nil if none is open
	modal      *modal
	emoji      *emojiPicker // nil if it is not open
	viewer     *viewer      // of pictures, nil if it is not open
	shooting   bool         // a picture of the screen is being taken or marked
	shot       *screenEditor
	shotFor    chat.ContactID // will get what is marked in shot
	offering   []*offering    // under way
	coming     []*comingPicture
	moved      map[chat.ContactID]chat.ContactID // conversations that became part of another
	doctor     *doctorRun                        // on the doctor's page, nil if that is not shown
	begun      time.Time
	scan       scan
	commands   map[desktop.CustomShortcut]command
	listFinder *finder // of messages for the list of people
	columns    *columns
	onList     bool // in one column the user went back from the conversation to the list
	left       *leftPane
	timeline   *timeline
	find       *talkFind
	search     *searchCard // the last one that was open
	right      *rightPane

	settings *settingsPage // nil if it is not shown

	presenceStale atomic.Bool // the user's own presence will be shown anew
}

// tickTime is how often addresses and relative times are brought up to date.
const tickTime = 15 * time.Second

// New makes the window and gives the App the program's theme. Nothing is shown
// before Show, and nothing is known before Serve.
func New(cfg Config) *Window {
	cfg.fillIn()
	w := &Window{
		appearance: appearanceOf(cfg.Preferences.Current()),
		cfg:        cfg,
		words:      &wording{Catalog: cfg.Catalog, now: cfg.Now},
		background: newBackground(),
		people:     make(map[chat.ContactID]*chat.Summary),
		written:    make(map[chat.ContactID]string),
		transfers:  newTransferBook(),
		quotes:     newQuoteBook(),
		attached:   make(map[chat.ContactID]*attachment),
		waiting:    make(map[chat.ContactID]bool),
		moved:      make(map[chat.ContactID]chat.ContactID),
		answers:    make(map[chat.ContactID]*answering),
		differed:   make(map[protocol.PeerID]bool),
		foreground: true,
		begun:      cfg.Now(),
	}
	w.drafts = newDraftKeeper(func(id chat.ContactID, text string) {
		w.post("save draft", func(ctx context.Context) error { return w.cfg.Chat.SetDraft(ctx, id, text) })
	})
	w.typing = newTypingNotifier(cfg.Now, func(id chat.ContactID, active bool) {
		w.background.post(func(context.Context) { w.cfg.Chat.SetTyping(id, active) })
	})
	w.listFinder = w.newFinder()
	w.win = cfg.App.NewWindow("")
	cfg.FontsLoaded()
	w.dress()
	w.pictures = newPictureShelf(w.background.start, cfg.Do, w.win.Canvas().Scale)
	w.faces = &faceBook{shelf: w.pictures, load: cfg.Chat.Picture}
	w.win.SetIcon(fyne.NewStaticResource("feihong.png", assets.Icon))
	w.win.SetPadded(false)
	w.win.Resize(w.appearance.size(980, 680)) // first, so that nothing is laid out for a smaller one
	w.build()
	w.openTray()
	w.win.CenterOnScreen()
	return w
}

// build makes what stands in the window.
func (w *Window) build() {
	w.left = newLeftPane(w.words, w.cfg.Self, w.cfg.Preferences.Current().Folded, w.newEmptyState(), w.later, leftActions{
		open: w.Open, jump: w.jumpToHit, search: w.searchInList, menu: w.openPersonMenu, folded: w.foldersAre, newChat: w.showNewChat, selfMenu: w.openSelfMenu, shortcut: w.shortcut, escape: w.escape,
	})
	if w.timeline == nil { // it outlives the words on the screen
		w.timeline = newTimeline(w.words, w.transfers, describer{words: w.words, open: w.cfg.Open != nil, reveal: w.cfg.Reveal != nil}, w.hooksOfMessages(), w.later)
	}
	w.timeline.mark(words.Query{})
	w.find = w.newTalkFind()
	conv := newConvPane(w.words, w.timeline, w.find.bar)
	w.right = newRightPane(conv, w.newEmptyState())
	conv.composer.onSend = w.send
	conv.composer.onChange = w.draftChanged
	conv.composer.onLeave = w.endAnswer
	conv.composer.onEmoji = w.openEmoji
	conv.composer.onNudge = w.nudgeTalk
	conv.composer.entry.picture = w.pastePicture
	conv.composer.entry.arrow = w.editLast
	conv.composer.entry.page = w.pageMessages
	conv.composer.entry.sendsWithCtrl = func() bool { return w.cfg.Preferences.Current().SendWithCtrl }
	conv.composer.entry.shortcut = w.shortcut
	conv.composer.entry.escape = w.escape
	conv.header.onBack = w.showList
	conv.composer.entry.later = w.later
	conv.header.onMenu = w.openMenu
	conv.header.onUnblock = func() { w.setBlocked(w.talk.id, false) }
	conv.header.onVerify = func() { w.showVerify(w.current()) }
	if w.cfg.Doctor != nil {
		conv.header.onWhy = w.askDoctorAboutTalk
	}
	conv.timeline.later = w.later
	conv.timeline.onOlder = w.loadOlder
	conv.timeline.onNewer = w.loadNewer
	conv.timeline.onLatest = w.jumpToEnd
	conv.timeline.onFirst = w.jumpToStart
	conv.timeline.onLeave = w.focusComposer
	conv.timeline.onBottom = w.markRead
	conv.timeline.onCard = w.doWithFiles
	conv.timeline.onView = w.viewPicture
	conv.timeline.pictures = w.pictures
	conv.header.avatar.faces, w.left.people.faces, w.left.self.avatar.faces = w.faces, w.faces, w.faces
	conv.timeline.onTyped = w.typeIntoComposer
	conv.timeline.onMessageKey = w.messageKey
	conv.timeline.onKey = w.shortcut
	columns, content := newColumns(w.left, w.right, w.columnsSwitched, w.windowResized)
	w.columns = columns
	layer := newTipLayer(content, w.later)
	layer.focused = w.revealFocus
	w.win.SetContent(layer)
	w.win.SetCloseIntercept(w.closed)
	w.prepareFiles()
	w.bindKeys()
	w.updateTitle()
	w.showSelf()
	w.showRight()
	if w.cfg.Notice != "" {
		w.left.warn(w.cfg.Notice)
	}
}

// newEmptyState makes the page without a conversation, with what this program
// can do.
func (w *Window) newEmptyState() *emptyState {
	act := emptyActions{newChat: w.showNewChat}
	if w.cfg.Doctor != nil {
		act.doctor = func() { w.showDoctor(doctorCase{}) }
	}
	if w.cfg.Search != nil || w.cfg.SetRanges != nil {
		act.scan = w.pressScan
	}
	return newEmptyState(w.words, w.cfg.Self, w.later, act)
}

// showRight decides what stands in the right pane.
func (w *Window) showRight() {
	switch {
	case w.settings != nil:
		w.right.show(w.settings)
	case w.doctor != nil:
		w.right.show(w.doctorPage())
	case w.talk != nil:
		w.right.show(w.right.conv)
	default:
		w.right.empty.show(w.emptiness(), w.scanState())
		w.right.show(w.right.empty)
	}
	w.showColumns()
}

func (w *Window) emptiness() emptiness {
	switch {
	case len(w.people) > 0:
		return emptyChoose
	case !w.cfg.Discovers:
		return emptyAlone
	case w.cfg.Now().Sub(w.begun) < patience:
		return emptyLooking
	}
	return emptyNobody
}

// Show opens the window.
func (w *Window) Show() {
	w.win.Show()
	w.welcome()
}

// Raise shows the window, in front if the system lets it.
func (w *Window) Raise() {
	w.Show()
	w.win.RequestFocus()
}

// Close closes the window. Serve goes on until its context ends.
func (w *Window) Close() {
	w.drafts.flush()
	w.win.Close()
}

// SetForeground tells whether the user looks at the program: only then are
// messages marked as read. The application calls it from its lifecycle.
func (w *Window) SetForeground(foreground bool) {
	back := foreground && !w.foreground
	w.foreground = foreground
	if back {
		w.endRead()
	}
	if foreground {
		w.markRead()
	}
}

// Serve shows what happens in the chat service until ctx ends. It must end
// before the service does: at its end it saves the drafts.
func (w *Window) Serve(ctx context.Context) error {
	subscription := w.cfg.Chat.Subscribe()
	defer subscription.Close()
	var running sync.WaitGroup
	running.Go(func() { w.background.run(ctx) })
	w.tick()
	w.cfg.Do(w.reload)

	ticker := time.NewTicker(tickTime)
	defer ticker.Stop()
	newCoalescer(w.cfg.Do, w.apply).run(ctx, subscription.Events(), ticker.C, w.tick)

	w.typing.stop()
	w.drafts.flush()
	w.background.close()
	running.Wait()
	return nil
}

// tick brings up to date what changes with time alone.
func (w *Window) tick() {
	w.lookForTray()
	w.background.start(func(context.Context) {
		addresses := w.cfg.Self.Addresses()
		w.cfg.Do(func() {
			w.showSelf()
			w.left.address.show(addresses)
			w.right.empty.showAddresses(addresses)
			w.left.lonely.showAddresses(addresses)
			w.right.conv.timeline.dayIs(w.cfg.Now().Format(time.DateOnly))
			w.refresh()
			w.left.people.redraw()
		})
	})
}

// PresenceChanged shows the user's own presence as it is now, without waiting
// for the next tick. It is safe for concurrent use, never blocks, and is cheap
// to call too often.
func (w *Window) PresenceChanged() {
	if w.presenceStale.CompareAndSwap(false, true) {
		w.cfg.Do(func() {
			w.presenceStale.Store(false)
			w.showSelf()
		})
	}
}

// post runs a job in the background and logs its error.
func (w *Window) post(what string, job func(context.Context) error) {
	w.background.post(func(ctx context.Context) {
		if err := job(ctx); err != nil {
			w.cfg.Logger.Warn(what, "err", err)
		}
	})
}

// later calls f on the user interface's goroutine after a while.
func (w *Window) later(after time.Duration, f func()) {
	time.AfterFunc(after, func() { w.cfg.Do(f) })
}
