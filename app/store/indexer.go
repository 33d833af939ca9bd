package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"feihong/app/chat"
	"feihong/app/store/words"
)

const (
	// indexIdle is how long nothing must have been committed before the
	// indexer begins, indexLatest how long it waits at most.
	indexIdle   = time.Second
	indexLatest = 30 * time.Second
	// sliceMessages and sliceBytes bound what is indexed in one transaction, in
	// messages and in bytes of text: commits wait for no more than that. One
	// message is always taken.
	sliceMessages = 500
	sliceBytes    = 64 << 10
	// readerIdle is how long a reading connection is kept without use.
	readerIdle = 30 * time.Second
)

func (s *Store) startIndexer() {
	ctx, stop := context.WithCancel(context.Background())
	s.stopIndexer = stop
	s.indexerDone = make(chan struct{})
	s.wakeIndexer() // for what was left over
	go func() {
		defer close(s.indexerDone)
		s.runIndexer(ctx)
	}()
}

// wakeIndexer tells the indexer that there is something to do. It never blocks.
func (s *Store) wakeIndexer() {
	select {
	case s.committed <- struct{}{}:
	default: // already told
	}
}

// runIndexer indexes whenever the commits pause, until the context ends.
func (s *Store) runIndexer(ctx context.Context) {
	for s.awaitPause(ctx) {
		if err := s.Index(ctx); err != nil && ctx.Err() == nil {
			s.logger.Warn("indexing messages failed; it is tried again after the next message", "error", err)
		}
		s.releaseMemory(ctx)
	}
}

// awaitPause returns when there was a commit and none for a while, or when it
// has lasted too long. It returns false if the context has ended.
func (s *Store) awaitPause(ctx context.Context) bool {
	select {
	case <-s.committed:
	case <-ctx.Done():
		return false
	}
	latest := time.NewTimer(indexLatest)
	defer latest.Stop()
	idle := time.NewTimer(indexIdle)
	defer idle.Stop()
	for {
		select {
		case <-s.committed:
			idle.Reset(indexIdle)
		case <-idle.C:
			return true
		case <-latest.C:
			return true
		case <-ctx.Done():
			return false
		}
	}
}

// releaseMemory gives back the writer's page cache while nobody writes.
func (s *Store) releaseMemory(ctx context.Context) {
	select {
	case s.writer.turn <- struct{}{}:
		defer func() { <-s.writer.turn }()
	case <-ctx.Done():
		return
	}
	if s.leftovers.Swap(false) {
		s.emptyLog()
	}
	if err := s.writer.script("PRAGMA shrink_memory"); err != nil {
		s.logger.Warn("giving back the page cache failed", "error", err)
	}
}

// emptyLog removes what the write-ahead log has of text that was deleted. A
// reader may be in the way: then the log is overwritten in the course of time.
func (s *Store) emptyLog() {
	if err := s.writer.script("PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		s.logger.Warn("emptying the log of the database failed", "error", err)
	}
}

// Index brings the full-text index up to date at once. Searches are complete
// without it; it makes them fast. It lets commits in between.
func (s *Store) Index(ctx context.Context) error {
	if s.closed.Load() {
		return ErrClosed
	}
	if s.indexBroken.Load() {
		if err := s.replaceIndex(ctx); err != nil {
			return s.failure(err)
		}
	}
	for {
		more, err := s.indexSlice(ctx)
		if err != nil || !more {
			return err
		}
	}
}

// indexSlice indexes the next messages in one transaction and tells if there
// may be more. Whoever waits to write meanwhile has its turn before the next
// one: the turn is given in the order of asking.
func (s *Store) indexSlice(ctx context.Context) (more bool, err error) {
	err = s.writer.transaction(ctx, repeatable, func() (err error) {
		more, err = s.writer.indexNext()
		return err
	})
	return more, s.failure(err)
}

// indexed returns the Seq up to which messages are in the index.
func (h *history) indexed() (seq int64, err error) {
	err = h.query(h.ctx, func(rows *sql.Rows) error { return rows.Scan(&seq) }, `SELECT seq FROM search_progress`)
	return seq, err
}

// indexNext indexes the next messages and tells if there may be more.
func (w *writer) indexNext() (more bool, err error) {
	next, more, err := w.notIndexed()
	if err != nil || len(next) == 0 {
		return false, err
	}
	for _, m := range next {
		if m.Kind.Amendment() {
			continue // what it says is in its target
		}
		if _, err := w.exec(`INSERT INTO search (rowid, words) VALUES (?, ?)`, m.Seq, indexText(&m)); err != nil {
			return false, err
		}
	}
	_, err = w.exec(`UPDATE search_progress SET seq = ?`, next[len(next)-1].Seq)
	return more, err
}

// indexText is what the index has of a message.
func indexText(m *chat.Message) string {
	labels := words.Labels{Owner: int64(m.Contact), Kind: uint8(m.Kind), Writer: uint8(m.Direction)}
	return words.Index(labels, searched(m))
}

// notIndexed reads the oldest messages that are not in the index, as many as
// fit in a slice, and tells if there may be more.
func (w *writer) notIndexed() (next []chat.Message, more bool, err error) {
	size := 0
	err = w.each(func(rows *sql.Rows) error {
		var m chat.Message
		if err := rows.Scan(&m.Seq, &m.Contact, &m.Direction, &m.Kind, &m.Text, &m.Names); err != nil {
			return err
		}
		if size += len(m.Text) + len(m.Names); size > sliceBytes && len(next) > 0 {
			return errEnough
		}
		next = append(next, m)
		return nil
	}, `SELECT seq, contact, direction, kind, text, names FROM messages
		WHERE seq > (SELECT seq FROM search_progress) ORDER BY seq LIMIT ?`, sliceMessages)
	if errors.Is(err, errEnough) {
		return next, true, nil
	}
	return next, len(next) == sliceMessages, err
}

// condemnIndex has a damaged index built anew.
func (s *Store) condemnIndex(cause error) {
	if !s.indexBroken.Swap(true) {
		s.logger.Warn("the search index is damaged and built anew", "error", cause)
		s.wakeIndexer()
	}
}

// replaceIndex replaces the index by an empty one. The definition is the one
// that the migrations gave.
func (s *Store) replaceIndex(ctx context.Context) error {
	err := s.writer.transaction(ctx, durable, func() error {
		var definition string
		err := s.writer.each(func(rows *sql.Rows) error { return rows.Scan(&definition) },
			`SELECT sql FROM sqlite_schema WHERE name = 'search'`)
		if err != nil {
			return err
		}
		return s.writer.script(`DROP TABLE search; ` + definition + `; UPDATE search_progress SET seq = 0`)
	})
	if err == nil {
		s.indexBroken.Store(false)
	}
	return err
}
