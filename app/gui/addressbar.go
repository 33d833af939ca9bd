package gui

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// addressBar always shows an address at which this program can be reached,
// with a button that copies it. Behind an arrow are the other addresses.
type addressBar struct {
	widget.BaseWidget
	words     *wording
	addresses []string
	known     bool   // the addresses were looked up
	shown     string // the address shown, "" if there is none
	copied    bool   // feedback is shown instead
	large     bool
	port      int

	line *textLine
	copy *iconButton
	more *iconButton
	// later calls a function on the user interface's goroutine after a while.
	later func(time.Duration, func())
}

// feedbackTime is how long "copied" stays.
const feedbackTime = 1600 * time.Millisecond

func newAddressBar(words *wording, port int, large bool, later func(time.Duration, func())) *addressBar {
	a := &addressBar{words: words, port: port, large: large, later: later}
	size, side := float32(13), float32(26)
	if large {
		size, side = heroSize, 34
	}
	a.line = newShrinkingLine(size, colorMuted, "")
	a.copy = newIconButton(theme.ContentCopyIcon(), words.Text("gui.address.copy", nil), side, func() { a.take(a.shown) })
	a.more = newIconButton(theme.MenuDropDownIcon(), words.Text("gui.address.more", nil), side, a.openMenu)
	a.ExtendBaseWidget(a)
	a.update()
	return a
}

// show sets the addresses. The one that was shown stays if it is still there.
func (a *addressBar) show(addresses []string) {
	if a.known && slices.Equal(a.addresses, addresses) {
		return
	}
	a.addresses, a.known = addresses, true
	if !slices.Contains(addresses, a.shown) {
		a.shown = ""
		if len(addresses) > 0 {
			a.shown = addresses[0]
		}
	}
	a.update()
}

// take copies an address, shows it from now on, and says so.
func (a *addressBar) take(address string) {
	if address == "" {
		return
	}
	a.shown, a.copied = address, true
	fyne.CurrentApp().Clipboard().SetContent(address)
	a.update()
	a.later(feedbackTime, func() {
		a.copied = false
		a.update()
	})
}

func (a *addressBar) update() {
	text, color := a.shown, theme.ColorNameForeground
	switch {
	case a.copied:
		text, color = a.words.Text("gui.address.copied", nil), theme.ColorNameSuccess
	case text == "" && a.known:
		text, color = a.words.Text("gui.address.none", map[string]any{"port": a.port}), theme.ColorNameWarning
	}
	a.line.shrink = !a.large
	a.line.set(text, color, a.large)
	icon, ink := theme.ContentCopyIcon(), colorMuted
	if a.copied {
		icon, ink = theme.ConfirmIcon(), theme.ColorNameSuccess
	}
	a.copy.setIcon(icon, ink)
	a.copy.Hidden = a.shown == ""
	a.more.Hidden = len(a.addresses) < 2
	a.Refresh()
}

func (a *addressBar) openMenu() {
	items := make([]*fyne.MenuItem, len(a.addresses))
	for i, address := range a.addresses {
		items[i] = fyne.NewMenuItem(address, func() { a.take(address) })
		items[i].Icon = theme.ContentCopyIcon()
	}
	showMenuBelow(a.more, items)
}

// CreateRenderer implements fyne.Widget.
func (a *addressBar) CreateRenderer() fyne.WidgetRenderer {
	d := &drawing{objects: []fyne.CanvasObject{a.line, a.copy, a.more}}
	d.minSize = func() fyne.Size {
		size := a.line.MinSize()
		for _, button := range []*iconButton{a.copy, a.more} {
			if button.Visible() {
				side := button.MinSize()
				size = fyne.NewSize(size.Width+side.Width+4, max(size.Height, side.Height))
			}
		}
		return size
	}
	d.layout = func(size fyne.Size) { a.layout(size) }
	d.refresh = func() {
		a.layout(a.Size())
		refreshAll(d.objects...)
	}
	return d
}

// layout sets the buttons of the large form right behind the address.
func (a *addressBar) layout(size fyne.Size) {
	room := size.Width
	buttons := make([]*iconButton, 0, 2)
	for _, button := range []*iconButton{a.copy, a.more} {
		if button.Visible() {
			buttons = append(buttons, button)
			room -= button.diameter + 2
		}
	}
	width := max(room-4, 0)
	if a.large {
		width = min(measure(a.line.text, a.line.size)+2, width)
	}
	height := a.line.MinSize().Height
	place(a.line, 0, (size.Height-height)/2, width, height)
	x := width + 4
	for _, button := range buttons {
		place(button, x, (size.Height-button.diameter)/2, button.diameter, button.diameter)
		x += button.diameter
	}
}

// showMenuBelow opens a menu at the lower left corner of an object.
func showMenuBelow(o fyne.CanvasObject, items []*fyne.MenuItem) {
	driver := fyne.CurrentApp().Driver()
	c := driver.CanvasForObject(o)
	if c == nil {
		return
	}
	menu := widget.NewPopUpMenu(menuOf(items), c)
	at := driver.AbsolutePositionForObject(o)
	x := min(at.X, c.Size().Width-menu.MinSize().Width-8)
	menu.ShowAtPosition(fyne.NewPos(max(x, 0), at.Y+o.Size().Height+2))
}

// showMenuAbove opens a menu at the upper left corner of an object.
func showMenuAbove(o fyne.CanvasObject, items []*fyne.MenuItem) {
	driver := fyne.CurrentApp().Driver()
	c := driver.CanvasForObject(o)
	if c == nil {
		return
	}
	menu := widget.NewPopUpMenu(menuOf(items), c)
	at := driver.AbsolutePositionForObject(o)
	menu.ShowAtPosition(fyne.NewPos(at.X, max(at.Y-menu.MinSize().Height-4, 0)))
}
