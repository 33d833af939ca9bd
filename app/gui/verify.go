package gui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"feihong/app/chat"
	"feihong/protocol"
)

// showVerify lets the user and somebody else compare a code, which both see. It
// takes a moment to compute.
func (w *Window) showVerify(s *chat.Summary) {
	own, err := protocol.ParsePeerID(w.cfg.Self.ID)
	if err != nil || s.Pending() || w.covered() {
		return
	}
	id, other := s.ID, s.Peer
	w.background.start(func(context.Context) {
		code := protocol.VerifyCode(own, other)
		w.cfg.Do(func() {
			if s := w.people[id]; s != nil && s.Peer == other && !w.covered() {
				w.compare(s, code, protocol.VerifySymbol(own, code))
			}
		})
	})
}

// Measures of the card.
const (
	verifyWidth  = 560
	verifyBeside = 400 // from where on the symbol stands beside the code
	verifyQR     = 184
	codeSize     = 21
)

// compare shows the code and asks whether it is the same on the other screen.
func (w *Window) compare(s *chat.Summary, code, symbol string) {
	words, id, other := w.words, s.ID, s.Peer
	args := map[string]any{"name": s.DisplayName()}
	how := newParagraph(13, theme.ColorNameForeground, words.Text("gui.verify.how", args))
	digits := column(2)
	for _, line := range codeLines(code) {
		text := newTextLine(codeSize, theme.ColorNameForeground, line)
		text.strong, text.align = true, fyne.TextAlignCenter
		digits.Add(text)
	}
	left := column(6, container.NewCenter(newQRCode(symbol, verifyQR)), centredCaption(words.Text("gui.verify.symbol", nil)))
	right := flow(12, how, newSurface(colorField, 10, padded(10, 10, 8, 8, digits)),
		newParagraph(smallSize, colorMuted, words.Text("gui.verify.hint", nil)))

	later := newDialogButton(words.Text("gui.verify.later", nil), nil, func() { w.modal.hide() })
	differ := newDialogButton(words.Text("gui.verify.differ", nil), nil, func() { w.differs(s) })
	match := newDialogButton(words.Text("gui.verify.match", nil), nil, func() {
		w.modal.hide()
		w.matches(id, other)
	})
	match.Importance = widget.HighImportance
	buttons, first := []fyne.CanvasObject{differ, later, match}, later
	if s.Verified {
		forget := newDialogButton(words.Text("gui.verify.forget", nil), nil, func() {
			w.modal.hide()
			w.setVerified(id, false)
		})
		done := newDialogButton(words.Text("gui.close", nil), nil, func() { w.modal.hide() })
		buttons, first = []fyne.CanvasObject{differ, forget, done}, done
	}
	w.openModal(words.Text("gui.verify.title", args), verifyWidth, container.New(&abreast{from: verifyBeside, gap: 20}, left, right), nil, buttons...)
	w.win.Canvas().Focus(first)
}

// codeLines sets a code in lines of two groups, as it is read aloud.
func codeLines(code string) []string {
	groups := strings.Fields(code)
	var lines []string
	for ; len(groups) > 2; groups = groups[2:] {
		lines = append(lines, strings.Join(groups[:2], "   "))
	}
	return append(lines, strings.Join(groups, "   "))
}

func centredCaption(text string) fyne.CanvasObject {
	line := newTextLine(smallSize, colorMuted, text)
	return container.NewCenter(line)
}

// matches is what happens when the codes of a key are the same. A block stays,
// unless different codes were the reason for it.
func (w *Window) matches(id chat.ContactID, compared protocol.PeerID) {
	s := w.people[id]
	if s == nil {
		return
	}
	if s.Peer != compared { // while the card was open: this key was not looked at
		w.showVerify(s)
		return
	}
	w.setVerified(id, true)
	if w.differed[compared] {
		w.setBlocked(id, false)
	}
}

// differs is what happens when the codes are not the same: nothing is sent to
// that key from now on, until the user decides otherwise.
func (w *Window) differs(s *chat.Summary) {
	words, id, args := w.words, s.ID, map[string]any{"name": s.DisplayName()}
	w.modal.hide()
	w.setVerified(id, false)
	now := w.people[id]
	reason := w.differed[s.Peer] || now != nil && !now.Blocked
	w.setBlocked(id, true)
	w.differed[s.Peer] = reason
	again := newDialogButton(words.Text("gui.verify.again", nil), nil, func() {
		w.modal.hide()
		if now := w.people[id]; now != nil {
			w.showVerify(now)
		}
	})
	anyway := newDialogButton(words.Text("gui.verify.anyway", nil), nil, func() {
		w.modal.hide()
		w.setBlocked(id, false)
	})
	keep := newDialogButton(words.Text("gui.verify.keep", nil), nil, func() { w.modal.hide() })
	keep.Importance = widget.HighImportance
	content := flow(10,
		newParagraph(13, theme.ColorNameForeground, words.Text("gui.verify.differs", args)),
		newParagraph(13, theme.ColorNameForeground, words.Text("gui.verify.advice", args)),
	)
	w.openModal(words.Text("gui.verify.differs-title", nil), 480, content, nil, anyway, again, keep)
	w.win.Canvas().Focus(keep)
}

func (w *Window) setVerified(id chat.ContactID, verified bool) {
	w.change("verify", func(ctx context.Context) error { return w.cfg.Chat.SetVerified(ctx, id, verified) })
}
