//go:build e2e

package e2e

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// meetRounds is how often a newcomer comes; FEIHONG_MEET_ROUNDS changes it.
var meetRounds = number("FEIHONG_MEET_ROUNDS", 20)

// Limits for a slow machine with other work. What a quiet one needs is logged.
const (
	worstMeeting  = 3 * time.Second
	medianMeeting = 500 * time.Millisecond
	worstParting  = time.Second
)

// TestNewcomer starts one of three colleagues again and again. Each time they
// see everybody, and are seen by everybody, at once; and are missed at once
// when they leave.
func TestNewcomer(t *testing.T) {
	office := newLab(t).office("10.1.0.0/24", "Alice", "Bob", "Carol").hosts
	alice, bob := office[0].daemon(), office[1].daemon()
	alice.meets(patience, bob)
	var sees, seen, missed []time.Duration
	for range meetRounds {
		carol := office[2].daemon()
		ready, _ := carol.log.read()
		begin := ready[0].at
		gathered(patience, alice, bob, carol)
		sees = append(sees, since(begin, learns(carol, alice)), since(begin, learns(carol, bob)))
		seen = append(seen, since(begin, learns(alice, carol)), since(begin, learns(bob, carol)))

		leaves := time.Now()
		if code := carol.stop(); code != 0 {
			t.Fatalf("Carol ended with %d:\n%s", code, carol.stderr.String())
		}
		for _, other := range []*process{alice, bob} {
			other.misses(patience, carol)
			told, _ := other.log.read()
			missed = append(missed, presence(told, carol.ready.ID, false, leaves).Sub(leaves))
		}
	}
	report(t, "a newcomer sees somebody after", sees, medianMeeting, worstMeeting)
	report(t, "a newcomer is seen after", seen, medianMeeting, worstMeeting)
	report(t, "who leaves is missed after", missed, worstParting, worstMeeting)
}

// learns says when a process told that somebody came online, after having been
// gone. That may be before they say themselves that they are ready.
func learns(d, other *process) time.Time {
	d.t.Helper()
	var when time.Time
	d.until("tells that "+other.name+" is there", patience, func(told []entry) bool {
		when = presence(told, other.ready.ID, true, lastPresence(told, other.ready.ID, false))
		return !when.IsZero()
	})
	return when
}

// lastPresence finds the last event that says whether somebody is online.
func lastPresence(told []entry, id string, online bool) time.Time {
	for _, e := range slices.Backward(told) {
		if e.Event.Event == "peer" && e.ID == id && e.Online != nil && *e.Online == online {
			return e.at
		}
	}
	return time.Time{}
}

// since is the time between two moments, none if they are the other way round.
func since(begin, end time.Time) time.Duration { return max(0, end.Sub(begin)) }

// report logs the median and the worst of some times, and fails if they are
// beyond all measure.
func report(t *testing.T, what string, times []time.Duration, median, worst time.Duration) {
	t.Helper()
	slices.Sort(times)
	middle, last := times[len(times)/2], times[len(times)-1]
	t.Logf("%s %v (median of %d), %v (worst)", what, middle.Round(100*time.Microsecond), len(times), last.Round(100*time.Microsecond))
	if middle > median || last > worst {
		t.Errorf("%s: median %v, at most %v wanted; worst %v, at most %v wanted", what, middle, median, last, worst)
	}
}

// TestEachWayAlone takes ways of finding each other away, until one is left.
func TestEachWayAlone(t *testing.T) {
	tests := []struct {
		name    string
		stopped []string
		within  time.Duration
		via     string // how Bob must have been heard, if not by an answer; empty: any way
	}{
		{"no multicast", []string{noMulticast}, worstMeeting, "broadcast"},
		{"no broadcast", []string{noBroadcast}, worstMeeting, ""},
		{"IPv4 multicast alone", []string{noBroadcast, noMDNS, noIPv6}, worstMeeting, "multicast"},
		{"IPv6 multicast alone", []string{noIPv4Beacon, noMDNS}, worstMeeting, "multicast"},
		{"DNS-SD alone", []string{noBeacon}, 10 * time.Second, "dnssd"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			office := newLab(t).office("10.1.0.0/23", "Alice", "Bob", "Carol").hosts
			for _, h := range office {
				h.filter(test.stopped...)
			}
			alice, bob := office[0].daemon(), office[1].daemon()
			carol := office[2].daemon()
			gathered(test.within, alice, bob, carol)
			if via := alice.knows(bob).Via; test.via != "" && via != test.via && via != "unicast" {
				t.Errorf("Alice heard Bob by %q, want %q", via, test.via)
			}
			// Found is not yet reached.
			alice.must(0, "send", "Bob", "found by "+test.name)
			bob.received(patience, "found by "+test.name)
		})
	}
}

// TestGoodbye tells a colleague who left from one whose machine was switched
// off.
func TestGoodbye(t *testing.T) {
	t.Parallel()
	office := newLab(t).office("10.1.0.0/24", "Alice", "Bob").hosts
	alice, bob := office[0].daemon(), office[1].daemon()
	gathered(worstMeeting, alice, bob)
	bob.stop()
	alice.misses(worstMeeting, bob)
	if seen := alice.knows(bob).LastSeen; seen == nil || time.Since(*seen) > time.Minute {
		t.Errorf("Bob was last seen %v", seen)
	}

	// Killed and back before anybody noticed: the same person, reachable.
	bob = office[1].daemon()
	gathered(worstMeeting, alice, bob)
	bob.kill()
	bob = office[1].daemon()
	bob.meets(worstMeeting, alice)
	alice.must(0, "send", "Bob", "welcome back")
	bob.received(patience, "welcome back")
	if n := strings.Count(alice.must(0, "peers").out, "Bob"); n != 1 {
		t.Errorf("Alice knows %d people called Bob", n)
	}
}
