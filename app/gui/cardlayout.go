package gui

import (
	"fyne.io/fyne/v2"

	"feihong/app/chat"
)

// Distances in a card.
const (
	cardPadX      = 12
	cardPadY      = 11
	cardLeast     = 260 // wide inside, if the conversation has that much room
	cardMost      = 340
	tileSize      = 40
	tileGap       = 12
	toolSize      = 28
	cardButtonGap = 8
	cardMarkSize  = 15
	stateLines    = 4 // of a failure, at most
	captionLines  = 12
)

// cardLayout is everything about the shape of a card that needs text to be
// measured. It depends on the facts and on the width only.
type cardLayout struct {
	facts cardFacts
	inner float32   // width of what is in the card
	photo fyne.Size // the room for a picture
	title string    // cut to its place

	caption      []span
	folded       bool // there is more of the caption to show
	cut          bool // there is more, but it is not shown
	state        []span
	buttons      []fyne.Size // from facts.buttons
	labels       []string
	buttonsAt    []fyne.Position
	tools        float32 // how wide they are
	metaWidth    float32
	asideWidth   float32
	y            cardHeights
	bubbleHeight float32
}

// cardHeights says where the parts of a card begin.
type cardHeights struct{ name, danger, caption, link, bar, state, detail, buttons, meta float32 }

// cardWidth is how wide the inside of a card is in a conversation of a given
// width.
func cardWidth(width float32) float32 {
	room := width - 2*timelineMargin - 2*cardPadX
	return max(min(max(textWidthFor(width), cardLeast), room, cardMost), 120)
}

// measureCard finds the shape of a card.
func measureCard(m chat.Message, facts cardFacts, inner float32, expanded bool, words *wording) *cardLayout {
	l := &cardLayout{facts: facts, inner: inner}
	l.metaWidth = measure(words.clock(m.Time), captionSize)
	if m.Direction == chat.Out {
		l.metaWidth += markSize.Width + 3
	}
	if facts.picture != nil {
		l.measurePicture(m, expanded, words)
		return l
	}
	l.tools = float32(len(facts.tools)) * toolSize
	textX := float32(tileSize + tileGap)
	l.title = words.fitted(facts.title, facts.others, inner-textX-l.tools-2, nameSize)
	y := float32(cardPadY + tileSize)
	if facts.danger != "" {
		l.y.danger = y + 8
		y = l.y.danger + rowHeight(smallSize)
	}
	y = l.measureCaption(y, expanded)
	if facts.bar {
		l.y.bar = y + 11
		y = l.y.bar + slimHeight
	}
	last, y := l.measureState(y)
	if len(facts.buttons) > 0 {
		last, y = l.measureButtons(y+10, words)
	}
	l.placeMeta(last, y)
	return l
}

func (l *cardLayout) measureCaption(y float32, expanded bool) float32 {
	if l.facts.caption == "" {
		return y
	}
	limit := captionLines
	if expanded {
		limit = expandedToLines
	}
	var more bool
	l.caption, more = wrapText(l.facts.caption, l.inner, limit, func(s string) float32 { return lineWidth(s, textSize) })
	l.folded, l.cut = more && !expanded, more && expanded
	l.y.caption = y + 9
	y = l.y.caption + float32(len(l.caption))*rowHeight(textSize)
	if more {
		l.y.link = y + 2
		y = l.y.link + rowHeight(smallSize)
	}
	return y
}

// measureState returns how wide the last line is, and where it ends. A line of
// the current file keeps its place, so that the card does not breathe.
func (l *cardLayout) measureState(y float32) (last, end float32) {
	f := &l.facts
	if f.state == "" {
		return 0, y
	}
	l.y.state = y + 7
	room := l.inner - l.markWidth()
	if f.aside != "" {
		l.asideWidth = measure(f.aside, smallSize)
		room -= l.asideWidth + metaGap
	}
	width := func(s string) float32 { return lineWidth(s, smallSize) }
	l.state, _ = wrapText(f.state, max(room, 60), stateLines, width)
	y = l.y.state + float32(max(len(l.state), 1))*rowHeight(smallSize)
	if f.detail != "" || f.lines > 0 {
		l.y.detail = y
		return 0, y + rowHeight(captionSize) // the detail leaves room for the time
	}
	if f.aside != "" || len(l.state) == 0 {
		return l.inner, y
	}
	line := l.state[len(l.state)-1]
	return l.markWidth() + width(f.state[line.start:line.end]), y
}

// markWidth is how far a mark before state pushes that to the right.
func (l *cardLayout) markWidth() float32 {
	if l.facts.mark == nil {
		return 0
	}
	return cardMarkSize + 5
}

// measureButtons sets the buttons side by side, in as many rows as they need.
func (l *cardLayout) measureButtons(y float32, words *wording) (last, end float32) {
	l.y.buttons = y
	x := float32(0)
	for _, action := range l.facts.buttons {
		label := action.label(words)
		size := fyne.NewSize(min(measure(label, smallSize)+2*pillPadX, l.inner), cardPillHeight)
		if x > 0 && x+size.Width > l.inner {
			x, y = 0, y+cardPillHeight+cardButtonGap
		}
		l.labels = append(l.labels, label)
		l.buttons = append(l.buttons, size)
		l.buttonsAt = append(l.buttonsAt, fyne.NewPos(x, y))
		x += size.Width + cardButtonGap
	}
	return x - cardButtonGap, y + cardPillHeight
}

// placeMeta sets time and ticks at the lower right: in the last line if there
// is room, else below it.
func (l *cardLayout) placeMeta(last, end float32) {
	caption := lineHeight(captionSize)
	if l.facts.state == "" && len(l.facts.buttons) == 0 && l.facts.picture == nil {
		last = l.inner
	}
	if last+metaGap+l.metaWidth > l.inner {
		end += caption + 3
	}
	l.y.meta = end - caption
	if last > 0 && len(l.buttons) > 0 && last+metaGap+l.metaWidth <= l.inner {
		l.y.meta = end - (cardPillHeight+caption)/2 + 1
	}
	l.bubbleHeight = end + cardPadY
}
