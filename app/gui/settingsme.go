package gui

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"feihong/app/chat"
	"feihong/protocol"
)

// me is who the user is for others.
func (p *settingsPage) me() []fyne.CanvasObject {
	w, words := p.window, p.words
	current := w.cfg.Preferences.Current()
	name := p.field(w.cfg.Self.Name(), current.Name, protocol.MaxNameRunes, func(text string, told func(error)) {
		w.prefer(func(next *Preferences) { next.Name = text }, told)
	})
	who := settingsCard("", p.face(), name.under(words.Text("gui.settings.name", nil), words.Text("gui.settings.name-hint", nil)))
	if w.cfg.Presence == nil {
		return []fyne.CanvasObject{who}
	}
	shown := w.cfg.Presence.Current()
	statuses := []chat.Status{chat.StatusOnline, chat.StatusAway, chat.StatusBusy, StatusInvisible}
	var names []string
	for _, status := range statuses {
		names = append(names, words.Text("gui.self."+string(status), nil))
	}
	status := newChoice(names, slices.Index(statuses, shown.Status), func(i int) {
		p.presence(func(next *Presence) { next.Status = statuses[i] }, p.told)
	})
	text := p.field(shown.Text, words.Text("gui.self.text-example", nil), MaxStatusRunes, func(text string, told func(error)) {
		p.presence(func(next *Presence) { next.Text = text }, told)
	})
	department := p.field(shown.Department, words.Text("gui.self.department-example", nil), MaxDepartmentRunes, func(text string, told func(error)) {
		p.presence(func(next *Presence) { next.Department = text }, told)
	})
	return []fyne.CanvasObject{who, settingsCard("",
		department.under(words.Text("gui.self.department", nil), ""),
		settingsRow(words.Text("gui.settings.status", nil), "", status),
		text.under(words.Text("gui.self.text", nil), ""),
	)}
}

// presence changes what others see.
func (p *settingsPage) presence(change func(*Presence), told func(error)) {
	w := p.window
	w.background.post(func(ctx context.Context) {
		next := w.cfg.Presence.Current()
		next.Idle = false
		change(&next)
		err := w.cfg.Presence.SetPresence(ctx, next)
		w.cfg.Do(func() {
			w.showSelf()
			told(err)
		})
	})
}

// face is the picture that others see, with what can be done about it; nil if
// there are no pictures.
func (p *settingsPage) face() fyne.CanvasObject {
	w, words := p.window, p.words
	if w.cfg.SetOwnPicture == nil {
		return nil
	}
	const side = 72
	picture := w.cfg.OwnPicture()
	face := newAvatar(side)
	face.faces = w.faces
	face.show(w.cfg.Self.Name(), w.cfg.Self.ID, dotNone)
	face.showOwn(picture)
	choose := newDialogButton(words.Text("gui.settings.picture.choose", nil), theme.FolderOpenIcon(), p.choosePicture)
	remove := newDialogButton(words.Text("gui.settings.picture.remove", nil), nil, func() { p.setPicture("") })
	remove.Hidden = len(picture) == 0
	hint := newParagraph(smallSize, colorMuted, words.Text("gui.settings.picture.hint", nil))
	return between(16, middle(face), flow(8, lineUp(8, choose, remove), hint), nil)
}

// choosePicture lets the user point at a file.
func (p *settingsPage) choosePicture() {
	p.window.pickFiles(func(paths []string) { p.setPicture(paths[0]) })
}

func (p *settingsPage) setPicture(path string) {
	w := p.window
	w.background.post(func(ctx context.Context) {
		err := w.cfg.SetOwnPicture(ctx, path)
		w.cfg.Do(func() {
			w.showSelf()
			p.told(err)
			if err == nil && w.settings == p {
				p.fill()
			}
		})
	})
}
