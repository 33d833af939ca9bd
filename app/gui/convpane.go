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
	missing  *strip // messages that could not be loaded
	content  *fyne.Container
}

func newConvPane(words *wording, timeline *timeline, find *findBar) *convPane {
	p := &convPane{header: newConvHeader(words), timeline: timeline, composer: newComposer(words), missing: newStrip()}
	p.content = stacked(column(0, p.header, find, p.missing), p.timeline, column(0, newHairline(), p.composer))
	p.header.onResize = p.arrange
	p.composer.onResize = p.arrange
	p.ExtendBaseWidget(p)
	return p
}

// tellMissing says that messages are not there, and what to do about it; "" is
// nothing to say.
func (p *convPane) tellMissing(text, action string, tapped func()) {
	if p.missing.show(text, true, action, tapped) {
		p.arrange()
	}
}

// arrange shares out the height anew. It draws nothing again that stays as it
// is.
func (p *convPane) arrange() {
	p.content.Layout.Layout(p.content.Objects, p.content.Size())
	canvas.Refresh(p)
}

// Resize implements fyne.CanvasObject.
func (p *convPane) Resize(size fyne.Size) {
	p.composer.leave(size.Height)
	p.BaseWidget.Resize(size)
}

// CreateRenderer implements fyne.Widget.
func (p *convPane) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(p.content) }
