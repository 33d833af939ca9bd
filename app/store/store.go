package store

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"feihong/app/chat"
)

// Store is an open database. Its methods are safe for concurrent use.
type Store struct {
	config
	writer  *writer
	readers *sql.DB
	queries sync.Map // SQL text -> *sql.Stmt of readers

	committed   chan struct{} // wakes the indexer
	indexBroken atomic.Bool   // the index has to be built anew
	leftovers   atomic.Bool   // the log has text that was deleted
	suspected   atomic.Bool   // the suspicion of damage was noted on disk
	closed      atomic.Bool
	stopIndexer context.CancelFunc
	indexerDone chan struct{}
}

var _ chat.Store = (*Store)(nil)

type config struct {
	path        string
	busyTimeout time.Duration
	logger      *slog.Logger
	migrations  fs.FS
	maxPages    int // 0: no limit but the disk
}

// Option changes how a store is opened.
type Option func(*config)

// Logger takes what happens in the background; nothing is logged if not given.
func Logger(l *slog.Logger) Option { return func(c *config) { c.logger = l } }

// Report tells what opening the database did beyond the ordinary.
type Report struct {
	// Created is set when there was no database before.
	Created bool
	// SetAside is where the damaged database is kept that was found instead
	// of a sound one; empty if there was no damage. The user is told.
	SetAside string
	// Damage is what was found, nil if SetAside is empty.
	Damage error
}

// UserText names the translated sentence about the damaged database, or ""
// if there is nothing to tell.
func (r Report) UserText() (key string, args map[string]any) {
	if r.SetAside == "" {
		return "", nil
	}
	return "store.set-aside", map[string]any{"path": r.SetAside}
}

// Open opens the database at path, whose folder must exist, creating the file
// (mode 0600) or bringing its schema up to date where necessary. A damaged
// database is set aside and a fresh one begun; the report tells. Errors are of
// type *Error. The store has one goroutine of its own, which Close waits for.
func Open(path string, options ...Option) (*Store, Report, error) {
	c := config{path: path, busyTimeout: 5 * time.Second, logger: slog.New(slog.DiscardHandler), migrations: embedded()}
	for _, option := range options {
		option(&c)
	}
	var report Report
	s, created, err := c.open()
	if e := (*Error)(nil); errors.As(err, &e) && e.Reason == Damaged {
		report.Damage = e.Err
		if report.SetAside, err = setAside(path); err != nil {
			return nil, report, c.wrapped(err)
		}
		s, created, err = c.open()
	}
	if err != nil {
		return nil, report, err
	}
	report.Created = created
	s.startIndexer()
	return s, report, nil
}

// open opens and checks the database. All its errors are of type *Error.
func (c config) open() (s *Store, created bool, err error) {
	created, err = c.prepareFile()
	if err != nil {
		return nil, false, c.wrapped(err)
	}
	s = &Store{config: c, committed: make(chan struct{}, 1)}
	if s.writer, err = c.openWriter(); err != nil {
		return nil, false, c.wrapped(err)
	}
	if err := s.makeReady(created); err != nil {
		s.writer.close()
		return nil, false, c.wrapped(err)
	}
	s.readers = c.openReaders()
	return s, created, nil
}

// makeReady checks the database and brings its schema up to date.
func (s *Store) makeReady(created bool) error {
	if err := s.refuseNewer(); err != nil {
		return err
	}
	if !created {
		if err := s.check(); err != nil {
			return err
		}
	}
	if err := s.writer.useLog(); err != nil {
		return err
	}
	return s.migrate()
}

// Close ends the background work and closes the database, after a commit that
// is under way.
func (s *Store) Close() error {
	if s.closed.Swap(true) {
		return nil
	}
	s.stopIndexer()
	<-s.indexerDone
	readersErr := s.readers.Close()
	s.writer.turn <- struct{}{} // kept: nobody writes any more
	close(s.writer.closing)
	return s.wrapped(errors.Join(readersErr, s.writer.close()))
}

// failure turns an error from below into what callers get. It also notes the
// suspicion of damage, so that the next start checks the whole file.
func (s *Store) failure(err error) error {
	switch {
	case err == nil:
		return nil
	case s.closed.Load() && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded):
		return ErrClosed
	case indexDamaged(err):
		s.condemnIndex(err)
	case reasonFor(err) == Damaged && !s.suspected.Swap(true):
		noteSuspicion(s.path)
	}
	return s.wrapped(err)
}

// wrapped gives err the type that callers are promised. Ends of contexts and
// the sentinels pass as they are.
func (c config) wrapped(err error) error {
	var already *Error
	switch {
	case err == nil, errors.As(err, &already),
		errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded),
		errors.Is(err, ErrClosed), errors.Is(err, chat.ErrNoMessage):
		return err
	}
	reason := reasonFor(err)
	var onPath *fs.PathError
	var onName *os.LinkError
	if reason == Failed && (errors.As(err, &onPath) || errors.As(err, &onName)) {
		reason = NotWritable
	}
	return &Error{Reason: reason, Path: c.path, Err: err}
}
