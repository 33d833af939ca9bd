package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"math"
	"slices"
	"strings"

	"feihong/app/chat"
	"feihong/app/store/words"
)

// errEnough ends the reading of rows early.
var errEnough = errors.New("enough rows")

// History returns messages that match the query, oldest first.
func (s *Store) History(ctx context.Context, q chat.HistoryQuery) ([]chat.Message, error) {
	h := history{Store: s, ctx: ctx, HistoryQuery: q, words: words.Parse(q.Search)}
	h.forward = q.After != 0 && q.Before <= 0
	if h.Before <= 0 {
		h.Before = math.MaxInt64
	}
	if err := h.collect(); err != nil {
		return nil, s.failure(err)
	}
	if !h.forward {
		slices.Reverse(h.found)
	}
	return h.found, nil
}

// history is one query on its way.
type history struct {
	*Store
	ctx context.Context
	chat.HistoryQuery
	words   words.Query
	forward bool // from the oldest to the newest
	found   []chat.Message
}

func (h *history) collect() error {
	if err := h.limitInTime(); err != nil {
		return err
	}
	if h.words.Empty() || slices.ContainsFunc(h.Kinds, chat.Kind.Amendment) { // those are not in the index
		return h.read(h.After, h.Before)
	}
	indexed, err := h.indexed()
	if err != nil {
		return err
	}
	err = h.search(indexed)
	if indexDamaged(err) { // slower, but still an answer
		h.condemnIndex(err)
		h.found = nil
		err = h.read(h.After, h.Before)
	}
	return err
}

// search looks up what is in the index, and reads what is not yet.
func (h *history) search(indexed int64) error {
	lookUp := func() error { return h.lookUp(h.After, min(h.Before, indexed+1)) }
	read := func() error { return h.read(max(h.After, indexed), h.Before) }
	parts := []func() error{read, lookUp}
	if h.forward {
		slices.Reverse(parts)
	}
	for _, part := range parts {
		if h.full() {
			return nil
		}
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}

func (h *history) full() bool { return h.Limit > 0 && len(h.found) >= h.Limit }

// read collects matching messages with Seq between after and before by
// reading them all.
func (h *history) read(after, before int64) error {
	if len(h.Kinds) < 2 {
		return h.readKind(h.Kinds, after, before)
	}
	return h.readKinds(after, before)
}

// readKinds collects of several kinds: each can be read in order by itself.
func (h *history) readKinds(after, before int64) error {
	var all []chat.Message
	for _, kind := range slices.Compact(slices.Sorted(slices.Values(h.Kinds))) {
		one := *h
		one.found = nil
		if one.Limit > 0 {
			one.Limit -= len(h.found)
		}
		if err := one.readKind([]chat.Kind{kind}, after, before); err != nil {
			return err
		}
		all = append(all, one.found...)
	}
	slices.SortFunc(all, func(a, b chat.Message) int {
		if h.forward {
			a, b = b, a
		}
		return cmp.Compare(b.Seq, a.Seq)
	})
	h.found = append(h.found, all...)
	if h.Limit > 0 && len(h.found) > h.Limit {
		h.found = h.found[:h.Limit]
	}
	return nil
}

// readKind collects of one kind, or of all that are listed.
func (h *history) readKind(kind []chat.Kind, after, before int64) error {
	var where conditions
	if h.Contact != 0 {
		where.add(`m.contact = ?`, int64(h.Contact))
	}
	if len(kind) == 0 || !kind[0].Amendment() {
		where.terms = append(where.terms, `m.`+listed)
	}
	if len(kind) > 0 {
		where.add(`m.kind = ?`, int64(kind[0]))
		if kind[0] != chat.KindText {
			where.terms = append(where.terms, `m.kind <> 1`)
		}
	}
	where.add(`m.seq > ?`, after)
	where.add(`m.seq < ?`, before)
	h.limit(&where)
	return h.take(`FROM messages AS m`+where.text()+` ORDER BY m.seq`, where.args)
}

// lookUp collects matching messages with Seq between after and before by
// asking the index.
func (h *history) lookUp(after, before int64) error {
	if before-after <= 1 {
		return nil
	}
	filter := words.Filter{Owner: int64(h.Contact)}
	for _, kind := range h.Kinds {
		filter.Kinds = append(filter.Kinds, uint8(kind))
	}
	if h.From != nil {
		filter.Writer = new(uint8(*h.From))
	}
	var where conditions
	where.add(`search MATCH ?`, h.words.Expression(filter))
	where.add(`search.rowid > ?`, after)
	where.add(`search.rowid < ?`, before)
	if h.Contact != 0 {
		where.add(`m.contact = ?`, int64(h.Contact))
	}
	h.limit(&where)
	return h.take(`FROM search CROSS JOIN messages AS m ON m.seq = search.rowid`+where.text()+` ORDER BY search.rowid`, where.args)
}

// limit limits by writer and by time, which is stored in whole milliseconds.
func (h *history) limit(where *conditions) {
	if h.From != nil {
		where.add(`m.direction = ?`, int64(*h.From))
	}
	if !h.Since.IsZero() {
		where.add(`m.time >= ?`, wholeMilliseconds(h.Since))
	}
	if !h.Until.IsZero() {
		where.add(`m.time < ?`, wholeMilliseconds(h.Until))
	}
}

// take adds the rows that match to found, until there are enough.
func (h *history) take(from string, args []any) error {
	query := `SELECT ` + messageColumns + ` ` + from
	if !h.forward {
		query += ` DESC`
	}
	err := h.query(h.ctx, func(rows *sql.Rows) error {
		m, err := scanMessage(rows)
		if err != nil {
			return err
		}
		if h.words.Matches(searched(&m)) {
			h.found = append(h.found, m)
		}
		if h.full() {
			return errEnough
		}
		return nil
	}, query, args...)
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

// searched is what a search looks for words in.
func searched(m *chat.Message) string {
	if m.Names == "" {
		return m.Text
	}
	return m.Text + "\n" + m.Names
}

// conditions is a WHERE clause under construction.
type conditions struct {
	terms []string
	args  []any
}

func (c *conditions) add(term string, arg any) {
	c.terms = append(c.terms, term)
	c.args = append(c.args, arg)
}

func (c *conditions) text() string { return ` WHERE ` + strings.Join(c.terms, ` AND `) }
