package gui

import (
	"image"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"feihong/app/chat"
)

// fileCard shows an offer of files in the conversation: what it is, how far it
// has come, and what can be done about it.
//
// While a transfer runs only the texts that changed and the bar are drawn
// again, and never another row of the conversation.
type fileCard struct {
	widget.BaseWidget
	message chat.Message
	shape   *cardLayout
	group   grouping
	clock   string
	changed time.Time // when the buttons became what they are
	now     func() time.Time
	act     func(fileAction)
	menu    func(at fyne.Position)

	pictures   *pictureShelf                // nil: none are shown
	view       func()                       // shows the picture in full
	unshowable func(chat.Message)           // the file is no picture after all
	explain    func(*chat.Message) []string // how far it has come
	measured   func(path string, size image.Point)
	shown      shownPicture
	waiting    []func() // end the waiting for pictures

	title, summary, danger *textLine
	aside, detail          *textLine
	caption, state         *bodyText
	link                   *linkLine
	bar                    *flatBar
	buttons                []*pillButton
	tools                  []*iconButton
	photo                  *photo
	reactions              *reactionRow
	hover                  func(entered bool) // the pointer came to the row, or left it
	draw                   *cardDrawing
}

// settleTime is how long new buttons take no tap: a second tap on "accept" must
// not press what has come into its place.
const settleTime = 400 * time.Millisecond

func newFileCard(now func() time.Time) *fileCard {
	c := &fileCard{
		now:       now,
		shape:     &cardLayout{},
		title:     newTextLine(nameSize, theme.ColorNameForeground, ""),
		summary:   newShrinkingLine(smallSize, colorMuted, ""),
		danger:    newShrinkingLine(smallSize, theme.ColorNameWarning, ""),
		caption:   newBodyText(textSize, theme.ColorNameForeground),
		link:      newLinkLine(),
		bar:       newFlatBar(),
		state:     newBodyText(smallSize, colorMuted),
		aside:     newTextLine(smallSize, colorMuted, ""),
		detail:    newShrinkingLine(captionSize, colorMuted, ""),
		reactions: newReactionRow(),
		photo:     newPhoto(),
	}
	c.title.strong = true
	c.aside.align = fyne.TextAlignTrailing
	c.photo.menu = func(at fyne.Position) { c.menu(at) }
	c.ExtendBaseWidget(c)
	return c
}

// show binds the card to a message and its transfer; cards are used again for
// others.
func (c *fileCard) show(m chat.Message, shape *cardLayout, group grouping, words *wording, expand func()) {
	if c.message.Seq != m.Seq || !slices.Equal(c.shape.facts.buttons, shape.facts.buttons) ||
		!slices.Equal(c.shape.facts.tools, shape.facts.tools) {
		if c.message.Seq == m.Seq {
			c.changed = c.now()
		}
		c.loseFocus()
	}
	redrawn := c.message.Seq != m.Seq || c.message.State != m.State || c.message.Reactions != m.Reactions || c.group != group || !c.shape.fits(shape)
	c.message, c.shape, c.group, c.clock = m, shape, group, words.clock(m.Time)
	c.reactions.show(m.Reactions)
	c.fill(words, expand)
	c.showPicture()
	if redrawn {
		c.Refresh()
	}
}

// fits says that the same parts stand at the same places in both shapes, so
// that only texts and the bar can differ.
func (l *cardLayout) fits(other *cardLayout) bool {
	a, b := &l.facts, &other.facts
	return l.y == other.y && l.inner == other.inner && l.photo == other.photo && l.bubbleHeight == other.bubbleHeight &&
		l.metaWidth == other.metaWidth && l.asideWidth == other.asideWidth && len(l.state) == len(other.state) &&
		len(l.caption) == len(other.caption) && l.folded == other.folded && l.cut == other.cut &&
		slices.Equal(a.buttons, b.buttons) && slices.Equal(a.tools, b.tools) &&
		a.icon == b.icon && (a.picture == nil) == (b.picture == nil) && a.mark == b.mark && a.shade == b.shade && a.bar == b.bar &&
		(a.danger == "") == (b.danger == "") && (a.state == "") == (b.state == "") && (a.aside == "") == (b.aside == "") && (a.detail == "") == (b.detail == "") && (a.summary == "") == (b.summary == "")
}

// fill puts the texts into their places. Lines that stay the same are not
// drawn again.
func (c *fileCard) fill(words *wording, expand func()) {
	f := &c.shape.facts
	c.title.setText(c.shape.title)
	c.summary.set(f.summary, c.muted(), false)
	c.danger.setText(f.danger)
	if c.caption.text != f.caption || !slices.Equal(c.caption.lines, c.shape.caption) {
		c.caption.show(f.caption, c.shape.caption, theme.ColorNameForeground)
	}
	switch {
	case c.shape.folded:
		c.link.show(words.Text("gui.bubble.show-all", nil), expand)
	case c.shape.cut:
		c.link.show(words.Text("gui.bubble.cut", nil), nil)
	}
	c.bar.show(f.share, f.resting)
	tone := f.tone
	if tone == "" {
		tone = c.muted()
	}
	if c.state.text != f.state || c.state.color != tone || !slices.Equal(c.state.lines, c.shape.state) {
		c.state.show(f.state, c.shape.state, tone)
	}
	c.aside.set(f.aside, c.muted(), false)
	c.detail.set(f.detail, c.muted(), false)
	c.fillButtons(words)
}

func (c *fileCard) fillButtons(words *wording) {
	f := &c.shape.facts
	for len(c.buttons) < len(f.buttons) {
		b := newPillButton()
		at := len(c.buttons)
		b.tapped = func() { c.press(c.shape.facts.buttons, at) }
		c.buttons = append(c.buttons, b)
	}
	for i, b := range c.buttons {
		if b.Hidden = i >= len(f.buttons); !b.Hidden {
			b.show(c.shape.labels[i], f.buttons[i] == fileAccept)
		}
	}
	for len(c.tools) < len(f.tools) {
		at := len(c.tools)
		c.tools = append(c.tools, newIconButton(iconCross, "", toolSize, func() { c.press(c.shape.facts.tools, at) }))
	}
	for i, b := range c.tools {
		if b.Hidden = i >= len(f.tools); b.Hidden {
			continue
		}
		b.label = f.tools[i].label(words)
		if icon, color := f.tools[i].icon(), c.muted(); b.icon != icon || b.color != color {
			b.setIcon(icon, color)
		}
	}
}

// press does what a button stands for, unless it has only just come there.
func (c *fileCard) press(actions []fileAction, at int) {
	if at < len(actions) && c.act != nil && c.now().Sub(c.changed) >= settleTime {
		c.act(actions[at])
	}
}

// loseFocus takes the focus from buttons that are about to mean something else.
func (c *fileCard) loseFocus() {
	driver := fyne.CurrentApp().Driver()
	for _, b := range c.buttons {
		if canvas := driver.CanvasForObject(b); b.focused && canvas != nil {
			canvas.Unfocus()
		}
	}
	for _, b := range c.tools {
		if canvas := driver.CanvasForObject(b); b.focused && canvas != nil {
			canvas.Unfocus()
		}
	}
}

// muted is the colour of second-rank text on the card.
func (c *fileCard) muted() fyne.ThemeColorName {
	if c.message.Direction == chat.Out {
		return colorMetaOut
	}
	return colorMuted
}

// TappedSecondary implements fyne.SecondaryTappable.
func (c *fileCard) TappedSecondary(event *fyne.PointEvent) {
	if c.menu != nil {
		c.menu(event.AbsolutePosition)
	}
}

// Tapped implements fyne.Tappable, so that the card and not what lies behind it
// is tapped.
func (c *fileCard) Tapped(*fyne.PointEvent) {}

// CreateRenderer implements fyne.Widget.
func (c *fileCard) CreateRenderer() fyne.WidgetRenderer {
	c.draw = newCardDrawing(c)
	return c.draw
}

// cardDrawing draws a fileCard.
type cardDrawing struct {
	card       *fileCard
	back, tile *canvas.Rectangle
	icon       *canvas.Image
	dangerMark *canvas.Image
	mark       *canvas.Image     // before state
	shade      *canvas.Rectangle // behind the time, where that stands on the picture
	clock      *canvas.Text
	tick       *canvas.Image
}

func newCardDrawing(c *fileCard) *cardDrawing {
	d := &cardDrawing{card: c, back: canvas.NewRectangle(nil), tile: canvas.NewRectangle(nil), icon: newImage(iconFile),
		dangerMark: newImage(iconWarning), mark: newImage(iconDone), shade: canvas.NewRectangle(nil), clock: canvas.NewText("", nil), tick: newImage(iconSent)}
	d.tile.CornerRadius, d.shade.CornerRadius = 10, 9
	d.clock.TextSize = captionSize
	d.Refresh()
	return d
}

// Destroy implements fyne.WidgetRenderer.
func (d *cardDrawing) Destroy() {}

// MinSize implements fyne.WidgetRenderer. The timeline gives the size.
func (d *cardDrawing) MinSize() fyne.Size { return fyne.Size{} }

// Objects implements fyne.WidgetRenderer.
func (d *cardDrawing) Objects() []fyne.CanvasObject {
	c := d.card
	objects := []fyne.CanvasObject{d.back, d.tile, d.icon, c.photo, c.title, c.summary, d.dangerMark, c.danger, c.caption, c.link,
		c.bar, d.mark, c.state, c.aside, c.detail, d.shade, d.clock, d.tick, c.reactions}
	for _, b := range c.tools {
		objects = append(objects, b)
	}
	for _, b := range c.buttons {
		objects = append(objects, b)
	}
	return objects
}

// Layout implements fyne.WidgetRenderer.
func (d *cardDrawing) Layout(size fyne.Size) {
	c, l := d.card, d.card.shape
	left := float32(timelineMargin)
	width := l.inner + 2*cardPadX
	if c.message.Direction == chat.Out {
		left = size.Width - timelineMargin - width
	}
	place(d.back, left, 0, width, l.bubbleHeight)
	placeReactions(c.reactions, c, l.bubbleHeight+reactionGap)
	x := left + cardPadX
	place(d.tile, x, cardPadY, tileSize, tileSize)
	place(d.icon, x+9, cardPadY+9, tileSize-18, tileSize-18)
	if l.facts.picture != nil {
		d.layoutPicture(left)
	} else {
		d.layoutHead(x)
	}
	line := rowHeight(smallSize)
	place(d.dangerMark, x, l.y.danger+(line-cardMarkSize)/2+markDrop, cardMarkSize, cardMarkSize)
	place(c.danger, x+cardMarkSize+5, l.y.danger, l.inner-cardMarkSize-5, line)
	place(c.caption, x, l.y.caption, l.inner, float32(len(l.caption))*rowHeight(textSize))
	place(c.link, x, l.y.link, l.inner, line)
	place(c.bar, x, l.y.bar, l.inner, slimHeight)
	place(d.mark, x, l.y.state+(line-cardMarkSize)/2+markDrop, cardMarkSize, cardMarkSize)
	place(c.state, x+l.markWidth(), l.y.state, l.inner-l.markWidth(), float32(len(l.state))*line)
	place(c.aside, x+l.inner-l.asideWidth, l.y.state, l.asideWidth, line)
	place(c.detail, x, l.y.detail, max(l.inner-l.metaWidth-metaGap, 0), rowHeight(captionSize))
	for i, b := range c.buttons[:len(l.buttons)] {
		place(b, x+l.buttonsAt[i].X, l.buttonsAt[i].Y, l.buttons[i].Width, l.buttons[i].Height)
	}
	caption := lineHeight(captionSize)
	meta := c.metaAt()
	if l.metaOver() {
		place(d.shade, meta.X-7, meta.Y-2, l.metaWidth+14, caption+4)
	}
	place(d.clock, meta.X, meta.Y, l.metaWidth, caption)
	place(d.tick, meta.X+l.metaWidth-markSize.Width+1, l.y.meta+(caption-markSize.Height)/2, markSize.Width, markSize.Height)
}

// markDrop brings a mark down to where the letters beside it stand in their
// line.
const markDrop = 1.5

// layoutHead sets name and summary beside the icon, and what can be done at any
// time at the end of that line.
func (d *cardDrawing) layoutHead(x float32) {
	c, l := d.card, d.card.shape
	name, more := lineHeight(nameSize), lineHeight(smallSize)
	textX := x + tileSize + tileGap
	room := max(l.inner-tileSize-tileGap-l.tools, 0)
	top := float32(cardPadY) + (tileSize-name-more-1)/2
	if l.facts.summary == "" {
		top = cardPadY + (tileSize-name)/2
	}
	place(c.title, textX, top, room, name)
	place(c.summary, textX, top+name+1, room, more)
	for i, b := range c.tools[:len(l.facts.tools)] {
		place(b, x+l.inner-l.tools+float32(i)*toolSize+4, cardPadY-3, toolSize, toolSize)
	}
}

// Refresh implements fyne.WidgetRenderer.
func (d *cardDrawing) Refresh() {
	c, f := d.card, &d.card.shape.facts
	out := c.message.Direction == chat.Out
	fill := colorBubbleIn
	if out {
		fill = colorBubbleOut
	}
	d.back.FillColor = colorFor(c, fill)
	roundCorners(d.back, c.group, out)
	d.tile.FillColor = colorFor(c, colorPill)
	d.tile.Hidden, d.icon.Hidden, c.title.Hidden, c.photo.Hidden = f.picture != nil, f.picture != nil, f.picture != nil, f.picture == nil
	d.icon.Resource = nil
	if f.icon != nil {
		d.icon.Resource = colored(f.icon, theme.ColorNamePrimary)
	}
	d.dangerMark.Resource = colored(iconWarning, theme.ColorNameWarning)
	d.dangerMark.Hidden, c.danger.Hidden = f.danger == "", f.danger == ""
	c.link.Hidden = !c.shape.folded && !c.shape.cut
	c.bar.Hidden = !f.bar
	d.mark.Resource, d.mark.Hidden = nil, f.mark == nil
	if f.mark != nil {
		d.mark.Resource = colored(f.mark, f.shade)
	}
	c.caption.Hidden, c.state.Hidden = f.caption == "", f.state == "" // nothing to stop at for the keyboard
	c.aside.Hidden, c.detail.Hidden = f.aside == "", f.detail == ""
	d.clock.Text, d.clock.Color = c.clock, colorFor(c, c.muted())
	d.shade.Hidden = !c.shape.metaOver()
	d.shade.FillColor = colorFor(c, colorShade)
	d.tick.Hidden = !out
	if out {
		d.tick.Resource = stateMark(c.message.State)
	}
	if c.shape.metaOver() {
		d.clock.Color = colorFor(c, colorOnShade)
		if out {
			d.tick.Resource = stateOnShade(c.message.State)
		}
	}
	d.Layout(c.Size())
	for _, o := range d.Objects() {
		o.Refresh()
	}
	canvas.Refresh(c)
}
