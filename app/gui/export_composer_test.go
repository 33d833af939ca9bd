package gui

import (
	"image"

	"fyne.io/fyne/v2"

	"feihong/app/chat"
)

// What tests of the input box look at and cannot find on the canvas.

func (w *Window) BeginReply(m chat.Message) { w.beginReply(m) }
func (w *Window) BeginEdit(m chat.Message)  { w.beginEdit(m) }

// EditFails lets an edit fail that was begun in a talk that is over.
func (w *Window) EditFails(m chat.Message, text string, err error) {
	w.edited(&talk{id: m.Contact}, m, text, chat.Message{}, err)
}

func (w *Window) SendAgain(m chat.Message)       { w.sendAgain(m) }
func (w *Window) CanEdit(m chat.Message) bool    { return w.canEdit(m) }
func (w *Window) InsertText(text string)         { w.insertText(text) }
func (w *Window) CursorInComposer() int          { return w.right.conv.composer.entry.body.cursor }
func (w *Window) RecallElsewhere(m chat.Message) { w.messageAmended(m) }

func (w *Window) AttachPicture(to chat.ContactID, img image.Image) { w.attachPicture(to, img) }

// TrayFace is the picture above the input box, nil if there is none.
func (w *Window) TrayFace() image.Image {
	if tray := w.right.conv.composer.tray; tray.Visible() && tray.face != nil {
		return tray.face
	}
	return nil
}

// Answers says that what is written to somebody is no new message.
func (w *Window) Answers(id chat.ContactID) bool { return w.answers[id] != nil }

// Attached returns how many things wait to be sent to somebody.
func (w *Window) Attached(id chat.ContactID) int {
	if a := w.attached[id]; a != nil {
		return a.count()
	}
	return 0
}

func (w *Window) EmojiOpen() bool            { return w.emoji != nil }
func (w *Window) EmojiSearch() *guardedEntry { return w.emoji.search }
func (w *Window) PressEmoji()                { w.right.conv.composer.emoji.Tapped(nil) }
func (w *Window) PressNudge()                { w.right.conv.composer.nudge.Tapped(nil) }

// EmojiAt returns where on the screen an emoji can be chosen.
func (w *Window) EmojiAt(text string) fyne.Position {
	sheet := w.emoji.sheet
	for _, cell := range sheet.cells {
		if cell.emoji.Text == text {
			at := fyne.CurrentApp().Driver().AbsolutePositionForObject(sheet)
			return at.AddXY(float32(cell.column)*emojiCellW+5, cell.y+5)
		}
	}
	return fyne.Position{}
}

// CloseByUser does what the button of the window's frame does.
func (w *Window) CloseByUser() { w.closed() }
