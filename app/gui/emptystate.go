package gui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"feihong/assets"
)

// emptyState stands where a conversation will be: what the program is doing to
// find colleagues, what the user can do, and the user's own address.
type emptyState struct {
	widget.BaseWidget
	words   *wording
	title   *textLine
	hint    *widget.Label
	address *addressBar
	enter   *widget.Button
	why     *widget.Button // nil without a doctor
	ranges  *linkLine      // to the search of other subnets; hidden without one
	state   emptiness
}

// emptiness is why there is no conversation.
type emptiness uint8

const (
	emptyUntold  emptiness = iota // nothing was shown yet
	emptyAlone                    // nobody is known, and nobody will appear by themselves
	emptyLooking                  // nobody is known, but the program looks for them
	emptyNobody                   // it has looked in vain for a while
	emptyChoose                   // there are people to choose from
)

// patience is how long the program looks before it says that there is nobody.
const patience = 12 * time.Second

type emptyActions struct {
	newChat, doctor, ranges func() // the last two may be nil
}

func newEmptyState(words *wording, self Self, later func(time.Duration, func()), act emptyActions) *emptyState {
	e := &emptyState{
		words:   words,
		title:   newTextLine(18, theme.ColorNameForeground, ""),
		hint:    widget.NewLabel(""),
		address: newAddressBar(words, self.Port, true, later),
		enter:   widget.NewButtonWithIcon(words.Text("gui.empty.enter", nil), theme.ContentAddIcon(), act.newChat),
		ranges:  newLinkLine(),
	}
	e.title.strong, e.title.align = true, fyne.TextAlignCenter
	e.hint.Wrapping, e.hint.Alignment = fyne.TextWrapWord, fyne.TextAlignCenter
	if act.doctor != nil {
		e.why = widget.NewButtonWithIcon(words.Text("gui.empty.why", nil), theme.QuestionIcon(), act.doctor)
	}
	e.ranges.Hidden = act.ranges == nil
	e.ranges.show(words.Text("gui.empty.ranges", nil), act.ranges)
	e.ExtendBaseWidget(e)
	return e
}

// show adapts the words.
func (e *emptyState) show(state emptiness) {
	if e.state == state {
		return
	}
	e.state = state
	title, hint := "", ""
	switch state {
	case emptyAlone:
		title, hint = e.words.Text("gui.empty.title", nil), e.words.Text("gui.empty.hint", nil)
	case emptyLooking:
		title, hint = e.words.Text("gui.empty.looking", nil), e.words.Text("gui.empty.looking-hint", nil)
	case emptyNobody:
		title, hint = e.words.Text("gui.empty.nobody", nil), e.words.Text("gui.empty.nobody-hint", nil)
	case emptyChoose:
		title, hint = e.words.Text("gui.empty.choose", nil), e.words.Text("gui.empty.choose-hint", nil)
	}
	if e.why != nil {
		why := e.words.Text("gui.empty.why", nil)
		if state == emptyChoose {
			why = e.words.Text("gui.empty.missing", nil)
		}
		e.why.SetText(why)
	}
	e.enter.Importance = widget.HighImportance
	if state == emptyChoose || state == emptyLooking {
		e.enter.Importance = widget.MediumImportance
	}
	e.title.setText(title)
	e.hint.SetText(hint)
	e.Refresh()
}

func (e *emptyState) showAddresses(addresses []string) {
	e.address.show(addresses)
	e.Refresh()
}

// emptyWidth is how wide the words are set, if there is room.
const emptyWidth = 420

// CreateRenderer implements fyne.Widget.
func (e *emptyState) CreateRenderer() fyne.WidgetRenderer {
	icon := newImage(fyne.NewStaticResource("feihong.png", assets.Icon))
	icon.SetMinSize(fyne.NewSquareSize(72))
	caption := newTextLine(smallSize, colorMuted, e.words.Text("gui.empty.address", nil))
	caption.align = fyne.TextAlignCenter
	card := newSurface(colorPane, 14, padded(14, 14, 24, 20, column(4, caption, container.NewCenter(e.address))))
	buttons := column(8, e.enter)
	if e.why != nil {
		buttons = row(10, e.enter, e.why)
	}
	content := flow(0,
		icon,
		padded(14, 0, 0, 0, e.title),
		e.hint,
		padded(12, 0, 0, 0, container.NewCenter(buttons)),
		padded(12, 0, 0, 0, container.NewCenter(e.ranges)),
		padded(20, 0, 30, 30, card),
	)
	d := &drawing{objects: []fyne.CanvasObject{content}}
	d.layout = func(size fyne.Size) {
		width := min(emptyWidth, size.Width-2*timelineMargin)
		content.Resize(fyne.NewSize(width, content.MinSize().Height)) // wraps the text
		height := content.MinSize().Height
		place(content, (size.Width-width)/2, max((size.Height-height)/2, 0), width, height)
	}
	d.minSize = func() fyne.Size { return fyne.NewSize(300, 300) }
	d.refresh = func() {
		d.layout(e.Size())
		content.Refresh()
	}
	return d
}
