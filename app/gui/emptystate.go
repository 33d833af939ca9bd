package gui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"feihong/assets"
)

// emptyState stands where a conversation will be: the user's own address,
// large, and how to begin.
type emptyState struct {
	widget.BaseWidget
	words   *wording
	title   *textLine
	address *addressBar
	hint    *widget.Label
	button  *widget.Button
}

func newEmptyState(words *wording, self Self, later func(time.Duration, func()), newChat func()) *emptyState {
	e := &emptyState{
		words:   words,
		title:   newTextLine(titleSize, theme.ColorNameForeground, ""),
		address: newAddressBar(words, self.Port, true, later),
		hint:    widget.NewLabel(""),
		button:  widget.NewButtonWithIcon(words.Text("gui.people.new", nil), theme.ContentAddIcon(), newChat),
	}
	e.title.strong, e.title.align = true, fyne.TextAlignCenter
	e.hint.Wrapping, e.hint.Alignment = fyne.TextWrapWord, fyne.TextAlignCenter
	e.button.Importance = widget.HighImportance
	e.ExtendBaseWidget(e)
	e.show(false)
	return e
}

// show adapts the words: known says that there are people to choose from.
func (e *emptyState) show(known bool) {
	title, hint := e.words.Text("gui.empty.title", nil), e.words.Text("gui.empty.hint", nil)
	if known {
		title, hint = e.words.Text("gui.empty.choose", nil), e.words.Text("gui.empty.choose-hint", nil)
	}
	if e.hint.Text != hint {
		e.title.setText(title)
		e.hint.SetText(hint)
		e.Refresh()
	}
}

func (e *emptyState) showAddresses(addresses []string) {
	e.address.show(addresses)
	e.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (e *emptyState) CreateRenderer() fyne.WidgetRenderer {
	icon := newImage(fyne.NewStaticResource("feihong.png", assets.Icon))
	icon.SetMinSize(fyne.NewSquareSize(72))
	caption := newTextLine(smallSize, colorMuted, e.words.Text("gui.empty.address", nil))
	caption.align = fyne.TextAlignCenter
	card := newSurface(colorPane, 14, padded(18, 18, 24, 20,
		column(6, caption, container.NewCenter(e.address))))
	content := container.NewCenter(fixedWidth(400, column(16,
		icon, e.title, card, e.hint, container.NewCenter(e.button))))
	return &drawing{
		objects: []fyne.CanvasObject{content},
		layout:  func(size fyne.Size) { content.Resize(size) },
		minSize: func() fyne.Size { return fyne.NewSize(300, 300) },
		refresh: func() {
			content.Layout.Layout(content.Objects, content.Size())
			content.Refresh()
		},
	}
}
