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
// address. What is wrong with the address is said while it is typed; what went
// wrong with dialling, afterwards, with a choice of what to do.
type newChat struct {
	window   *Window
	modal    *modal
	entry    *guardedEntry
	verdict  *paragraph // what is wrong, or a remark
	hint     *paragraph // what else can be done
	progress *widget.ProgressBarInfinite
	connect  *dialogButton
	keep     *dialogButton
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
	d.close = newDialogButton(words.Text("gui.cancel", nil), nil, d.hide)

	content := column(8,
		newTextLine(smallSize, colorMuted, words.Text("gui.new.hint", nil)),
		d.entry,
		container.New(slim{}, d.progress),
		d.verdict,
		d.hint,
	)
	d.modal = w.openModal(words.Text("gui.new.title", nil), 440, content, d.closed, d.close, d.keep, d.connect)
	d.check("")
	w.win.Canvas().Focus(d.entry)
}

// check reads the address as it stands.
func (d *newChat) check(text string) {
	d.discard(d.pending)
	d.address, d.pending = "", 0
	d.keep.Hide()
	d.hint.Hide()
	d.connect.SetText(d.window.words.Text("gui.new.connect", nil))
	if strings.TrimSpace(text) == "" {
		d.say(d.window.words.Text("gui.new.formats", nil), colorMuted)
		d.connect.Disable()
		return
	}
	canonical, warnings, err := d.window.cfg.Check(text)
	if err != nil {
		d.say(d.window.words.Error(err), theme.ColorNameError)
		d.connect.Disable()
		return
	}
	d.address = canonical
	d.connect.Enable()
	if len(warnings) > 0 {
		lines := make([]string, len(warnings))
		for i, warning := range warnings {
			lines[i] = d.window.words.Error(warning)
		}
		d.say(strings.Join(lines, "\n"), theme.ColorNameWarning)
		return
	}
	d.say(d.window.words.Text("gui.new.ready", map[string]any{"address": canonical}), theme.ColorNameSuccess)
}

func (d *newChat) say(text string, color fyne.ThemeColorName) {
	d.verdict.set(text, color)
	if d.modal != nil {
		d.modal.fit()
	}
}

// dial connects to the address, away from the user interface.
func (d *newChat) dial() {
	if d.address == "" || d.cancel != nil {
		return
	}
	address := d.address
	d.busy(true)
	d.say(d.window.words.Text("gui.new.dialing", map[string]any{"address": address}), colorMuted)
	stopped, cancel := context.WithCancel(context.Background())
	d.cancel = cancel
	w := d.window
	w.background.start(func(ctx context.Context) {
		ctx, end := context.WithCancel(ctx)
		defer end()
		defer context.AfterFunc(stopped, end)()
		contact, err := w.cfg.Chat.Connect(ctx, address)
		w.cfg.Do(func() { d.dialled(contact, err) })
	})
}

func (d *newChat) dialled(contact chat.Contact, err error) {
	w := d.window
	if contact.ID != 0 && w.people[contact.ID] == nil {
		w.setPerson(&chat.Summary{Contact: contact, Problem: err})
		w.refreshPeople()
	}
	if !d.modal.open() {
		if err != nil {
			d.discard(contact.ID)
		}
		return
	}
	d.stop()
	d.busy(false)
	if err == nil {
		d.hide()
		w.Open(contact.ID)
		return
	}
	if errors.Is(err, context.Canceled) {
		return
	}
	if contact.Pending() && contact.ID != 0 {
		d.pending = contact.ID
		d.keep.Show()
		d.hint.set(w.words.Text("gui.new.keep-hint", nil), colorMuted)
		d.hint.Show()
	}
	d.connect.SetText(w.words.Text("gui.new.again", nil))
	d.say(w.words.Error(err), theme.ColorNameError)
	w.win.Canvas().Focus(d.entry)
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
		d.keep.Hide()
		d.hint.Hide()
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
