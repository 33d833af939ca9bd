package doctor_test

import (
	"encoding/json"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"feihong/transport/doctor"
)

// onLink are the facts about a machine in the own network, routed about one
// elsewhere, before anything was tried.
func onLink() doctor.Facts {
	f := routed()
	f.Host, f.Address, f.OnLink = netip.MustParseAddr("192.168.1.30"), "192.168.1.30:50000", true
	return f
}

func routed() doctor.Facts {
	return doctor.Facts{
		Address: "10.8.0.30:50000", Host: netip.MustParseAddr("10.8.0.30"), Port: 50000, UDPPort: 24250,
		Networks: []netip.Prefix{netip.MustParsePrefix("192.168.1.20/24")}, Interface: "eth0",
	}
}

// with changes facts.
func with(f doctor.Facts, change func(*doctor.Facts)) doctor.Facts {
	change(&f)
	return f
}

func TestJudge(t *testing.T) {
	helper := []doctor.FarFacts{{Who: "Mei", Ping: doctor.Works, UDP: doctor.Works, TCP: doctor.Works}}
	type f = *doctor.Facts
	silent := func(f f) { f.Ping, f.UDP, f.TCP = doctor.Silent, doctor.Silent, doctor.Silent }
	answers := func(f f) {
		f.Ping, f.UDP, f.TCP, f.Greeting = doctor.Works, doctor.Works, doctor.Works, doctor.Greeted
		f.Identity = doctor.KnownPerson
	}
	tests := []struct {
		name  string
		facts doctor.Facts
		want  string
	}{
		{"all well", with(onLink(), answers), doctor.CauseFine},
		{"all well, ping silent", with(onLink(), func(f f) { answers(f); f.Ping = doctor.Silent }), doctor.CauseFine},
		{"a stranger", with(onLink(), func(f f) { answers(f); f.Identity = doctor.Stranger }), doctor.CauseFine},
		{"UDP dropped", with(onLink(), func(f f) { answers(f); f.UDP = doctor.Silent }), doctor.CauseFineUDPBlocked},
		{"UDP not let out", with(onLink(), func(f f) { answers(f); f.UDP = doctor.Denied }), doctor.CauseFineUDPBlocked},
		{"UDP not tried", with(onLink(), func(f f) { answers(f); f.UDP = doctor.NotTried }), doctor.CauseFine},
		{"they do not reach us", with(onLink(), func(f f) {
			answers(f)
			f.Far = []doctor.FarFacts{{Target: true, TCP: doctor.Silent}}
		}), doctor.CauseFineOneWay},
		{"they reach us", with(onLink(), func(f f) {
			answers(f)
			f.Far = []doctor.FarFacts{{Target: true, TCP: doctor.Works}}
		}), doctor.CauseFine},
		{"we do not reach them", with(onLink(), func(f f) {
			f.Ping, f.UDP, f.TCP, f.FromThere = doctor.Works, doctor.Works, doctor.Silent, true
		}), doctor.CauseFineFromThere},
		{"no address", with(onLink(), func(f f) { f.Problem.Key = "address.part-count" }), doctor.CauseBadAddress},
		{"ourselves", with(onLink(), func(f f) { f.Self = true }), doctor.CauseSelf},
		{"ourselves by key", with(onLink(), func(f f) { answers(f); f.Greeting = doctor.GreetedSelf }), doctor.CauseSelf},
		{"no network", with(routed(), func(f f) { f.Networks, f.NoRoute = nil, true }), doctor.CauseNoNetwork},
		{"unplugged", with(routed(), func(f f) {
			f.Networks, f.NoRoute, f.LinksDown = nil, true, []string{"eth0"}
		}), doctor.CauseInterfaceDown},
		{"unplugged, docker left", with(routed(), func(f f) {
			f.OnlyVirtual, f.NoRoute, f.LinksDown = true, true, []string{"eth0"}
		}), doctor.CauseInterfaceDown},
		{"in a container", with(routed(), func(f f) { f.OnlyVirtual, f.NoRoute = true, true }), doctor.CauseNoRoute},
		{"name unknown", with(routed(), func(f f) { f.Host, f.NameUnknown = netip.Addr{}, true }), doctor.CauseNameNotFound},
		{"name unknown, as there is no network", with(routed(), func(f f) {
			f.Host, f.NameUnknown, f.Networks = netip.Addr{}, true, nil
		}), doctor.CauseNoNetwork},
		{"no way", with(routed(), func(f f) { f.NoRoute = true }), doctor.CauseNoRoute},
		{"no way, says the router", with(routed(), func(f f) {
			silent(f)
			f.TCP = doctor.NoRoute
		}), doctor.CauseNoRoute},
		{"no way, own address missing", with(routed(), func(f f) { f.NoRoute, f.SelfAssigned = true, true }), doctor.CauseNoAddress},
		{"no way, mask too narrow", with(routed(), func(f f) {
			f.NoRoute, f.Host = true, netip.MustParseAddr("192.168.1.200")
			f.Networks = []netip.Prefix{netip.MustParsePrefix("192.168.1.20/25")}
		}), doctor.CauseWrongPrefix},
		{"routed away, mask too narrow", with(routed(), func(f f) {
			silent(f)
			f.Host = netip.MustParseAddr("192.168.1.200")
			f.Networks = []netip.Prefix{netip.MustParsePrefix("192.168.1.20/26")}
		}), doctor.CauseWrongPrefix},
		{"a small network, the other one answers", with(routed(), func(f f) {
			f.Ping, f.UDP, f.TCP = doctor.Works, doctor.Silent, doctor.Refused
			f.Host = netip.MustParseAddr("192.168.1.200")
			f.Networks = []netip.Prefix{netip.MustParsePrefix("192.168.1.20/26")}
		}), doctor.CauseNoProgram},
		{"heard on the link, but not of our network", with(routed(), func(f f) {
			f.NoRoute, f.HeardOnLink, f.HeardOf = true, true, true
		}), doctor.CauseWrongPrefix},
		{"their mask", with(onLink(), func(f f) {
			silent(f)
			f.Neighbour, f.Wireless, f.Far = doctor.NeighbourPresent, doctor.WirelessNo, helper
		}), doctor.CauseWrongPrefix},
		{"nothing there", with(onLink(), func(f f) { silent(f); f.Neighbour = doctor.NeighbourAbsent }), doctor.CauseNothingThere},
		{"nothing there, at once", with(onLink(), func(f f) { silent(f); f.TCP = doctor.NoRoute }), doctor.CauseNothingThere},
		{"nothing there, no port", with(onLink(), func(f f) {
			silent(f)
			f.TCP, f.Port, f.Neighbour = doctor.NotTried, 0, doctor.NeighbourAbsent
		}), doctor.CauseNothingThere},
		{"gone a moment ago", with(onLink(), func(f f) {
			silent(f)
			f.HeardOnLink, f.Neighbour = true, doctor.NeighbourAbsent
		}), doctor.CauseNothingThere},
		{"silent elsewhere", with(routed(), silent), doctor.CauseNoAnswer},
		{"program not running", with(onLink(), func(f f) {
			f.Ping, f.UDP, f.TCP = doctor.Works, doctor.Silent, doctor.Refused
		}), doctor.CauseNoProgram},
		{"program not running, no port", with(onLink(), func(f f) {
			f.Ping, f.UDP, f.Port = doctor.Works, doctor.Silent, 0
		}), doctor.CauseNoProgram},
		{"program heard of, no port", with(routed(), func(f f) {
			f.Ping, f.UDP, f.Port, f.HeardOf = doctor.Works, doctor.Silent, 0, true
		}), doctor.CauseUDPBlocked},
		{"other program", with(onLink(), func(f f) { answers(f); f.Greeting = doctor.GreetedForeign }), doctor.CauseOtherProgram},
		{"other program, ours elsewhere", with(onLink(), func(f f) {
			answers(f)
			f.Greeting, f.RightPort = doctor.GreetedForeign, 50001
		}), doctor.CauseWrongPort},
		{"closed port, ours elsewhere", with(onLink(), func(f f) {
			f.UDP, f.TCP, f.RightPort = doctor.Works, doctor.Refused, 50001
		}), doctor.CauseWrongPort},
		{"several", with(onLink(), func(f f) {
			f.UDP, f.TCP, f.Several = doctor.Works, doctor.Works, []string{"A", "B"}
		}), doctor.CauseTwoInstances},
		{"several, unreachable", with(onLink(), func(f f) {
			f.UDP, f.TCP, f.Several = doctor.Works, doctor.Silent, []string{"A", "B"}
		}), doctor.CauseTCPBlockedThere},
		{"TCP dropped there", with(onLink(), func(f f) { silent(f); f.UDP = doctor.Works }), doctor.CauseTCPBlockedThere},
		{"TCP rejected there", with(onLink(), func(f f) { f.UDP, f.TCP = doctor.Works, doctor.Refused }), doctor.CauseTCPBlockedThere},
		{"TCP not let out", with(onLink(), func(f f) { silent(f); f.TCP = doctor.Denied }), doctor.CauseTCPBlockedHere},
		{"UDP not let out, TCP without a word", with(onLink(), func(f f) { silent(f); f.UDP = doctor.Denied }), doctor.CauseTCPBlockedHere},
		{"rejecting, and silent to ping", with(onLink(), func(f f) {
			silent(f)
			f.TCP, f.Neighbour = doctor.NoRoute, doctor.NeighbourPresent
		}), doctor.CauseFirewallThere},
		{"UDP not let out, no port", with(onLink(), func(f f) {
			silent(f)
			f.TCP, f.UDP = doctor.NotTried, doctor.Denied
		}), doctor.CauseUDPBlockedHere},
		{"only we do not reach them", with(onLink(), func(f f) {
			silent(f)
			f.Ping, f.Far = doctor.Works, helper
		}), doctor.CauseTCPBlockedHere},
		{"only our network does not reach them", with(routed(), func(f f) { silent(f); f.Far = helper }), doctor.CauseBlockedBetween},
		{"only our network is refused", with(routed(), func(f f) { f.TCP, f.Far = doctor.Refused, helper }), doctor.CauseBlockedBetween},
		{"our firewall filters", with(routed(), func(f f) {
			silent(f)
			f.Far, f.Firewall.OutFilters = helper, true
		}), doctor.CauseTCPBlockedHere},
		{"nobody reaches them", with(routed(), func(f f) {
			silent(f)
			f.Far = []doctor.FarFacts{{Who: "Mei", Ping: doctor.Silent, TCP: doctor.Silent}}
		}), doctor.CauseNoAnswer},
		{"on, but deaf", with(onLink(), func(f f) { silent(f); f.Ping = doctor.Works }), doctor.CauseFirewallThere},
		{"on, deaf, rejecting", with(onLink(), func(f f) {
			silent(f)
			f.Ping, f.TCP = doctor.Works, doctor.NoRoute
		}), doctor.CauseFirewallThere},
		{"only a hardware address, cable", with(onLink(), func(f f) {
			silent(f)
			f.Neighbour, f.Wireless = doctor.NeighbourPresent, doctor.WirelessNo
		}), doctor.CauseFirewallThere},
		{"only a hardware address, Wi-Fi", with(onLink(), func(f f) {
			silent(f)
			f.Neighbour, f.Wireless = doctor.NeighbourPresent, doctor.WirelessYes
		}), doctor.CauseIsolation},
		{"only a hardware address, and others get through", with(onLink(), func(f f) {
			silent(f)
			f.Neighbour, f.Wireless, f.Far = doctor.NeighbourPresent, doctor.WirelessYes, helper
		}), doctor.CauseIsolation},
		{"heard, but no answer", with(onLink(), func(f f) {
			silent(f)
			f.HeardOnLink, f.HeardOf, f.Neighbour = true, true, doctor.NeighbourPresent
		}), doctor.CauseOneWay},
		{"another key", with(onLink(), func(f f) { answers(f); f.Identity = doctor.SameNameAnotherKey }), doctor.CauseIdentityChanged},
		{"another person", with(onLink(), func(f f) { answers(f); f.Identity = doctor.AnotherPerson }), doctor.CauseOtherPerson},
		{"another person, told by UDP", with(onLink(), func(f f) {
			f.UDP, f.TCP, f.OtherThere = doctor.Works, doctor.Refused, doctor.AnotherPerson
		}), doctor.CauseOtherPerson},
		{"another person, told by UDP, and no port", with(onLink(), func(f f) {
			f.UDP, f.Port, f.OtherThere = doctor.Works, 0, doctor.AnotherPerson
		}), doctor.CauseOtherPerson},
		{"another key, told by UDP", with(onLink(), func(f f) {
			silent(f)
			f.UDP, f.OtherThere = doctor.Works, doctor.SameNameAnotherKey
		}), doctor.CauseIdentityChanged},
		{"another person, and the one who is meant is connected", with(onLink(), func(f f) {
			f.UDP, f.TCP, f.OtherThere, f.FromThere = doctor.Works, doctor.Silent, doctor.AnotherPerson, true
		}), doctor.CauseOtherPerson},
		{"others there, and the one who is meant too", with(onLink(), func(f f) {
			answers(f)
			f.OtherThere = doctor.AnotherPerson
		}), doctor.CauseFine},
		{"others there, TCP not let out", with(onLink(), func(f f) {
			f.UDP, f.TCP, f.OtherThere = doctor.Works, doctor.Denied, doctor.AnotherPerson
		}), doctor.CauseTCPBlockedHere},
		{"too old there", with(onLink(), func(f f) { answers(f); f.Greeting = doctor.TheyAreOld }), doctor.CauseOldVersion},
		{"too old here", with(onLink(), func(f f) { answers(f); f.Greeting = doctor.WeAreOld }), doctor.CauseOldHere},
		{"refused", with(onLink(), func(f f) { answers(f); f.Greeting = doctor.GreetingRefused }), doctor.CauseRefused},
		{"blocked here", with(onLink(), func(f f) { answers(f); f.Greeting = doctor.BlockedHere }), doctor.CauseBlockedHere},
		{"our own machine", with(onLink(), func(f f) { f.Own, f.TCP = true, doctor.Refused }), doctor.CauseOwnMachine},
		{"our own machine, another profile", with(onLink(), func(f f) {
			f.Own, f.UDP, f.TCP, f.RightPort = true, doctor.Works, doctor.Refused, 50001
		}), doctor.CauseWrongPort},
		{"broken", with(onLink(), func(f f) { answers(f); f.Greeting = doctor.GreetingBroken }), doctor.CauseGreetingBroken},
		{"loopback without a network", with(routed(), func(f f) {
			f.Networks, f.Host, f.TCP = nil, netip.MustParseAddr("127.0.0.1"), doctor.Refused
		}), doctor.CauseNoProgram},
	}
	seen := make(map[string]bool)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := doctor.Judge(test.facts)
			seen[got.Cause] = true
			if got.Cause != test.want {
				t.Errorf("got %s, want %s", got.Cause, test.want)
			}
			if fine := strings.HasPrefix(test.want, "fine"); got.OK != fine {
				t.Errorf("OK is %v", got.OK)
			}
		})
	}
	for cause := range doctor.Causes() {
		if !seen[cause] && !slices.Contains(machineCauses, cause) {
			t.Errorf("no case has the cause %s", cause)
		}
	}
}

// Where somebody is now is told instead of what else could be done.
func TestJudgeTellsWhereSomebodyIs(t *testing.T) {
	const now = "192.168.1.77:50001"
	type f = *doctor.Facts
	tests := []struct {
		name   string
		change func(*doctor.Facts)
		cause  string
		text   map[string]any
		moved  bool
	}{
		{"another person", func(f f) {
			f.TCP, f.Greeting, f.Identity, f.Name = doctor.Works, doctor.Greeted, doctor.AnotherPerson, "Wei"
		}, doctor.CauseOtherPerson, map[string]any{"expected": "Mei", "name": "Wei", "address": "192.168.1.30:50000"}, true},
		{"another person, at whatever port", func(f f) {
			f.UDP, f.TCP, f.OtherThere, f.OtherName = doctor.Works, doctor.Refused, doctor.AnotherPerson, "Wei"
		}, doctor.CauseOtherPerson, map[string]any{"expected": "Mei", "name": "Wei", "address": "192.168.1.30"}, true},
		{"another key", func(f f) {
			f.TCP, f.Greeting, f.Identity = doctor.Works, doctor.Greeted, doctor.SameNameAnotherKey
		}, doctor.CauseIdentityChanged, map[string]any{"expected": "Mei", "address": "192.168.1.30:50000"}, true},
		{"nothing there", func(f f) { f.TCP = doctor.Silent }, doctor.CauseNothingThere, map[string]any{"host": "192.168.1.30"}, true},
		{"not running", func(f f) { f.Ping, f.TCP = doctor.Works, doctor.Refused }, doctor.CauseNoProgram, map[string]any{"host": "192.168.1.30"}, true},
		{"another program", func(f f) { f.TCP, f.Greeting = doctor.Works, doctor.GreetedForeign },
			doctor.CauseOtherProgram, map[string]any{"address": "192.168.1.30:50000"}, true},
		{"there after all", func(f f) { f.TCP, f.Greeting, f.Identity = doctor.Works, doctor.Greeted, doctor.KnownPerson },
			doctor.CauseFine, map[string]any{"name": "Mei", "address": "192.168.1.30:50000"}, false},
		{"our own fault", func(f f) { f.TCP = doctor.Denied }, doctor.CauseTCPBlockedHere, map[string]any{"host": "192.168.1.30"}, false},
	}
	for _, test := range tests {
		for _, moved := range []bool{true, false} {
			facts := with(onLink(), func(f f) {
				f.Expected, f.Name = "Mei", "Mei"
				if moved {
					f.Moved = netip.MustParseAddrPort(now)
				}
				test.change(f)
			})
			got := doctor.Judge(facts)
			advice := doctor.Text{Key: "doctor.advice." + test.cause, Args: test.text}
			if moved && test.moved {
				advice = doctor.Text{Key: "doctor.advice.moved", Args: map[string]any{"expected": "Mei", "now": now}}
			}
			if got.Cause != test.cause || !maps.Equal(got.Text.Args, test.text) || got.Advice.Key != advice.Key || !maps.Equal(got.Advice.Args, advice.Args) {
				t.Errorf("%s: got %+v", test.name, got)
			}
		}
	}
}

// machineCauses are those that only a verdict about this machine has.
var machineCauses = []string{
	doctor.CauseMachineFine, doctor.CauseNotRunning, doctor.CauseNotListening, doctor.CauseFirewallHere, doctor.CauseUDPPortTaken,
	doctor.CauseDiscoveryOff, doctor.CauseDiscoveryLoopback, doctor.CauseInvisible, doctor.CauseNobodyHeard,
}

func TestJudgeMachine(t *testing.T) {
	ready := func(change func(*doctor.MachineFacts)) doctor.MachineFacts {
		f := doctor.MachineFacts{Networks: 1, TCPPort: 50000, UDPPort: 24250, Heard: 3, Discovery: doctor.DiscoveryOn}
		change(&f)
		return f
	}
	type f = *doctor.MachineFacts
	tests := []struct {
		facts doctor.MachineFacts
		want  string
	}{
		{ready(func(f f) {}), doctor.CauseMachineFine},
		{ready(func(f f) { f.Heard = 0 }), doctor.CauseNobodyHeard},
		{ready(func(f f) { f.Networks = 0 }), doctor.CauseNoNetwork},
		{ready(func(f f) { f.Networks, f.LinksDown = 0, []string{"eth0"} }), doctor.CauseInterfaceDown},
		{ready(func(f f) { f.OnlyVirtual, f.LinksDown = true, []string{"eth0"} }), doctor.CauseInterfaceDown},
		{ready(func(f f) { f.LinksDown = []string{"wlan0"} }), doctor.CauseMachineFine},
		{ready(func(f f) { f.SelfAssigned = true }), doctor.CauseNoAddress},
		{ready(func(f f) { f.TCPPort = 0 }), doctor.CauseNotListening},
		{ready(func(f f) { f.TCPPort, f.Passive, f.Firewall.UDPClosed = 0, true, true }), doctor.CauseNotRunning},
		{ready(func(f f) { f.TCPPort, f.Passive, f.Networks = 0, true, 0 }), doctor.CauseNoNetwork},
		{ready(func(f f) { f.Firewall.TCPClosed = true }), doctor.CauseFirewallHere},
		{ready(func(f f) { f.Firewall.UDPClosed, f.Heard = true, 0 }), doctor.CauseFirewallHere},
		{ready(func(f f) { f.UDPTrouble, f.Heard = true, 0 }), doctor.CauseUDPPortTaken},
		{ready(func(f f) { f.Discovery, f.Heard = doctor.DiscoveryOff, 0 }), doctor.CauseDiscoveryOff},
		{ready(func(f f) { f.Discovery = doctor.DiscoveryLoopback }), doctor.CauseDiscoveryLoopback},
		{ready(func(f f) { f.Invisible = true }), doctor.CauseInvisible},
	}
	seen := make(map[string]bool)
	for _, test := range tests {
		got := doctor.JudgeMachine(test.facts)
		seen[got.Cause] = true
		if got.Cause != test.want {
			t.Errorf("%+v: got %s, want %s", test.facts, got.Cause, test.want)
		}
	}
	for _, cause := range machineCauses {
		if !seen[cause] {
			t.Errorf("no case has the cause %s", cause)
		}
	}
}

func texts(t *testing.T, language string) map[string]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "assets", "translations", language+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]string
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

var placeholder = regexp.MustCompile(`\{([a-z]+)\}`)

// Every cause has a text and an advice in both languages, which use exactly
// the arguments that a verdict gives.
func TestCausesHaveTexts(t *testing.T) {
	for _, language := range []string{"en", "zh"} {
		all := texts(t, language)
		for cause, given := range doctor.Causes() {
			text, advice := all["doctor.cause."+cause], all["doctor.advice."+cause]
			if advice == "" || text == "" && cause != doctor.CauseBadAddress {
				t.Errorf("%s lacks a text of %s", language, cause)
			}
			used := make(map[string]bool)
			for _, found := range placeholder.FindAllStringSubmatch(text+advice, -1) {
				used[found[1]] = true
				if !slices.Contains(strings.Fields(given), found[1]) {
					t.Errorf("%s: %s needs %s", language, cause, found[0])
				}
			}
			for _, name := range strings.Fields(given) {
				if !used[name] {
					t.Errorf("%s: %s does not use {%s}", language, cause, name)
				}
			}
		}
	}
}
