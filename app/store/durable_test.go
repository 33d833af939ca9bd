package store_test

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/uuid"

	"feihong/app/chat"
	"feihong/app/store"
)

// childVariable makes the test program commit to the database that it names.
const childVariable = "FEIHONG_STORE_CHILD"

func childPath() (string, bool) { return os.LookupEnv(childVariable) }

// commitForever commits batches and prints the IDs of each once its commit has
// returned.
func commitForever(path string) {
	s, _, err := store.Open(path)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	out := bufio.NewWriter(os.Stdout)
	for n := 1; ; n = n%20 + 1 {
		batch := person(1)
		for range n {
			batch.Messages = append(batch.Messages, text(1, chat.In, "确认之后不会丢"))
		}
		if _, err := s.Commit(background, batch); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		for _, m := range batch.Messages {
			fmt.Fprintln(out, m.ID)
		}
		if out.Flush() != nil {
			os.Exit(1)
		}
	}
}

// TestKill tells that what was acknowledged survives the sudden death of the
// process, and that what was not is there whole or not at all.
func TestKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "feihong.db")
	acknowledged := map[uuid.UUID]bool{}
	for round := range 10 {
		commitAndDie(t, path, 1+rand.IntN(2000), acknowledged)
		s, report, err := store.Open(path)
		if err != nil || report.SetAside != "" {
			t.Fatalf("round %d: %+v, %v", round, report, err)
		}
		stored, err := s.History(t.Context(), chat.HistoryQuery{})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range stored {
			delete(acknowledged, m.ID)
		}
		if len(acknowledged) > 0 {
			t.Fatalf("round %d: %d acknowledged messages are lost", round, len(acknowledged))
		}
		if o, err := s.Overview(t.Context()); err != nil || len(stored) > 0 && o[1].Unread != len(stored) {
			t.Fatalf("round %d: %d messages, %d unread, %v", round, len(stored), o[1].Unread, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// commitAndDie lets a child commit, kills it after some acknowledgements, and
// collects all those that arrived.
func commitAndDie(t *testing.T, path string, after int, acknowledged map[uuid.UUID]bool) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childVariable+"="+path)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for n := 1; lines.Scan(); n++ {
		id, err := uuid.Parse(lines.Text())
		if err == nil { // the last line may be cut
			acknowledged[id] = true
		}
		if n == after {
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := child.Wait(); err == nil {
		t.Fatal("the child ended by itself")
	}
}
