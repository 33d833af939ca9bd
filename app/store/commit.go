package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"feihong/app/chat"
	"feihong/protocol"
)

// Commit applies the batch in one transaction. The end of the context is
// heeded while waiting for the turn; a commit that has begun is carried
// through. A batch that names an unknown contact is refused.
func (s *Store) Commit(ctx context.Context, batch chat.Batch) (chat.Committed, error) {
	if s.closed.Load() {
		return chat.Committed{}, ErrClosed
	}
	done, err := s.commitOnce(ctx, batch)
	if indexDamaged(err) { // by a merge; it goes without
		s.condemnIndex(err)
		if err = s.replaceIndex(ctx); err == nil {
			done, err = s.commitOnce(ctx, batch)
		}
	}
	if err != nil {
		return chat.Committed{}, s.failure(err)
	}
	if len(batch.Messages) > 0 || destroys(batch) {
		s.wakeIndexer()
	}
	return done, nil
}

func (s *Store) commitOnce(ctx context.Context, batch chat.Batch) (chat.Committed, error) {
	c := commit{writer: s.writer, tallies: map[chat.ContactID]*tally{}}
	err := s.writer.transaction(ctx, needed(batch), func() error { return c.apply(batch) })
	if err == nil && destroys(batch) {
		s.leftovers.Store(true)
	}
	return c.result, err
}

// destroys says that a batch removes text that somebody may not want to be
// left anywhere.
func destroys(batch chat.Batch) bool {
	return len(batch.Removals)+len(batch.Clears) > 0 || !batch.Expire.IsZero() ||
		slices.ContainsFunc(batch.Messages, func(m chat.Message) bool { return m.Kind == chat.KindEdit || m.Kind == chat.KindRecall })
}

// needed says what a batch needs. How far our messages have come is told again
// by the receiver if it is lost, so it alone does not have to wait.
func needed(batch chat.Batch) durability {
	if len(batch.Contacts)+len(batch.Merges)+len(batch.Messages)+len(batch.Transfers)+len(batch.Pictures)+
		len(batch.ReadUpTo)+len(batch.Drafts) > 0 || destroys(batch) {
		return durable
	}
	for _, change := range batch.States {
		if change.State == chat.Failed {
			return durable
		}
	}
	return repeatable
}

// commit is one batch on its way.
type commit struct {
	*writer
	result  chat.Committed
	tallies map[chat.ContactID]*tally
	days    map[int64]span
	amended []address
}

// tally is what the messages of a batch change in a conversation.
type tally struct {
	lastSeq int64 // of listed messages, 0 if none
	unread  int64
}

func (c *commit) apply(batch chat.Batch) error {
	for i := range batch.Contacts {
		if err := c.contact(&batch.Contacts[i]); err != nil {
			return err
		}
	}
	for _, merge := range batch.Merges {
		if err := c.merge(merge); err != nil {
			return err
		}
	}
	if err := c.messages(batch.Messages); err != nil {
		return err
	}
	for i := range batch.Transfers {
		if err := c.transfer(&batch.Transfers[i]); err != nil {
			return err
		}
	}
	if err := c.forgetOffers(&batch); err != nil {
		return err
	}
	for _, picture := range batch.Pictures {
		if err := c.picture(picture); err != nil {
			return err
		}
	}
	for _, id := range batch.Clears {
		if err := c.clear(id); err != nil {
			return err
		}
	}
	if !batch.Expire.IsZero() {
		if err := c.expire(batch.Expire, batch.ExpireAfter); err != nil {
			return err
		}
	}
	if err := c.states(batch.States); err != nil {
		return err
	}
	for _, mark := range batch.ReadUpTo {
		if err := c.readUpTo(mark); err != nil {
			return err
		}
	}
	for _, draft := range batch.Drafts {
		if err := c.draft(draft); err != nil {
			return err
		}
	}
	for _, id := range batch.Removals {
		if err := c.remove(id); err != nil {
			return err
		}
	}
	return c.readAmended()
}

func (c *commit) contact(p *chat.Contact) error {
	var peer any
	if !p.Peer.IsZero() {
		peer = p.Peer[:]
	}
	_, err := c.exec(`INSERT INTO contacts
		(id, peer, name, department, host, remark, address, verified, blocked, proven, namesake, auto_accept,
		 pinned, muted, picture, created, last_seen)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET
		(peer, name, department, host, remark, address, verified, blocked, proven, namesake, auto_accept,
		 pinned, muted, picture, created, last_seen) =
		(excluded.peer, excluded.name, excluded.department, excluded.host, excluded.remark, excluded.address, excluded.verified,
		 excluded.blocked, excluded.proven, excluded.namesake, excluded.auto_accept,
		 excluded.pinned, excluded.muted, excluded.picture, excluded.created, excluded.last_seen)`,
		int64(p.ID), peer, p.Name, p.Department, p.Host, p.Remark, p.Address, p.Verified, p.Blocked, p.Proven, p.Namesake,
		p.AutoAccept, p.Pinned, milliseconds(p.MutedUntil), p.Picture, milliseconds(p.Created), milliseconds(p.LastSeen))
	return err
}

// milliseconds returns the stored form of a time: NULL if it is zero.
func milliseconds(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

func (c *commit) states(changes []chat.StateChange) error {
	if len(changes) == 0 {
		return nil
	}
	c.result.Changed = make([]bool, len(changes))
	for i := range changes {
		change := &changes[i]
		if change.State <= chat.Queued || change.State > chat.Failed {
			continue
		}
		below := change.State // states only grow,
		var reason any
		if change.State == chat.Failed { // and what was delivered cannot fail
			below, reason = chat.Delivered, change.Reason
		}
		var known chat.Message // its times are those that this change tells
		change.Apply(&known)
		n, err := c.changed(`UPDATE messages SET state = ?, reason = ?,
			sent = coalesce(sent, ?), delivered = coalesce(delivered, ?), read = coalesce(read, ?)
			WHERE id = ? AND contact = ? AND direction = 1 AND state < ?`,
			int64(change.State), reason, milliseconds(known.Sent), milliseconds(known.Delivered), milliseconds(known.Read),
			change.ID[:], int64(change.Contact), int64(below))
		if err != nil {
			return err
		}
		c.result.Changed[i] = n > 0
	}
	return nil
}

func (c *commit) readUpTo(mark chat.ReadMark) error {
	var ids []protocol.MessageID
	err := c.each(func(rows *sql.Rows) error {
		var raw sql.RawBytes
		if err := rows.Scan(&raw); err != nil {
			return err
		}
		ids = append(ids, protocol.MessageID(raw))
		return nil
	}, `SELECT id FROM messages
		WHERE contact = ?1 AND `+listed+` AND direction = 0 AND state < 4 AND seq <= ?2
		AND seq > (SELECT read_seq FROM conversations WHERE contact = ?1) ORDER BY seq`,
		int64(mark.Contact), mark.UpTo)
	if err != nil {
		return err
	}
	_, err = c.exec(`UPDATE messages SET state = 4
		WHERE contact = ?1 AND `+listed+` AND direction = 0 AND state < 4 AND seq <= ?2
		AND seq > (SELECT read_seq FROM conversations WHERE contact = ?1)`,
		int64(mark.Contact), mark.UpTo)
	if err != nil {
		return err
	}
	_, err = c.exec(`UPDATE conversations SET unread = unread - ?3, read_seq = min(last_seq, ?2)
		WHERE contact = ?1 AND read_seq < min(last_seq, ?2)`, int64(mark.Contact), mark.UpTo, len(ids))
	if err != nil || len(ids) == 0 {
		return err
	}
	if c.result.Read == nil {
		c.result.Read = map[chat.ContactID][]protocol.MessageID{}
	}
	c.result.Read[mark.Contact] = append(c.result.Read[mark.Contact], ids...)
	return nil
}

func (c *commit) draft(d chat.Draft) error {
	if d.Text == "" {
		_, err := c.exec(`DELETE FROM drafts WHERE contact = ?`, int64(d.Contact))
		return err
	}
	_, err := c.exec(`INSERT INTO drafts (contact, text) VALUES (?, ?)
		ON CONFLICT (contact) DO UPDATE SET text = excluded.text`, int64(d.Contact), d.Text)
	return err
}

// errUnknown refuses a merge into a contact that does not exist.
func errUnknown(id chat.ContactID) error { return fmt.Errorf("no contact %d", id) }

func (c *commit) exists(id chat.ContactID) (bool, error) {
	_, err := c.number(`SELECT 1 FROM contacts WHERE id = ?`, int64(id))
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}
