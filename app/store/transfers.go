package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"feihong/app/chat"
	"feihong/protocol"
)

const transferColumns = `id, contact, direction, state, tops, more_tops, files, folders, executables, bytes, text,
	done, files_done, paused_here, paused_there, reason, detail, failures, skipped, folder, paths,
	created, updated, finished, receipt, retry, token, manifest, manifest_bytes, confirmed, preview`

// transfer inserts or replaces one transfer.
func (c *commit) transfer(t *chat.Transfer) error {
	tops, err := json.Marshal(t.Tops)
	if err != nil {
		return err
	}
	paths, err := json.Marshal(t.Paths)
	if err != nil {
		return err
	}
	var retry any
	if t.Retry != (protocol.MessageID{}) {
		retry = t.Retry[:]
	}
	_, err = c.exec(`INSERT INTO transfers (`+transferColumns+`)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET (`+transferColumns+`) =
		(excluded.id, excluded.contact, excluded.direction, excluded.state, excluded.tops, excluded.more_tops,
		 excluded.files, excluded.folders, excluded.executables, excluded.bytes, excluded.text,
		 excluded.done, excluded.files_done, excluded.paused_here, excluded.paused_there,
		 excluded.reason, excluded.detail, excluded.failures, excluded.skipped, excluded.folder, excluded.paths,
		 excluded.created, excluded.updated, excluded.finished, excluded.receipt, excluded.retry,
		 excluded.token, excluded.manifest, excluded.manifest_bytes, excluded.confirmed,
		 excluded.preview)`,
		t.ID[:], int64(t.Contact), int64(t.Direction), string(t.State), string(tops), t.MoreTops,
		t.Files, t.Folders, t.Executables, t.Bytes, t.Text,
		t.Done, t.FilesDone, t.PausedHere, t.PausedThere,
		t.Reason, t.Detail, t.Failures, t.Skipped, t.Folder, string(paths),
		milliseconds(t.Created), milliseconds(t.Updated), milliseconds(t.Finished), t.Receipt, retry,
		t.Token[:], t.Manifest[:], t.ManifestBytes, t.Confirmed, t.Preview)
	return err
}

func scanTransfer(rows *sql.Rows) (chat.Transfer, error) {
	t := chat.Transfer{Left: -1}
	var id, retry, token, manifest, tops, paths sql.RawBytes
	var created, updated, finished sql.NullInt64
	err := rows.Scan(&id, &t.Contact, &t.Direction, &t.State, &tops, &t.MoreTops,
		&t.Files, &t.Folders, &t.Executables, &t.Bytes, &t.Text,
		&t.Done, &t.FilesDone, &t.PausedHere, &t.PausedThere,
		&t.Reason, &t.Detail, &t.Failures, &t.Skipped, &t.Folder, &paths,
		&created, &updated, &finished, &t.Receipt, &retry,
		&token, &manifest, &t.ManifestBytes, &t.Confirmed, &t.Preview)
	if err != nil {
		return chat.Transfer{}, err
	}
	if len(id) != len(t.ID) || len(token) != len(t.Token) || len(manifest) != len(t.Manifest) || len(retry) > 0 && len(retry) != len(t.Retry) {
		return chat.Transfer{}, damage("a transfer has no proper ID, token or manifest")
	}
	copy(t.ID[:], id)
	copy(t.Token[:], token)
	copy(t.Manifest[:], manifest)
	copy(t.Retry[:], retry)
	if json.Unmarshal(tops, &t.Tops) != nil || json.Unmarshal(paths, &t.Paths) != nil {
		return chat.Transfer{}, damage("a transfer has no proper names")
	}
	t.Created, t.Updated, t.Finished = moment(created), moment(updated), moment(finished)
	return t, nil
}

// Transfers returns the transfers that match the query, the newest first.
func (s *Store) Transfers(ctx context.Context, q chat.TransferQuery) ([]chat.Transfer, error) {
	where := conditions{terms: []string{"1"}}
	if q.Contact != 0 {
		where.add(`contact = ?`, int64(q.Contact))
	}
	if q.Open {
		where.terms = append(where.terms, unsettledTransfers, openTransfers)
	}
	if q.Unsettled {
		where.terms = append(where.terms, unsettledTransfers)
	}
	if q.Token != [32]byte{} {
		where.add(`token = ?`, q.Token[:])
	}
	if n := len(q.Match); n > idDigits {
		return nil, nil
	} else if n > 0 {
		where.add(fmt.Sprintf(`? IN (substr(lower(hex(id)), 1, %d), substr(lower(hex(id)), -%d), substr(lower(hex(id)), -%d, %d))`,
			n, n, chat.ListedDigits, min(n, chat.ListedDigits)), q.Match)
	}
	limit := -1
	if q.Limit > 0 {
		limit = q.Limit
	}
	where.args = append(where.args, limit)
	return s.transfers(ctx, `SELECT `+transferColumns+` FROM transfers`+where.text()+` ORDER BY created DESC, id DESC LIMIT ?`, where.args...)
}

// idDigits is the length of an ID in hexadecimal digits.
const idDigits = 2 * len(protocol.MessageID{})

// openTransfers and unsettledTransfers select as the index transfers_unsettled
// does.
const (
	openTransfers      = `state NOT IN ('done', 'rejected', 'cancelled', 'failed')`
	unsettledTransfers = `(` + openTransfers + ` OR confirmed = 0)`
)

// Transfer finds a transfer by ID, chat.ErrNoTransfer if there is none.
func (s *Store) Transfer(ctx context.Context, id protocol.MessageID) (chat.Transfer, error) {
	found, err := s.transfers(ctx, `SELECT `+transferColumns+` FROM transfers WHERE id = ?`, id[:])
	if err == nil && len(found) == 0 {
		err = chat.ErrNoTransfer
	}
	if err != nil {
		return chat.Transfer{}, err
	}
	return found[0], nil
}

// transfers runs a query for transferColumns.
func (s *Store) transfers(ctx context.Context, query string, args ...any) ([]chat.Transfer, error) {
	var list []chat.Transfer
	err := s.query(ctx, func(rows *sql.Rows) error {
		t, err := scanTransfer(rows)
		list = append(list, t)
		return err
	}, query, args...)
	if err != nil {
		return nil, s.failure(err)
	}
	return list, nil
}

// PathsInUse returns the paths of transfers that contain a text, in large or
// small letters.
func (s *Store) PathsInUse(ctx context.Context, part string) (paths []string, err error) {
	err = s.query(ctx, func(rows *sql.Rows) error {
		var path string
		err := rows.Scan(&path)
		paths = append(paths, path)
		return err
	}, `SELECT DISTINCT path.value FROM transfers AS t, json_each(t.paths) AS path
		WHERE path.type = 'text' AND instr(lower(path.value), lower(?)) > 0 ORDER BY 1`, part)
	return paths, s.failure(err)
}
