package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"strings"
	"time"
)

const (
	// thoroughSize is the size up to which the whole file is checked at every
	// start, in bytes.
	thoroughSize = 64 << 20
	// suspicionSuffix names the file beside the database that asks the next
	// start for a check of the whole file.
	suspicionSuffix = ".suspect"

	headerSize    = 100 // of an SQLite file
	headerMagic   = "SQLite format 3\x00"
	headerVersion = 60 // offset of user_version, 4 bytes, big-endian
)

// prepareFile makes sure that the file exists, is writable and private, and is
// not of a newer version. It tells if the file is new or empty. It comes
// before SQLite, whose errors do not tell why a file cannot be opened, and
// which may write to a database just by opening it.
func (c config) prepareFile() (created bool, err error) {
	f, err := os.OpenFile(c.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return false, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return false, err
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		if err := f.Chmod(0o600); err != nil {
			return false, err
		}
	}
	header := make([]byte, headerSize)
	n, err := io.ReadFull(f, header)
	switch {
	case n == 0 && errors.Is(err, io.EOF):
		return true, nil
	case errors.Is(err, io.ErrUnexpectedEOF) || err == nil && !bytes.HasPrefix(header, []byte(headerMagic)):
		return false, damage("file is not a database")
	case err != nil:
		return false, err
	}
	return false, c.acceptVersion(int(binary.BigEndian.Uint32(header[headerVersion:])))
}

// check looks for damage: in the whole file if there was a suspicion, in every
// table if that is quick, otherwise by samples. The full-text index is looked
// into on suspicion only: it takes most of the time, and what is wrong there
// shows up when searching and is built anew.
func (s *Store) check() error {
	info, err := os.Stat(s.path)
	if err != nil {
		return err
	}
	if suspicionNoted(s.path) {
		return s.checkAll()
	}
	tables, err := s.tables()
	if err != nil {
		return err
	}
	look := s.quickCheck
	if info.Size() > thoroughSize {
		look = s.sample
	}
	for _, table := range tables {
		if err := look(table); err != nil {
			return err
		}
	}
	return nil
}

// checkAll checks the whole file.
func (s *Store) checkAll() error {
	err := s.quickCheck("1") // one problem is enough
	if err != nil && strings.Contains(strings.ToLower(err.Error()), "fts5") {
		s.logger.Warn("the search index is damaged and built anew", "problem", err)
		s.indexBroken.Store(true)
		err = nil
	}
	if err != nil {
		return err
	}
	return dropSuspicion(s.path)
}

// tables lists the tables with pages of their own.
func (s *Store) tables() (names []string, err error) {
	err = s.writer.each(func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		names = append(names, name)
		return err
	}, `SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0`)
	return names, err
}

// quickCheck checks the structure of one table and its indexes.
func (s *Store) quickCheck(table string) error {
	rows, err := s.writer.conn.QueryContext(context.Background(), fmt.Sprintf("PRAGMA quick_check(%s)", table))
	if err != nil {
		return err
	}
	return forEach(rows, func(rows *sql.Rows) error {
		var problem string
		if err := rows.Scan(&problem); err != nil {
			return err
		}
		if problem != "ok" {
			return damage(problem)
		}
		return nil
	})
}

// sample reads the first and the last entry of a table.
func (s *Store) sample(table string) error {
	for _, order := range []string{"1 ASC", "1 DESC"} {
		rows, err := s.writer.conn.QueryContext(context.Background(), fmt.Sprintf("SELECT * FROM %s ORDER BY %s LIMIT 1", table, order))
		if err != nil {
			return err
		}
		if err := forEach(rows, func(*sql.Rows) error { return nil }); err != nil {
			return err
		}
	}
	return nil
}

// setAside renames a damaged database and what belongs to it, and returns the
// new name. The log goes first: beside a fresh database it would be taken for
// that one's.
func setAside(path string) (string, error) {
	target, err := freeName(path + ".damaged-" + time.Now().Format("20060102-150405"))
	if err != nil {
		return "", err
	}
	for _, suffix := range []string{"-wal", "-shm", ""} {
		err := os.Rename(path+suffix, target+suffix)
		if err != nil && !(suffix != "" && errors.Is(err, fs.ErrNotExist)) {
			return "", err
		}
	}
	return target, dropSuspicion(path)
}

// freeName returns name, or name with a number, so that nothing exists there.
func freeName(name string) (string, error) {
	candidate := name
	for n := 2; ; n++ {
		taken := false
		for _, suffix := range []string{"", "-wal", "-shm"} {
			_, err := os.Lstat(candidate + suffix)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return "", err
			}
			taken = taken || err == nil
		}
		if !taken {
			return candidate, nil
		}
		candidate = fmt.Sprintf("%s-%d", name, n)
	}
}

// noteSuspicion asks the next start for a check of the whole file. That it
// fails changes nothing: the trouble is reported anyway.
func noteSuspicion(path string) {
	if f, err := os.OpenFile(path+suspicionSuffix, os.O_WRONLY|os.O_CREATE, 0o600); err == nil {
		f.Close()
	}
}

func suspicionNoted(path string) bool {
	_, err := os.Lstat(path + suspicionSuffix)
	return err == nil
}

func dropSuspicion(path string) error {
	if err := os.Remove(path + suspicionSuffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
