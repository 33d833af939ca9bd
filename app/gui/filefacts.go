package gui

import (
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"feihong/app/chat"
	"feihong/protocol"
)

// fileAction is something that the user can do about a transfer.
type fileAction uint8

const (
	fileAccept fileAction = iota
	fileAcceptInto
	fileReject
	filePause
	fileResume
	fileCancel
	fileOpen
	fileReveal
	fileAgain
)

// label names an action, on a button or for a screen reader.
func (a fileAction) label(words *wording) string {
	switch a {
	case fileAccept:
		return words.Text("gui.files.accept", nil)
	case fileAcceptInto:
		return words.Text("gui.files.accept-into", nil)
	case fileReject:
		return words.Text("gui.files.reject", nil)
	case filePause:
		return words.Text("gui.files.pause", nil)
	case fileResume:
		return words.Text("gui.files.resume", nil)
	case fileCancel:
		return words.Text("gui.files.cancel", nil)
	case fileOpen:
		return words.Text("gui.files.open", nil)
	case fileReveal:
		return words.Text("gui.files.reveal", nil)
	}
	return words.Text("gui.files.again", nil)
}

func (a fileAction) icon() fyne.Resource {
	switch a {
	case filePause:
		return iconPause
	case fileResume:
		return iconResume
	}
	return iconCross
}

// cardFacts is what a card says, before anything is measured.
type cardFacts struct {
	icon    fyne.Resource
	picture *cardPicture // instead of icon and title; nil for other files
	title   string       // the first name
	others  int          // how many more there are
	summary string
	danger  string // there are programs in it
	caption string
	bar     bool
	share   float32             // of the bar, 0 to 1
	resting bool                // nothing moves at the moment
	mark    fyne.Resource       // before state, nil for none
	shade   fyne.ThemeColorName // of mark
	state   string
	tone    fyne.ThemeColorName // of state; "" is muted
	aside   string              // at the end of the line of state
	detail  string              // below state, in one line
	lines   int                 // how many lines detail keeps free even if it says nothing
	tools   []fileAction        // beside the name
	buttons []fileAction        // below
}

// describer says what cards say. open and reveal tell whether the system can
// do that.
type describer struct {
	words        *wording
	open, reveal bool
}

// facts describes an offer. t is nil while nothing but the message is known.
func (d *describer) facts(m chat.Message, t *chat.Transfer) cardFacts {
	words := d.words
	if t == nil {
		f := cardFacts{icon: iconFiles, title: words.Text("gui.files.nameless", nil), caption: protocol.VisibleText(m.Text)}
		if m.State == chat.Failed {
			f.fail(failureText(words, m.Reason))
		}
		return f
	}
	f := cardFacts{icon: iconFiles, title: words.Text("gui.files.nameless", nil), caption: protocol.VisibleText(t.Text)}
	if len(t.Tops) > 0 {
		f.title, f.others = fileName(nameHere(t)), len(t.Tops)-1+t.MoreTops
	}
	if len(t.Tops) > 0 && f.others == 0 {
		f.icon = iconFile
		if t.Tops[0].Folder {
			f.icon = iconFolder
		}
	}
	f.summary = words.contents(t.Files, t.Folders, t.Bytes)
	if t.Executables > 0 && t.Direction == chat.In {
		f.danger = words.programs(t)
	}
	if m.State == chat.Failed && !t.Final() {
		f.fail(failureText(words, m.Reason))
		return f
	}
	d.describeState(&f, m, t)
	return f
}

// nameHere is the name of the first thing of a transfer. What came under a name
// that was taken has got another one.
func nameHere(t *chat.Transfer) string {
	if t.Direction == chat.In && t.State == chat.TransferDone && len(t.Paths) == len(t.Tops) && t.MoreTops == 0 {
		return filepath.Base(t.Paths[0])
	}
	return t.Tops[0].Name
}

func (d *describer) describeState(f *cardFacts, m chat.Message, t *chat.Transfer) {
	words := d.words
	switch t.State {
	case chat.TransferOffered:
		d.offered(f, m, t)
	case chat.TransferAccepted:
		f.moving(words, t, words.Text("gui.files.state.connecting", nil))
		f.tools = []fileAction{filePause, fileCancel}
	case chat.TransferRunning:
		f.moving(words, t, "")
		f.tools = []fileAction{filePause, fileCancel}
	case chat.TransferFinishing:
		f.moving(words, t, words.Text("gui.files.state.finishing", nil))
		f.share = 1
	case chat.TransferPaused:
		d.paused(f, t)
	case chat.TransferStalled:
		f.moving(words, t, words.reason(t, "gui.files.state.stalled"))
		f.resting, f.mark = true, iconTrouble
		f.tone, f.shade = theme.ColorNameWarning, theme.ColorNameWarning
		f.detail, f.aside = joined(f.aside, fileName(t.Detail)), ""
		f.tools = []fileAction{filePause, fileCancel}
	case chat.TransferDone:
		d.done(f, t)
	default:
		d.ended(f, t)
	}
}

func (d *describer) offered(f *cardFacts, m chat.Message, t *chat.Transfer) {
	if t.Reason != "" { // it is accepted by itself later
		f.state = d.words.reason(t, "gui.files.state.offered")
	}
	if t.Direction == chat.In {
		f.buttons = []fileAction{fileAccept, fileAcceptInto, fileReject}
		return
	}
	f.tools = []fileAction{fileCancel}
	switch {
	case m.State == chat.Queued:
		f.state = d.words.Text("gui.files.state.queued", nil)
	case f.state == "":
		f.state = d.words.Text("gui.files.state.offered", nil)
	}
	if t.Skipped > 0 {
		f.detail = d.words.skipped(t.Skipped)
	}
}

func (d *describer) paused(f *cardFacts, t *chat.Transfer) {
	key := "gui.files.state.paused-there"
	f.tools = []fileAction{fileCancel}
	if t.PausedHere {
		key = "gui.files.state.paused"
		f.tools = []fileAction{fileResume, fileCancel}
		if t.PausedThere {
			key = "gui.files.state.paused-both"
		}
	}
	f.moving(d.words, t, d.words.Text(key, nil))
	f.resting = true
}

func (d *describer) done(f *cardFacts, t *chat.Transfer) {
	words := d.words
	f.mark, f.shade = iconDone, theme.ColorNameSuccess
	f.state = words.Text("gui.files.state.sent", nil)
	if t.Direction == chat.In {
		f.state = words.Text("gui.files.state.received", nil)
		if t.Folder != "" {
			f.detail = words.Text("gui.files.in-folder", map[string]any{"folder": fileName(t.Folder)})
		}
	}
	if t.Skipped > 0 {
		f.detail = words.skipped(t.Skipped)
	}
	if len(t.Paths) == 0 {
		return
	}
	if d.open && len(t.Paths) == 1 {
		f.buttons = append(f.buttons, fileOpen)
	}
	if d.reveal {
		f.buttons = append(f.buttons, fileReveal)
	}
}

// ended tells of a transfer that came to nothing.
func (d *describer) ended(f *cardFacts, t *chat.Transfer) {
	words, out := d.words, t.Direction == chat.Out
	here := t.Reason != chat.ReasonPeerCancelled
	switch {
	case t.State == chat.TransferRejected && out:
		f.state = words.Text("gui.files.state.rejected-there", nil)
	case t.State == chat.TransferRejected:
		f.state = words.Text("gui.files.state.rejected", nil)
	case t.State == chat.TransferCancelled && here:
		f.state = words.Text("gui.files.state.cancelled", nil)
	case t.State == chat.TransferCancelled:
		f.state = words.Text("gui.files.state.cancelled-there", nil)
	default:
		f.fail(words.reason(t, "gui.files.state.failed"))
		if t.Detail != "" {
			f.detail = words.nameAndMore(fileName(t.Detail), t.Failures-1)
		}
		d.afterFailure(f, t)
	}
	if t.State == chat.TransferCancelled && out && here {
		f.buttons = []fileAction{fileAgain}
	}
}

// afterFailure says what can be done about a transfer that failed: only the
// sender can offer the same again.
func (d *describer) afterFailure(f *cardFacts, t *chat.Transfer) {
	if t.Direction == chat.Out {
		if t.Reason != chat.ReasonUnsupported {
			f.buttons = []fileAction{fileAgain}
		}
		return
	}
	if len(t.Paths) > 0 {
		f.state = d.words.Text("gui.files.part-arrived", map[string]any{"text": f.state})
		if d.reveal {
			f.buttons = []fileAction{fileReveal}
		}
	}
	if asksSender[t.Reason] {
		f.state = d.words.Text("gui.files.ask-sender", map[string]any{"text": f.state})
	}
}

// asksSender tells after which failures it helps the receiver to ask for the
// same once more.
var asksSender = map[chat.TransferReason]bool{
	"source-changed": true, "source-missing": true, "source-unreadable": true,
	chat.ReasonForgotten: true, chat.ReasonReceipt: true, chat.ReasonPeerFailed: true,
}

func (f *cardFacts) fail(why string) {
	f.state, f.mark = why, iconTrouble
	f.tone, f.shade = theme.ColorNameError, theme.ColorNameError
}

// moving tells how far a transfer has come. state stands instead of the
// figures.
func (f *cardFacts) moving(words *wording, t *chat.Transfer, state string) {
	f.bar, f.lines = true, 1
	if t.Bytes > 0 {
		f.share = float32(min(max(float64(t.Done)/float64(t.Bytes), 0), 1))
	} else if t.Files > 0 {
		f.share = float32(min(max(t.FilesDone, 0), t.Files)) / float32(t.Files)
	}
	if state != "" {
		f.state = state
		if t.Done > 0 && t.State != chat.TransferFinishing {
			f.aside = words.part(t.Done, t.Bytes)
		}
		return
	}
	f.state = joined(words.part(t.Done, t.Bytes), words.speed(t.Rate))
	f.aside = words.left(t.Left)
	if name := fileName(t.Current); t.Files > 1 && name != "" {
		f.detail = words.Text("gui.files.current", map[string]any{"number": min(t.FilesDone+1, t.Files), "of": t.Files, "name": name})
	} else if t.Bytes > 0 { // the only file has its name above
		f.detail = percent(f.share)
	}
}
