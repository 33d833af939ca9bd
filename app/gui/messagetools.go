package gui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"feihong/app/chat"
)

// messageTools are what can be done about the message under the pointer: three
// buttons beside its bubble, and the usual reactions above them. They lie over
// the timeline, so that nothing moves when they come, and take no focus.
type messageTools struct {
	widget.BaseWidget
	words *wording
	hooks *messageHooks
	later func(time.Duration, func())

	row     messageRow    // nil: nothing is shown
	message chat.Message  // of the row
	at      fyne.Position // of the row, in the timeline
	turn    int           // of the pointer: what was to be hidden before it moved stays

	bar, quick    *toolBar
	react, answer *iconButton
	more, any     *iconButton
	emoji         []*emojiButton
}

// quickReactions are offered at once.
var quickReactions = []string{"👍", "❤️", "😂", "😮", "😢", "🙏"}

// Distances of the tools.
const (
	messageToolSize = 28
	toolBarPad      = 3
	toolBarGap      = 8 // from the bubble
	leaveDelay      = 350 * time.Millisecond
)

func newMessageTools(words *wording, hooks *messageHooks, later func(time.Duration, func())) *messageTools {
	t := &messageTools{words: words, hooks: hooks, later: later}
	t.react = newIconButton(iconEmoji, "", messageToolSize, t.openQuick)
	t.answer = newIconButton(iconReply, "", messageToolSize, func() { t.do(t.hooks.reply) })
	t.more = newIconButton(iconMore, "", messageToolSize, t.openMenu)
	t.bar = newToolBar(t.over, t.react, t.answer, t.more)
	var quick []fyne.CanvasObject
	for _, emoji := range quickReactions {
		b := newEmojiButton(emoji, func() { t.do(func(m chat.Message) { t.hooks.react(m, toggled(&m, emoji)) }) })
		b.hover = t.over
		t.emoji = append(t.emoji, b)
		quick = append(quick, b)
	}
	t.any = newIconButton(iconPlus, "", messageToolSize, t.openPicker)
	t.quick = newToolBar(t.over, append(quick, t.any)...)
	for _, b := range []*iconButton{t.answer, t.more, t.any} {
		b.hover = t.over
	}
	t.react.hover = func(entered bool) {
		if t.over(entered); entered {
			t.openQuick()
		}
	}
	t.bar.Hidden, t.quick.Hidden = true, true
	t.ExtendBaseWidget(t)
	return t
}

// toggled is the reaction that a tap on an emoji makes: the user's own is taken
// back.
func toggled(m *chat.Message, emoji string) string {
	if m.Reactions[chat.Out] == emoji {
		return ""
	}
	return emoji
}

// enter shows the tools for the row that the pointer came to.
func (t *messageTools) enter(row messageRow, at fyne.Position) {
	m := row.held()
	if t.row == row && t.message.Seq == m.Seq && t.at == at {
		t.turn++
		return
	}
	t.hide()
	if !changeable(&m) {
		return
	}
	t.row, t.message, t.at = row, m, at
	t.bar.Hidden = false
	t.label() // the language may have changed
	t.place()
}

func (t *messageTools) label() {
	t.react.label = t.words.Text("gui.message.react", nil)
	t.answer.label = t.words.Text("gui.message.reply", nil)
	t.more.label = t.words.Text("gui.message.more", nil)
	t.any.label = t.words.Text("gui.message.react-any", nil)
}

// over is told when the pointer comes to the tools or leaves them, or leaves
// the row: they go when it has been away for a moment.
func (t *messageTools) over(entered bool) {
	t.turn++
	if entered || t.row == nil {
		return
	}
	turn := t.turn
	t.later(leaveDelay, func() {
		if t.turn == turn {
			t.hide()
		}
	})
}

// hide takes the tools away.
func (t *messageTools) hide() {
	t.turn++
	t.row = nil
	for _, b := range []*iconButton{t.react, t.answer, t.more, t.any} {
		hideTip(b)
	}
	t.bar.Hide()
	t.quick.Hide()
}

// asks says whether the quick reactions are open.
func (t *messageTools) asks() bool { return !t.quick.Hidden }

func (t *messageTools) openQuick() {
	if t.row == nil {
		return
	}
	for _, b := range t.emoji {
		b.setChosen(b.emoji == t.message.Reactions[chat.Out])
	}
	t.quick.Hidden = false
	t.place()
}

// do does something about the message, and is gone.
func (t *messageTools) do(what func(chat.Message)) {
	if t.row != nil {
		m := t.row.held()
		t.hide()
		what(m)
	}
}

func (t *messageTools) openMenu() {
	row := t.row
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(t.more).AddXY(0, t.more.Size().Height)
	t.do(func(m chat.Message) { t.hooks.menu(m, row, at) })
}

func (t *messageTools) openPicker() {
	row := t.row
	t.do(func(m chat.Message) { t.hooks.picker(m, row) })
}

// place puts the buttons beside the bubble, where there is room.
func (t *messageTools) place() {
	if t.row == nil {
		return
	}
	size, bar, quick := t.Size(), t.bar.MinSize(), t.quick.MinSize()
	x, width, height := t.row.frame()
	left, top := t.at.X+x, t.at.Y
	out := t.message.Direction == chat.Out
	at := fyne.NewPos(left+width+toolBarGap, 0)
	if out {
		at.X = left - toolBarGap - bar.Width
	}
	bottom := min(top+height, size.Height-edgeGap)
	at.Y = max(bottom-bar.Height-2, top+(height-bar.Height)/2)
	if height > 2*bar.Height {
		at.Y = bottom - bar.Height - 2
	}
	if at.X < 4 || at.X+bar.Width > size.Width-4 { // over the bubble's upper edge then
		at = fyne.NewPos(left+width-bar.Width, max(top-bar.Height/2, 2))
		if out {
			at.X = left
		}
	}
	at.X = max(min(at.X, size.Width-bar.Width-4), 4)
	at.Y = max(min(at.Y, size.Height-bar.Height-4), 4)
	place(t.bar, at.X, at.Y, bar.Width, bar.Height)
	above := fyne.NewPos(at.X, at.Y-quick.Height)
	if out {
		above.X = at.X + bar.Width - quick.Width
	}
	if above.Y < 0 {
		above.Y = at.Y + bar.Height
	}
	above.X = max(min(above.X, size.Width-quick.Width-4), 4)
	place(t.quick, above.X, above.Y, quick.Width, quick.Height)
	t.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (t *messageTools) CreateRenderer() fyne.WidgetRenderer {
	return &drawing{
		objects: []fyne.CanvasObject{t.bar, t.quick},
		layout:  func(fyne.Size) { t.place() },
		refresh: func() {
			for _, bar := range []*toolBar{t.bar, t.quick} {
				if !bar.Hidden { // drawing emoji needs their font, which takes a while to read
					bar.Refresh()
				}
			}
		},
	}
}
