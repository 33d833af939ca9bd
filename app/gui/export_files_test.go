package gui

import (
	"image"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"feihong/app/chat"
	"feihong/assets/translations"
)

// What tests of files look at and cannot find on the canvas.

// Card is what a card on the screen shows.
type Card struct {
	Texts, Buttons, Tools []string
	Widest                float32 // how far texts and buttons reach beyond the card; 0 if they do not
	Height                float32
	Photo                 fyne.Size // the place for a picture; zero without one
	card                  *fileCard
}

// Cards returns the cards in sight, from the top.
func (w *Window) Cards() []Card {
	var found []Card
	for _, o := range w.right.conv.timeline.view.objects {
		if c, ok := o.(*fileCard); ok {
			found = append(found, cardOf(c))
		}
	}
	return found
}

func cardOf(c *fileCard) Card {
	card := Card{card: c, Height: c.shape.bubbleHeight, Photo: c.shape.photo}
	back := test.WidgetRenderer(c).(*cardDrawing).back
	left, right, bottom := back.Position().X, back.Position().X+back.Size().Width, back.Size().Height
	reach := func(x, y, width, height float32) {
		card.Widest = max(card.Widest, left-x, x+width-right, -y, y+height-bottom-1)
	}
	lines := []*textLine{c.title, c.summary, c.danger, c.aside, c.detail}
	for _, line := range lines {
		if text := shownIn(line); line.Visible() && text != "" {
			card.Texts = append(card.Texts, text)
			at, width := line.Position(), lineWidth(text, line.size)
			if line.align == fyne.TextAlignTrailing {
				at.X += line.Size().Width - width
			}
			reach(at.X, at.Y, width, lineHeight(line.size))
		}
	}
	for _, body := range []*bodyText{c.caption, c.state} {
		for i, line := range body.lines {
			text := body.text[line.start:line.end]
			card.Texts = append(card.Texts, text)
			reach(body.Position().X, body.Position().Y+float32(i)*rowHeight(body.size), measure(text, body.size), rowHeight(body.size))
		}
	}
	for i, b := range c.buttons {
		if b.Visible() {
			card.Buttons = append(card.Buttons, b.text)
			reach(b.Position().X, b.Position().Y, b.Size().Width, b.Size().Height)
			if i > 0 && c.buttons[i-1].Position() == b.Position() {
				card.Widest = 1000
			}
		}
	}
	for _, b := range c.tools {
		if b.Visible() {
			card.Tools = append(card.Tools, b.label)
			reach(b.Position().X, b.Position().Y, b.Size().Width-4, b.Size().Height)
		}
	}
	return card
}

// Press presses a button of the card.
func (c Card) Press(label string) {
	for _, b := range c.card.buttons {
		if b.Visible() && b.text == label {
			b.Tapped(nil)
		}
	}
	for _, b := range c.card.tools {
		if b.Visible() && b.label == label {
			b.Tapped(nil)
		}
	}
}

func (w *Window) Drop(at fyne.Position, items ...fyne.URI) { w.dropped(at, items) }

func (w *Window) Picking() bool       { return w.picking }
func (w *Window) PickerOpen() bool    { return w.picker != nil }
func (w *Window) AttachVisible() bool { return w.right.conv.composer.place.Visible() }
func (w *Window) PressDetach()        { w.right.conv.composer.tray.remove.Tapped(nil) }
func (w *Window) PressNotice()        { w.right.conv.composer.notice.action.Tapped(nil) }

// WatchLayout returns what says whether the conversation was laid out since:
// that makes all its rows anew.
func (w *Window) WatchLayout() (again func() bool) {
	const untouched = "as it was"
	table := &w.right.conv.timeline.table
	table.rows[0].text = untouched
	return func() bool { return table.rows[0].text != untouched }
}

// RowObjects returns the widgets of the rows in sight.
func (w *Window) RowObjects() []fyne.CanvasObject { return w.right.conv.timeline.view.objects }

// CopyFromCard chooses an item of the menu of the first card, in which a text
// is selected, and returns what is copied.
func (w *Window) CopyFromCard(label, selected string) string {
	for _, o := range w.right.conv.timeline.view.objects {
		c, ok := o.(*fileCard)
		if !ok {
			continue
		}
		for _, item := range w.filesItems(c.message, selected) {
			if item.Label == label {
				item.Action()
			}
		}
	}
	return w.cfg.App.Clipboard().Content()
}

// ChooseToAttach taps an item of the menu beside the input field.
func (w *Window) ChooseToAttach(label string) {
	w.right.conv.composer.attach.Tapped(nil)
	w.Canvas().Overlays().Remove(w.Canvas().Overlays().Top())
	for _, item := range w.attachItems() {
		if item.Label == label {
			item.Action()
		}
	}
}

// MiddleOf returns the middle of the row of a person.
func (w *Window) MiddleOf(id chat.ContactID) fyne.Position {
	p := w.left.people
	for i, row := range p.bound {
		if p.entries[i].person != nil && p.entries[i].person.ID == id {
			at := fyne.CurrentApp().Driver().AbsolutePositionForObject(row)
			return at.AddXY(row.Size().Width/2, row.Size().Height/2)
		}
	}
	return fyne.Position{}
}

// Select chooses in the list of choices of the dialog.
func (w *Window) Select(choice string) { choose(w.Canvas().Overlays().Top(), choice) }

func choose(o fyne.CanvasObject, wanted string) {
	switch o := o.(type) {
	case *choice:
		o.SetSelected(wanted)
	case *fyne.Container:
		for _, child := range o.Objects {
			choose(child, wanted)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			choose(child, wanted)
		}
	}
}

// Size and Left return how a number of bytes and a time left are told.
func Size(lang string, bytes int64) string {
	return (&wording{Catalog: translations.New(lang)}).size(bytes)
}

func Left(lang string, left time.Duration) string {
	return (&wording{Catalog: translations.New(lang)}).left(left)
}

// Photos counts the cards in sight that show a picture.
func (w *Window) Photos() int {
	count := 0
	for _, o := range w.right.conv.timeline.view.objects {
		if c, ok := o.(*fileCard); ok && c.photo.Visible() && c.photo.picture != nil {
			count++
		}
	}
	return count
}

// ViewPicture opens the picture of a card in sight.
func (w *Window) ViewPicture(card int) {
	for _, o := range w.right.conv.timeline.view.objects {
		c, ok := o.(*fileCard)
		if !ok {
			continue
		}
		if card == 0 {
			c.photo.Tapped(nil)
			return
		}
		card--
	}
}

// Viewed is what the viewer of pictures shows.
type Viewed struct {
	Open        bool
	Name, About string
	Percent     string
	Hint        string
	Size        image.Point // of the picture, in pixels
	Back, Forth bool        // there are others before and behind
	Items       []string    // of its menu
}

// Viewed returns what the viewer shows.
func (w *Window) Viewed() Viewed {
	v := w.viewer
	if v == nil {
		return Viewed{}
	}
	shown := Viewed{Open: true, Name: v.name.text, About: v.about.text, Percent: v.percent.text, Hint: v.hint.text, Back: v.back.Visible(), Forth: v.forth.Visible()}
	if v.pane.picture != nil {
		shown.Size = v.pane.picture.Rect.Size()
	}
	for _, item := range w.pictureItems(v.gallery.current()) {
		shown.Items = append(shown.Items, item.Label)
	}
	return shown
}

// Corner returns where the upper left corner of the viewed picture is, and how
// large it is on the screen.
func (w *Window) Corner() (at fyne.Position, size fyne.Size) {
	tile := w.viewer.pane.tiles[0].image
	return tile.Position(), tile.Size()
}

// Wheel turns the wheel over a point of the viewed picture, and Push drags it.
func (w *Window) Wheel(at fyne.Position, by float32) {
	w.viewer.pane.Scrolled(&fyne.ScrollEvent{PointEvent: fyne.PointEvent{Position: at}, Scrolled: fyne.NewDelta(0, by)})
}

func (w *Window) Push(dx, dy float32) {
	w.viewer.pane.Dragged(&fyne.DragEvent{Dragged: fyne.NewDelta(dx, dy)})
	w.viewer.pane.DragEnd()
}

// SaveCopy chooses that in the menu of the viewer.
func (w *Window) SaveCopy() { w.pictureItems(w.viewer.gallery.current())[0].Action() }

// Shelf returns how many pictures are kept and how many bytes they need.
func (w *Window) Shelf() (count, bytes int) { return w.pictures.order.Len(), w.pictures.bytes }

// ShelfMost bounds what is kept.
func (w *Window) ShelfMost(bytes int) { w.pictures.most = bytes }

// Measured tells the size of the picture in a file.
func (w *Window) Measured(path string, size image.Point) {
	w.right.conv.timeline.measured(path, size)
}

// PhotoAt returns where on the screen the picture of a card in sight is.
func (w *Window) PhotoAt(card int) fyne.Position {
	return fyne.CurrentApp().Driver().AbsolutePositionForObject(w.Cards()[card].card.photo)
}
