package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"feihong/app/chat"
)

// noteLine is a message that is only a remark: somebody nudged, or took a
// message back. What can be done about it stands behind it.
type noteLine struct {
	widget.BaseWidget
	say  func(name string) string // the remark about somebody of that name
	name string
	text *textLine
	link *linkLine
}

func newNoteLine() *noteLine {
	n := &noteLine{text: newShrinkingLine(smallSize, colorMuted, ""), link: newLinkLine()}
	n.ExtendBaseWidget(n)
	return n
}

// show sets the remark, about whom it is, and what a tap on the link behind it
// does; nil: there is none.
func (n *noteLine) show(say func(name string) string, name, link string, tapped func()) {
	n.say, n.name = say, name
	n.text.setText(say(name))
	n.link.show(link, tapped)
	n.link.Hidden = tapped == nil
	n.Refresh()
}

// fitted is the remark within a width. A long name is cut, so that what its
// owner did stays in sight.
func (n *noteLine) fitted(width float32) string {
	whole := n.say(n.name)
	over := lineWidth(whole, smallSize) - width
	if over <= 0 {
		return whole
	}
	of := func(s string) float32 { return lineWidth(s, smallSize) }
	return n.say(ellipsize(n.name, max(of(n.name)-over, 0), of))
}

// CreateRenderer implements fyne.Widget.
func (n *noteLine) CreateRenderer() fyne.WidgetRenderer {
	d := &drawing{objects: []fyne.CanvasObject{n.text, n.link}}
	d.layout = func(size fyne.Size) {
		const gap = 8
		link := float32(0)
		if !n.link.Hidden {
			link = n.link.MinSize().Width + gap
		}
		room := max(size.Width-2*timelineMargin-link, 0)
		if n.say != nil {
			n.text.setText(n.fitted(room - 1))
		}
		width := min(lineWidth(n.text.text, smallSize)+1, room)
		height := lineHeight(smallSize)
		x, y := (size.Width-width-link)/2, (size.Height-height)/2
		place(n.text, x, y, width, height)
		place(n.link, x+width+gap, y, max(link-gap, 0), height)
	}
	d.refresh = func() {
		d.layout(n.Size())
		refreshAll(n.text, n.link.line)
	}
	return d
}

// note tells what a message that is only a remark stands for.
func (w *wording) note(m *chat.Message, name string) string {
	own := m.Direction == chat.Out
	key := "gui.note.nudge"
	switch {
	case m.Recalled && own:
		key = "gui.note.recalled-own"
	case m.Recalled:
		key = "gui.note.recalled"
	case own && m.State == chat.Failed:
		key = "gui.note.nudge-failed"
	case own:
		key = "gui.note.nudge-own"
	}
	text := w.Text(key, map[string]any{"name": name})
	return joined(text, w.clock(m.Time))
}
