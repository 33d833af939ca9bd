package gui_test

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"time"

	"github.com/google/uuid"

	"feihong/app/chat"
	"feihong/app/store/words"
)

// History answers as a store does.
func (f *fakeChat) History(ctx context.Context, q chat.HistoryQuery) ([]chat.Message, error) {
	f.note(fmt.Sprintf("history %d before %d after %d search %q", q.Contact, q.Before, q.After, q.Search))
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if f.historyErr != nil {
		return nil, f.historyErr
	}
	search := words.Parse(q.Search)
	takes := func(m *chat.Message) bool {
		return (q.Contact == 0 || m.Contact == q.Contact) &&
			(q.Since.IsZero() || !m.Time.Before(q.Since)) && (q.Until.IsZero() || m.Time.Before(q.Until)) &&
			(q.Kinds == nil && !m.Kind.Amendment() || slices.Contains(q.Kinds, m.Kind)) &&
			(q.From == nil || *q.From == m.Direction) && search.Matches(m.Text+"\n"+m.Names)
	}
	at := func(seq int64) int {
		return sort.Search(len(f.messages), func(i int) bool { return f.messages[i].Seq >= seq })
	}
	from, to := at(q.After+1), len(f.messages)
	if q.Before > 0 {
		to = at(q.Before)
	}
	full := func(found []chat.Message) bool { return q.Limit > 0 && len(found) == q.Limit }
	var found []chat.Message
	if q.After > 0 && q.Before <= 0 {
		for i := from; i < to && !full(found); i++ {
			if takes(&f.messages[i]) {
				found = append(found, f.messages[i])
			}
		}
		return found, nil
	}
	for i := to - 1; i >= from && !full(found); i-- {
		if takes(&f.messages[i]) {
			found = append(found, f.messages[i])
		}
	}
	slices.Reverse(found)
	return found, nil
}

// sayMany puts many messages into a conversation, without events: the text of
// each is what text returns for its place.
func (f *fakeChat) sayMany(id chat.ContactID, count int, from time.Time, each time.Duration, text func(int) string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range count {
		f.seq++
		m := chat.Message{Seq: f.seq, ID: uuid.New(), Contact: id, Direction: chat.Direction(i / 3 % 2), State: chat.Read, Kind: chat.KindText, Text: text(i), Time: from.Add(time.Duration(i) * each)}
		f.messages = append(f.messages, m)
		f.people[id].Last = &m
	}
}
