package gui

import (
	"context"
	"errors"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"feihong/app/chat"
)

// newChat is the dialog that begins a conversation with whoever answers at an
// address. With a port it is dialled; without one the machine is asked who is
// there, and the user chooses if there are several. What is wrong with the
// address is said while it is typed; what went wrong then, afterwards, with a
// choice of what to do.
type newChat struct {
	window   *Window
	modal    *modal
	entry    *guardedEntry
	verdict  *paragraph // what is wrong, or a remark
	hint     *paragraph // what else can be done
	choices  *fyne.Container
	progress *widget.ProgressBarInfinite
	connect  *dialogButton
	keep     *dialogButton
	why      *dialogButton
	close    *dialogButton

	address string // canonical, "" while the field holds no valid address
	cancel  context.CancelFunc
	pending chat.ContactID // who can be kept after a failure
}

func (w *Window) showNewChat() {
	if w.modal != nil {
		return
	}
	d := &newChat{window: w}
	words := w.words
	d.entry = newGuardedEntry(words, false, 512)
	d.entry.SetPlaceHolder(words.Text("gui.new.example", nil))
	d.entry.OnChanged = d.check
	d.entry.submit = d.dial
	d.entry.shortcut = w.shortcut
	d.entry.escape = func() bool { d.hide(); return true }
	d.verdict = newParagraph(13, colorMuted, "")
	d.hint = newParagraph(13, colorMuted, "")
	d.hint.Hide()
	d.progress = widget.NewProgressBarInfinite()
	d.progress.Stop()
	d.progress.Hide()
	d.connect = newDialogButton(words.Text("gui.new.connect", nil), nil, d.dial)
	d.connect.Importance = widget.HighImportance
	d.connect.Disable()
	d.keep = newDialogButton(words.Text("gui.new.keep", nil), nil, d.keepPending)
	d.keep.Hide()
	d.why = newDialogButton(words.Text("gui.header.find-out", nil), nil, func() { w.showDoctor(doctorCase{address: d.address}) })
	d.why.Hide()
	d.choices = container.NewStack()
	d.choices.Hide()
	d.close = newDialogButton(words.Text("gui.cancel", nil), nil, d.hide)

	content := flow(8,
		newParagraph(13, colorMuted, words.Text("gui.new.hint", nil)),
		d.entry,
		container.New(slim{}, d.progress),
		d.verdict,
		d.hint,
		d.choices,
	)
	d.modal = w.openModal(words.Text("gui.new.title", nil), 480, content, d.closed, d.close, d.why, d.keep, d.connect)
	d.check("")
	w.win.Canvas().Focus(d.entry)
}

// check reads the address as it stands.
func (d *newChat) check(text string) {
	d.discard(d.pending)
	d.address, d.pending = "", 0
	d.clear()
	d.connect.Show()
	d.connect.SetText(d.window.words.Text("gui.new.connect", nil))
	if strings.TrimSpace(text) == "" {
		d.say(d.window.words.Text("gui.new.formats", nil), colorMuted)
		d.connect.Disable()
		return
	}
	canonical, remark, color := d.window.readAddress(text)
	d.address = canonical
	if canonical == "" {
		d.say(remark, color)
		d.connect.Disable()
		return
	}
	d.connect.Enable()
	switch {
	case remark != "":
		d.say(remark, color)
	case hasPort(canonical):
		d.say(d.window.words.Text("gui.new.ready", map[string]any{"address": canonical}), theme.ColorNameSuccess)
	default:
		d.say(d.window.words.Text("gui.new.ready-to-look", map[string]any{"address": canonical}), theme.ColorNameSuccess)
	}
}

// clear takes away what the last attempt left.
func (d *newChat) clear() {
	d.keep.Hide()
	d.why.Hide()
	d.hint.Hide()
	d.choices.Hide()
}

// hasPort says whether a canonical address ends in a port.
func hasPort(address string) bool {
	colon := strings.LastIndexByte(address, ':')
	return colon > strings.LastIndexByte(address, ']') && (address[0] == '[' || strings.Count(address, ":") == 1)
}

func (d *newChat) say(text string, color fyne.ThemeColorName) {
	d.verdict.set(text, color)
	if d.modal != nil {
		d.modal.fit()
	}
}

// keepPending opens the conversation although nobody answered.
func (d *newChat) keepPending() {
	id := d.pending
	d.pending = 0
	d.hide()
	d.window.Open(id)
}

func (d *newChat) busy(busy bool) {
	d.progress.Hidden = !busy
	if busy {
		d.entry.Disable()
		d.connect.Disable()
		d.progress.Start()
		return
	}
	d.progress.Stop()
	d.entry.Enable()
	d.connect.Enable()
}

func (d *newChat) hide() { d.modal.hide() }

// discard takes an address out of the list of people that the user does not
// want to keep.
func (d *newChat) discard(id chat.ContactID) {
	if id == 0 {
		return
	}
	d.window.post("discard", func(ctx context.Context) error {
		err := d.window.cfg.Chat.Discard(ctx, id)
		if errors.Is(err, chat.ErrNoContact) {
			return nil // it turned out to be somebody known
		}
		return err
	})
}

// closed tidies up behind the dialog.
func (d *newChat) closed() {
	d.stop()
	d.discard(d.pending)
	d.pending = 0
}

// stop ends dialling, when the dialog is closed or an answer is there.
func (d *newChat) stop() {
	d.progress.Stop()
	if d.cancel != nil {
		d.cancel()
		d.cancel = nil
	}
}
