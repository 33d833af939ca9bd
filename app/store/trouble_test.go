package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"feihong/app/chat"
	"feihong/app/store"
	"feihong/protocol"
)

var background = context.Background()

// execute changes the database behind the back of the store.
func execute(t testing.TB, path, statements string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statements); err != nil {
		t.Fatal(err)
	}
}

// wantError checks reason and path of an error, and that it can be shown.
func wantError(t *testing.T, err error, reason store.Reason, path string) {
	t.Helper()
	var e *store.Error
	if !errors.As(err, &e) || e.Reason != reason || e.Path != path {
		t.Fatalf("error %v (%+v), want reason %d for %s", err, e, reason, path)
	}
	key, args := e.UserText()
	if !strings.HasPrefix(key, "store.") || args["path"] != path || args["detail"] == "" || !strings.Contains(e.Error(), path) {
		t.Errorf("UserText: %s %v; %v", key, args, e)
	}
}

func TestNewerVersion(t *testing.T) {
	path := filled(t)
	execute(t, path, `PRAGMA user_version = 9999`)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = store.Open(path)
	wantError(t, err, store.Newer, path)
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the database was changed (%v)", err)
	}
	if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 1 {
		t.Errorf("files left: %v", entries)
	}
}

// migrations returns those of this version up to a number, and further ones.
func migrations(t *testing.T, upTo int, more ...string) fstest.MapFS {
	t.Helper()
	names, err := filepath.Glob("migrations/*.sql")
	if err != nil || len(names) < upTo {
		t.Fatalf("%d migrations, %v; want %d", len(names), err, upTo)
	}
	files := fstest.MapFS{}
	for _, name := range names[:upTo] {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(name)] = &fstest.MapFile{Data: text}
	}
	for i, text := range more {
		files[fmt.Sprintf("%04d_more.sql", upTo+1+i)] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

func TestMigrations(t *testing.T) {
	const known = 6
	first := migrations(t, known)
	second := migrations(t, known, "CREATE TABLE more (a); INSERT INTO more SELECT text FROM messages;")
	broken := migrations(t, known, "CREATE TABLE more (a); INSERT INTO nowhere VALUES (1);")
	reopen := func(path string, files fstest.MapFS) error {
		s, _, err := store.Open(path, store.Migrations(files))
		if err == nil {
			commit(t, s, person(1, "kept"))
			err = s.Close()
		}
		return err
	}
	path := database(t)
	if err := reopen(path, first); err != nil {
		t.Fatal(err)
	}
	wantError(t, reopen(path, broken), store.Failed, path)
	if err := reopen(path, first); err != nil {
		t.Fatalf("after a failed migration: %v", err)
	}
	if err := reopen(path, second); err != nil {
		t.Fatal(err)
	}
	execute(t, path, "INSERT INTO more VALUES ('x')")
	wantError(t, reopen(path, first), store.Newer, path)
	if err := reopen(database(t), second); err != nil {
		t.Fatalf("from nothing: %v", err)
	}
	misnamed := fstest.MapFS{"0002_initial.sql": first["0001_initial.sql"]}
	path = database(t)
	wantError(t, reopen(path, misnamed), store.Failed, path)
}

// TestDatabaseOfTheFirstVersion opens what a program wrote that knew neither
// departments nor hosts.
func TestDatabaseOfTheFirstVersion(t *testing.T) {
	path := database(t)
	old, _, err := store.Open(path, store.Migrations(migrations(t, 1)))
	if err != nil {
		t.Fatal(err)
	}
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	execute(t, path, `
		INSERT INTO contacts VALUES (7, x'`+strings.Repeat("0a", 32)+`', '张三', '老张', '10.0.0.7:4000', 1, 0, 1, 0, 1000, 2000);
		INSERT INTO messages VALUES (3, 7, 0, x'`+strings.Repeat("0b", 16)+`', 3, 1, 1500, 'kept', NULL);
		INSERT INTO conversations VALUES (7, 3, 0, 1);`)
	s := open(t, path)
	want := chat.Contact{
		ID: 7, Peer: protocol.PeerID(bytes.Repeat([]byte{10}, 32)), Name: "张三", Remark: "老张", Address: "10.0.0.7:4000",
		Verified: true, Proven: true, Created: time.UnixMilli(1000), LastSeen: time.UnixMilli(2000),
	}
	contacts, err := s.Contacts(t.Context())
	if err != nil || len(contacts) != 1 || contacts[0] != want {
		t.Fatalf("contacts %+v, %v; want %+v", contacts, err, want)
	}
	want.Department, want.Host = "财务部", "zhang-pc"
	commit(t, s, chat.Batch{Contacts: []chat.Contact{want}})
	contacts, err = s.Contacts(t.Context())
	overview, failed := s.Overview(t.Context())
	if err != nil || failed != nil || contacts[0] != want || overview[7].Unread != 1 || overview[7].Last.Text != "kept" ||
		!overview[7].Last.Delivered.IsZero() {
		t.Errorf("contacts %+v, %v; conversations %+v, %v", contacts, err, overview, failed)
	}
	for _, q := range []chat.HistoryQuery{{Contact: 7}, {Search: "kept"}, {Since: time.UnixMilli(1000), Until: time.UnixMilli(2000)}} {
		if got := history(t, s, q); len(got) != 1 {
			t.Errorf("history %+v: %q", q, got)
		}
	}
}

func TestNotWritable(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tests := map[string]string{
		"no folder":        filepath.Join(dir, "none", "feihong.db"),
		"folder is a file": filepath.Join(file, "feihong.db"),
		"file is a folder": dir,
	}
	for name, path := range tests {
		t.Run(name, func(t *testing.T) {
			_, report, err := store.Open(path)
			wantError(t, err, store.NotWritable, path)
			if report.SetAside != "" {
				t.Errorf("set aside: %s", report.SetAside)
			}
		})
	}
}

func TestMode(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there are no modes on Windows")
	}
	path := filled(t)
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	s := open(t, path)
	commit(t, s, person(1, "x"))
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if info, err := os.Stat(path + suffix); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%q: %v, %v", suffix, info, err)
		}
	}
}

func TestLocked(t *testing.T) {
	path := filled(t)
	s := open(t, path, store.BusyTimeout(10*time.Millisecond))
	db, err := sql.Open("sqlite", path+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Commit(t.Context(), person(1, "waits"))
	wantError(t, err, store.Locked, path)
	if n := len(history(t, s, chat.HistoryQuery{Limit: 5})); n != 5 {
		t.Errorf("%d messages are read while another writes", n)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	commit(t, s, person(1, "no longer"))
}

func TestLockedAtOpen(t *testing.T) {
	path := filled(t)
	db, err := sql.Open("sqlite", path+"?_pragma=locking_mode(EXCLUSIVE)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("CREATE TABLE held (a)"); err != nil {
		t.Fatal(err)
	}
	_, report, err := store.Open(path, store.BusyTimeout(10*time.Millisecond))
	wantError(t, err, store.Locked, path)
	if report.SetAside != "" {
		t.Errorf("set aside: %s", report.SetAside)
	}
}

func TestFull(t *testing.T) {
	path := database(t)
	s := open(t, path, store.MaxPages(60))
	commit(t, s, person(1, "before"))
	big := person(1)
	for range 500 {
		big.Messages = append(big.Messages, text(1, chat.In, strings.Repeat("大", 500)))
	}
	for range 3 {
		_, err := s.Commit(t.Context(), big)
		wantError(t, err, store.Full, path)
		commit(t, s, person(1, "small"))
	}
	if n := len(history(t, s, chat.HistoryQuery{})); n != 4 {
		t.Errorf("%d messages", n)
	}
	if err := s.SetMaxPages(10_000); err != nil {
		t.Fatal(err)
	}
	commit(t, s, big)
	if n := len(history(t, s, chat.HistoryQuery{})); n != 504 {
		t.Errorf("%d messages once there is space", n)
	}
}

func TestFullAtOpen(t *testing.T) {
	path := database(t)
	_, report, err := store.Open(path, store.MaxPages(3))
	wantError(t, err, store.Full, path)
	if report.SetAside != "" {
		t.Errorf("set aside: %s", report.SetAside)
	}
	open(t, path) // once there is space
}

// TestCancelWaiting tells that a commit that waits for its turn can be given
// up, and that nothing of it is kept.
func TestCancelWaiting(t *testing.T) {
	s := open(t, database(t))
	commit(t, s, person(1))
	ctx, cancel := context.WithCancel(t.Context())
	finish := s.TakeTurn()
	failed := make(chan error)
	go func() {
		_, err := s.Commit(ctx, person(1, "given up"))
		failed <- err
	}()
	cancel()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	finish()
	if got := history(t, s, chat.HistoryQuery{}); got != nil {
		t.Errorf("kept %q", got)
	}
}
