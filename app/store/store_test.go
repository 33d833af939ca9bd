package store_test

import (
	"context"
	"errors"

	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"go.uber.org/goleak"

	"feihong/app/chat"
	"feihong/app/chat/memstore"
	"feihong/app/chat/storetest"
	"feihong/app/store"
)

func TestMain(m *testing.M) {
	if path, ok := childPath(); ok {
		commitForever(path)
		return
	}
	code := m.Run()
	closeLarge()
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// open opens the database at path, which is closed when the test ends.
func open(t testing.TB, path string, options ...store.Option) *store.Store {
	t.Helper()
	s, report, err := store.Open(path, options...)
	if err != nil {
		t.Fatal(err)
	}
	if report.SetAside != "" {
		t.Fatalf("damaged: %v", report.Damage)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func database(t testing.TB) string { return filepath.Join(t.TempDir(), "feihong.db") }

func text(contact chat.ContactID, direction chat.Direction, words string) chat.Message {
	return chat.Message{
		ID: uuid.Must(uuid.NewV7()), Contact: contact, Direction: direction, State: chat.Queued + 2*chat.State(1-direction),
		Kind: chat.KindText, Text: words, Time: time.UnixMilli(1_700_000_000_000),
	}
}

func commit(t testing.TB, s chat.Store, batch chat.Batch) chat.Committed {
	t.Helper()
	done, err := s.Commit(t.Context(), batch)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// person is a batch with one contact and messages with it.
func person(id chat.ContactID, texts ...string) chat.Batch {
	batch := chat.Batch{Contacts: []chat.Contact{{ID: id, Name: fmt.Sprint(id)}}}
	for _, words := range texts {
		batch.Messages = append(batch.Messages, text(id, chat.In, words))
	}
	return batch
}

func history(t testing.TB, s chat.Store, q chat.HistoryQuery) (texts []string) {
	t.Helper()
	found, err := s.History(t.Context(), q)
	if err != nil {
		t.Fatalf("History(%+v): %v", q, err)
	}
	for _, m := range found {
		texts = append(texts, m.Text)
	}
	return texts
}

// indexing indexes after commits: each, or, when sometimes is set, every other.
type indexing struct {
	*store.Store
	sometimes bool
	skip      bool
}

func (s *indexing) Commit(ctx context.Context, batch chat.Batch) (chat.Committed, error) {
	done, err := s.Store.Commit(ctx, batch)
	if s.sometimes {
		s.skip = !s.skip
	}
	if err == nil && !s.skip {
		err = s.Index(ctx)
	}
	return done, err
}

func TestContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T) chat.Store { return open(t, database(t)) })
}

func TestContractIndexed(t *testing.T) {
	storetest.Run(t, func(t *testing.T) chat.Store { return &indexing{Store: open(t, database(t))} })
}

func TestSameAsMemory(t *testing.T) {
	dir, n := t.TempDir(), 0
	memory := func(*testing.T) chat.Store { return memstore.New() }
	storetest.Compare(t, memory, func(t *testing.T) chat.Store {
		n++
		s, _, err := store.Open(filepath.Join(dir, fmt.Sprint(n)))
		if err != nil {
			t.Fatal(err)
		}
		return &indexing{Store: s, sometimes: true}
	})
}

func TestReopen(t *testing.T) {
	path := database(t)
	s, report, err := store.Open(path)
	if err != nil || !report.Created {
		t.Fatalf("first: %+v, %v", report, err)
	}
	commit(t, s, person(1, "一", "二"))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
	if _, err := s.Commit(t.Context(), person(1)); !errors.Is(err, store.ErrClosed) {
		t.Errorf("Commit after Close: %v", err)
	}
	if _, err := s.History(t.Context(), chat.HistoryQuery{}); !errors.Is(err, store.ErrClosed) {
		t.Errorf("History after Close: %v", err)
	}
	s, report, err = store.Open(path)
	if err != nil || report.Created || report.SetAside != "" {
		t.Fatalf("second: %+v, %v", report, err)
	}
	defer s.Close()
	if got := history(t, s, chat.HistoryQuery{}); len(got) != 2 {
		t.Errorf("history: %q", got)
	}
}

// TestCloseWhileCommitting tells that every commit ends when the store is
// closed, and that those that succeeded are kept.
func TestCloseWhileCommitting(t *testing.T) {
	path := database(t)
	s, _, err := store.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	commit(t, s, person(1))
	var wg sync.WaitGroup
	var committed atomic.Int64
	for range 8 {
		wg.Go(func() {
			for {
				_, err := s.Commit(background, person(1, "x"))
				if errors.Is(err, store.ErrClosed) {
					return
				}
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := s.History(background, chat.HistoryQuery{Limit: 1}); err != nil && !errors.Is(err, store.ErrClosed) {
					t.Error(err)
				}
				committed.Add(1)
			}
		})
	}
	for committed.Load() < 50 {
		runtime.Gosched()
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	wg.Wait()
	if got := history(t, open(t, path), chat.HistoryQuery{}); int64(len(got)) != committed.Load() {
		t.Errorf("%d of %d messages are kept", len(got), committed.Load())
	}
}

func TestStrangePaths(t *testing.T) {
	for _, name := range []string{"with space", "a?b#c%20&d", "飞鸿", "'quote\""} {
		path := filepath.Join(t.TempDir(), name+".db")
		s, _, err := store.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		commit(t, s, person(1, "x"))
		s.Close()
		if s, report, err := store.Open(path); err != nil || report.Created {
			t.Errorf("%s: %+v, %v", name, report, err)
		} else {
			s.Close()
		}
	}
}

// TestIndexerCatchesUp tells that the index follows once commits pause: what
// the index has is found even when the messages are not read.
func TestIndexerCatchesUp(t *testing.T) {
	path := database(t)
	synctest.Test(t, func(t *testing.T) {
		s, _, err := store.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		var texts []string
		for i := range 1200 { // more than two slices
			texts = append(texts, fmt.Sprint("第", i, "条"))
		}
		commit(t, s, person(1, texts...))
		time.Sleep(1500 * time.Millisecond) // of the bubble's clock
		synctest.Wait()
		indexed, err := s.Indexed(t.Context())
		if err != nil || indexed != 1200 {
			t.Errorf("indexed up to %d, %v", indexed, err)
		}
		if got := history(t, s, chat.HistoryQuery{Search: "第1199"}); len(got) != 1 {
			t.Errorf("found %q", got)
		}
	})
}

// TestDamagedIndex tells that a search survives the loss of the index, which
// is built anew.
func TestDamagedIndex(t *testing.T) {
	path := database(t)
	s := open(t, path)
	commit(t, s, person(1, "找得到吗", "别的"))
	if err := s.Index(t.Context()); err != nil {
		t.Fatal(err)
	}
	execute(t, path, `UPDATE search_data SET block = x'FFFFFFFFFFFFFFFFFFFFFFFF'`)
	for _, when := range []string{"damaged", "anew"} {
		if got := history(t, s, chat.HistoryQuery{Search: "找得"}); len(got) != 1 {
			t.Errorf("%s: found %q", when, got)
		}
		if err := s.Index(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if indexed, err := s.Indexed(t.Context()); err != nil || indexed != 2 {
		t.Errorf("indexed up to %d, %v", indexed, err)
	}
}

// TestMergeWithDamagedIndex tells that a commit does not need the index.
func TestMergeWithDamagedIndex(t *testing.T) {
	path := database(t)
	s := open(t, path)
	commit(t, s, person(1, "找得到吗"))
	commit(t, s, person(2, "别的"))
	if err := s.Index(t.Context()); err != nil {
		t.Fatal(err)
	}
	execute(t, path, `UPDATE search_data SET block = x'FFFFFFFFFFFFFFFFFFFFFFFF'`)
	commit(t, s, chat.Batch{Merges: []chat.Merge{{From: 1, Into: 2}}})
	if got := history(t, s, chat.HistoryQuery{Contact: 2, Search: "找得"}); len(got) != 1 {
		t.Errorf("found %q", got)
	}
}

func FuzzSearch(f *testing.F) {
	path := filepath.Join(f.TempDir(), "feihong.db")
	s := open(f, path)
	commit(f, s, person(1, "你好 world", `"a" OR NEAR(b)`, "👨‍👩‍👧 ok", "ﷺ½①", "plain", "中文中文中文"))
	if err := s.Index(f.Context()); err != nil {
		f.Fatal(err)
	}
	commit(f, s, person(2, "not yet in the index 中文"))
	for _, q := range []string{`"`, `"0`, `a" OR b*`, "NEAR(a b, 2)", "words:中", "^a", "-a", "中+文", "\x00", "'", "* ", "(", "👨‍👩‍👧", "中文中"} {
		f.Add(q, int64(0))
		f.Add(q, int64(1))
	}
	f.Fuzz(func(t *testing.T, search string, contact int64) {
		q := chat.HistoryQuery{Search: search, Contact: chat.ContactID(contact)}
		found, err := s.History(t.Context(), q)
		if err != nil {
			t.Fatalf("%q: %v", search, err)
		}
		q.Limit, q.After = 1, -1
		if one, err := s.History(t.Context(), q); err != nil || len(one) != min(1, len(found)) {
			t.Fatalf("%q: %d of %d, %v", search, len(one), len(found), err)
		}
	})
}
