package gui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"feihong/app/chat"
	"feihong/protocol"
)

// hooksOfMessages connects the messages of a conversation with the window.
func (w *Window) hooksOfMessages() *messageHooks {
	return &messageHooks{
		name:   w.nameOf,
		quoted: w.quoteOf,
		jump:   w.jumpToRef,
		link:   w.openLink,
		react:  w.react,
		again:  w.writeAgain,
		menu:   w.openMessageMenu,
		picker: w.pickReaction,
		reply:  w.beginReply,
	}
}

// nameOf is the name of somebody within a sentence.
func (w *Window) nameOf(id chat.ContactID) string {
	if s := w.people[id]; s != nil {
		return s.DisplayName()
	}
	return ""
}

// openMessageMenu shows what can be done about a message.
func (w *Window) openMessageMenu(m chat.Message, row messageRow, at fyne.Position) {
	if items := w.messageItems(m, row); len(items) > 0 {
		showMenuAt(w.win.Canvas(), at, items)
	}
}

func (w *Window) messageItems(m chat.Message, row messageRow) []*fyne.MenuItem {
	if !changeable(&m) {
		return nil
	}
	items := w.takeItems(m, row)
	add := func(key string, icon fyne.Resource, do func()) {
		items = append(items, fyne.NewMenuItemWithIcon(w.words.Text(key, nil), icon, do))
	}
	if len(items) > 0 {
		items = append(items, fyne.NewMenuItemSeparator())
	}
	add("gui.message.reply", iconReply, func() { w.beginReply(m) })
	if m.State != chat.Failed {
		add("gui.message.react", iconEmoji, func() { w.pickReaction(m, row) })
	}
	if w.canForward(m) {
		add("gui.message.forward", iconForward, func() { w.showForward(m) })
	}
	if w.canEdit(m) {
		add("gui.message.edit", iconEdit, func() { w.beginEdit(m) })
	}
	if w.canRecall(m) {
		add("gui.message.recall", theme.ContentUndoIcon(), func() { w.askRecall(m) })
	}
	if m.State == chat.Failed && m.Kind == chat.KindText {
		add("gui.message.again", theme.MailSendIcon(), func() { w.sendAgain(m) })
	}
	return items
}

// takeItems are those that take something out of a message.
func (w *Window) takeItems(m chat.Message, row messageRow) []*fyne.MenuItem {
	selected := row.selectedText()
	if m.Kind == chat.KindFiles {
		return w.filesItems(m, selected)
	}
	var items []*fyne.MenuItem
	if selected != "" {
		items = append(items, fyne.NewMenuItemWithIcon(w.words.Text("gui.message.copy-selection", nil), theme.ContentCopyIcon(),
			func() { w.copy(selected) }))
	}
	text := protocol.VisibleText(m.Text)
	items = append(items, fyne.NewMenuItemWithIcon(w.words.Text("gui.message.copy", nil), theme.ContentCopyIcon(), func() { w.copy(text) }))
	return append(items, w.linkItems(readContent(text))...)
}

// messageKey does what a key means for the message that has the focus.
func (w *Window) messageKey(m chat.Message, o fyne.CanvasObject, key fyne.KeyName, r rune) bool {
	row, ok := o.(messageRow)
	if !ok {
		return false
	}
	if again := w.writeAgain(m); again != nil && (key == fyne.KeyReturn || key == fyne.KeyEnter || lower(r) == 'e') {
		again()
		return true
	}
	if !changeable(&m) {
		return false
	}
	switch page := w.transfers.of(m); {
	case key == fyne.KeyReturn && page != nil && isPicture(m, page):
		w.viewPicture(m)
	case key == fyne.KeyReturn, key == fyne.KeyEnter, key == desktop.KeyMenu:
		x, _, height := row.frame()
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(row)
		w.openMessageMenu(m, row, at.AddXY(x, height))
	case key == fyne.KeyDelete && w.canRecall(m):
		w.askRecall(m)
	case lower(r) == 'r':
		w.beginReply(m)
	case lower(r) == 'e' && w.canEdit(m):
		w.beginEdit(m)
	case lower(r) == 'f' && w.canForward(m):
		w.showForward(m)
	case r == '+' && m.State != chat.Failed:
		w.pickReaction(m, row)
	default:
		return false
	}
	return true
}

// isPicture says that an offer shows as a picture that is here.
func isPicture(m chat.Message, page *transferPage) bool {
	_, ok := itemOf(m, &page.transfer)
	return ok
}

func lower(r rune) rune {
	if r >= 'A' && r <= 'Z' {
		return r + ('a' - 'A')
	}
	return r
}

// pickReaction lets the user choose any emoji as reaction to a message.
func (w *Window) pickReaction(m chat.Message, row messageRow) {
	w.showEmojiPicker(row.anchor(), func(emoji string) { w.react(m, toggled(&m, emoji)) })
}

// react puts the user's reaction to a message, or takes it back with "".
func (w *Window) react(m chat.Message, emoji string) {
	w.amend("react", m, func(ctx context.Context) (chat.Message, error) {
		return w.cfg.Chat.React(ctx, m.Contact, m.Ref(), emoji)
	})
}

// canRecall says that the user may still take a message back.
func (w *Window) canRecall(m chat.Message) bool {
	return m.Direction == chat.Out && changeable(&m) && m.State != chat.Failed && w.cfg.Now().Sub(m.Time) < chat.MaxAmendAge
}

// askRecall takes a message back. An offer of files ends with it, so the user
// is asked first.
func (w *Window) askRecall(m chat.Message) {
	if m.Kind != chat.KindFiles {
		w.recall(m)
		return
	}
	question := newParagraph(13, theme.ColorNameForeground, w.words.Text("gui.recall.files", nil))
	keep := newDialogButton(w.words.Text("gui.cancel", nil), nil, func() { w.modal.hide() })
	remove := newDialogButton(w.words.Text("gui.message.recall", nil), nil, func() {
		w.modal.hide()
		w.recall(m)
	})
	remove.Importance = widget.DangerImportance
	w.openModal(w.words.Text("gui.recall.title", nil), 420, question, nil, keep, remove)
}

func (w *Window) recall(m chat.Message) {
	if m.Kind == chat.KindText {
		w.taken.keep(m.Ref(), m.Text, w.cfg.Now())
		w.later(againTime, func() { w.right.conv.timeline.refreshNotes() })
	}
	w.amend("recall", m, func(ctx context.Context) (chat.Message, error) {
		return w.cfg.Chat.Recall(ctx, m.Contact, m.Ref())
	})
}

// amend changes a message in the background, and shows it as it is then.
func (w *Window) amend(what string, m chat.Message, job func(context.Context) (chat.Message, error)) {
	w.background.post(func(ctx context.Context) {
		changed, err := job(ctx)
		w.cfg.Do(func() {
			switch {
			case err != nil:
				w.cfg.Logger.Warn(what, "err", err)
				w.right.conv.composer.warn(w.words.Text("gui.message.unchanged", map[string]any{"problem": err}))
			case w.talk != nil && w.talk.id == m.Contact:
				w.lastIs(changed)
				if w.quotes.learn(changed) {
					w.right.conv.timeline.refreshQuotes()
				}
				w.addToTalk([]chat.Message{changed}, 0)
				w.refreshPeople()
			}
		})
	})
}

// amendmentChanged tells that the other person's program could not take a
// change to a message.
func (w *Window) amendmentChanged(m chat.Message) {
	if m.State == chat.Failed && m.Direction == chat.Out && w.talk != nil && w.talk.id == m.Contact {
		w.right.conv.composer.warn(w.words.Text("gui.message.not-there", map[string]any{"problem": failureText(w.words, m.Reason)}))
	}
}

// writeAgain returns what puts the text of a message that was taken back into
// the input box; nil if that was too long ago.
func (w *Window) writeAgain(m chat.Message) func() {
	if !m.Recalled || m.Direction != chat.Out {
		return nil
	}
	text := w.taken.text(m.Ref(), w.cfg.Now())
	if strings.TrimSpace(text) == "" {
		return nil
	}
	return func() { w.insertText(text) }
}
