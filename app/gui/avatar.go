package gui

import (
	"hash/fnv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
	"github.com/rivo/uniseg"

	"feihong/app/chat"
)

// avatar is a coloured circle with the initial of a name. The colour comes
// from the key of the person, so that two people with one name differ.
type avatar struct {
	widget.BaseWidget
	diameter float32
	initial  string
	tone     int
	online   bool
	ring     fyne.ThemeColorName // around the presence dot: what lies behind
}

func newAvatar(diameter float32) *avatar {
	a := &avatar{diameter: diameter, ring: colorPane}
	a.ExtendBaseWidget(a)
	return a
}

// show sets whose avatar it is. seed decides the colour.
func (a *avatar) show(name, seed string, online bool) {
	initial, tone := initialOf(name), toneOf(seed)
	if a.initial == initial && a.tone == tone && a.online == online {
		return
	}
	a.initial, a.tone, a.online = initial, tone, online
	a.Refresh()
}

func (a *avatar) showContact(c chat.Contact, online bool) {
	name := c.DisplayName()
	if c.Remark == "" && c.Name == "" {
		name = "?"
	}
	a.show(name, c.ConversationID(), online)
}

// CreateRenderer implements fyne.Widget.
func (a *avatar) CreateRenderer() fyne.WidgetRenderer {
	disc := canvas.NewCircle(avatarColors[a.tone])
	text := canvas.NewText(a.initial, colorFor(a, colorOnAvatar))
	text.Alignment = fyne.TextAlignCenter
	ring, dot := canvas.NewCircle(colorFor(a, a.ring)), canvas.NewCircle(colorFor(a, colorOnline))
	d := &drawing{objects: []fyne.CanvasObject{disc, text, ring, dot}}
	d.layout = func(size fyne.Size) {
		x, y := (size.Width-a.diameter)/2, (size.Height-a.diameter)/2
		place(disc, x, y, a.diameter, a.diameter)
		place(text, x, y, a.diameter, a.diameter)
		side := max(a.diameter*0.28, 10)
		at := a.diameter - side + 1
		place(ring, x+at-1, y+at-1, side+2, side+2)
		place(dot, x+at+1, y+at+1, side-2, side-2)
	}
	d.minSize = func() fyne.Size { return fyne.NewSquareSize(a.diameter) }
	d.refresh = func() {
		disc.FillColor = avatarColors[a.tone]
		text.Text, text.TextSize, text.Color = a.initial, a.diameter*0.42, colorFor(a, colorOnAvatar)
		ring.Hidden, dot.Hidden = !a.online, !a.online
		ring.FillColor, dot.FillColor = colorFor(a, a.ring), colorFor(a, colorOnline)
		for _, o := range d.objects {
			canvas.Refresh(o)
		}
	}
	d.refresh()
	return d
}

// initialOf returns the first character that a reader sees, in upper case.
func initialOf(name string) string {
	first, _, _, _ := uniseg.FirstGraphemeClusterInString(strings.TrimSpace(name), -1)
	if first == "" {
		return "?"
	}
	return strings.ToUpper(first)
}

func toneOf(seed string) int {
	h := fnv.New32a()
	h.Write([]byte(seed))
	return int(h.Sum32() % uint32(len(avatarColors)))
}
