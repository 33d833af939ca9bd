package store

import (
	"context"
	"fmt"
	"io/fs"
	"time"
)

// MaxPages stands for a disk on which the database can have n pages.
func MaxPages(n int) Option { return func(c *config) { c.maxPages = n } }

// BusyTimeout is how long to wait for another process that holds the database
// before giving up; 5 s if not given.
func BusyTimeout(d time.Duration) Option { return func(c *config) { c.busyTimeout = d } }

// Migrations replaces the migrations.
func Migrations(files fs.FS) Option { return func(c *config) { c.migrations = files } }

// SetMaxPages changes the size of the disk that MaxPages stands for.
func (s *Store) SetMaxPages(n int) error {
	s.writer.turn <- struct{}{}
	defer func() { <-s.writer.turn }()
	return s.writer.script(fmt.Sprintf("PRAGMA max_page_count = %d", n))
}

// Indexed returns the Seq up to which messages are in the index.
func (s *Store) Indexed(ctx context.Context) (int64, error) {
	h := history{Store: s, ctx: ctx}
	return h.indexed()
}

// TakeTurn keeps others from writing until the function it returns is called.
func (s *Store) TakeTurn() (release func()) {
	s.writer.turn <- struct{}{}
	return func() { <-s.writer.turn }
}

// IndexSlice does one transaction of indexing and tells if there may be more.
func (s *Store) IndexSlice(ctx context.Context) (more bool, err error) { return s.indexSlice(ctx) }

// StopIndexer keeps the index as it is until IndexSlice is called.
func (s *Store) StopIndexer() {
	s.stopIndexer()
	<-s.indexerDone
}
