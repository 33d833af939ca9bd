package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"feihong/app/chat"
)

// bubble shows one message: what others wrote on the left, what the user wrote
// on the right, with time and, for the user's own, how far it has come.
type bubble struct {
	widget.BaseWidget
	message chat.Message
	shape   *bubbleLayout
	group   grouping
	clock   string

	body   *bodyText
	reason *bodyText
	link   *linkLine
}

// grouping says whether a message follows or is followed by another of the
// same writer, closely enough to look like one.
type grouping struct{ joinsAbove, joinsBelow bool }

func newBubble() *bubble {
	b := &bubble{
		body:   newBodyText(textSize, theme.ColorNameForeground),
		reason: newBodyText(smallSize, theme.ColorNameError),
		link:   newLinkLine(),
		shape:  &bubbleLayout{body: &content{size: textSize}},
	}
	b.ExtendBaseWidget(b)
	return b
}

// show binds the bubble to a message; bubbles are used again for others.
func (b *bubble) show(m chat.Message, shape *bubbleLayout, group grouping, words *wording, expand func()) {
	b.message, b.shape, b.group, b.clock = m, shape, group, words.clock(m.Time)
	b.body.showContent(shape.body, shape.lines, theme.ColorNameForeground)
	b.reason.show(shape.reason, shape.reasonLines, theme.ColorNameError)
	b.link.Hidden = !shape.folded && !shape.cut
	switch {
	case shape.folded:
		b.link.show(words.Text("gui.bubble.show-all", nil), expand)
	case shape.cut:
		b.link.show(words.Text("gui.bubble.cut", nil), nil)
	}
	b.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (b *bubble) CreateRenderer() fyne.WidgetRenderer {
	back := canvas.NewRectangle(nil)
	clock := canvas.NewText("", nil)
	clock.TextSize = captionSize
	mark := newImage(iconSent)
	r := &bubbleDrawing{bubble: b, back: back, clock: clock, mark: mark}
	r.objects = []fyne.CanvasObject{back, b.body, b.link, clock, mark, b.reason}
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
	x := float32(timelineMargin)
	if b.message.Direction == chat.Out {
		x = size.Width - timelineMargin - shape.width
	}
	place(r.back, x, 0, shape.width, shape.bubbleHeight)
	textHeight := float32(len(shape.lines)) * rowHeight(shape.body.size)
	place(b.body, x+bubblePadX, bubblePadY, shape.bodyWidth, textHeight)
	place(b.link, x+bubblePadX, bubblePadY+textHeight+4, shape.bodyWidth, rowHeight(smallSize))

	caption := lineHeight(captionSize)
	metaX := x + shape.width - bubblePadX - shape.metaWidth
	metaY := shape.bubbleHeight - bubblePadY - caption + 2
	place(r.clock, metaX, metaY, shape.metaWidth, caption)
	place(r.mark, x+shape.width-bubblePadX-markSize.Width+1, metaY+(caption-markSize.Height)/2, markSize.Width, markSize.Height)

	reasonWidth := float32(0)
	for _, line := range shape.reasonLines {
		reasonWidth = max(reasonWidth, measure(shape.reason[line.start:line.end], smallSize))
	}
	place(b.reason, max(size.Width-timelineMargin-reasonWidth, timelineMargin), shape.bubbleHeight+4,
		reasonWidth, float32(len(shape.reasonLines))*rowHeight(smallSize))
}

// Refresh implements fyne.WidgetRenderer.
func (r *bubbleDrawing) Refresh() {
	b := r.bubble
	out := b.message.Direction == chat.Out
	fill, meta := colorBubbleIn, colorMuted
	if out {
		fill, meta = colorBubbleOut, colorMetaOut
	}
	r.back.FillColor = colorFor(b, fill)
	roundCorners(r.back, b.group, out)
	r.clock.Text, r.clock.Color = b.clock, colorFor(b, meta)
	r.mark.Hidden = !out
	if out {
		r.mark.Resource = stateMark(b.message.State)
	}
	r.Layout(b.Size())
	r.back.Refresh()
	r.clock.Refresh()
	r.mark.Refresh()
	canvas.Refresh(b)
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
