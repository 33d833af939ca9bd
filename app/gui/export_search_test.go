package gui

import (
	"strings"

	"feihong/app/chat"
)

// FindField is the field of the search in the conversation.
func (w *Window) FindField() *guardedEntry { return w.find.bar.entry }

// SearchLimits limit a search, in words.
type SearchLimits struct {
	Contact    chat.ContactID
	Kind, Span string
	From, To   string
}

func (w *Window) ShowSearch(l SearchLimits) {
	f := searchFilter{contact: l.Contact, from: l.From, to: l.To}
	for kind := searchAll; kind <= searchLinks; kind++ {
		if l.Kind != "" && strings.HasSuffix(kind.key(), l.Kind) {
			f.kind = kind
		}
	}
	for span := spanAny; span <= spanChosen; span++ {
		if l.Span != "" && strings.HasSuffix(span.key(), l.Span) {
			f.span = span
		}
	}
	w.showSearch(f)
}

func (w *Window) SearchField() *guardedEntry { return w.search.entry }
func (w *Window) Searching() bool            { return w.search.finder.busy() }

// SearchHits returns the hits: headings after a #, people, and messages with
// what is marked in brackets.
func (w *Window) SearchHits() []string {
	var texts []string
	for _, h := range w.search.hits {
		switch {
		case h.heading != "":
			texts = append(texts, "# "+h.heading)
		case h.message == nil:
			texts = append(texts, h.person.DisplayName())
		default:
			line, found := hitExcerpt(hitSentence(h.message, w.words), w.search.marked)
			text, last := "", 0
			for _, s := range found {
				text += line[last:s.start] + "[" + line[s.start:s.end] + "]"
				last = s.end
			}
			texts = append(texts, h.person.DisplayName()+": "+text+line[last:])
		}
	}
	return texts
}
