//go:build e2e

package e2e

import (
	"context"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"

	"feihong/app/control"
)

// journal keeps what a process has told, and when.
type journal struct {
	mu      sync.Mutex
	entries []entry
	grown   chan struct{} // closed at the next entry
}

type entry struct {
	control.Event
	at time.Time
}

func (j *journal) add(e control.Event) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.entries = append(j.entries, entry{e, time.Now()})
	if j.grown != nil {
		close(j.grown)
		j.grown = nil
	}
}

// read gives all entries so far, and a channel that is closed when there are
// more.
func (j *journal) read() ([]entry, <-chan struct{}) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.grown == nil {
		j.grown = make(chan struct{})
	}
	return slices.Clip(j.entries), j.grown
}

// until waits until check is content with what the process has told, and fails
// the test if it is not in time. It gives the time that it took.
func (d *process) until(what string, within time.Duration, check func([]entry) bool) time.Duration {
	d.t.Helper()
	begin, late := time.Now(), time.NewTimer(within)
	defer late.Stop()
	// Not all that is checked is told by an event.
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for {
		told, more := d.log.read()
		if check(told) {
			return time.Since(begin)
		}
		select {
		case <-more:
		case <-again.C:
		case <-d.exited:
			d.t.Fatalf("%s ended while waiting: %s\n%s", d.name, what, d.stderr.String())
		case <-late.C:
			d.t.Fatalf("%s: %s: not within %v; it knows %+v\n%s", d.name, what, within, d.people(), d.stderr.String())
		}
	}
}

// people asks the process whom it knows.
func (d *process) people() []control.Peer {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	client, err := control.Dial(ctx, d.ready.Control)
	if err != nil {
		d.t.Fatalf("%s does not answer: %v\n%s", d.name, err, d.stderr.String())
	}
	people, err := client.Peers(ctx)
	if err != nil {
		d.t.Fatalf("%s does not say whom it knows: %v", d.name, err)
	}
	return people
}

// knows looks somebody up; a zero Peer has no name.
func (d *process) knows(other *process) control.Peer {
	d.t.Helper()
	people := d.people()
	i := slices.IndexFunc(people, func(p control.Peer) bool { return p.ID == other.ready.ID })
	if i < 0 {
		return control.Peer{}
	}
	return people[i]
}

// meets waits until the process sees all the others online.
func (d *process) meets(within time.Duration, others ...*process) time.Duration {
	d.t.Helper()
	begin := time.Now()
	for _, other := range others {
		d.until("sees "+other.name, within, func([]entry) bool { return d.knows(other).Online })
	}
	return time.Since(begin)
}

// misses waits until the process sees another one no longer online.
func (d *process) misses(within time.Duration, other *process) time.Duration {
	d.t.Helper()
	return d.until("misses "+other.name, within, func([]entry) bool { return !d.knows(other).Online })
}

// gathered waits until everybody sees everybody.
func gathered(within time.Duration, all ...*process) {
	for _, d := range all {
		d.t.Helper()
		for _, other := range all {
			if other != d {
				d.meets(within, other)
			}
		}
	}
}

// presence finds the first event after a moment that says whether somebody is
// online; zero if there was none.
func presence(told []entry, id string, online bool, after time.Time) time.Time {
	for _, e := range told {
		if e.Event.Event == "peer" && e.ID == id && e.Online != nil && *e.Online == online && e.at.After(after) {
			return e.at
		}
	}
	return time.Time{}
}

// received waits for a text.
func (d *process) received(within time.Duration, text string) {
	d.t.Helper()
	d.until("receives "+strconv.Quote(text), within, func(told []entry) bool {
		return slices.ContainsFunc(told, func(e entry) bool { return e.Event.Event == "message" && e.Text == text })
	})
}

// at is the process's address, seen from other hosts.
func (d *process) at(ip string) string { return net.JoinHostPort(ip, strconv.Itoa(d.ready.Port)) }

// samePort is the port that the process has chosen, to start it there again.
func samePort(d *process) string { return strconv.Itoa(d.ready.Port) }
