package gui

import (
	"image"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"feihong/app/emoji/typeface"
)

// emojiFace is the typeface of emoji; nil if the program was built without one.
var emojiFace = sync.OnceValue(func() *typeface.Face {
	file := theme.DefaultEmojiFont()
	if file == nil {
		return nil
	}
	face, err := typeface.New(file.Content())
	if err != nil {
		fyne.LogError("the typeface of emoji", err)
		return nil
	}
	return face
})

// emojiSquares returns how many squares a text takes as an emoji, one if it is
// a usual one; zero if it is none or if there is no picture of it.
func emojiSquares(text string) int {
	if face := emojiFace(); face != nil && isEmoji(text) {
		return face.Squares(text)
	}
	return 0
}

// emojiPicture shows an emoji as large as it can be in the room that it has, and
// one of which there is no picture as a text.
type emojiPicture struct {
	widget.BaseWidget
	emoji string
}

func newEmojiPicture(emoji string) *emojiPicture {
	p := &emojiPicture{emoji: emoji}
	p.ExtendBaseWidget(p)
	return p
}

func (p *emojiPicture) set(emoji string) {
	if p.emoji != emoji {
		p.emoji = emoji
		p.Refresh()
	}
}

// AccessibilityLabel and AccessibilityRole implement fyne.Accessible.
func (p *emojiPicture) AccessibilityLabel() string             { return p.emoji }
func (p *emojiPicture) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// pixels draws the picture. What it draws belongs to the typeface.
func (p *emojiPicture) pixels(width, height int) image.Image {
	if face := emojiFace(); face != nil {
		if img := face.Picture(p.emoji, height); img != nil {
			return img
		}
	}
	return image.NewRGBA(image.Rect(0, 0, width, height))
}

// emojiLetters is how large an emoji is as a text, as a share of its room.
const emojiLetters = 0.8

// CreateRenderer implements fyne.Widget.
func (p *emojiPicture) CreateRenderer() fyne.WidgetRenderer {
	raster, text := canvas.NewRaster(p.pixels), canvas.NewText("", nil)
	text.Alignment = fyne.TextAlignCenter
	d := &drawing{objects: []fyne.CanvasObject{raster, text}}
	d.layout = func(size fyne.Size) {
		squares := float32(max(emojiSquares(p.emoji), 1))
		side := min(size.Width/squares, size.Height)
		place(raster, (size.Width-side*squares)/2, (size.Height-side)/2, side*squares, side)
		text.TextSize = side * emojiLetters
		place(text, 0, 0, size.Width, size.Height)
	}
	d.refresh = func() {
		drawn := emojiSquares(p.emoji) > 0
		raster.Hidden, text.Hidden = !drawn, drawn
		text.Text, text.Color = p.emoji, colorFor(p, theme.ColorNameForeground)
		d.layout(p.Size())
		refreshAll(raster, text)
	}
	d.refresh()
	return d
}
