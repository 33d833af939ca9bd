//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"feihong/app/control"
)

// crashMessages and crashKills are the size of the crash test; the
// environment variables FEIHONG_CRASH_MESSAGES and FEIHONG_CRASH_KILLS change
// it.
var (
	crashMessages = number("FEIHONG_CRASH_MESSAGES", 10_000)
	crashKills    = number("FEIHONG_CRASH_KILLS", 50)
)

func number(variable string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(variable)); err == nil && n > 0 {
		return n
	}
	return otherwise
}

// writer is one side of the crash test.
type writer struct {
	profile *profile
	port    string
	to      string
	process *process
	prefix  string
}

func (w *writer) restart(t *testing.T) {
	t.Helper()
	w.process = w.profile.daemon("--port", w.port)
	events := w.process.events
	go func() {
		for range events { // nobody asks for them
		}
	}()
}

// TestCrash kills either side at random while both write to each other, and
// compares what each has written with what the other has received.
func TestCrash(t *testing.T) {
	data := t.TempDir()
	alice := &writer{profile: newProfile(t, data, "Alice"), port: freePort(t), prefix: "a"}
	bob := &writer{profile: newProfile(t, data, "Bob"), port: freePort(t), prefix: "b"}
	alice.to, bob.to = "127.0.0.1:"+bob.port, "127.0.0.1:"+alice.port
	alice.restart(t)
	bob.restart(t)
	alice.profile.must(0, "send", alice.to, "the first of all")
	sides := []*writer{alice, bob}

	random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 7))
	perRound := crashMessages / crashKills / 2
	for round := range crashKills {
		var texts [2][]string
		for i, w := range sides {
			for n := range perRound {
				texts[i] = append(texts[i], fmt.Sprintf("%s-%d-%d 消息", w.prefix, round, n))
			}
		}
		victim := sides[random.IntN(2)]
		var tasks sync.WaitGroup
		tasks.Go(func() {
			<-time.After(time.Duration(random.Int64N(int64(60 * time.Millisecond))))
			victim.process.kill()
		})
		for i, w := range sides {
			tasks.Go(func() { w.write(texts[i]) })
		}
		tasks.Wait()
		victim.restart(t)
		victim.writeMissing(t, texts[slices.Index(sides, victim)])
	}

	eventually(t, "everything delivered", func() bool {
		return alice.waiting(t) == 0 && bob.waiting(t) == 0
	})
	compare(t, alice, bob)
	compare(t, bob, alice)
}

// write sends texts at once, as far as the process lives.
func (w *writer) write(texts []string) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	client, err := control.Dial(ctx, w.process.ready.Control)
	if err != nil {
		return // killed
	}
	var tasks sync.WaitGroup
	next := make(chan string)
	for range 16 {
		tasks.Go(func() {
			for text := range next {
				// An error means that the process was killed: what is
				// missing is found out from the history.
				_, _ = client.Send(ctx, control.SendRequest{To: w.to, Text: text})
			}
		})
	}
	for _, text := range texts {
		next <- text
	}
	close(next)
	tasks.Wait()
}

func (w *writer) writeMissing(t *testing.T, texts []string) {
	t.Helper()
	there := make(map[string]bool)
	for _, text := range w.profile.texts(w.to, "out") {
		there[text] = true
	}
	var missing []string
	for _, text := range texts {
		if !there[text] {
			missing = append(missing, text)
		}
	}
	w.write(missing)
}

// waiting counts the texts that are not delivered.
func (w *writer) waiting(t *testing.T) int {
	t.Helper()
	n := 0
	for _, m := range w.profile.history(w.to) {
		if m.Direction == "out" && m.State != "delivered" {
			n++
		}
	}
	return n
}

func compare(t *testing.T, from, to *writer) {
	t.Helper()
	sent, received := from.profile.texts(from.to, "out"), to.profile.texts(to.to, "in")
	if len(sent) < crashMessages/2-crashKills || len(sent) == 0 {
		t.Errorf("%s wrote %d texts only", from.profile.name, len(sent))
	}
	if !slices.Equal(sent, received) {
		t.Errorf("%s wrote %d texts, %s received %d, and they differ", from.profile.name, len(sent), to.profile.name, len(received))
	}
	seen := make(map[string]bool)
	for _, text := range received {
		if seen[text] {
			t.Errorf("%s received %q twice", to.profile.name, text)
		}
		seen[text] = true
	}
}
