package store_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"feihong/app/chat"
	"feihong/app/store"
)

// filled makes a closed database with some hundred messages.
func filled(t *testing.T) (path string) {
	t.Helper()
	path = database(t)
	s, _, err := store.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	batch := person(1)
	for range 800 {
		batch.Messages = append(batch.Messages, text(1, chat.In, strings.Repeat("很多话", 20)))
	}
	commit(t, s, batch)
	if err := s.Index(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestDamaged(t *testing.T) {
	garbage := bytes.Repeat([]byte{0xA5}, 4096)
	tests := []struct {
		name   string
		damage func([]byte) []byte
	}{
		{"text file", func([]byte) []byte { return []byte("不是数据库\n") }},
		{"long text file", func([]byte) []byte { return []byte(strings.Repeat("not a database\n", 1000)) }},
		{"zeros", func(b []byte) []byte { return make([]byte, len(b)) }},
		{"few zeros", func([]byte) []byte { return make([]byte, 10) }},
		{"cut in the header", func(b []byte) []byte { return b[:60] }},
		{"cut after the header", func(b []byte) []byte { return b[:100] }},
		{"cut in the middle", func(b []byte) []byte { return b[:len(b)/2] }},
		{"header overwritten", func(b []byte) []byte { return append(garbage[:100:100], b[100:]...) }},
		{"first page overwritten", func(b []byte) []byte { copy(b[100:], garbage[100:]); return b }},
		{"middle page overwritten", func(b []byte) []byte { copy(b[len(b)/2&^4095:], garbage); return b }},
		{"all but the header overwritten", func(b []byte) []byte {
			for i := 4096; i < len(b); i += 4096 {
				copy(b[i:], garbage)
			}
			return b
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filled(t)
			whole, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			broken := tt.damage(whole)
			if err := os.WriteFile(path, broken, 0o600); err != nil {
				t.Fatal(err)
			}
			s, report, err := store.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if !strings.HasPrefix(report.SetAside, path+".damaged-") || report.Damage == nil || !report.Created {
				t.Fatalf("report: %+v", report)
			}
			if key, args := report.UserText(); key != "store.set-aside" || args["path"] != report.SetAside {
				t.Errorf("UserText: %s %v", key, args)
			}
			if kept, err := os.ReadFile(report.SetAside); err != nil || !bytes.Equal(kept, broken) {
				t.Errorf("the damaged file was changed (%v)", err)
			}
			commit(t, s, person(1, "a new beginning"))
			if got := history(t, s, chat.HistoryQuery{}); len(got) != 1 {
				t.Errorf("%d messages in the fresh database", len(got))
			}
		})
	}
}

// TestSetAsideKeepsAll tells that damaged files pile up side by side.
func TestSetAsideKeepsAll(t *testing.T) {
	path := database(t)
	names := map[string]bool{}
	for i := range 3 {
		content := []byte(strings.Repeat("x", i+1))
		for _, suffix := range []string{"", "-wal"} {
			if err := os.WriteFile(path+suffix, content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		s, report, err := store.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		s.Close()
		names[report.SetAside] = true
		if log, err := os.ReadFile(report.SetAside + "-wal"); err != nil || !bytes.Equal(log, content) {
			t.Errorf("log of %d: %q, %v", i, log, err)
		}
	}
	for name := range names {
		if _, err := os.Stat(name); err != nil {
			t.Error(err)
		}
	}
	if len(names) != 3 {
		t.Errorf("names: %v", names)
	}
}

// TestDamageAtRunTime tells that damage met while running is reported, and
// that the next start looks closer.
func TestDamageAtRunTime(t *testing.T) {
	path := filled(t)
	s, _, err := store.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	info, _ := f.Stat()
	for at := int64(4096 * 20); at < info.Size(); at += 4096 {
		f.WriteAt(bytes.Repeat([]byte{0xA5}, 4096), at)
	}
	f.Close()
	_, err = s.History(t.Context(), chat.HistoryQuery{})
	wantError(t, err, store.Damaged, path)
	if _, err := os.Stat(path + ".suspect"); err != nil {
		t.Error(err)
	}
	s.Close()
	s, report, err := store.Open(path)
	if err != nil || report.SetAside == "" {
		t.Fatalf("%+v, %v", report, err)
	}
	s.Close()
	if _, err := os.Stat(path + ".suspect"); err == nil {
		t.Error("the suspicion outlives the set-aside file")
	}
}

// TestDamagedIndexAtOpen tells that a damaged index alone costs no messages,
// whether the file is checked closely or not.
func TestDamagedIndexAtOpen(t *testing.T) {
	for _, suspected := range []bool{false, true} {
		path := filled(t)
		execute(t, path, `UPDATE search_data SET block = x'FFFFFFFFFFFFFFFFFFFFFFFF' WHERE id > 10`)
		if suspected {
			if err := os.WriteFile(path+".suspect", nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		s := open(t, path)
		for range 2 {
			if got := history(t, s, chat.HistoryQuery{Search: "多话", Limit: 3}); len(got) != 3 {
				t.Errorf("found %q", got)
			}
			if err := s.Index(t.Context()); err != nil {
				t.Error(err)
			}
		}
		if _, err := os.Stat(path + ".suspect"); err == nil {
			t.Error("the suspicion outlives the check")
		}
	}
}

// TestLargeFile tells that a file too large for a close look is opened, and
// that damage to its first pages is found nevertheless.
func TestLargeFile(t *testing.T) {
	path := filled(t)
	execute(t, path, `CREATE TABLE bulk (b); INSERT INTO bulk VALUES (zeroblob(70000000))`)
	if err := open(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	for page := int64(1); page < 30; page++ {
		f.WriteAt(bytes.Repeat([]byte{0xA5}, 4096), page*4096)
	}
	f.Close()
	s, report, err := store.Open(path)
	if err != nil || report.SetAside == "" {
		t.Fatalf("%+v, %v", report, err)
	}
	s.Close()
}
