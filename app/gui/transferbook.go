package gui

import (
	"image"

	"feihong/app/chat"
	"feihong/protocol"
)

// transferBook holds the transfers that the window knows, each as it was told
// last. It belongs to the user interface's goroutine.
type transferBook struct {
	pages   map[protocol.MessageID]*transferPage
	retried map[protocol.MessageID]bool // there is a newer one that tries them again
	pixels  map[string]image.Point      // of pictures in files that were looked into, by path
}

// maxPixels bounds how many pictures are known by their size.
const maxPixels = 5000

// transferPage is one transfer. The version changes whenever the transfer does.
type transferPage struct {
	transfer   chat.Transfer
	version    int
	unshowable bool // as a picture, though the name says it is one
}

func newTransferBook() *transferBook {
	return &transferBook{pages: make(map[protocol.MessageID]*transferPage), retried: make(map[protocol.MessageID]bool), pixels: make(map[string]image.Point)}
}

// measured takes the size of the picture in a file, and returns the offers that
// look different now.
func (b *transferBook) measured(path string, size image.Point) []protocol.MessageID {
	if b.pixels[path] == size {
		return nil
	}
	if len(b.pixels) >= maxPixels {
		clear(b.pixels)
	}
	b.pixels[path] = size
	var changed []protocol.MessageID
	for id, page := range b.pages {
		if p := pictureOf(&page.transfer); p != nil && p.preview == nil && p.path == path {
			page.version++
			changed = append(changed, id)
		}
	}
	return changed
}

// put takes a transfer as an event told it.
func (b *transferBook) put(t chat.Transfer) {
	page := b.pages[t.ID]
	if page == nil {
		page = &transferPage{}
		b.pages[t.ID] = page
	}
	page.transfer = t
	page.version++
	if old := t.Retry; old != (protocol.MessageID{}) && !b.retried[old] {
		b.retried[old] = true
		if page := b.pages[old]; page != nil {
			page.version++ // there is nothing to try any more
		}
	}
}

// putLoaded takes a transfer as it was loaded, unless an event has told
// something newer meanwhile.
func (b *transferBook) putLoaded(t chat.Transfer) {
	if page := b.pages[t.ID]; page == nil || !t.Updated.Before(page.transfer.Updated) {
		b.put(t)
	}
}

// forget drops all, because another conversation is opened.
func (b *transferBook) forget() {
	clear(b.pages)
	clear(b.retried)
}

// unsettled returns those of some messages whose offers still change.
func (b *transferBook) unsettled(messages []chat.Message) []chat.Message {
	var found []chat.Message
	for _, m := range messages {
		if page := b.of(m); page != nil && !page.transfer.Final() {
			found = append(found, m)
		}
	}
	return found
}

// of returns the transfer that a message offers, nil while it is not known.
// One of another conversation that has the same ID is not it.
func (b *transferBook) of(m chat.Message) *transferPage {
	page := b.pages[m.ID]
	if m.Kind != chat.KindFiles || page == nil || page.transfer.Contact != m.Contact || page.transfer.Direction != m.Direction {
		return nil
	}
	return page
}
