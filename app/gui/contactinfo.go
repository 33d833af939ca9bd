package gui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"feihong/app/chat"
)

// showContactInfo shows all that is known about a person.
func (w *Window) showContactInfo(s *chat.Summary) {
	words := w.words
	face := newAvatar(56)
	face.faces = w.faces
	face.on(theme.ColorNameOverlayBackground)
	face.showPerson(s)
	name := newShrinkingLine(titleSize, theme.ColorNameForeground, s.DisplayName())
	name.strong = true
	own := s.Name
	if own == s.DisplayName() {
		own = ""
	}
	if own = joined(own, s.Department, s.Host); own == "" {
		own = s.Address
	}
	head := between(14, middle(face), middle(column(2, name, newShrinkingLine(smallSize, colorMuted, own))), nil)

	content := column(12, head)
	if s.Address != "" {
		content.Add(field(words.Text("gui.info.address", nil), factLabel(s.Address, false)))
	}
	content.Add(field(words.Text("gui.info.id", nil), factLabel(w.idText(s.Contact), !s.Pending())))
	if !s.LastSeen.IsZero() && !s.Online {
		content.Add(field(words.Text("gui.info.seen", nil), factLabel(words.seen(s.LastSeen), false)))
	}
	if !s.Pending() {
		content.Add(newParagraph(smallSize, colorMuted, words.Text("gui.info.id-hint", nil)))
	}
	if !s.Pending() {
		content.Add(w.verifiedField(s))
	}
	if w.cfg.Files != nil && !s.Pending() && !s.Blocked {
		content.Add(w.autoAcceptField(s))
	}
	done := newDialogButton(words.Text("gui.close", nil), nil, func() { w.modal.hide() })
	buttons := []fyne.CanvasObject{done}
	if !s.Pending() {
		id := s.Peer.String()
		copyID := newDialogButton(words.Text("gui.menu.copy-id", nil), theme.ContentCopyIcon(), func() { w.copy(id) })
		buttons = []fyne.CanvasObject{copyID, done}
	}
	w.openModal(words.Text("gui.info.title", nil), 460, content, nil, buttons...)
}

// verifiedField tells whether the keys were compared, and leads there.
func (w *Window) verifiedField(s *chat.Summary) fyne.CanvasObject {
	text, do := w.words.Text("gui.verify.not-yet", nil), w.words.Text("gui.verify.menu", nil)
	if s.Verified {
		text = w.words.Text("gui.mark.verified-tip", nil)
	}
	compare := newDialogButton(do, iconShield, func() {
		w.modal.hide()
		w.showVerify(s)
	})
	return field(w.words.Text("gui.verify.key", nil), between(12, nil, newParagraph(13, theme.ColorNameForeground, text), middle(compare)))
}

// idText writes the ID in two lines of four groups, as it is read aloud.
func (w *Window) idText(c chat.Contact) string {
	if c.Pending() {
		return w.words.Text("gui.info.no-id", nil)
	}
	return idLines(c.Peer.String())
}

// idLines writes an ID in two lines, with half of its groups in each.
func idLines(id string) string {
	groups := strings.Split(id, "-")
	half := (len(groups) + 1) / 2
	return strings.TrimSuffix(strings.Join(groups[:half], "-")+"\n"+strings.Join(groups[half:], "-"), "\n")
}

// factLabel is a text that the user can select and copy.
func factLabel(text string, fixed bool) fyne.CanvasObject {
	label := widget.NewLabel(text)
	label.Selectable, label.Wrapping = true, fyne.TextWrapBreak
	label.TextStyle.Monospace = fixed
	return newSurface(colorField, 8, label)
}

// showRename lets the user give the person another name.
func (w *Window) showRename(s *chat.Summary) {
	words, id := w.words, s.ID
	entry := newGuardedEntry(words, false, 256)
	entry.SetText(s.Remark)
	entry.SetPlaceHolder(s.Name)
	save := func() {
		w.setRemark(id, strings.TrimSpace(entry.Text))
		w.modal.hide()
	}
	entry.submit = save
	entry.shortcut = w.shortcut
	entry.escape = func() bool { w.modal.hide(); return true }
	ok := newDialogButton(words.Text("gui.save", nil), nil, save)
	ok.Importance = widget.HighImportance
	cancel := newDialogButton(words.Text("gui.cancel", nil), nil, func() { w.modal.hide() })
	hint := newParagraph(smallSize, colorMuted, words.Text("gui.rename.hint", nil))
	w.openModal(words.Text("gui.menu.rename", nil), 400, column(8, entry, hint), nil, cancel, ok)
	w.win.Canvas().Focus(entry)
}
