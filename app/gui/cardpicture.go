package gui

import (
	"context"
	"fmt"
	"image"

	"fyne.io/fyne/v2"

	"feihong/app/chat"
	"feihong/app/picture"
)

// cardPicture is what a card shows instead of an icon, if the offer is one
// picture.
type cardPicture struct {
	preview []byte      // nil if none came
	path    string      // of the picture itself, "" while it is not here
	size    image.Point // of preview or, without one, of the picture itself
	bare    bool        // nothing else is on the card, apart from the caption
	own     bool        // the user's own file, which may be gone
}

// Sizes of pictures on cards.
const (
	pictureInset = 4   // around the picture
	shadeInset   = 5   // from the picture's edge to the ground of the time
	pictureHigh  = 320 // at most
	pictureLeast = 120 // wide, at least
	pictureLow   = 56  // high, at least
	grownFrom    = 200 // pixels: greater previews stand for greater pictures
	thumbSide    = 356 // of pictures on cards, at most
)

// assumed is the size of a picture of which no preview came, until its file has
// been looked into.
var assumed = image.Pt(320, 240)

// maxSmallSide bounds previews and faces in pixels. A few kilobytes can hold a
// picture that takes seconds to decode.
const maxSmallSide = 1024

// pictureOf says what picture an offer is, nil if it is none.
func pictureOf(t *chat.Transfer) *cardPicture {
	if t == nil || len(t.Tops) != 1 || t.MoreTops > 0 || t.Tops[0].Folder || t.Executables > 0 || !picture.Named(t.Tops[0].Name) {
		return nil
	}
	p := &cardPicture{size: assumed, own: t.Direction == chat.Out}
	if info, err := picture.Inspect(t.Preview); err == nil && max(info.Width, info.Height) <= maxSmallSide {
		p.preview, p.size = t.Preview, image.Pt(info.Width, info.Height)
	}
	if len(t.Paths) == 1 && (p.own || t.State == chat.TransferDone) && t.Bytes <= picture.MaxFileBytes {
		p.path = t.Paths[0]
	}
	if p.preview == nil && p.path == "" {
		return nil
	}
	return p
}

// showPicture makes the card of a picture out of that of a file. What is over
// needs no words: the picture says it all.
func (f *cardFacts) showPicture(t *chat.Transfer, pixels map[string]image.Point) {
	f.picture = pictureOf(t)
	if f.picture == nil {
		return
	}
	if size, known := pixels[f.picture.path]; known && f.picture.preview == nil {
		f.picture.size = size
	}
	f.summary = joined(f.title, f.summary)
	if t.State == chat.TransferDone && t.Skipped == 0 {
		f.picture.bare = true
		f.mark, f.state, f.detail, f.buttons, f.summary = nil, "", "", nil, ""
	}
}

// box is how large the picture is on the screen, in the room that there is.
func (p *cardPicture) box(room float32) fyne.Size {
	width, height := float32(p.size.X), float32(p.size.Y)
	share := min(room/width, pictureHigh/height)
	if max(width, height) < grownFrom {
		share = min(share, 1)
	}
	return fyne.NewSize(min(max(width*share, pictureLeast), room), max(height*share, pictureLow))
}

// measurePicture finds the place of the picture and what is below it in the
// card. A bare card is as narrow as its picture.
func (l *cardLayout) measurePicture(m chat.Message, expanded bool, words *wording) {
	p := l.facts.picture
	const around = 2 * (cardPadX - pictureInset)
	l.photo = p.box(l.inner + around)
	if p.bare {
		l.inner = l.photo.Width - around
	}
	l.photo.Width = l.inner + around
	y := pictureInset + l.photo.Height
	if l.facts.summary != "" {
		l.tools = float32(len(l.facts.tools)) * toolSize
		l.y.name = y + 6
		y = l.y.name + rowHeight(smallSize)
	}
	if p.bare && l.facts.caption == "" {
		l.y.meta = y - lineHeight(captionSize) - shadeInset - 3
		l.bubbleHeight = y + pictureInset
		return
	}
	if y = l.measureCaption(y, expanded); p.bare {
		l.placeMeta(l.lastOfCaption(), y)
		return
	}
	if l.facts.bar {
		l.y.bar = y + 7
		y = l.y.bar + slimHeight
	}
	last, y := l.measureState(y)
	if len(l.facts.buttons) > 0 {
		last, y = l.measureButtons(y+10, words)
	}
	l.placeMeta(last, y)
}

// metaOver says that the time stands on the picture itself.
func (l *cardLayout) metaOver() bool {
	return l.facts.picture != nil && l.facts.picture.bare && l.facts.caption == ""
}

// layoutPicture sets the picture on top of the card, in the middle of its width.
func (d *cardDrawing) layoutPicture(left float32) {
	c, l := d.card, d.card.shape
	place(c.photo, left+pictureInset, pictureInset, l.photo.Width, l.photo.Height)
	x := left + cardPadX
	place(c.summary, x, l.y.name, max(l.inner-l.tools, 0), rowHeight(smallSize))
	for i, b := range c.tools[:len(l.facts.tools)] {
		place(b, x+l.inner-l.tools+float32(i)*toolSize+4, l.y.name+(rowHeight(smallSize)-toolSize)/2, toolSize, toolSize)
	}
}

// lastOfCaption is how wide the last line of the caption is.
func (l *cardLayout) lastOfCaption() float32 {
	if l.folded || l.cut || len(l.caption) == 0 {
		return l.inner
	}
	line := l.caption[len(l.caption)-1]
	return measure(shownText(l.facts.caption[line.start:line.end]), textSize)
}

// stateOnShade is stateMark for a mark that stands on a picture.
func stateOnShade(s chat.State) fyne.Resource {
	switch s {
	case chat.Sent:
		return colored(iconSent, colorOnShade)
	case chat.Delivered:
		return colored(iconTwice, colorOnShade)
	case chat.Read:
		return colored(iconTwice, colorReadShade)
	case chat.Failed:
		return colored(iconFailed, colorOnShade)
	}
	return colored(iconQueued, colorOnShade)
}

// showPicture lets the card show its picture, as soon as that is decoded: first
// the preview, then the picture itself.
func (c *fileCard) showPicture() {
	p := c.shape.facts.picture
	if p == nil || c.pictures == nil {
		c.dropPicture()
		return
	}
	if c.photo.label, c.photo.tapped = c.shape.facts.title, nil; p.path != "" {
		c.photo.tapped = c.view
	}
	shown := shownPicture{id: c.message.Ref(), preview: len(p.preview), path: p.path}
	if c.shown == shown {
		return
	}
	if c.shown.id != shown.id {
		c.photo.show(nil)
	}
	c.leavePicture()
	c.shown = shown
	side := c.pictures.pixels(thumbSide)
	most := picture.Bounds{Width: side, Height: side}
	if p.path != "" {
		do, measured := c.pictures.do, c.measured
		c.fetchPicture(pictureKey{p.path, side}, func(ctx context.Context) (*image.RGBA, error) {
			return pictureFrom(ctx, p.path, most, func(size image.Point) { do(func() { measured(p.path, size) }) })
		}, true)
	}
	if p.preview != nil && c.photo.picture == nil {
		c.fetchPicture(pictureKey{fmt.Sprint("preview ", shown.id, shown.preview), side}, func(ctx context.Context) (*image.RGBA, error) {
			return picture.Decode(ctx, p.preview, most)
		}, false)
	}
}

// shownPicture says what picture a card shows or waits for.
type shownPicture struct {
	id      chat.Ref
	preview int // its bytes
	path    string
}

func (c *fileCard) fetchPicture(key pictureKey, load func(context.Context) (*image.RGBA, error), itself bool) {
	shown := c.shown
	c.waiting = append(c.waiting, c.pictures.fetch(key, load, func(p *image.RGBA) {
		switch {
		case c.shown != shown:
		case p == nil && itself:
			c.noPicture()
		case p != nil && (itself || c.photo.picture == nil):
			c.photo.show(p)
		}
	}))
}

// noPicture is called if a file cannot be shown as a picture after all.
func (c *fileCard) noPicture() {
	if p := c.shape.facts.picture; p != nil && p.preview == nil && c.unshowable != nil {
		c.unshowable(c.message)
	}
}

// leavePicture ends the waiting for a picture.
func (c *fileCard) leavePicture() {
	for _, cancel := range c.waiting {
		cancel()
	}
	c.waiting, c.shown = nil, shownPicture{}
}

// dropPicture lets the card show no picture, and nothing be decoded for it.
func (c *fileCard) dropPicture() {
	c.leavePicture()
	c.photo.show(nil)
}

// pictureFrom reads a file as a picture. measured is told its size as soon as
// that is known, which is long before all of it is decoded.
func pictureFrom(ctx context.Context, path string, most picture.Bounds, measured func(image.Point)) (*image.RGBA, error) {
	data, err := picture.ReadFile(path)
	if err != nil {
		return nil, err
	}
	info, err := picture.Inspect(data)
	if err != nil {
		return nil, err
	}
	measured(image.Pt(info.Width, info.Height))
	return picture.Decode(ctx, data, most)
}
