package gui

import (
	"strings"
	"time"

	"feihong/app/chat"
)

// searchFilter limits a search; the zero one limits nothing.
type searchFilter struct {
	contact chat.ContactID // whose conversation; 0: all
	kind    searchKind
	span    searchSpan
	from    string // days as typed, for spanChosen; "" is open
	to      string
}

// searchKind is what messages carry.
type searchKind uint8

const (
	searchAll searchKind = iota
	searchTexts
	searchFiles
	searchLinks
)

// key names a kind.
func (k searchKind) key() string {
	return [...]string{"gui.search.all", "gui.search.texts", "gui.search.files", "gui.search.links"}[k]
}

// searchSpan is when messages were written.
type searchSpan uint8

const (
	spanAny searchSpan = iota
	spanToday
	spanWeek
	spanMonth
	spanChosen
)

// key names a span.
func (s searchSpan) key() string {
	return [...]string{"gui.search.any-time", "gui.search.today", "gui.search.week", "gui.search.month", "gui.search.chosen"}[s]
}

// empty says that nothing is limited.
func (f searchFilter) empty() bool {
	return f.contact == 0 && f.kind == searchAll && f.span == spanAny
}

// query makes of a text and the filter what the service is asked; false if a
// day cannot be read.
func (f searchFilter) query(text string, now time.Time) (q chat.HistoryQuery, ok bool) {
	q = chat.HistoryQuery{Contact: f.contact, Search: strings.TrimSpace(text)}
	switch f.kind {
	case searchTexts:
		q.Kinds = []chat.Kind{chat.KindText}
	case searchFiles:
		q.Kinds = []chat.Kind{chat.KindFiles}
	case searchLinks: // every one begins so
		q.Kinds, q.Search = []chat.Kind{chat.KindText}, strings.TrimSpace(q.Search+" http")
	default:
		q.Kinds = []chat.Kind{chat.KindText, chat.KindFiles}
	}
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	switch f.span {
	case spanToday:
		q.Since = today
	case spanWeek:
		q.Since = today.AddDate(0, 0, -6)
	case spanMonth:
		q.Since = today.AddDate(0, -1, 0)
	case spanChosen:
		var since, until bool
		q.Since, since = readDay(f.from, now)
		q.Until, until = readDay(f.to, now)
		if !since || !until {
			return q, false
		}
		if !q.Until.IsZero() {
			q.Until = q.Until.AddDate(0, 0, 1) // that day, too
		}
	}
	return q, true
}

// readDay reads a day as people write it: year, month and day with anything
// between them that is no digit, or month and day of this year. Nothing is no
// day.
func readDay(text string, now time.Time) (day time.Time, ok bool) {
	parts := strings.FieldsFunc(text, func(r rune) bool { return r < '0' || r > '9' })
	if len(parts) == 0 {
		return time.Time{}, strings.TrimSpace(text) == ""
	}
	if len(parts) == 1 && len(parts[0]) == 8 {
		parts = []string{parts[0][:4], parts[0][4:6], parts[0][6:]}
	}
	if len(parts) == 2 {
		parts = append([]string{now.Format("2006")}, parts...)
	}
	if len(parts) != 3 {
		return time.Time{}, false
	}
	day, err := time.ParseInLocation("2006-1-2", strings.Join(parts, "-"), now.Location())
	return day, err == nil
}
