package gui

import (
	"strings"

	"feihong/app/chat"
	"feihong/app/store/words"
)

// listHits is how many messages the list of people shows below the people: a
// glance, the search card has them all.
const listHits = 20

// hitsOf is what a filter found in messages.
type hitsOf struct {
	messages []chat.Message // the newest first
	more     bool
	marked   words.Query
}

// searchInList looks in messages for what the user types to find somebody.
func (w *Window) searchInList(text string) {
	people := w.left.people
	text = strings.TrimSpace(text)
	if len(text) < 2 { // a letter is in every message
		w.listFinder.stop()
		people.setHits(hitsOf{})
		return
	}
	query := chat.HistoryQuery{Search: text, Limit: listHits, Kinds: []chat.Kind{chat.KindText, chat.KindFiles}}
	w.listFinder.find(query, func(page []chat.Message, more bool, err error) {
		if err != nil { // was told to the log; people are found nevertheless
			page, more = nil, false
		}
		w.left.people.setHits(hitsOf{messages: page, more: more, marked: words.Parse(text)})
	})
}

// jumpToHit opens the conversation at a message that was found.
func (w *Window) jumpToHit(m chat.Message) { w.jumpTo(m, w.left.filter.Text) }

// setHits shows what was found in messages, below the people.
func (p *peopleList) setHits(hits hitsOf) {
	if len(p.hits.messages) == 0 && len(hits.messages) == 0 {
		return
	}
	p.hits = hits
	p.apply(p.open)
	p.list.Refresh() // other words are marked
}

// withHits adds the messages that were found to the rows.
func (p *peopleList) withHits(entries []entry) []entry {
	if len(p.hits.messages) == 0 {
		return entries
	}
	entries = append(entries, entry{section: sectionHits, count: len(p.hits.messages), more: p.hits.more})
	for i := range p.hits.messages {
		m := &p.hits.messages[i]
		if whose := p.people[m.Contact]; whose != nil {
			entries = append(entries, entry{hit: m, whose: whose, section: sectionHits})
		}
	}
	return entries
}

// pressFirst does what the first row is for in which there is something to do.
func (p *peopleList) pressFirst() {
	for at := range p.entries {
		if e := &p.entries[at]; e.person != nil || e.hit != nil {
			p.press(at)
			return
		}
	}
}
