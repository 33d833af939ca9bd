package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// convPane is the right pane with a conversation in it: header, timeline and
// composer.
type convPane struct {
	widget.BaseWidget
	header   *convHeader
	timeline *timeline
	composer *composer
	content  *fyne.Container
}

func newConvPane(words *wording, timeline *timeline, find *findBar) *convPane {
	p := &convPane{header: newConvHeader(words), timeline: timeline, composer: newComposer(words)}
	p.content = stacked(column(0, p.header, find), p.timeline, column(0, newHairline(), p.composer))
	p.header.onResize = p.arrange
	p.composer.onResize = p.arrange
	p.ExtendBaseWidget(p)
	return p
}

// arrange shares out the height anew. It draws nothing again: a long text in
// the input box is expensive to draw.
func (p *convPane) arrange() {
	p.content.Layout.Layout(p.content.Objects, p.content.Size())
	canvas.Refresh(p)
}

// CreateRenderer implements fyne.Widget.
func (p *convPane) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(p.content) }
