package gui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// emptyState stands where a conversation will be: what the program is doing to
// find colleagues, what the user can do, and the user's own address.
type emptyState struct {
	widget.BaseWidget
	words   *wording
	title   *textLine
	hint    *centredText
	address *addressBar
	enter   *actionTile
	scan    *actionTile // searches for people; nil without such a search
	why     *actionTile // nil without a doctor
	state   emptiness
	scanned scanState
	scroll  *container.Scroll
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
	newChat, doctor, scan func() // the last two may be nil
}

func newEmptyState(words *wording, self Self, later func(time.Duration, func()), act emptyActions) *emptyState {
	e := &emptyState{
		words:   words,
		title:   newTextLine(18, theme.ColorNameForeground, ""),
		hint:    newCentredText(textSize, theme.ColorNameForeground, 6, ""),
		address: newAddressBar(words, self.Port, true, later),
		enter:   newActionTile(theme.ContentAddIcon(), words.Text("gui.empty.enter", nil), act.newChat),
	}
	e.title.strong, e.title.align = true, fyne.TextAlignCenter
	if act.scan != nil {
		e.scan = newActionTile(theme.SearchIcon(), e.scanned.text(words), act.scan)
	}
	if act.doctor != nil {
		e.why = newActionTile(theme.QuestionIcon(), words.Text("gui.empty.why", nil), act.doctor)
	}
	e.ExtendBaseWidget(e)
	return e
}

// show adapts the words.
func (e *emptyState) show(state emptiness, scanned scanState) {
	if e.scanned != scanned && e.scan != nil {
		e.scanned = scanned
		e.scan.set(scanned.text(e.words), false)
	}
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
		e.why.set(why, false)
	}
	e.enter.set(e.words.Text("gui.empty.enter", nil), state == emptyAlone || state == emptyNobody)
	e.title.setText(title)
	e.hint.set(hint, theme.ColorNameForeground)
	e.Refresh()
}

func (e *emptyState) showAddresses(addresses []string) {
	e.address.show(addresses)
	e.Refresh()
}

// tiles are what the user can do, side by side.
func (e *emptyState) tiles() []fyne.CanvasObject {
	tiles := []fyne.CanvasObject{e.enter}
	for _, tile := range []*actionTile{e.scan, e.why} {
		if tile != nil {
			tiles = append(tiles, tile)
		}
	}
	return tiles
}

// emptyWidth is how wide the words are set, if there is room.
const (
	emptyWidth = 440
	tileAlone  = 130 // beside a tile that stands alone
)

// CreateRenderer implements fyne.Widget.
func (e *emptyState) CreateRenderer() fyne.WidgetRenderer {
	icon := newProgramIcon(72)
	caption := newTextLine(smallSize, colorMuted, e.words.Text("gui.empty.address", nil))
	caption.align = fyne.TextAlignCenter
	card := newSurface(colorPane, 14, padded(14, 14, 24, 20, column(4, caption, container.NewCenter(e.address))))
	tiles := container.NewGridWithColumns(len(e.tiles()), e.tiles()...)
	lone := float32(tileAlone) // of a tile, if it has no other beside it
	if len(e.tiles()) > 1 {
		lone = 0
	}
	content := flow(0,
		icon,
		padded(14, 0, 0, 0, e.title),
		padded(10, 4, 0, 0, e.hint),
		padded(14, 0, lone, lone, tiles),
		padded(12, 0, 0, 0, card),
	)
	scroll := container.NewVScroll(container.New(afloat{}, content))
	e.scroll = scroll
	d := &drawing{objects: []fyne.CanvasObject{scroll}}
	d.layout = func(size fyne.Size) {
		scroll.Content.Resize(size) // wraps the text, so that the height is known
		scroll.Resize(size)
	}
	d.minSize = func() fyne.Size { return fyne.NewSize(200, 120) }
	d.refresh = func() {
		d.layout(e.Size())
		scroll.Refresh()
		content.Refresh()
	}
	return d
}

// afloat keeps an object in the middle, not wider than emptyWidth.
type afloat struct{}

// Layout implements fyne.Layout.
func (afloat) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	width := max(min(emptyWidth, size.Width-2*timelineMargin), 0)
	for _, o := range objects {
		o.Resize(fyne.NewSize(width, o.MinSize().Height))
		height := o.MinSize().Height
		place(o, (size.Width-width)/2, max((size.Height-height)/2, 0), width, height)
	}
}

// MinSize implements fyne.Layout.
func (afloat) MinSize(objects []fyne.CanvasObject) fyne.Size {
	height := float32(0)
	for _, o := range objects {
		height = max(height, o.MinSize().Height)
	}
	return fyne.NewSize(0, height+2*timelineMargin)
}

// has says whether a part of the page has the focus.
func (e *emptyState) has(focused fyne.Focusable) bool {
	if focused == e.address.copy || focused == e.address.more {
		return true
	}
	for _, tile := range e.tiles() {
		if focused == tile.(fyne.Focusable) {
			return true
		}
	}
	return false
}
