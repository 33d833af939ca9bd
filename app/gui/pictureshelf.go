package gui

import (
	"container/list"
	"context"
	"image"
	"slices"
)

// pictureShelf decodes pictures away from the user interface, one at a time
// because each may need much memory, and keeps the last ones. What was asked for
// last comes first: it is what the user looks at.
//
// It belongs to the user interface's goroutine.
type pictureShelf struct {
	start  func(task func(context.Context))
	do     func(func())
	scale  func() float32 // of the screen
	held   map[pictureKey]*list.Element
	order  *list.List // of *heldPicture, the one used last in front
	bytes  int
	most   int // bytes
	wishes []*pictureWish
	busy   bool
}

// pictureKey names a picture in a size.
type pictureKey struct {
	name string
	side int // in pixels, of what it has to fit in
}

// heldPicture is a picture on the shelf, nil if it cannot be decoded: what is
// broken once stays so.
type heldPicture struct {
	key     pictureKey
	picture *image.RGBA
}

// pictureWish is a picture that somebody waits for.
type pictureWish struct {
	key    pictureKey
	load   func(context.Context) (*image.RGBA, error)
	got    []*func(*image.RGBA)
	cancel context.CancelFunc // nil until it is being decoded
}

// maxShelf bounds what the pictures on a shelf need, in bytes, apart from the
// one that came last.
const maxShelf = 48 << 20

func newPictureShelf(start func(func(context.Context)), do func(func()), scale func() float32) *pictureShelf {
	return &pictureShelf{start: start, do: do, scale: scale, held: make(map[pictureKey]*list.Element), order: list.New(), most: maxShelf}
}

// fetch gives got a picture, nil if it cannot be had: at once if it is on the
// shelf, else later, unless the result has been called before.
func (s *pictureShelf) fetch(key pictureKey, load func(context.Context) (*image.RGBA, error), got func(*image.RGBA)) (cancel func()) {
	if found := s.held[key]; found != nil {
		s.order.MoveToFront(found)
		got(found.Value.(*heldPicture).picture)
		return func() {}
	}
	wish := s.wish(key)
	if wish == nil {
		wish = &pictureWish{key: key, load: load}
		s.wishes = append(s.wishes, wish)
	}
	wish.got = append(wish.got, &got)
	s.next()
	return func() { s.leave(wish, &got) }
}

// pixels is how many pixels a length on the screen has.
func (s *pictureShelf) pixels(length float32) int { return int(length*max(s.scale(), 1) + 0.5) }

// forget drops a picture, because there is another one with that name.
func (s *pictureShelf) forget(key pictureKey) {
	if found := s.held[key]; found != nil {
		s.remove(found)
	}
}

func (s *pictureShelf) wish(key pictureKey) *pictureWish {
	at := slices.IndexFunc(s.wishes, func(w *pictureWish) bool { return w.key == key })
	if at < 0 {
		return nil
	}
	return s.wishes[at]
}

// leave ends the waiting of one; if nobody else waits, nothing is decoded.
func (s *pictureShelf) leave(wish *pictureWish, got *func(*image.RGBA)) {
	wish.got = slices.DeleteFunc(wish.got, func(other *func(*image.RGBA)) bool { return other == got })
	if len(wish.got) > 0 {
		return
	}
	s.wishes = slices.DeleteFunc(s.wishes, func(other *pictureWish) bool { return other == wish })
	if wish.cancel != nil {
		wish.cancel()
	}
}

// next begins with the newest wish, if nothing is being decoded.
func (s *pictureShelf) next() {
	if s.busy || len(s.wishes) == 0 {
		return
	}
	wish := s.wishes[len(s.wishes)-1]
	stopped, cancel := context.WithCancel(context.Background())
	wish.cancel, s.busy = cancel, true
	s.start(func(ctx context.Context) {
		ctx, end := context.WithCancel(ctx)
		defer end()
		defer context.AfterFunc(stopped, end)()
		picture, err := wish.load(ctx)
		s.do(func() {
			s.busy = false
			if stopped.Err() == nil {
				s.fulfil(wish, picture, err)
			}
			cancel()
			s.next()
		})
	})
}

func (s *pictureShelf) fulfil(wish *pictureWish, picture *image.RGBA, err error) {
	s.wishes = slices.DeleteFunc(s.wishes, func(other *pictureWish) bool { return other == wish })
	if err != nil {
		picture = nil
	}
	s.put(wish.key, picture)
	for _, got := range wish.got {
		(*got)(picture)
	}
}

func (s *pictureShelf) put(key pictureKey, picture *image.RGBA) {
	s.forget(key)
	s.held[key] = s.order.PushFront(&heldPicture{key, picture})
	s.bytes += weightOf(picture)
	for s.bytes > s.most && s.order.Len() > 1 {
		s.remove(s.order.Back())
	}
}

func (s *pictureShelf) remove(e *list.Element) {
	held := s.order.Remove(e).(*heldPicture)
	delete(s.held, held.key)
	s.bytes -= weightOf(held.picture)
}

// weightOf is what a picture needs. One that cannot be decoded counts too.
func weightOf(p *image.RGBA) int {
	if p == nil {
		return 1 << 10
	}
	return len(p.Pix) + 1<<10
}
