package store

import (
	"bytes"
	"context"
	"database/sql"

	"feihong/app/chat"
)

// picture replaces or removes the picture of a contact.
func (c *commit) picture(p chat.Picture) error {
	if len(p.Data) == 0 {
		_, err := c.exec(`DELETE FROM pictures WHERE contact = ?`, int64(p.Contact))
		return err
	}
	_, err := c.exec(`REPLACE INTO pictures (contact, data) VALUES (?, ?)`, int64(p.Contact), p.Data)
	return err
}

// Picture returns the picture of a contact, nil if there is none.
func (s *Store) Picture(ctx context.Context, contact chat.ContactID) (picture []byte, err error) {
	err = s.query(ctx, func(rows *sql.Rows) error {
		var data sql.RawBytes
		err := rows.Scan(&data)
		picture = bytes.Clone(data)
		return err
	}, `SELECT data FROM pictures WHERE contact = ?`, int64(contact))
	return picture, s.failure(err)
}
