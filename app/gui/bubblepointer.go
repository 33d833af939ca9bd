package gui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"feihong/app/chat"
)

// The pointer in a row of the timeline: it explains ticks, links and reactions,
// and brings up what can be done about the message.

var (
	_ desktop.Hoverable      = (*bubble)(nil)
	_ fyne.SecondaryTappable = (*bubble)(nil)
	_ messageRow             = (*bubble)(nil)
)

// MouseIn, MouseMoved and MouseOut implement desktop.Hoverable. Nothing within
// the bubble does, so that the pointer is in the row wherever it is.
func (b *bubble) MouseIn(event *desktop.MouseEvent) { b.MouseMoved(event) }

func (b *bubble) MouseMoved(event *desktop.MouseEvent) {
	if b.hover != nil {
		b.hover(true)
	}
	b.body.over = nil
	if !b.shape.note {
		b.explain(event.Position)
	}
}

func (b *bubble) MouseOut() {
	b.body.over = nil
	hideTip(b)
	if b.hover != nil {
		b.hover(false)
	}
}

// explain tells what is at a position.
func (b *bubble) explain(at fyne.Position) {
	if body := b.body; pointsAt(at, body) {
		if body.over = body.linkAt(at.Subtract(body.Position())); body.over != nil {
			row := rowHeight(body.size)
			line := float32(body.lineAt(at.Subtract(body.Position())))
			showTipAt(b, body.Position().AddXY(0, line*row), fyne.NewSize(body.Size().Width, row), linkTip(body.over.link))
			return
		}
	}
	if x, y, height := b.metaAt(); at.X >= x && at.X < x+b.shape.metaWidth+4 && at.Y >= y && at.Y < y+height {
		showTipAt(b, fyne.NewPos(x, y), fyne.NewSize(b.shape.metaWidth, height), b.words.progress(&b.message, b.hooks.name(b.message.Contact)))
		return
	}
	if r := b.reactions; r.Visible() && pointsAt(at, r) {
		if p := r.pillAt(at.Subtract(r.Position())); p != nil {
			showTipAt(b, r.Position().AddXY(p.x, 0), fyne.NewSize(p.width, reactionHeight), b.words.reactedBy(p, b.hooks.name(b.message.Contact)))
			return
		}
	}
	hideTip(b)
}

func pointsAt(at fyne.Position, o fyne.CanvasObject) bool {
	in := at.Subtract(o.Position())
	return in.X >= 0 && in.Y >= 0 && in.X < o.Size().Width && in.Y < o.Size().Height
}

// TappedSecondary implements fyne.SecondaryTappable, for what is beside the
// text.
func (b *bubble) TappedSecondary(event *fyne.PointEvent) {
	b.hooks.menu(b.message, b, event.AbsolutePosition)
}

// progress tells how far a message has come, and when it was written.
func (w *wording) progress(m *chat.Message, name string) string {
	what := ""
	if m.Direction == chat.Out {
		switch m.State {
		case chat.Queued:
			what = w.Text("gui.progress.queued", map[string]any{"name": name})
		case chat.Sent:
			what = w.Text("gui.progress.sent", nil)
		case chat.Delivered:
			what = w.Text("gui.progress.delivered", map[string]any{"name": name})
		case chat.Read:
			what = w.Text("gui.progress.read", map[string]any{"name": name})
		case chat.Failed:
			what = w.Text("gui.progress.failed", nil)
		}
	}
	edited := ""
	if !m.Edited.IsZero() {
		edited = w.Text("gui.progress.edited", map[string]any{"time": w.exact(m.Edited)})
	}
	written := w.Text("gui.progress.written", map[string]any{"time": w.exact(m.Time)})
	return joined(what, written, edited)
}

// exact names a moment to the second.
func (w *wording) exact(t time.Time) string {
	clock := w.local(t).Format("15:04:05")
	if w.daysAgo(t) == 0 {
		return clock
	}
	return w.day(t) + " " + clock
}

// reactedBy tells whose a reaction is.
func (w *wording) reactedBy(p *reactionPill, name string) string {
	switch {
	case p.own && p.theirs:
		return w.Text("gui.reaction.both", map[string]any{"name": name})
	case p.own:
		return w.Text("gui.reaction.own", nil)
	}
	return name
}
