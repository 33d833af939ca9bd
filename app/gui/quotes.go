package gui

import (
	"context"
	"errors"
	"strings"

	"feihong/app/chat"
	"feihong/protocol"
)

// quoteBook knows the messages of the open conversation that others answer. It
// is used on the user interface's goroutine only.
type quoteBook struct {
	known map[chat.Ref]*chat.Message // nil: it is not there
	asked map[chat.Ref]bool
}

// maxQuotes bounds what is remembered.
const maxQuotes = 500

func newQuoteBook() *quoteBook {
	return &quoteBook{known: make(map[chat.Ref]*chat.Message), asked: make(map[chat.Ref]bool)}
}

// forget empties the book, because another conversation is shown.
func (b *quoteBook) forget() {
	clear(b.known)
	clear(b.asked)
}

// learn takes a message as it is now, if it is in the book.
func (b *quoteBook) learn(m chat.Message) bool {
	_, known := b.known[m.Ref()]
	if known {
		b.known[m.Ref()] = &m
	}
	return known
}

func (b *quoteBook) put(ref chat.Ref, m *chat.Message) {
	if len(b.known) >= maxQuotes {
		b.forget()
	}
	b.known[ref] = m
	delete(b.asked, ref)
}

// quoteOf returns what a message answers. If that is not known yet it is
// empty, and is shown when it has come.
func (w *Window) quoteOf(answer chat.Message) quote {
	ref := answer.ReplyTo
	m, known := w.quotes.known[ref]
	if !known && w.talk != nil && w.talk.id == answer.Contact {
		if m = w.talk.find(ref); m != nil {
			held := *m
			w.quotes.put(ref, &held)
			known = true
		}
	}
	if !known {
		w.askQuote(answer.Contact, ref)
		return quote{name: w.quotedName(answer.Contact, ref.Direction)}
	}
	if m == nil {
		return quote{name: w.quotedName(answer.Contact, ref.Direction), text: w.words.Text("gui.quote.gone", nil)}
	}
	return quote{name: w.quotedName(answer.Contact, ref.Direction), text: excerpt(w.words.inBrief(m))}
}

// excerpt is the beginning of a text, in one line.
func excerpt(text string) string {
	const most = 2 * maxLineRunes
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "")
	}
	return strings.Join(strings.Fields(protocol.VisibleText(text)), " ")
}

func (w *Window) quotedName(id chat.ContactID, direction chat.Direction) string {
	if direction == chat.Out {
		return w.words.Text("gui.quote.own", nil)
	}
	return w.nameOf(id)
}

// askQuote reads a message that is not loaded.
func (w *Window) askQuote(id chat.ContactID, ref chat.Ref) {
	t := w.talk
	if t == nil || t.id != id || w.quotes.asked[ref] {
		return
	}
	w.quotes.asked[ref] = true
	w.background.start(func(ctx context.Context) {
		m, err := w.cfg.Chat.MessageAt(ctx, id, ref)
		w.cfg.Do(func() {
			if w.talk != t || err != nil && !errors.Is(err, chat.ErrNoMessage) {
				return
			}
			if err != nil {
				w.quotes.put(ref, nil)
			} else {
				w.quotes.put(ref, &m)
			}
			w.right.conv.timeline.refreshQuotes()
		})
	})
}
