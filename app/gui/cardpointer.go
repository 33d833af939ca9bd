package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"feihong/app/chat"
)

// A card as a row of the timeline, with reactions below it.

var (
	_ desktop.Hoverable = (*fileCard)(nil)
	_ messageRow        = (*fileCard)(nil)
)

// held, frame, selectedText and anchor implement messageRow.
func (c *fileCard) held() chat.Message { return c.message }

func (c *fileCard) frame() (x, width, height float32) {
	width = c.shape.inner + 2*cardPadX
	if c.message.Direction == chat.Out {
		return c.Size().Width - timelineMargin - width, width, c.shape.bubbleHeight
	}
	return timelineMargin, width, c.shape.bubbleHeight
}

func (c *fileCard) selectedText() string {
	if text := c.caption.selected(); text != "" {
		return text
	}
	return c.state.selected()
}

func (c *fileCard) anchor() fyne.CanvasObject { return c.title }

// MouseIn, MouseMoved and MouseOut implement desktop.Hoverable.
func (c *fileCard) MouseIn(event *desktop.MouseEvent) { c.MouseMoved(event) }

func (c *fileCard) MouseMoved(event *desktop.MouseEvent) {
	c.point(true)
	meta, size := c.metaAt(), fyne.NewSize(c.shape.metaWidth, lineHeight(captionSize))
	if at := event.Position.Subtract(meta); c.explain != nil && at.X >= 0 && at.X < size.Width+4 && at.Y >= 0 && at.Y < size.Height {
		showTipAt(c, meta, size, c.explain(&c.message)...)
		return
	}
	hideTip(c)
}

func (c *fileCard) MouseOut() {
	hideTip(c)
	c.point(false)
}

func (c *fileCard) point(entered bool) {
	if c.hover != nil {
		c.hover(entered)
	}
}

// metaAt is where time and ticks are.
func (c *fileCard) metaAt() fyne.Position {
	l := c.shape
	left, _, _ := c.frame()
	x := left + cardPadX + l.inner - l.metaWidth
	if l.metaOver() {
		x -= shadeInset
	}
	return fyne.NewPos(x, l.y.meta)
}

// height is how high a card is with the reactions to it.
func (l *cardLayout) height(m *chat.Message) float32 {
	if reacted(m) {
		return l.bubbleHeight + reactionGap + reactionHeight
	}
	return l.bubbleHeight
}
