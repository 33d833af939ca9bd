package store

import (
	"errors"
	"fmt"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Reason says what kind of trouble the store is in.
type Reason uint8

const (
	Failed      Reason = iota // none of the others; Err tells
	NotWritable               // missing rights, a read-only disk, a missing folder
	Full                      // no space left
	Locked                    // another process holds the database
	Damaged                   // the file is no sound database
	Newer                     // written by a newer version of the program
)

// Error is what every failing operation of the store returns, except for the
// end of a context, chat.ErrNoMessage and ErrClosed.
type Error struct {
	Reason Reason
	Path   string // of the database
	Err    error
}

// ErrClosed is returned by every operation after Close.
var ErrClosed = errors.New("the message store is closed")

var errorTexts = map[Reason]struct{ key, english string }{
	Failed:      {"store.failed", "the message database %s failed: %v"},
	NotWritable: {"store.not-writable", "the message database %s cannot be written (%v); check the rights of the file and its folder"},
	Full:        {"store.full", "no space left for the message database %s (%v); free some space on that disk and try again"},
	Locked:      {"store.locked", "the message database %s is in use by another program (%v); close that program and try again"},
	Damaged:     {"store.damaged", "the message database %s is damaged (%v); restart the program: the damaged file is kept and a new one begun"},
	Newer:       {"store.newer", "the message database %s was written by a newer version of this program (%v); it was left untouched, install the newer version"},
}

func (e *Error) Error() string {
	return fmt.Sprintf(errorTexts[e.Reason].english, e.Path, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// UserText names the translated sentence.
func (e *Error) UserText() (key string, args map[string]any) {
	return errorTexts[e.Reason].key, map[string]any{"path": e.Path, "detail": e.Err.Error()}
}

// damage is what a check of the database found.
type damage string

func (d damage) Error() string { return string(d) }

// newerVersion says which schema version was found and which is known.
type newerVersion struct{ found, known int }

func (v newerVersion) Error() string {
	return fmt.Sprintf("database version %d, this program knows %d", v.found, v.known)
}

// reasonFor classifies an error of SQLite, of the file system or of a check.
func reasonFor(err error) Reason {
	var found damage
	var newer newerVersion
	switch {
	case errors.As(err, &found):
		return Damaged
	case errors.As(err, &newer):
		return Newer
	case errors.Is(err, syscall.ENOSPC):
		return Full
	}
	if code, ok := sqliteCode(err); ok {
		return reasonForCode(code)
	}
	return Failed
}

func reasonForCode(code int) Reason {
	if code == sqlite3.SQLITE_IOERR_SHMSIZE { // growing the shared memory file of the log
		return Full
	}
	switch code & 0xff { // the low byte is the primary code
	case sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN:
		return NotWritable
	case sqlite3.SQLITE_FULL:
		return Full
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL:
		return Locked
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return Damaged
	}
	return Failed
}

func sqliteCode(err error) (code int, ok bool) {
	var failure *sqlite.Error
	if !errors.As(err, &failure) {
		return 0, false
	}
	return failure.Code(), true
}

// indexDamaged says that the full-text index is damaged, which concerns
// nothing else: it is built anew.
func indexDamaged(err error) bool {
	code, _ := sqliteCode(err)
	return code == sqlite3.SQLITE_CORRUPT_VTAB
}
