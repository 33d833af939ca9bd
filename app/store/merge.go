package store

import (
	"database/sql"

	"feihong/app/chat"
)

// merge moves a conversation. Nothing happens if From does not exist or is
// Into. Two drafts become one, so that no typed text is lost.
func (c *commit) merge(m chat.Merge) error {
	if m.From == m.Into {
		return nil
	}
	if ok, err := c.exists(m.From); err != nil || !ok {
		return err
	}
	if ok, err := c.exists(m.Into); err != nil || !ok {
		if err == nil {
			err = errUnknown(m.Into)
		}
		return err
	}
	for _, step := range []func(chat.Merge) error{c.mergeMessages, c.mergeTransfers, c.mergeDrafts, c.recount} {
		if err := step(m); err != nil {
			return err
		}
	}
	if _, err := c.exec(`DELETE FROM pictures WHERE contact = ?`, int64(m.From)); err != nil {
		return err
	}
	_, err := c.exec(`DELETE FROM contacts WHERE id = ?`, int64(m.From))
	return err
}

// mergeMessages moves the messages, and what the index has of them: there,
// every message is marked with its conversation.
func (c *commit) mergeMessages(m chat.Merge) error {
	indexed, err := c.number(`SELECT seq FROM search_progress`)
	if err != nil {
		return err
	}
	var dropped []int64
	for _, kinds := range []string{listed, amendments} {
		some, err := c.seqs(`DELETE FROM messages WHERE contact = ?1 AND `+kinds+` AND EXISTS (
			SELECT 1 FROM messages AS other
			WHERE other.id = messages.id AND other.contact = ?2 AND other.direction = messages.direction)
			RETURNING seq`, int64(m.From), int64(m.Into))
		if err != nil {
			return err
		}
		dropped = append(dropped, some...)
	}
	moved, err := c.seqs(`SELECT seq FROM messages WHERE contact = ? AND `+listed+` AND seq <= ?`, int64(m.From), indexed)
	if err != nil {
		return err
	}
	for _, kinds := range []string{listed, amendments} {
		_, err := c.exec(`UPDATE messages SET contact = ? WHERE contact = ? AND `+kinds, int64(m.Into), int64(m.From))
		if err != nil {
			return err
		}
	}
	if err := c.unindex(dropped); err != nil {
		return err
	}
	for _, seq := range moved {
		if err := c.reindex(seq, m.Into); err != nil {
			return err
		}
	}
	return nil
}

// unindex takes messages out of the index, as far as they are in it.
func (c *commit) unindex(seqs []int64) error {
	indexed, err := c.number(`SELECT seq FROM search_progress`)
	if err != nil {
		return err
	}
	for _, seq := range seqs {
		if seq > indexed {
			continue
		}
		if _, err := c.exec(`DELETE FROM search WHERE rowid = ?`, seq); err != nil {
			return err
		}
	}
	return nil
}

// reindex replaces what the index has of one message.
func (c *commit) reindex(seq int64, contact chat.ContactID) error {
	var m chat.Message
	err := c.each(func(rows *sql.Rows) error { return rows.Scan(&m.Kind, &m.Direction, &m.Text, &m.Names) },
		`SELECT kind, direction, text, names FROM messages WHERE seq = ?`, seq)
	if err != nil {
		return err
	}
	m.Contact = contact
	_, err = c.exec(`REPLACE INTO search (rowid, words) VALUES (?, ?)`, seq, indexText(&m))
	return err
}

// seqs runs a query that answers with one number per row.
func (c *commit) seqs(query string, args ...any) (list []int64, err error) {
	err = c.each(func(rows *sql.Rows) error {
		var seq int64
		if err := rows.Scan(&seq); err != nil {
			return err
		}
		list = append(list, seq)
		return nil
	}, query, args...)
	return list, err
}

func (c *commit) mergeTransfers(m chat.Merge) error {
	_, err := c.exec(`UPDATE transfers SET contact = ? WHERE contact = ?`, int64(m.Into), int64(m.From))
	return err
}

func (c *commit) mergeDrafts(m chat.Merge) error {
	_, err := c.exec(`INSERT INTO drafts (contact, text) SELECT ?2, text FROM drafts WHERE contact = ?1
		ON CONFLICT (contact) DO UPDATE SET text = text || char(10) || excluded.text`, int64(m.From), int64(m.Into))
	if err != nil {
		return err
	}
	_, err = c.exec(`DELETE FROM drafts WHERE contact = ?`, int64(m.From))
	return err
}

// recount makes the rows of both conversations true again.
func (c *commit) recount(m chat.Merge) error {
	_, err := c.exec(`REPLACE INTO conversations (contact, last_seq, read_seq, unread)
		SELECT ?2, coalesce(max(seq), 0),
			(SELECT coalesce(min(read_seq), 0) FROM conversations WHERE contact IN (?1, ?2)),
			count(*) FILTER (WHERE direction = 0 AND state < 4)
		FROM messages WHERE contact = ?2 AND `+listed, int64(m.From), int64(m.Into))
	if err != nil {
		return err
	}
	_, err = c.exec(`DELETE FROM conversations WHERE contact = ?`, int64(m.From))
	return err
}
