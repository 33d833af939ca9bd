package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
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
			top := body.tops[body.lineAt(at.Subtract(body.Position()))]
			showTipAt(b, body.Position().AddXY(0, top), fyne.NewSize(body.Size().Width, row), linkTip(body.over.link))
			return
		}
	}
	if x, y, height := b.metaAt(); at.X >= x && at.X < x+b.shape.metaWidth+4 && at.Y >= y && at.Y < y+height {
		showTipAt(b, fyne.NewPos(x, y), fyne.NewSize(b.shape.metaWidth, height), b.words.progress(&b.message, b.hooks.name(b.message.Contact))...)
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
