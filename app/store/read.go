package store

import (
	"context"
	"database/sql"
	"time"

	"feihong/app/chat"
	"feihong/protocol"
)

const messageColumns = `m.seq, m.contact, m.direction, m.id, m.state, m.kind, m.time, m.text, m.names, m.reason,
	m.reply, m.target, m.edited, m.recalled, m.reaction_in, m.reaction_out,
	m.sent, m.delivered, m.read`

// scanMessage reads messageColumns, and columns before them into first.
func scanMessage(rows *sql.Rows, first ...any) (chat.Message, error) {
	var m chat.Message
	var contact, direction, state, kind, written int64
	var id, reply, target sql.RawBytes
	var reason sql.NullString
	var edited, sent, delivered, read sql.NullInt64
	err := rows.Scan(append(first, &m.Seq, &contact, &direction, &id, &state, &kind, &written, &m.Text, &m.Names, &reason,
		&reply, &target, &edited, &m.Recalled, &m.Reactions[chat.In], &m.Reactions[chat.Out],
		&sent, &delivered, &read)...)
	if err != nil {
		return chat.Message{}, err
	}
	if len(id) != len(m.ID) {
		return chat.Message{}, damage("a message has no proper ID")
	}
	m.ID = protocol.MessageID(id)
	m.Contact, m.Direction = chat.ContactID(contact), chat.Direction(direction)
	m.State, m.Kind = chat.State(state), chat.Kind(kind)
	m.Time, m.Reason, m.Edited = time.UnixMilli(written), reason.String, moment(edited)
	m.Sent, m.Delivered, m.Read = moment(sent), moment(delivered), moment(read)
	if m.ReplyTo, err = referred(reply); err != nil {
		return chat.Message{}, err
	}
	m.Target, err = referred(target)
	return m, err
}

// query runs a query on a reading connection and calls row for every row of
// the answer, until it returns an error, which query returns.
func (s *Store) query(ctx context.Context, row func(*sql.Rows) error, query string, args ...any) error {
	if s.closed.Load() {
		return ErrClosed
	}
	statement, err := s.reading(ctx, query)
	if err != nil {
		return err
	}
	rows, err := statement.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	return forEach(rows, func(rows *sql.Rows) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return row(rows)
	})
}

// reading returns the prepared form of a query for the reading connections.
// All queries are constants or put together from a few: they are kept.
func (s *Store) reading(ctx context.Context, query string) (*sql.Stmt, error) {
	if known, ok := s.queries.Load(query); ok {
		return known.(*sql.Stmt), nil
	}
	statement, err := s.readers.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	if known, loaded := s.queries.LoadOrStore(query, statement); loaded {
		statement.Close()
		return known.(*sql.Stmt), nil
	}
	return statement, nil
}

// Contacts returns every contact, by ID.
func (s *Store) Contacts(ctx context.Context) ([]chat.Contact, error) {
	var contacts []chat.Contact
	err := s.query(ctx, func(rows *sql.Rows) error {
		var c chat.Contact
		var peer sql.RawBytes
		var muted, created, seen sql.NullInt64
		err := rows.Scan(&c.ID, &peer, &c.Name, &c.Department, &c.Host, &c.Remark, &c.Address,
			&c.Verified, &c.Blocked, &c.Proven, &c.Namesake, &c.AutoAccept,
			&c.Pinned, &muted, &c.Picture, &created, &seen)
		if err != nil {
			return err
		}
		if copied := copy(c.Peer[:], peer); len(peer) > 0 && copied != len(c.Peer) {
			return damage("a contact has no proper peer ID")
		}
		c.MutedUntil, c.Created, c.LastSeen = moment(muted), moment(created), moment(seen)
		contacts = append(contacts, c)
		return nil
	}, `SELECT id, peer, name, department, host, remark, address, verified, blocked, proven, namesake, auto_accept,
		pinned, muted, picture, created, last_seen
		FROM contacts ORDER BY id`)
	return contacts, s.failure(err)
}

// moment is the reverse of milliseconds.
func moment(stored sql.NullInt64) time.Time {
	if !stored.Valid {
		return time.Time{}
	}
	return time.UnixMilli(stored.Int64)
}

// Overview returns unread count, newest message and draft of each contact that
// has any of them.
func (s *Store) Overview(ctx context.Context) (map[chat.ContactID]chat.Overview, error) {
	overview := map[chat.ContactID]chat.Overview{}
	err := s.query(ctx, func(rows *sql.Rows) error {
		var unread int
		m, err := scanMessage(rows, &unread)
		overview[m.Contact] = chat.Overview{Unread: unread, Last: &m}
		return err
	}, `SELECT c.unread, `+messageColumns+` FROM conversations AS c CROSS JOIN messages AS m ON m.seq = c.last_seq`)
	if err != nil {
		return nil, s.failure(err)
	}
	err = s.query(ctx, func(rows *sql.Rows) error {
		var contact chat.ContactID
		var text string
		err := rows.Scan(&contact, &text)
		o := overview[contact]
		o.Draft = text
		overview[contact] = o
		return err
	}, `SELECT contact, text FROM drafts`)
	if err != nil {
		return nil, s.failure(err)
	}
	return overview, nil
}

// Outbox returns at most limit messages to the contact that are queued or
// sent, with Seq greater than after, oldest first.
func (s *Store) Outbox(ctx context.Context, contact chat.ContactID, after int64, limit int) ([]chat.Message, error) {
	return s.messages(ctx, `SELECT `+messageColumns+` FROM messages AS m
		WHERE contact = ? AND direction = 1 AND state < 3 AND seq > ? ORDER BY seq LIMIT ?`,
		int64(contact), after, limit)
}

// OutboxContacts returns the contacts for which Outbox is not empty.
func (s *Store) OutboxContacts(ctx context.Context) ([]chat.ContactID, error) {
	var contacts []chat.ContactID
	err := s.query(ctx, func(rows *sql.Rows) error {
		var contact chat.ContactID
		err := rows.Scan(&contact)
		contacts = append(contacts, contact)
		return err
	}, `SELECT DISTINCT contact FROM messages WHERE direction = 1 AND state < 3 ORDER BY contact`)
	return contacts, s.failure(err)
}

// Message finds a message by direction and ID, chat.ErrNoMessage if there is
// none.
func (s *Store) Message(ctx context.Context, direction chat.Direction, id protocol.MessageID) (chat.Message, error) {
	found, err := s.messages(ctx, `SELECT `+messageColumns+` FROM messages AS m
		WHERE id = ? AND direction = ? ORDER BY contact LIMIT 1`, id[:], int64(direction))
	if err == nil && len(found) == 0 {
		err = chat.ErrNoMessage
	}
	if err != nil {
		return chat.Message{}, err
	}
	return found[0], nil
}

// MessageOf finds a message of one conversation, chat.ErrNoMessage if there is
// none.
func (s *Store) MessageOf(ctx context.Context, contact chat.ContactID, ref chat.Ref) (chat.Message, error) {
	found, err := s.messages(ctx, `SELECT `+messageColumns+` FROM messages AS m
		WHERE id = ? AND contact = ? AND direction = ?`, ref.ID[:], int64(contact), int64(ref.Direction))
	if err == nil && len(found) == 0 {
		err = chat.ErrNoMessage
	}
	if err != nil {
		return chat.Message{}, err
	}
	return found[0], nil
}

// messages runs a query for messageColumns.
func (s *Store) messages(ctx context.Context, query string, args ...any) ([]chat.Message, error) {
	var list []chat.Message
	err := s.query(ctx, func(rows *sql.Rows) error {
		m, err := scanMessage(rows)
		list = append(list, m)
		return err
	}, query, args...)
	if err != nil {
		return nil, s.failure(err)
	}
	return list, nil
}
