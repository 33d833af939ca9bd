package store

import (
	"database/sql"
	"strings"

	"feihong/app/chat"
)

// insertSizes are the numbers of rows for which there is a prepared INSERT,
// largest first. Most of the cost of a small INSERT is that of any statement.
//
// OR FAIL and the absence of seq spare an undo log for each statement, a
// fifth of the time: when one fails, the whole transaction is rolled back.
var insertSizes = [...]int{100, 10, 1}

var insertTexts = func() map[int]string {
	texts := map[int]string{}
	for _, n := range insertSizes {
		texts[n] = `INSERT OR FAIL INTO messages (contact, direction, id, state, kind, time, text, names, reason, reply, target) VALUES ` +
			strings.Repeat("(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?), ", n-1) + `(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (id, contact, direction) DO NOTHING`
	}
	return texts
}()

// messages inserts those that are not there yet. AUTOINCREMENT uses up a
// number for each, also for a duplicate.
func (c *commit) messages(list []chat.Message) error {
	if len(list) == 0 {
		return nil
	}
	last, err := c.number(`SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'messages'`)
	if err != nil {
		return err
	}
	c.result.Seq = make([]int64, len(list))
	args := make([]any, 0, min(len(list), insertSizes[0])*11)
	done := 0
	for _, n := range insertSizes {
		for ; len(list)-done >= n; done += n {
			err := c.insert(list[done:done+n], c.result.Seq[done:done+n], last+1+int64(done), args)
			if err != nil {
				return err
			}
		}
	}
	if err := c.settle(); err != nil {
		return err
	}
	return c.amend(list)
}

// insert inserts one chunk, whose numbers begin with first, writes the number
// of each inserted message to seqs, and counts. args is room to work in.
func (c *commit) insert(chunk []chat.Message, seqs []int64, first int64, args []any) error {
	for i := range chunk {
		m := &chunk[i]
		var reason any
		if m.Reason != "" {
			reason = m.Reason
		}
		words := m.Text
		if m.Kind == chat.KindEdit && m.Direction == chat.In {
			words = ""
		}
		args = append(args, int64(m.Contact), int64(m.Direction), m.ID[:], int64(m.State), int64(m.Kind),
			m.Time.UnixMilli(), words, m.Names, reason, reference(m.ReplyTo), reference(m.Target))
	}
	inserted, err := c.changed(insertTexts[len(chunk)], args...)
	if err != nil || inserted == 0 {
		return err
	}
	if err := c.findInserted(chunk, seqs, first, int(inserted)); err != nil {
		return err
	}
	c.count(chunk, seqs)
	return nil
}

// findInserted tells the inserted messages of a chunk from the duplicates.
func (c *commit) findInserted(chunk []chat.Message, seqs []int64, first int64, inserted int) error {
	if inserted == len(chunk) {
		for i := range seqs {
			seqs[i] = first + int64(i)
		}
		return nil
	}
	return c.each(func(rows *sql.Rows) error {
		var seq int64
		err := rows.Scan(&seq)
		seqs[seq-first] = seq
		return err
	}, `SELECT seq FROM messages WHERE seq >= ?`, first)
}

// count notes what the inserted messages change in their conversations, and
// which days they are of.
func (c *commit) count(chunk []chat.Message, seqs []int64) {
	var of chat.ContactID
	var t *tally
	for i := range chunk {
		if seqs[i] == 0 {
			continue
		}
		m := &chunk[i]
		if t == nil || m.Contact != of {
			of = m.Contact
			if t = c.tallies[of]; t == nil {
				t = &tally{}
				c.tallies[of] = t
			}
		}
		c.date(m.Time, seqs[i])
		if m.Kind.Amendment() {
			continue
		}
		t.lastSeq = seqs[i]
		if m.Direction == chat.In && m.State < chat.Read {
			t.unread++
		}
	}
}

// settle brings the rows of the conversations and the days up to date.
func (c *commit) settle() error {
	for contact, t := range c.tallies {
		_, err := c.exec(`INSERT INTO conversations (contact, last_seq, read_seq, unread) VALUES (?, ?, 0, ?)
			ON CONFLICT (contact) DO UPDATE SET last_seq = max(last_seq, excluded.last_seq), unread = unread + excluded.unread`,
			int64(contact), t.lastSeq, t.unread)
		if err != nil {
			return err
		}
	}
	return c.settleDays()
}
