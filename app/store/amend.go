package store

import (
	"database/sql"
	"slices"

	"feihong/app/chat"
	"feihong/protocol"
)

// Every message is either listed or an amendment. The conditions are those of
// indexes, and only found there when they are written so.
const (
	listed     = `kind NOT IN (4, 5, 6)`
	amendments = `kind <> 1 AND kind IN (4, 5, 6)`
)

// address names a message.
type address struct {
	contact chat.ContactID
	chat.Ref
}

// reference is the stored form of a Ref: NULL if it is zero.
func reference(r chat.Ref) any {
	if r.IsZero() {
		return nil
	}
	return append([]byte{byte(r.Direction)}, r.ID[:]...)
}

// referred is the reverse of reference.
func referred(stored sql.RawBytes) (r chat.Ref, err error) {
	switch len(stored) {
	case 0:
		return r, nil
	case 1 + len(r.ID):
		return chat.Ref{Direction: chat.Direction(stored[0]), ID: protocol.MessageID(stored[1:])}, nil
	}
	return r, damage("a message has no proper reference")
}

// amend applies the amendments that were inserted.
func (c *commit) amend(list []chat.Message) error {
	type pile struct {
		contact chat.ContactID
		kind    chat.Kind
	}
	grown := map[pile]bool{}
	for i := range list {
		if c.result.Seq[i] == 0 || !list[i].Kind.Amendment() {
			continue
		}
		if err := c.applyAmendment(&list[i], c.result.Seq[i]); err != nil {
			return err
		}
		grown[pile{list[i].Contact, list[i].Kind}] = true
	}
	for p := range grown {
		if err := c.thin(p.contact, p.kind); err != nil {
			return err
		}
	}
	return nil
}

// thin deletes amendments that are too old to come again.
func (c *commit) thin(contact chat.ContactID, kind chat.Kind) error {
	_, err := c.exec(`DELETE FROM messages WHERE contact = ?1 AND kind <> 1 AND kind = ?2 AND NOT (direction = 1 AND state < 3)
		AND seq <= (SELECT seq FROM messages WHERE contact = ?1 AND kind <> 1 AND kind = ?2 ORDER BY seq DESC LIMIT 1 OFFSET ?3)`,
		int64(contact), int64(kind), chat.KeptAmendments)
	return err
}

// target selects what an amendment changes.
const target = ` WHERE id = ?1 AND contact = ?2 AND direction = ?3 AND ` + listed + ` AND recalled = 0`

func (c *commit) applyAmendment(m *chat.Message, seq int64) error {
	key := []any{m.Target.ID[:], int64(m.Contact), int64(m.Target.Direction)}
	own := m.Direction == m.Target.Direction
	var changed []int64
	var err error
	switch {
	case m.Kind == chat.KindReaction && m.Direction == chat.In:
		changed, err = c.seqs(`UPDATE messages SET reaction_in = ?4`+target+` AND reaction_in <> ?4 RETURNING seq`, append(key, m.Text)...)
	case m.Kind == chat.KindReaction:
		changed, err = c.seqs(`UPDATE messages SET reaction_out = ?4`+target+` AND reaction_out <> ?4 RETURNING seq`, append(key, m.Text)...)
	case m.Kind == chat.KindEdit && own:
		changed, err = c.edit(m, key, seq)
	case m.Kind == chat.KindRecall && own:
		changed, err = c.recall(m, key)
	}
	if err != nil || len(changed) == 0 {
		return err
	}
	if at := (address{m.Contact, m.Target}); !slices.Contains(c.amended, at) {
		c.amended = append(c.amended, at)
	}
	if m.Kind == chat.KindReaction {
		return nil
	}
	return c.follow(changed[0], m.Contact)
}

// edit replaces a text. What comes too late leaves no text behind.
func (c *commit) edit(m *chat.Message, key []any, seq int64) ([]int64, error) {
	changed, err := c.seqs(`UPDATE messages SET text = ?4, edited = ?5`+target+`
		AND kind = 1 AND (edited IS NULL OR edited < ?5) RETURNING seq`, append(key, m.Text, m.Time.UnixMilli())...)
	if err != nil || len(changed) > 0 {
		return changed, err
	}
	_, err = c.exec(`UPDATE messages SET text = '' WHERE seq = ?4 AND EXISTS (SELECT 1 FROM messages AS m
		WHERE m.id = ?1 AND m.contact = ?2 AND m.direction = ?3 AND m.recalled)`, append(key, seq)...)
	return nil, err
}

// recall empties a message and its edits.
func (c *commit) recall(m *chat.Message, key []any) ([]int64, error) {
	changed, err := c.seqs(`UPDATE messages SET recalled = 1, text = '', names = '', reply = NULL,
		edited = NULL, reaction_in = '', reaction_out = ''`+target+` RETURNING seq`, key...)
	if err != nil || len(changed) == 0 {
		return nil, err
	}
	_, err = c.exec(`UPDATE messages SET text = '' WHERE target = ? AND contact = ? AND kind = 4`, reference(m.Target), int64(m.Contact))
	return changed, err
}

// forgetOffers removes from transfers what was recalled by then: from those of a
// batch, and from those whose offers it recalls.
func (c *commit) forgetOffers(batch *chat.Batch) error {
	var ids []protocol.MessageID
	for i := range batch.Messages {
		if m := &batch.Messages[i]; m.Kind == chat.KindRecall {
			ids = append(ids, m.Target.ID)
		}
	}
	for i := range batch.Transfers {
		ids = append(ids, batch.Transfers[i].ID)
	}
	for _, id := range ids {
		_, err := c.exec(`UPDATE transfers SET tops = 'null', more_tops = 0, text = '', detail = '', preview = NULL,
			paths = iif(direction = 1, 'null', paths)
			WHERE id = ? AND EXISTS (SELECT 1 FROM messages AS m WHERE m.id = transfers.id
			AND m.contact = transfers.contact AND m.direction = transfers.direction AND m.kind = 2 AND m.recalled)`, id[:])
		if err != nil {
			return err
		}
	}
	return nil
}

// follow makes the index follow a text that changed, if it has it.
func (c *commit) follow(seq int64, contact chat.ContactID) error {
	indexed, err := c.number(`SELECT seq FROM search_progress`)
	if err != nil || seq > indexed {
		return err
	}
	return c.reindex(seq, contact)
}

// readAmended reads what amendments have changed.
func (c *commit) readAmended() error {
	for _, at := range c.amended {
		err := c.each(func(rows *sql.Rows) error {
			m, err := scanMessage(rows)
			c.result.Amended = append(c.result.Amended, m)
			return err
		}, `SELECT `+messageColumns+` FROM messages AS m WHERE id = ? AND contact = ? AND direction = ?`,
			at.ID[:], int64(at.contact), int64(at.Direction))
		if err != nil {
			return err
		}
	}
	return nil
}
