package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"feihong/app/chat"
	"feihong/protocol"
)

// Distances of reactions.
const (
	reactionHeight = 24
	reactionGap    = 3
	reactionPadX   = 8
	reactionMost   = 56 // wide is what anybody's reaction may be
	reactionEmoji  = 17
	reactionEach   = 4 // between an emoji and a number
)

// reacted says that there are reactions to show.
func reacted(m *chat.Message) bool { return !m.Recalled && m.Reactions != [2]string{} }

// reactionRow shows the reactions to a message in small pills. A tap on one
// gives the user's own reaction, or takes it back.
type reactionRow struct {
	widget.BaseWidget
	reactions [2]string
	react     func(emoji string)
}

func newReactionRow() *reactionRow {
	r := &reactionRow{}
	r.ExtendBaseWidget(r)
	return r
}

func (r *reactionRow) show(reactions [2]string) {
	if r.Hidden = reactions == [2]string{}; r.reactions != reactions {
		r.reactions = reactions
		r.Refresh()
	}
}

// reactionPill is one emoji and who gave it.
type reactionPill struct {
	emoji       string
	text        string  // after the picture, or instead of it
	picture     float32 // its width; 0 is none
	own, theirs bool
	x, width    float32
}

// pills says what stands in the row, and where.
func (r *reactionRow) pills() []reactionPill {
	own, theirs := r.reactions[chat.Out], r.reactions[chat.In]
	var pills []reactionPill
	if own != "" {
		pills = append(pills, reactionPill{emoji: own, own: true, theirs: own == theirs})
	}
	if theirs != "" && theirs != own {
		pills = append(pills, reactionPill{emoji: theirs, theirs: true})
	}
	x := float32(0)
	for i := range pills {
		p := &pills[i]
		p.fill()
		p.x, p.width = x, max(p.inner()+2*reactionPadX, 34)
		x += p.width + 4
	}
	return pills
}

// fill finds what the pill shows: a picture if there is one.
func (p *reactionPill) fill() {
	if squares := emojiSquares(p.emoji); squares > 0 {
		p.picture = min(float32(squares)*reactionEmoji, reactionMost)
	} else {
		p.text = ellipsize(oneLine(protocol.VisibleText(p.emoji)), reactionMost, func(s string) float32 { return measure(s, textSize) })
	}
	if p.own && p.theirs {
		p.text += "2"
	}
}

// inner is how wide picture and text are.
func (p *reactionPill) inner() float32 {
	switch {
	case p.text == "":
		return p.picture
	case p.picture == 0:
		return measure(p.text, textSize)
	}
	return p.picture + reactionEach + measure(p.text, smallSize)
}

// width is how much room the pills take.
func (r *reactionRow) width() float32 {
	pills := r.pills()
	if len(pills) == 0 {
		return 0
	}
	last := pills[len(pills)-1]
	return last.x + last.width
}

// pillAt returns the reaction at a position, or nil.
func (r *reactionRow) pillAt(at fyne.Position) *reactionPill {
	for _, p := range r.pills() {
		if at.X >= p.x && at.X < p.x+p.width && at.Y >= 0 && at.Y < reactionHeight {
			return &p
		}
	}
	return nil
}

// Tapped implements fyne.Tappable.
func (r *reactionRow) Tapped(event *fyne.PointEvent) {
	p := r.pillAt(event.Position)
	if p == nil || r.react == nil {
		return
	}
	if p.own {
		r.react("")
		return
	}
	r.react(p.emoji)
}

// Cursor implements desktop.Cursorable.
func (r *reactionRow) Cursor() desktop.Cursor { return desktop.PointerCursor }

// AccessibilityLabel and AccessibilityRole implement fyne.Accessible.
func (r *reactionRow) AccessibilityLabel() string             { return r.reactions[0] + " " + r.reactions[1] }
func (r *reactionRow) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer implements fyne.Widget.
func (r *reactionRow) CreateRenderer() fyne.WidgetRenderer {
	d := &drawing{}
	var views [2]reactionView
	for i := range views {
		views[i] = newReactionView()
		d.objects = append(d.objects, views[i].back, views[i].picture, views[i].text)
	}
	d.layout = func(fyne.Size) {
		for i, p := range r.pills() {
			views[i].layout(&p)
		}
	}
	d.refresh = func() {
		pills := r.pills()
		for i := range views {
			var p reactionPill
			if i < len(pills) {
				p = pills[i]
			}
			views[i].show(r, &p)
		}
		d.layout(r.Size())
		refreshAll(d.objects...)
	}
	d.refresh()
	return d
}

// reactionView is what one pill is drawn with.
type reactionView struct {
	back    *canvas.Rectangle
	picture *emojiPicture
	text    *canvas.Text
}

func newReactionView() reactionView {
	v := reactionView{canvas.NewRectangle(nil), newEmojiPicture(""), canvas.NewText("", nil)}
	v.back.CornerRadius = reactionHeight / 2.0
	return v
}

func (v *reactionView) layout(p *reactionPill) {
	place(v.back, p.x, 0, p.width, reactionHeight)
	x := p.x + (p.width-p.inner())/2
	place(v.picture, x, (reactionHeight-reactionEmoji)/2.0, p.picture, reactionEmoji)
	if p.picture > 0 {
		x += p.picture + reactionEach
	}
	place(v.text, x, 0, p.width, reactionHeight)
}

// show gives the parts of the view what they show; none for an empty pill.
func (v *reactionView) show(r *reactionRow, p *reactionPill) {
	v.back.Hidden, v.picture.Hidden, v.text.Hidden = p.emoji == "", p.picture == 0, p.text == ""
	fill, edge := colorBubbleIn, colorLine
	if p.own {
		fill, edge = colorRowOpen, theme.ColorNamePrimary
	}
	v.back.FillColor, v.back.StrokeColor, v.back.StrokeWidth = colorFor(r, fill), colorFor(r, edge), 1
	v.picture.emoji = p.emoji
	v.text.Text, v.text.TextSize, v.text.Color = p.text, textSize, colorFor(r, theme.ColorNameForeground)
	if p.picture > 0 {
		v.text.TextSize = smallSize
	}
}
