package gui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"feihong/app/chat"
)

// Links returns the links of a text: as they are shown, and where they lead.
func Links(text string) (shown, leads []string) {
	c := readContent(text)
	for _, p := range c.parts {
		if p.look == lookLink {
			shown, leads = append(shown, text[p.start:p.end]), append(leads, p.link.String())
		}
	}
	return shown, leads
}

// Markup returns what a text shows in a line or in a block of code, and the
// lines that it has on the screen.
func Markup(text string) (code, blocks, lines []string) {
	c := readContent(text)
	for _, p := range c.parts {
		switch p.look {
		case lookCode:
			code = append(code, text[p.start:p.end])
		case lookBlock:
			blocks = append(blocks, text[p.start:p.end])
		}
	}
	spans, _ := c.wrap(10_000, 1000)
	for _, line := range spans {
		shown := ""
		for _, p := range c.pieces(line.start, line.end) {
			shown += text[p.start:p.end]
		}
		lines = append(lines, shown)
	}
	return code, blocks, lines
}

// ApplyAtOnce shows events that came in one batch.
func (w *Window) ApplyAtOnce(events ...chat.Event) {
	var b batch
	for _, e := range events {
		b.add(e)
	}
	w.apply(&b)
}

// IsJumbo says that a text is shown in large letters.
var IsJumbo = isJumbo

// shownBubble returns the bubble in sight that shows a text.
func (w *Window) shownBubble(text string) *bubble {
	for _, o := range w.right.conv.timeline.view.objects {
		if b, ok := o.(*bubble); ok && b.message.Text == text {
			return b
		}
	}
	return nil
}

// ClickIn presses and lets go of the mouse in the text of a message, where a
// piece of it is shown.
func (w *Window) ClickIn(text, piece string) {
	body := w.shownBubble(text).body
	body.MouseDown(clickAt(body, piece))
	body.MouseUp(clickAt(body, piece))
}

func clickAt(body *bodyText, piece string) *desktop.MouseEvent {
	for i, line := range body.lines {
		for _, p := range body.pieces(line.start, line.end) {
			if body.text[p.start:p.end] == piece {
				x := body.width(line.start, p.start) + 2
				return &desktop.MouseEvent{Button: desktop.MouseButtonPrimary,
					PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, (float32(i)+0.5)*rowHeight(body.size))}}
			}
		}
	}
	return nil
}

// PointAt brings the pointer over a place in the bubble of a message, from the
// bubble's upper left corner.
func (w *Window) PointAt(text string, x, y float32) {
	b := w.shownBubble(text)
	left, _, _ := b.frame()
	b.MouseIn(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(left+x, y)}})
}

// PointAtTicks brings the pointer over time and ticks of a message.
func (w *Window) PointAtTicks(text string) {
	b := w.shownBubble(text)
	left, _, _ := b.frame()
	x, y, _ := b.metaAt()
	w.PointAt(text, x-left+2, y+2)
}

// PointAway takes the pointer from a message.
func (w *Window) PointAway(text string) { w.shownBubble(text).MouseOut() }

// ToolsShown says whether the tools of a message, and the usual reactions, are
// on the screen.
func (w *Window) ToolsShown() (bar, quick bool) {
	t := w.right.conv.timeline.tools
	return !t.bar.Hidden, !t.quick.Hidden
}

// PressTool presses one of the tools: "react", "reply", "more", or an emoji.
func (w *Window) PressTool(name string) {
	t := w.right.conv.timeline.tools
	switch name {
	case "react":
		t.react.MouseIn(nil)
	case "reply":
		t.answer.Tapped(nil)
	case "more":
		t.more.Tapped(nil)
	}
	for _, b := range t.emoji {
		if b.emoji == name {
			b.Tapped(nil)
			return
		}
	}
}

// Recall takes a message back.
func (w *Window) Recall(m chat.Message) { w.recall(m) }

// QuoteIn returns what the bubble of a message quotes.
func (w *Window) QuoteIn(text string) (writer, quoted string) {
	b := w.shownBubble(text)
	if b == nil || b.quote.Hidden {
		return "", ""
	}
	return b.quote.name.text, b.quote.text.text
}

// PillsUnder returns the reactions shown under a message.
func (w *Window) PillsUnder(text string) (pills []string) {
	b := w.shownBubble(text)
	if b == nil || b.reactions.Hidden {
		return nil
	}
	for _, p := range b.reactions.pills() {
		shown := p.text
		if p.picture > 0 {
			shown = strings.TrimSpace(p.emoji + " " + p.text)
		}
		pills = append(pills, shown)
	}
	return pills
}

// TapPill taps one of the reactions under a message.
func (w *Window) TapPill(text string, i int) {
	r := w.shownBubble(text).reactions
	p := r.pills()[i]
	r.Tapped(&fyne.PointEvent{Position: fyne.NewPos(p.x+3, 3)})
}

// PressMessageKey presses a key, or types a character, while a message in sight
// has the focus.
func (w *Window) PressMessageKey(m chat.Message, key fyne.KeyName, r rune) bool {
	return w.messageKey(m, w.shownBubble(m.Text), key, r)
}

// MessageMenu returns what the menu of a message offers, with "" for a line.
func (w *Window) MessageMenu(text string) (labels []string) {
	b := w.shownBubble(text)
	for _, item := range w.messageItems(b.message, b) {
		labels = append(labels, item.Label)
	}
	return labels
}

// PressAgain presses "Edit again" of the first remark in sight.
func (w *Window) PressAgain() { w.shownBubble("").note.link.Tapped(nil) }

// RefreshNotes shows remarks as they are now.
func (w *Window) RefreshNotes() { w.right.conv.timeline.refreshNotes() }

// SearchForward types into the search of the dialog for forwarding.
func (w *Window) SearchForward(text string) {
	eachWidget(w.Canvas().Overlays().Top(), func(o fyne.CanvasObject) {
		if entry, ok := o.(*guardedEntry); ok {
			entry.SetText(text)
		}
	})
}

// ChooseForward taps somebody in the dialog for forwarding, and says who is
// there to choose.
func (w *Window) ChooseForward(name string) (names []string) {
	eachWidget(w.Canvas().Overlays().Top(), func(o fyne.CanvasObject) {
		r, ok := o.(*choiceRow)
		if !ok {
			return
		}
		if names = append(names, r.name.text); r.name.text == name {
			r.Tapped(nil)
		}
	})
	return names
}

func eachWidget(o fyne.CanvasObject, visit func(fyne.CanvasObject)) {
	visit(o)
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			eachWidget(child, visit)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			eachWidget(child, visit)
		}
	}
}

// Overhang returns by how much the parts of a message leave the conversation.
func (w *Window) Overhang(m chat.Message) float32 {
	b := w.shownBubble(m.Text)
	if b == nil {
		return 0
	}
	over, width := float32(0), b.Size().Width
	for _, o := range []fyne.CanvasObject{b.quote, b.body, b.link, b.reason, b.reactions} {
		if o.Visible() {
			over = max(over, -o.Position().X, o.Position().X+o.Size().Width-width)
		}
	}
	for _, line := range b.body.lines {
		over = max(over, b.body.Position().X+b.body.width(line.start, line.end)-width)
	}
	return over
}

// Tip returns the lines that explain what the pointer rests on, nil if there are
// none.
func (w *Window) Tip() []string {
	l := w.win.Content().(*tipLayer)
	if !l.shown {
		return nil
	}
	return strings.Split(l.text, "\n")
}

// PointAtCardTicks rests the pointer on the ticks of the first card in sight.
func (w *Window) PointAtCardTicks() {
	c := w.Cards()[0].card
	c.MouseIn(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: c.metaAt().AddXY(2, 2)}})
}
