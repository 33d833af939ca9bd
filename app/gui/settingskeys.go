package gui

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"feihong/app/chat"
)

// keys is who the user is beyond doubt, and whose key was compared.
func (p *settingsPage) keys() []fyne.CanvasObject {
	w, words := p.window, p.words
	take := newDialogButton(words.Text("gui.menu.copy-id", nil), theme.ContentCopyIcon(), nil)
	take.OnTapped = func() {
		w.copy(w.cfg.Self.ID)
		take.SetText(words.Text("gui.address.copied", nil))
	}
	own := settingsCard(words.Text("gui.settings.own-id", nil),
		factLabel(idLines(w.cfg.Self.ID), true),
		container.New(&abreast{from: ownBeside, gap: 16}, row(0, newQRCode(w.cfg.Self.ID, ownQR)),
			container.New(centred{}, flow(10, lineUp(8, take), newParagraph(smallSize, colorMuted, words.Text("gui.settings.own-id-hint", nil))))))
	verified := []fyne.CanvasObject{newParagraph(smallSize, colorMuted, words.Text("gui.settings.verified-hint", nil))}
	for _, s := range p.verified() {
		open := newDialogButton(words.Text("gui.settings.verified.open", nil), nil, func() { w.Open(s.ID) })
		verified = append(verified, settingsRow(s.DisplayName(), s.Peer.Short(), open))
	}
	return []fyne.CanvasObject{own, settingsCard(words.Text("gui.settings.verified", nil), verified...)}
}

// ownQR is how wide the user's own ID is as a symbol.
const (
	ownQR     = 148
	ownBeside = 330 // from this width on it stands beside what is said about it
)

// maxVerified is how many people are listed.
const maxVerified = 200

// verified returns those whose key was compared, by name.
func (p *settingsPage) verified() []*chat.Summary {
	var all []*chat.Summary
	for _, s := range p.window.people {
		if s.Verified {
			all = append(all, s)
		}
	}
	slices.SortFunc(all, func(a, b *chat.Summary) int { return strings.Compare(a.DisplayName(), b.DisplayName()) })
	return all[:min(len(all), maxVerified)]
}

// about tells what the program is and where it keeps what it knows.
func (p *settingsPage) about() []fyne.CanvasObject {
	w, words := p.window, p.words
	name := newShrinkingLine(titleSize, theme.ColorNameForeground, words.Text("gui.settings.program", nil))
	name.strong = true
	rows := []fyne.CanvasObject{flow(2, name, newParagraph(smallSize, colorMuted, words.Text("gui.settings.program-is", nil)))}
	if w.cfg.Version != "" {
		rows = append(rows, field(words.Text("gui.settings.version", nil), factLabel(w.cfg.Version, false)))
	}
	rows = append(rows, field(words.Text("gui.settings.licence", nil), newParagraph(textSize, theme.ColorNameForeground, words.Text("gui.settings.licence-is", nil))))
	if w.cfg.Folder == "" {
		return []fyne.CanvasObject{settingsCard("", rows...)}
	}
	kept := flow(8, field(words.Text("gui.settings.folder", nil), newParagraph(13, theme.ColorNameForeground, w.cfg.Folder)))
	if w.cfg.Open != nil {
		kept.Add(row(8, newDialogButton(words.Text("gui.settings.folder.open", nil), theme.FolderOpenIcon(), p.openFolder)))
	}
	return []fyne.CanvasObject{settingsCard("", rows...), settingsCard("", kept)}
}

// openFolder opens the folder of the profile.
func (p *settingsPage) openFolder() {
	w := p.window
	w.background.start(func(ctx context.Context) {
		err := w.cfg.Open(ctx, w.cfg.Folder)
		w.cfg.Do(func() { p.told(err) })
	})
}
