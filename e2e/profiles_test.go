//go:build e2e

package e2e

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestTwoProfilesOnLoopback lets two people share a machine without any
// network.
func TestTwoProfilesOnLoopback(t *testing.T) {
	t.Parallel()
	machine := newLab(t).host("machine")
	alice := machine.profile("Alice").daemon("--discovery", "loopback")
	bob := machine.profile("Bob").daemon("--discovery", "loopback")
	gathered(worstMeeting, alice, bob)
	alice.must(0, "send", "Bob", "next to you")
	bob.received(patience, "next to you")
}

// TestLoopbackStaysInside checks that nothing leaves a machine whose people
// look for each other on loopback only.
func TestLoopbackStaysInside(t *testing.T) {
	t.Parallel()
	office := newLab(t).office("10.1.0.0/24", "machine", "Carol").hosts
	machine := office[0]
	left := machine.count("output", "oifname eth0 meta l4proto { tcp, udp }")
	carol := office[1].daemon()
	alice := machine.profile("Alice").daemon("--discovery", "loopback")
	bob := machine.profile("Bob").daemon("--discovery", "loopback")
	gathered(worstMeeting, alice, bob)
	if seen := left(); seen.Packets > 0 {
		t.Errorf("%d packets left the machine", seen.Packets)
	}
	for _, d := range []*process{alice, bob} {
		if carol.knows(d).ID != "" || d.knows(carol).ID != "" {
			t.Errorf("%s and Carol know each other", d.name)
		}
	}
}

// TestAddressWithoutPort writes to an IP: everybody on that machine is
// offered, or taken if there is nobody else.
func TestAddressWithoutPort(t *testing.T) {
	t.Parallel()
	office := newLab(t).office("10.1.0.0/24", "machine", "Carol", "Dora", "empty").hosts
	machine := office[0]
	alice, bob := machine.profile("Alice").daemon(), machine.profile("Bob").daemon()
	dora := office[2].daemon()
	gathered(worstMeeting, alice, bob)

	// The first time Carol is not running, so that she knows the IP alone; the
	// second time she is.
	carol := office[1].profile("Carol")
	for _, running := range []bool{false, true} {
		if running {
			carol = carol.daemon().profile
		}
		r := carol.must(5, "send", "10.1.0.1", "which of you?")
		for _, d := range []*process{alice, bob} {
			for _, word := range []string{d.name, d.ready.ID[:7], d.at("10.1.0.1")} {
				if !strings.Contains(r.errors, word) {
					t.Errorf("running %v: %s of %s is not offered: %q", running, word, d.name, r.errors)
				}
			}
		}
		carol.must(0, "send", "10.1.0.3", "only you")
		dora.received(patience, "only you")

		r = carol.must(5, "send", "10.1.0.4", "anybody?")
		if !strings.Contains(r.errors, "nobody") && !strings.Contains(r.errors, "Nobody") {
			t.Errorf("running %v: an empty machine: %q", running, r.errors)
		}
	}
	carol.must(0, "send", bob.ready.ID, "chosen by ID")
	bob.received(patience, "chosen by ID")
	carol.must(0, "send", alice.at("10.1.0.1"), "chosen by port")
	alice.received(patience, "chosen by port")
}

// TestManyProfilesOnOneMachine fills a terminal server.
func TestManyProfilesOnOneMachine(t *testing.T) {
	t.Parallel()
	office := newLab(t).office("10.1.0.0/24", "server", "Carol").hosts
	var all []*process
	for i := range 6 {
		all = append(all, office[0].profile("User"+strconv.Itoa(i)).daemon())
	}
	carol := office[1].daemon()
	gathered(worstMeeting, append(all, carol)...)
	r := carol.must(5, "send", "10.1.0.1", "which of you?")
	for _, d := range all {
		if !strings.Contains(r.errors, d.ready.ID[:7]) {
			t.Errorf("%s is not offered: %q", d.name, r.errors)
		}
	}
}

// TestStatusIsSeen follows what somebody says about themself.
func TestStatusIsSeen(t *testing.T) {
	t.Parallel()
	office := newLab(t).office("10.1.0.0/24", "Alice", "Bob").hosts
	alice, bob := office[0].daemon(), office[1].daemon()
	gathered(worstMeeting, alice, bob)
	bob.must(0, "status", "busy", "--text", "until four")
	type seen struct {
		ID, Status string
		StatusText string `json:"status_text"`
	}
	alice.until("sees that Bob is busy", worstMeeting, func([]entry) bool {
		list := parseLines[seen](t, alice.must(0, "peers", "--json").out)
		return slices.Contains(list, seen{bob.ready.ID, "busy", "until four"})
	})
	bob.must(0, "status", "invisible")
	alice.misses(worstMeeting, bob)
	alice.must(0, "send", bob.at("10.1.0.2"), "I know that you are there")
	bob.received(patience, "I know that you are there")
	bob.must(0, "status", "online")
	alice.meets(worstMeeting, bob)
}
