package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"feihong/app/chat"
)

// bubble shows one message: what others wrote on the left, what the user wrote
// on the right, with time and, for the user's own, how far it has come. What is
// only a remark stands in the middle without a bubble.
type bubble struct {
	widget.BaseWidget
	message chat.Message
	shape   *bubbleLayout
	group   grouping
	clock   string
	words   *wording
	hooks   *messageHooks

	quote     *quoteBlock
	body      *bodyText
	reason    *bodyText
	link      *linkLine
	reactions *reactionRow
	note      *noteLine
	hover     func(entered bool) // the pointer came to the row, or left it
}

// grouping says whether a message follows or is followed by another of the
// same writer, closely enough to look like one.
type grouping struct{ joinsAbove, joinsBelow bool }

func newBubble(hooks *messageHooks) *bubble {
	b := &bubble{
		hooks:     hooks,
		quote:     newQuoteBlock(),
		body:      newBodyText(textSize, theme.ColorNameForeground),
		reason:    newBodyText(smallSize, theme.ColorNameError),
		link:      newLinkLine(),
		reactions: newReactionRow(),
		note:      newNoteLine(),
		shape:     &bubbleLayout{body: &content{size: textSize}},
	}
	b.quote.tapped = func() { b.hooks.jump(b.message.ReplyTo) }
	b.body.onLink = hooks.link
	b.reactions.react = func(emoji string) { b.hooks.react(b.message, emoji) }
	b.ExtendBaseWidget(b)
	return b
}

// show binds the bubble to a message; bubbles are used again for others.
func (b *bubble) show(m chat.Message, shape *bubbleLayout, group grouping, words *wording, expand func()) {
	b.message, b.shape, b.group, b.clock, b.words = m, shape, group, words.meta(&m), words
	b.body.showContent(shape.body, shape.lines, theme.ColorNameForeground)
	b.reason.show(shape.reason, shape.reasonLines, theme.ColorNameError)
	b.link.Hidden = !shape.folded && !shape.cut
	switch {
	case shape.folded:
		b.link.show(words.Text("gui.bubble.show-all", nil), expand)
	case shape.cut:
		b.link.show(words.Text("gui.bubble.cut", nil), nil)
	}
	b.reactions.show(m.Reactions)
	b.refreshQuote()
	b.refreshNote()
	b.Refresh()
}

// refreshQuote shows what the message answers as it is now.
func (b *bubble) refreshQuote() {
	if b.quote.Hidden = b.shape.quoteHeight == 0; !b.quote.Hidden {
		b.quote.show(b.hooks.quoted(b.message), b.muted())
	}
}

// refreshNote shows a remark as it is now: what can be done about it ends after
// a while.
func (b *bubble) refreshNote() {
	if b.note.Hidden = !b.shape.note; b.note.Hidden {
		return
	}
	m := b.message
	b.note.show(func(name string) string { return b.words.note(&m, name) }, b.hooks.name(m.Contact),
		b.words.Text("gui.note.again", nil), b.hooks.again(m))
}

// muted is the colour of second-rank text in the bubble.
func (b *bubble) muted() fyne.ThemeColorName {
	if b.message.Direction == chat.Out {
		return colorMetaOut
	}
	return colorMuted
}

// held, frame, selectedText and anchor implement messageRow.
func (b *bubble) held() chat.Message { return b.message }

func (b *bubble) frame() (x, width, height float32) {
	switch {
	case b.shape.note:
		return timelineMargin, max(b.Size().Width-2*timelineMargin, 0), noteHeight
	case b.message.Direction == chat.Out:
		return b.Size().Width - timelineMargin - b.shape.width, b.shape.width, b.shape.bubbleHeight
	}
	return timelineMargin, b.shape.width, b.shape.bubbleHeight
}

func (b *bubble) selectedText() string { return b.body.selected() }

func (b *bubble) anchor() fyne.CanvasObject { return b.body }

// CreateRenderer implements fyne.Widget.
func (b *bubble) CreateRenderer() fyne.WidgetRenderer {
	back := canvas.NewRectangle(nil)
	clock := canvas.NewText("", nil)
	clock.TextSize = captionSize
	mark := newImage(iconSent)
	r := &bubbleDrawing{bubble: b, back: back, clock: clock, mark: mark}
	r.objects = []fyne.CanvasObject{back, b.quote, b.body, b.link, clock, mark, b.reason, b.reactions, b.note}
	r.Refresh()
	return r
}

type bubbleDrawing struct {
	bubble  *bubble
	back    *canvas.Rectangle
	clock   *canvas.Text
	mark    *canvas.Image
	objects []fyne.CanvasObject
}

// Destroy implements fyne.WidgetRenderer.
func (r *bubbleDrawing) Destroy() {}

// Objects implements fyne.WidgetRenderer.
func (r *bubbleDrawing) Objects() []fyne.CanvasObject { return r.objects }

// MinSize implements fyne.WidgetRenderer. The timeline gives the size.
func (r *bubbleDrawing) MinSize() fyne.Size { return fyne.Size{} }

// Layout implements fyne.WidgetRenderer.
func (r *bubbleDrawing) Layout(size fyne.Size) {
	b, shape := r.bubble, r.bubble.shape
	if shape.note {
		place(b.note, 0, 0, size.Width, shape.height)
		return
	}
	x, _, _ := b.frame()
	place(r.back, x, 0, shape.width, shape.bubbleHeight)
	place(b.quote, x+bubblePadX-4, bubblePadY+1, shape.bodyWidth+8, quoteBlockHeight())
	top := bubblePadY + shape.quoteHeight
	place(b.body, x+bubblePadX, top, shape.bodyWidth, shape.bodyHeight)
	place(b.link, x+bubblePadX, top+shape.bodyHeight+4, shape.bodyWidth, rowHeight(smallSize))

	metaX, metaY, caption := b.metaAt()
	if shape.bare {
		place(r.back, metaX-barePadX, shape.bodyHeight, shape.metaWidth+2*barePadX, bareMeta())
		place(b.body, b.bareX(shape.bodyWidth), 0, shape.bodyWidth, shape.bodyHeight)
	}
	place(r.clock, metaX, metaY, shape.metaWidth, caption)
	place(r.mark, metaX+shape.metaWidth-markSize.Width+1, metaY+(caption-markSize.Height)/2, markSize.Width, markSize.Height)

	reasonWidth := float32(0)
	for _, line := range shape.reasonLines {
		reasonWidth = max(reasonWidth, lineWidth(shape.reason[line.start:line.end], smallSize))
	}
	place(b.reason, max(size.Width-timelineMargin-reasonWidth, timelineMargin), shape.bubbleHeight+4,
		reasonWidth, float32(len(shape.reasonLines))*rowHeight(smallSize))
	placeReactions(b.reactions, b, shape.reactionsY)
}

// metaAt returns where time and ticks stand, and how high they are.
func (b *bubble) metaAt() (x, y, height float32) {
	left, _, _ := b.frame()
	height = lineHeight(captionSize)
	if b.shape.bare {
		return b.bareX(b.shape.metaWidth+2*barePadX) + barePadX, b.shape.bodyHeight + (bareMeta()-height)/2, height
	}
	return left + b.shape.width - bubblePadX - b.shape.metaWidth, b.shape.bubbleHeight - bubblePadY - height + 2, height
}

// bareX is where something stands that has no bubble: on the writer's side.
func (b *bubble) bareX(width float32) float32 {
	x, whole, _ := b.frame()
	if b.message.Direction == chat.Out {
		return x + whole - width
	}
	return x
}

// placeReactions puts reactions below a bubble or card, on the writer's side.
func placeReactions(r *reactionRow, of messageRow, y float32) {
	x, width, _ := of.frame()
	wide := r.width()
	if m := of.held(); m.Direction == chat.Out {
		x += width - wide
	}
	place(r, x, y, wide, reactionHeight)
}

// Refresh implements fyne.WidgetRenderer.
func (r *bubbleDrawing) Refresh() {
	b := r.bubble
	out, note := b.message.Direction == chat.Out, b.shape.note
	fill := colorBubbleIn
	if out {
		fill = colorBubbleOut
	}
	r.back.FillColor = colorFor(b, fill)
	roundCorners(r.back, b.group, out)
	if b.shape.bare {
		roundCorners(r.back, grouping{}, out)
		r.back.CornerRadius = bareMeta() / 2
	}
	r.clock.Text, r.clock.Color = b.clock, colorFor(b, b.muted())
	r.back.Hidden, r.clock.Hidden, b.body.Hidden, b.reason.Hidden = note, note, note, note
	r.mark.Hidden = !out || note
	if out {
		r.mark.Resource = stateMark(b.message.State)
	}
	r.Layout(b.Size())
	r.back.Refresh()
	r.clock.Refresh()
	r.mark.Refresh()
	canvas.Refresh(b)
}

// restyle draws everything anew, because the theme has changed.
func (b *bubble) restyle() {
	b.Refresh()
	refreshAll(b.quote, b.body, b.reason, b.link.line, b.reactions, b.note)
}

// roundCorners draws messages of a group closer together on the writer's side.
func roundCorners(back *canvas.Rectangle, group grouping, out bool) {
	const joined = 4
	top, bottom := float32(bubbleRadius), float32(bubbleRadius)
	if group.joinsAbove {
		top = joined
	}
	if group.joinsBelow {
		bottom = joined
	}
	back.CornerRadius = bubbleRadius
	back.TopLeftCornerRadius, back.BottomLeftCornerRadius = 0, 0
	back.TopRightCornerRadius, back.BottomRightCornerRadius = 0, 0
	if out {
		back.TopRightCornerRadius, back.BottomRightCornerRadius = top, bottom
	} else {
		back.TopLeftCornerRadius, back.BottomLeftCornerRadius = top, bottom
	}
}

// stateMark returns the mark of an outgoing message.
func stateMark(s chat.State) fyne.Resource {
	switch s {
	case chat.Sent:
		return colored(iconSent, colorMetaOut)
	case chat.Delivered:
		return colored(iconTwice, colorMetaOut)
	case chat.Read:
		return colored(iconTwice, theme.ColorNamePrimary)
	case chat.Failed:
		return colored(iconFailed, theme.ColorNameError)
	}
	return colored(iconQueued, colorMetaOut)
}
