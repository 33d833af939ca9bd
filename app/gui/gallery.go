package gui

import (
	"context"
	"slices"

	"feihong/app/chat"
)

// gallery is the row of pictures of a conversation, through which the viewer
// goes. Older ones are looked for when the user comes to the first.
type gallery struct {
	contact chat.ContactID
	items   []galleryItem
	at      int
	asking  bool
	older   bool // there may be more before the first
	before  int64
}

// galleryItem is a picture that can be shown in full.
type galleryItem struct {
	message  chat.Message
	transfer chat.Transfer
	path     string
}

// galleryPage is how many offers of files are looked through at a time.
const galleryPage = 60

// itemOf returns the picture that a message offers, if it is here.
func itemOf(m chat.Message, t *chat.Transfer) (galleryItem, bool) {
	p := pictureOf(t)
	if p == nil || p.path == "" || m.Recalled {
		return galleryItem{}, false
	}
	return galleryItem{message: m, transfer: *t, path: p.path}, true
}

// newGallery begins with the pictures of the stretch that is loaded. It is nil
// if the one to begin with is not here.
func (w *Window) newGallery(m chat.Message) *gallery {
	t := w.talk
	if t == nil || t.id != m.Contact {
		return nil
	}
	g := &gallery{contact: t.id, at: -1, older: true}
	for _, other := range t.messages {
		page := w.transfers.of(other)
		if page == nil || page.unshowable {
			continue
		}
		item, ok := itemOf(other, &page.transfer)
		if !ok {
			continue
		}
		if other.Ref() == m.Ref() {
			g.at = len(g.items)
		}
		g.items = append(g.items, item)
	}
	if g.at < 0 {
		return nil
	}
	g.before = t.messages[0].Seq
	return g
}

func (g *gallery) current() galleryItem { return g.items[g.at] }

// step goes to another picture, if there is one.
func (g *gallery) step(by int) bool {
	to := g.at + by
	if to < 0 || to >= len(g.items) {
		return false
	}
	g.at = to
	return true
}

// prepend puts older pictures before the others.
func (g *gallery) prepend(items []galleryItem) {
	g.items = slices.Concat(items, g.items)
	g.at += len(items)
}

// lookBack loads older pictures while the user is at the first ones. It calls
// found when there are more or it is known that there are none.
func (w *Window) lookBack(g *gallery, found func()) {
	if !g.older || g.asking || g.at > 1 {
		return
	}
	g.asking = true
	query := chat.HistoryQuery{Contact: g.contact, Before: g.before, Limit: galleryPage, Kinds: []chat.Kind{chat.KindFiles}}
	w.background.start(func(ctx context.Context) {
		page, err := w.cfg.Chat.History(ctx, query)
		offers := w.offersOf(ctx, page)
		w.cfg.Do(func() {
			g.asking = false
			g.older = err == nil && len(page) == query.Limit
			if len(page) > 0 {
				g.before = page[0].Seq
			}
			g.prepend(itemsOf(page, offers))
			found()
		})
	})
}

func itemsOf(page []chat.Message, offers []chat.Transfer) []galleryItem {
	var items []galleryItem
	for _, m := range page {
		at := slices.IndexFunc(offers, func(t chat.Transfer) bool { return t.ID == m.ID && t.Direction == m.Direction })
		if at < 0 {
			continue
		}
		if item, ok := itemOf(m, &offers[at]); ok {
			items = append(items, item)
		}
	}
	return items
}
