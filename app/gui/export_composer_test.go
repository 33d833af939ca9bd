package gui

import "feihong/app/chat"

// What tests of the input box look at and cannot find on the canvas.

func (w *Window) BeginReply(m chat.Message)      { w.beginReply(m) }
func (w *Window) BeginEdit(m chat.Message)       { w.beginEdit(m) }
func (w *Window) CanEdit(m chat.Message) bool    { return w.canEdit(m) }
func (w *Window) InsertText(text string)         { w.insertText(text) }
func (w *Window) RecallElsewhere(m chat.Message) { w.messageAmended(m) }
