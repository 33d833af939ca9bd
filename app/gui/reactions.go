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
	emoji, text string
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
		p.text = ellipsize(oneLine(protocol.VisibleText(p.emoji)), reactionMost, func(s string) float32 { return measure(s, textSize) })
		if p.own && p.theirs {
			p.text += " 2"
		}
		p.x, p.width = x, max(measure(p.text, textSize)+2*reactionPadX, 34)
		x += p.width + 4
	}
	return pills
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
	var backs []*canvas.Rectangle
	var texts []*canvas.Text
	for range 2 {
		back, text := canvas.NewRectangle(nil), canvas.NewText("", nil)
		back.CornerRadius = reactionHeight / 2.0
		text.TextSize, text.Alignment = textSize, fyne.TextAlignCenter
		backs, texts = append(backs, back), append(texts, text)
		d.objects = append(d.objects, back, text)
	}
	d.layout = func(fyne.Size) {
		for i, p := range r.pills() {
			place(backs[i], p.x, 0, p.width, reactionHeight)
			drop := float32(emojiDrop * textSize)
			if p.own && p.theirs {
				drop = 0 // the digit is on the line
			}
			place(texts[i], p.x, drop, p.width, reactionHeight)
		}
	}
	d.refresh = func() {
		pills := r.pills()
		for i := range backs {
			if backs[i].Hidden, texts[i].Hidden = i >= len(pills), i >= len(pills); i >= len(pills) {
				continue
			}
			fill, edge := colorBubbleIn, colorLine
			if pills[i].own {
				fill, edge = colorRowOpen, theme.ColorNamePrimary
			}
			backs[i].FillColor, backs[i].StrokeColor, backs[i].StrokeWidth = colorFor(r, fill), colorFor(r, edge), 1
			texts[i].Text, texts[i].Color = pills[i].text, colorFor(r, theme.ColorNameForeground)
		}
		d.layout(r.Size())
		refreshAll(d.objects...)
	}
	d.refresh()
	return d
}
