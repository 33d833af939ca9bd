package discovery_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"feihong/protocol"
	"feihong/transport/discovery"
	"feihong/transport/ether/memory"
)

// directory is a Directory in memory that all in the office share.
type directory struct {
	mu       sync.Mutex
	listings []*listing
	frozen   bool // nothing is reported any more
}

// listing is the directory as one program has it.
type listing struct {
	of        *directory
	signed    []byte
	changes   chan change
	refreshed int
	published int
}

type change struct {
	signed []byte
	gone   bool
}

func (d *directory) join() *listing {
	d.mu.Lock()
	defer d.mu.Unlock()
	l := &listing{of: d, changes: make(chan change, 100)}
	for _, other := range d.listings {
		if other.signed != nil {
			l.changes <- change{other.signed, false}
		}
	}
	d.listings = append(d.listings, l)
	return l
}

func (l *listing) Serve(ctx context.Context, report func(signed []byte, gone bool)) error {
	for {
		select {
		case c := <-l.changes:
			report(c.signed, c.gone)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (l *listing) Publish(signed []byte, _ string, _ uint16) {
	l.of.mu.Lock()
	defer l.of.mu.Unlock()
	c := change{signed, false}
	if signed == nil {
		c = change{l.signed, true}
	}
	l.published++
	l.signed = signed
	for _, other := range l.of.listings {
		if other != l && c.signed != nil && !l.of.frozen {
			other.changes <- c
		}
	}
}

func (l *listing) Refresh() {
	l.of.mu.Lock()
	defer l.of.mu.Unlock()
	l.refreshed++
}

func (l *listing) counts() (published, refreshed int) {
	l.of.mu.Lock()
	defer l.of.mu.Unlock()
	return l.published, l.refreshed
}

func (o *office) listed(d *directory, name string) (*person, *listing) {
	l := d.join()
	return o.hire(name, func(c *discovery.Config) { c.Directory = l }), l
}

func TestDirectoryAlone(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		o.world.Filter(func(memory.Datagram) bool { return true })
		d := &directory{}
		a, listing := o.listed(d, "a")
		b, _ := o.listed(d, "b")
		a.start()
		pass(time.Hour) // longer than any announcement is fresh
		b.start()
		pass(100 * time.Millisecond)
		a.mustSee(b)
		b.mustSee(a)
		if peer, _ := a.sees(b); peer.SecondHand || len(peer.Addresses) == 0 || peer.Ways[0].Way != discovery.WayDirectory {
			t.Errorf("%+v", peer)
		}
		before, _ := listing.counts()
		pass(5 * time.Hour)
		a.mustSee(b)
		b.mustSee(a)
		if after, _ := listing.counts(); after-before < 3 || after-before > 6 {
			t.Errorf("published %d times in five hours", after-before)
		}
		b.say(func(self *discovery.Self) { self.Status = protocol.StatusAway })
		pass(time.Millisecond)
		if peer, _ := a.sees(b); peer.Status != protocol.StatusAway {
			t.Errorf("status %v", peer.Status)
		}
		// After a session it is still the directory that counts.
		dial(t, a, b)
		pass(time.Second)
		a.hangUp()
		pass(10 * time.Minute)
		a.mustSee(b)
		b.stop()
		pass(40 * time.Second)
		a.mustNotSee(b)
	})
}

// Anybody on the link can withdraw a record of mDNS. Who is known by it alone
// does not vanish, and comes back with the very same record.
func TestDirectoryWithdrawnByOthers(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		o.world.Filter(func(memory.Datagram) bool { return true })
		d := &directory{}
		a, mine := o.listed(d, "a")
		b, theirs := o.listed(d, "b")
		a.start()
		b.start()
		pass(10 * time.Second)
		a.mustSee(b)
		record := theirs.signed
		for range 10 {
			mine.changes <- change{record, true}
			pass(20 * time.Second)
			mine.changes <- change{record, false}
			pass(time.Minute)
		}
		a.mustSee(b)
		if n := a.losses(); n > 0 {
			t.Errorf("lost %d times", n)
		}
		// A lapse that is longer ends as soon as the record is there again.
		mine.changes <- change{record, true}
		pass(time.Minute)
		a.mustNotSee(b)
		mine.changes <- change{record, false}
		pass(time.Second)
		a.mustSee(b)
		pass(20 * time.Minute)
		a.mustSee(b)
	})
}

// Who is heard by beacons and falls silent is gone, whatever a directory
// remembers.
func TestDirectoryDoesNotKeepTheDead(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		d := &directory{}
		a, listing := o.listed(d, "a")
		b, _ := o.listed(d, "b")
		a.start()
		b.start()
		pass(2 * time.Minute)
		a.mustSee(b)
		o.world.Filter(func(d memory.Datagram) bool { return d.Sender == "b" })
		d.mu.Lock()
		d.frozen = true // b cannot withdraw any more
		d.mu.Unlock()
		pass(3 * time.Minute)
		a.mustNotSee(b)
		a.nic.SetAddresses("10.0.50.50/16")
		pass(3 * time.Second)
		if _, refreshed := listing.counts(); refreshed != 1 {
			t.Errorf("refreshed %d times", refreshed)
		}
	})
}
