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
	text *textLine
	link *linkLine
}

func newNoteLine() *noteLine {
	n := &noteLine{text: newShrinkingLine(smallSize, colorMuted, ""), link: newLinkLine()}
	n.ExtendBaseWidget(n)
	return n
}

// show sets the remark, and what a tap on the link behind it does; nil: there
// is none.
func (n *noteLine) show(text, link string, tapped func()) {
	n.text.setText(text)
	n.link.show(link, tapped)
	n.link.Hidden = tapped == nil
	n.Refresh()
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
		width := min(measure(n.text.text, smallSize)+1, room)
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
	// A long name must not push out what its owner did.
	text := w.Text(key, map[string]any{"name": shortened(name, 30)})
	return joined(text, w.clock(m.Time))
}
