package gui

import (
	"feihong/app/chat"
	"feihong/protocol"
)

// Distances in and around bubbles.
const (
	bubbleRadius    = 12
	bubblePadX      = 12
	bubblePadY      = 7
	bubbleShare     = 0.68 // of the width of the conversation, at most
	bubbleMaxText   = 560  // wider lines are hard to read
	timelineMargin  = 16   // left and right of the bubbles
	metaGap         = 10   // between text and time in one line
	widthStep       = 8    // widths are rounded down to it, so that layouts are found again
	foldAbove       = 24   // longer messages are shown folded …
	foldTo          = 18   // … to so many lines
	expandedToLines = 1000 // more lines are never shown; the copy has them all
	noteHeight      = 22   // of a message that is only a remark
	quoteGap        = 5    // between a quote and the text below it
	barePadX        = 8    // beside the time below emoji
	quoteWidth      = 200  // of a bubble with a quote inside, if there is that much room
)

// bubbleLayout is everything about the shape of a bubble that needs text to be
// measured. It depends on the message and on the width only.
type bubbleLayout struct {
	body         *content
	lines        []span
	reason       string // of a failure
	reasonLines  []span
	note         bool    // a line in the middle instead of a bubble
	folded       bool    // there is more to show
	cut          bool    // there is more, but it is not shown
	metaInline   bool    // the time stands in the last line
	bare         bool    // emoji without a ground; the time has one of its own below them
	quoteHeight  float32 // of the quote above the text, with the gap below it
	metaWidth    float32
	bodyWidth    float32
	bodyHeight   float32
	width        float32 // of the bubble
	bubbleHeight float32
	reactionsY   float32
	height       float32 // with what stands below the bubble
}

// shapeKey is what the shape of a bubble depends on besides its width.
type shapeKey struct {
	failed, expanded, recalled bool
	edited                     int64 // moment of the last change
	answers                    protocol.MessageID
	reacted                    bool
}

func shapeKeyOf(m *chat.Message, expanded bool) shapeKey {
	key := shapeKey{failed: m.State == chat.Failed, expanded: expanded, recalled: m.Recalled, answers: m.ReplyTo.ID, reacted: reacted(m)}
	if !m.Edited.IsZero() {
		key.edited = m.Edited.UnixNano()
	}
	return key
}

// isCard says that a message is shown as a card of files.
func isCard(m *chat.Message) bool { return m.Kind == chat.KindFiles && !m.Recalled }

// isNote says that a message is shown as a remark in the middle.
func isNote(m *chat.Message) bool { return m.Recalled || m.Kind == chat.KindNudge }

// textWidthFor returns how wide the text of a bubble may be in a conversation
// of a given width.
func textWidthFor(width float32) float32 {
	text := min(width*bubbleShare-2*bubblePadX, bubbleMaxText)
	return max(float32(int(text/widthStep)*widthStep), 10*widthStep)
}

// measureBubble finds the shape of a message.
func measureBubble(m chat.Message, textWidth float32, expanded bool, words *wording) *bubbleLayout {
	if isNote(&m) {
		return &bubbleLayout{body: &content{size: textSize}, note: true, bubbleHeight: noteHeight, height: noteHeight}
	}
	l := &bubbleLayout{body: readContent(protocol.VisibleText(m.Text))}
	limit := foldAbove
	if expanded {
		limit = expandedToLines
	}
	var more bool
	l.lines, more = l.body.wrap(textWidth, limit)
	if more && !expanded {
		l.lines, l.folded = l.lines[:foldTo], true
	}
	l.cut = more && expanded
	tops := l.body.tops(l.lines)
	l.bodyHeight = tops[len(l.lines)]
	last := float32(0)
	for _, line := range l.lines {
		last = l.body.width(line.start, line.end)
		l.bodyWidth = max(l.bodyWidth, last+2*l.body.indent(line))
	}
	if len(l.lines) > 0 && l.body.inBlock(l.lines[len(l.lines)-1]) {
		last = textWidth // the time does not stand in code
	}
	if !m.ReplyTo.IsZero() {
		l.quoteHeight = quoteBlockHeight() + quoteGap
		l.bodyWidth = max(l.bodyWidth, min(quoteWidth, textWidth))
	}
	l.bare = l.body.size == jumboSize && m.ReplyTo.IsZero()
	l.measureMeta(m, last, textWidth, words)
	l.measureReason(m, textWidth, words)
	if reacted(&m) {
		l.reactionsY = l.height + reactionGap
		l.height = l.reactionsY + reactionHeight
	}
	return l
}

// measureMeta finds the place of time and ticks: in the last line if there is
// room, else below it.
func (l *bubbleLayout) measureMeta(m chat.Message, last, textWidth float32, words *wording) {
	l.metaWidth = measure(words.meta(&m), captionSize)
	if m.Direction == chat.Out {
		l.metaWidth += markSize.Width + 3
	}
	if l.bare {
		l.width = max(l.bodyWidth, l.metaWidth+2*barePadX)
		l.bubbleHeight = l.bodyHeight + bareMeta()
		l.height = l.bubbleHeight
		return
	}
	height := l.quoteHeight + l.bodyHeight
	if l.folded || l.cut {
		height += rowHeight(smallSize) + 4
		l.bodyWidth = max(l.bodyWidth, textWidth*0.6)
	}
	l.metaInline = !l.folded && !l.cut && last+metaGap+l.metaWidth <= textWidth
	if l.metaInline {
		l.bodyWidth = max(l.bodyWidth, last+metaGap+l.metaWidth)
	} else {
		l.bodyWidth = max(l.bodyWidth, l.metaWidth)
		height += lineHeight(captionSize)
	}
	l.width = l.bodyWidth + 2*bubblePadX
	l.bubbleHeight = height + 2*bubblePadY
	l.height = l.bubbleHeight
}

// bareMeta is how high the ground is that the time has below emoji.
func bareMeta() float32 { return lineHeight(captionSize) + 3 }

func (l *bubbleLayout) measureReason(m chat.Message, textWidth float32, words *wording) {
	if m.State != chat.Failed {
		return
	}
	l.reason = failureText(words, m.Reason)
	l.reasonLines, _ = wrapText(l.reason, textWidth, 3, func(s string) float32 { return lineWidth(s, smallSize) })
	l.height += float32(len(l.reasonLines))*rowHeight(smallSize) + 4
}

// meta is what stands beside the ticks: when a message was written, and that it
// was changed since.
func (w *wording) meta(m *chat.Message) string {
	clock := w.clock(m.Time)
	if m.Edited.IsZero() {
		return clock
	}
	return w.Text("gui.bubble.edited", map[string]any{"time": clock})
}

// failureText tells why a message failed for good.
func failureText(words *wording, reason string) string {
	key := "gui.failed." + reason
	if text := words.Text(key, nil); text != key {
		return text
	}
	return words.Text("gui.failed", map[string]any{"reason": reason})
}
