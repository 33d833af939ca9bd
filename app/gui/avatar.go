package gui

import (
	"hash/fnv"
	"image"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
	"github.com/rivo/uniseg"

	"feihong/app/chat"
)

// avatar is the picture of somebody or, without one, a coloured circle with the
// initial of their name, and a mark for the status. The colour comes from the key of the person, so that two people with
// one name differ.
type avatar struct {
	widget.BaseWidget
	diameter float32
	initial  string
	tone     int
	dot      *presenceDot

	faces  *faceBook // nil: there are no pictures
	face   *image.RGBA
	worn   string // which picture it is, or will be; "" for none
	cancel func() // ends the waiting for it
}

func newAvatar(diameter float32) *avatar {
	a := &avatar{diameter: diameter, dot: newPresenceDot(max(diameter*0.26, 10), colorPane)}
	a.ExtendBaseWidget(a)
	return a
}

// on says what lies behind the avatar, and so around the mark.
func (a *avatar) on(ground fyne.ThemeColorName) {
	if a.dot.edge != ground {
		a.dot.edge = ground
		a.dot.Refresh()
	}
}

// show sets whose avatar it is. seed decides the colour.
func (a *avatar) show(name, seed string, status dot) {
	a.dot.show(status)
	initial, tone := initialOf(name), toneOf(seed)
	if a.initial == initial && a.tone == tone {
		return
	}
	a.initial, a.tone = initial, tone
	a.Refresh()
}

func (a *avatar) showPerson(s *chat.Summary) {
	name := s.DisplayName()
	if s.Remark == "" && s.Name == "" {
		name = "?"
	}
	a.show(name, s.ConversationID(), dotOfPerson(s))
	a.wear(s.Picture, func(got func(*image.RGBA)) func() { return a.faces.fetch(&s.Contact, a.diameter, got) })
}

// showOwn shows the picture of the user, the initial if there is none.
func (a *avatar) showOwn(data []byte) {
	a.wear(ownFace(data), func(got func(*image.RGBA)) func() { return a.faces.own(data, a.diameter, got) })
}

// wear shows a picture as soon as it is there, and until then the initial.
func (a *avatar) wear(name string, fetch func(got func(*image.RGBA)) (cancel func())) {
	if a.worn == name || a.faces == nil {
		return
	}
	if a.cancel != nil {
		a.cancel()
	}
	a.worn, a.cancel = name, nil
	if a.face != nil {
		a.face = nil
		a.Refresh()
	}
	if name == "" {
		return
	}
	a.cancel = fetch(func(face *image.RGBA) {
		if a.worn == name && face != nil {
			a.face = face
			a.Refresh()
		}
	})
}

// CreateRenderer implements fyne.Widget.
func (a *avatar) CreateRenderer() fyne.WidgetRenderer {
	disc := canvas.NewCircle(avatarColors[a.tone])
	text := canvas.NewText(a.initial, colorFor(a, colorOnAvatar))
	text.Alignment = fyne.TextAlignCenter
	face := &canvas.Image{FillMode: canvas.ImageFillStretch, ScaleMode: canvas.ImageScaleFastest, CornerRadius: a.diameter / 2}
	d := &drawing{objects: []fyne.CanvasObject{disc, text, face, a.dot}}
	d.layout = func(size fyne.Size) {
		x, y := (size.Width-a.diameter)/2, (size.Height-a.diameter)/2
		place(disc, x, y, a.diameter, a.diameter)
		place(text, x, y, a.diameter, a.diameter)
		place(face, x, y, a.diameter, a.diameter)
		side := a.dot.MinSize().Width
		at := a.diameter - side + dotEdge + 1
		place(a.dot, x+at, y+at, side, side)
	}
	d.minSize = func() fyne.Size { return fyne.NewSquareSize(a.diameter) }
	d.refresh = func() {
		disc.FillColor = avatarColors[a.tone]
		text.Text, text.TextSize, text.Color = a.initial, a.diameter*0.42, colorFor(a, colorOnAvatar)
		disc.Hidden, text.Hidden, face.Hidden = a.face != nil, a.face != nil, a.face == nil
		if a.face != nil && face.Image != a.face {
			face.Image = a.face
			face.Refresh()
		}
		canvas.Refresh(disc)
		canvas.Refresh(text)
		a.dot.Refresh()
	}
	d.refresh()
	return d
}

// maxInitial bounds a character in bytes. Emoji of whole families have fewer.
const maxInitial = 48

// initialOf returns the first character that a reader sees, in upper case.
func initialOf(name string) string {
	first, _, _, _ := uniseg.FirstGraphemeClusterInString(strings.TrimSpace(oneLine(name)), -1)
	if first == "" {
		return "?"
	}
	if len(first) > maxInitial {
		_, size := utf8.DecodeRuneInString(first)
		first = first[:size]
	}
	return strings.ToUpper(first)
}

func toneOf(seed string) int {
	h := fnv.New32a()
	h.Write([]byte(seed))
	return int(h.Sum32() % uint32(len(avatarColors)))
}
