package store

import (
	"database/sql"
	"time"

	"feihong/app/chat"
)

// remove deletes a contact and everything with them.
func (c *commit) remove(id chat.ContactID) error {
	removed, err := c.seqs(`DELETE FROM messages WHERE contact = ? AND `+listed+` RETURNING seq`, int64(id))
	if err != nil {
		return err
	}
	if err := c.unindex(removed); err != nil {
		return err
	}
	for _, query := range []string{
		`DELETE FROM messages WHERE contact = ? AND ` + amendments,
		`DELETE FROM transfers WHERE contact = ?`,
		`DELETE FROM pictures WHERE contact = ?`,
		`DELETE FROM drafts WHERE contact = ?`,
		`DELETE FROM conversations WHERE contact = ?`,
		`DELETE FROM contacts WHERE id = ?`,
	} {
		if _, err := c.exec(query, int64(id)); err != nil {
			return err
		}
	}
	return nil
}

// over selects messages that need not be delivered any more.
const over = `NOT (direction = 1 AND state < 3) AND NOT (kind = 2 AND EXISTS (SELECT 1 FROM transfers AS t
	WHERE t.id = messages.id AND t.contact = messages.contact AND t.direction = messages.direction AND ` + unsettledTransfers + `))`

// clear deletes what is over of a conversation.
func (c *commit) clear(id chat.ContactID) error {
	lost := map[chat.ContactID]int64{}
	for _, kinds := range []string{listed, amendments} {
		if err := c.discard(lost, `contact = ? AND `+kinds, int64(id)); err != nil {
			return err
		}
	}
	if _, err := c.exec(`DELETE FROM transfers WHERE contact = ? AND NOT `+unsettledTransfers, int64(id)); err != nil {
		return err
	}
	return c.discount(lost)
}

// expire deletes what is over and older than a moment, but for what nobody has
// read yet: it may have come long after it was written.
func (c *commit) expire(before time.Time, after int64) error {
	lost := map[chat.ContactID]int64{}
	limit := wholeMilliseconds(before)
	// No message of those days has a greater seq than that.
	last, err := c.number(`SELECT coalesce(max(last), 0) FROM days WHERE day <= ?`, day(limit))
	if err != nil {
		return err
	}
	upTo, err := c.number(`SELECT coalesce((SELECT seq FROM messages WHERE seq > ?1 AND seq < ?2 ORDER BY seq LIMIT 1 OFFSET ?3), ?2)`,
		after, last, chat.ExpireStep-1)
	if err != nil {
		return err
	}
	err = c.discard(lost, `time < ? AND seq > ? AND seq <= ? AND NOT (direction = 0 AND state < 4)`, limit, after, upTo)
	if err != nil {
		return err
	}
	if upTo < last {
		c.result.ExpiredUpTo = upTo
		return c.discount(lost)
	}
	_, err = c.exec(`DELETE FROM transfers WHERE (created IS NULL OR created < ?) AND NOT `+unsettledTransfers, limit)
	if err != nil {
		return err
	}
	return c.discount(lost)
}

// discard deletes the selected messages that are over, and counts the unread
// ones among them of each conversation that lost any.
func (c *commit) discard(lost map[chat.ContactID]int64, selection string, args ...any) error {
	var gone []int64
	err := c.each(func(rows *sql.Rows) error {
		var seq int64
		var contact chat.ContactID
		var isListed, unread bool
		if err := rows.Scan(&seq, &contact, &isListed, &unread); err != nil {
			return err
		}
		if !isListed {
			return nil
		}
		gone = append(gone, seq)
		if unread {
			lost[contact]++
		} else {
			lost[contact] += 0 // its newest message may be another one
		}
		return nil
	}, `DELETE FROM messages WHERE `+selection+` AND `+over+`
		RETURNING seq, contact, `+listed+`, direction = 0 AND state < 4`, args...)
	if err != nil {
		return err
	}
	return c.unindex(gone)
}

// discount makes the rows of conversations true again.
func (c *commit) discount(lost map[chat.ContactID]int64) error {
	for contact, unread := range lost {
		_, err := c.exec(`UPDATE conversations SET unread = unread - ?2,
			last_seq = coalesce((SELECT max(seq) FROM messages WHERE contact = ?1 AND `+listed+`), 0)
			WHERE contact = ?1`, int64(contact), unread)
		if err != nil {
			return err
		}
	}
	return nil
}
