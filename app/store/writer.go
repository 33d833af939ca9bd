package store

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"modernc.org/sqlite"
)

const (
	// writerCache and readerCache bound the page caches, in KiB. The writer's
	// is given back when the store is idle, the readers' with their
	// connections.
	writerCache = 8192
	readerCache = 2048
	// logPages is the size of the write-ahead log at which it is copied into
	// the database: 8 MiB.
	logPages = 2048
	maxReads = 2 // connections for reading
)

// writer is the one connection that writes. Its methods but transaction are
// called by the function given to transaction only.
type writer struct {
	turn       chan struct{} // holds one element while somebody writes
	closing    chan struct{} // closed when nobody is let in any more
	db         *sql.DB
	conn       *sql.Conn
	statements map[string]*sql.Stmt
	sync       durability // of the transactions from now on
}

// durability is what must be over when a commit returns.
type durability string

const (
	// durable transactions survive a power cut.
	durable durability = "FULL"
	// repeatable ones survive a crash of the program, but a power cut may
	// take back the last of them; they are for what would be done again. They
	// need not wait for the disk. Never does one survive without those before.
	repeatable durability = "NORMAL"
)

// openWriter opens the database without changing anything in it.
func (c config) openWriter() (*writer, error) {
	db, err := c.connect([]string{
		fmt.Sprintf("busy_timeout(%d)", c.busyTimeout.Milliseconds()),
		"synchronous(" + string(durable) + ")",
		"fullfsync(1)", // macOS: without it the disk itself may still hold back
		"checkpoint_fullfsync(1)",
		"foreign_keys(1)",
		"secure_delete(1)", // what was taken back is overwritten
		fmt.Sprintf("cache_size(-%d)", writerCache),
		fmt.Sprintf("wal_autocheckpoint(%d)", logPages),
		fmt.Sprintf("journal_size_limit(%d)", logPages*4096),
	})
	if err != nil {
		return nil, err
	}
	conn, err := db.Conn(context.Background())
	if err != nil {
		db.Close()
		return nil, err
	}
	w := &writer{turn: make(chan struct{}, 1), closing: make(chan struct{}), db: db, conn: conn, statements: map[string]*sql.Stmt{}, sync: durable}
	if c.maxPages > 0 {
		if err := w.script(fmt.Sprintf("PRAGMA max_page_count = %d", c.maxPages)); err != nil {
			w.close()
			return nil, err
		}
	}
	return w, nil
}

// openReaders returns the pool of reading connections. They are opened when
// needed, and closed after a while without use.
func (c config) openReaders() *sql.DB {
	db, err := c.connect([]string{
		fmt.Sprintf("busy_timeout(%d)", c.busyTimeout.Milliseconds()),
		"query_only(1)",
		fmt.Sprintf("cache_size(-%d)", readerCache),
	})
	if err != nil {
		panic(err) // openWriter used the same name before
	}
	db.SetMaxOpenConns(maxReads)
	db.SetMaxIdleConns(maxReads)
	db.SetConnMaxIdleTime(readerIdle)
	return db
}

func (c config) connect(pragmas []string) (*sql.DB, error) {
	absolute, err := filepath.Abs(c.path)
	if err != nil {
		return nil, err
	}
	slashed := filepath.ToSlash(absolute)
	if !strings.HasPrefix(slashed, "/") { // a drive letter
		slashed = "/" + slashed
	}
	name := url.URL{Scheme: "file", Path: slashed, RawQuery: url.Values{"_pragma": pragmas}.Encode()}
	connector, err := sqlite.NewConnector(name.String())
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector), nil
}

// useLog switches the database to a write-ahead log; it remembers.
func (w *writer) useLog() error { return w.script("PRAGMA journal_mode = WAL") }

// transaction waits for its turn and calls change within a transaction, which
// is committed if change returns nil and rolled back otherwise. The end of the
// context ends the waiting; what has begun is not cancelled.
func (w *writer) transaction(ctx context.Context, sync durability, change func() error) error {
	select {
	case w.turn <- struct{}{}:
		defer func() { <-w.turn }()
	case <-ctx.Done():
		return ctx.Err()
	case <-w.closing:
		return ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := w.setSync(sync); err != nil {
		return err
	}
	if _, err := w.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err := change()
	if err == nil {
		_, err = w.exec("COMMIT")
	}
	if err != nil {
		// Some failures have already rolled back; that it is done is enough.
		_, _ = w.exec("ROLLBACK")
	}
	return err
}

func (w *writer) setSync(sync durability) error {
	if w.sync == sync {
		return nil
	}
	if err := w.script("PRAGMA synchronous = " + string(sync)); err != nil {
		return err
	}
	w.sync = sync
	return nil
}

// exec runs one statement, which is prepared once.
func (w *writer) exec(query string, args ...any) (sql.Result, error) {
	statement, err := w.prepared(query)
	if err != nil {
		return nil, err
	}
	return statement.Exec(args...)
}

// changed runs one statement and returns the number of rows that it changed.
func (w *writer) changed(query string, args ...any) (int64, error) {
	result, err := w.exec(query, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// each runs one query and calls row for every row of the answer. row must not
// use the writer.
func (w *writer) each(row func(*sql.Rows) error, query string, args ...any) error {
	statement, err := w.prepared(query)
	if err != nil {
		return err
	}
	rows, err := statement.Query(args...)
	if err != nil {
		return err
	}
	return forEach(rows, row)
}

// number runs a query that answers with one number.
func (w *writer) number(query string, args ...any) (n int64, err error) {
	statement, err := w.prepared(query)
	if err != nil {
		return 0, err
	}
	err = statement.QueryRow(args...).Scan(&n)
	return n, err
}

func (w *writer) prepared(query string) (*sql.Stmt, error) {
	if statement := w.statements[query]; statement != nil {
		return statement, nil
	}
	statement, err := w.conn.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, err
	}
	w.statements[query] = statement
	return statement, nil
}

// script runs statements that are needed once.
func (w *writer) script(text string) error {
	_, err := w.conn.ExecContext(context.Background(), text)
	return err
}

func (w *writer) close() error {
	var first error
	for _, statement := range w.statements {
		if err := statement.Close(); err != nil && first == nil {
			first = err
		}
	}
	w.conn.Close()
	if err := w.db.Close(); err != nil && first == nil {
		first = err
	}
	return first
}

// forEach calls row for every row and closes rows.
func forEach(rows *sql.Rows, row func(*sql.Rows) error) error {
	defer rows.Close()
	for rows.Next() {
		if err := row(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
