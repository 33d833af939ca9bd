//go:build e2e

package e2e

import (
	"database/sql"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite" // the driver
)

// diagnosis is what the doctor found out, as far as these tests read it.
type diagnosis struct {
	Steps   []struct{ Check, Outcome string }
	Verdict struct {
		OK    bool
		Cause string
	}
}

// examine asks the doctor about an address, or about the machine.
func (p *profile) examine(address ...string) diagnosis {
	p.t.Helper()
	r := p.run(append(append([]string{"doctor"}, address...), "--json")...)
	reports := parseLines[diagnosis](p.t, r.out)
	if len(reports) != 1 {
		p.t.Fatalf("doctor %q ended with %d\n%s%s", address, r.code, r.out, r.errors)
	}
	return reports[0]
}

// scene is a small office in which something may be wrong.
type scene struct {
	*lab
	office           *link
	here, there, top *host // Alice's, Bob's and Carol's machines
	alice            *process
}

// situation is something that the doctor has to recognise.
type situation struct {
	stage func(s *scene) (address string)
	cause string
}

// situations, by name. In each, Alice runs and asks about the address that
// stage gives back.
var situations = map[string]situation{
	"all fine": {func(s *scene) string {
		return s.there.daemon().at("10.1.0.2")
	}, "fine"},
	"all fine, IP alone": {func(s *scene) string {
		s.there.daemon()
		return "10.1.0.2"
	}, "fine"},
	"all fine, link-local": {func(s *scene) string {
		return s.there.daemon().at(s.there.linkLocal("eth0") + "%eth0")
	}, "fine"},
	"fine, but no answer to ping": {func(s *scene) string {
		s.there.filterAt([]string{"input"}, "icmp type echo-request drop")
		return s.there.daemon().at("10.1.0.2")
	}, "fine"},
	"nothing there": {func(*scene) string { return "10.1.0.99:50000" }, "nothing-there"},
	"nothing there, IP alone": {func(*scene) string {
		return "10.1.0.99"
	}, "nothing-there"},
	"host up, no program": {func(*scene) string { return "10.1.0.2:50000" }, "host-up-no-program"},
	"host up, no program, IP alone": {func(*scene) string {
		return "10.1.0.2"
	}, "host-up-no-program"},
	"another program": {func(s *scene) string {
		return s.there.website()
	}, "other-program"},
	"wrong port": {func(s *scene) string {
		s.there.daemon("--port", "50001")
		return "10.1.0.2:50002"
	}, "wrong-port"},
	"UDP dropped": {func(s *scene) string {
		s.there.filter(noBeacon, noMDNS)
		return s.there.daemon().at("10.1.0.2")
	}, "fine-but-udp-blocked"},
	"TCP dropped one way": {func(s *scene) string {
		s.there.filterAt([]string{"input"}, noConnections)
		return s.there.daemon().at("10.1.0.2")
	}, "fine-only-from-there"},
	"TCP dropped the other way": {func(s *scene) string {
		s.here.filterAt([]string{"input"}, noConnections)
		return s.there.daemon().at("10.1.0.2")
	}, "fine-only-one-way"},
	"TCP dropped both ways": {func(s *scene) string {
		s.there.filter(noConnections)
		return s.there.daemon().at("10.1.0.2")
	}, "tcp-blocked-there"},
	"TCP dropped by our own firewall": {func(s *scene) string {
		s.here.filter("meta l4proto tcp ip daddr 10.1.0.2 drop; meta l4proto tcp ip saddr 10.1.0.2 drop", noIPv6)
		s.alice.must(0, "send", s.top.daemon().at("10.1.0.3"), "a colleague to ask")
		return s.there.daemon().at("10.1.0.2")
	}, "tcp-blocked-here"},
	"everything dropped": {func(s *scene) string {
		s.there.filter("oifname lo accept; iifname lo accept; drop")
		return s.there.daemon().at("10.1.0.2")
	}, "firewall-there"},
	"wrong prefix": {func(s *scene) string {
		s.there.ip("address flush dev eth0 scope global")
		s.there.ip("address add 10.1.7.2/16 dev eth0")
		bob := s.there.daemon()
		s.alice.meets(worstMeeting, bob)
		return bob.at("10.1.7.2")
	}, "wrong-prefix"},
	"mask too long": {func(s *scene) string {
		s.here.ip("address flush dev eth0 scope global")
		s.here.ip("address add 10.1.0.200/28 dev eth0")
		return s.there.daemon().at("10.1.0.2")
	}, "wrong-prefix"},
	"other subnet without route": {func(s *scene) string {
		return s.office2().daemon().at("10.2.0.1")
	}, "no-route"},
	"other subnet": {func(s *scene) string {
		bob := s.office2()
		s.router(s.office, bob.home)
		return bob.daemon().at("10.2.0.1")
	}, "fine"},
	"filter between subnets": {func(s *scene) string {
		bob := s.office2()
		s.router(s.office, bob.home).filterAt([]string{"forward"}, "drop")
		return bob.daemon().at("10.2.0.1")
	}, "no-answer"},
	"filter between subnets, for us alone": {func(s *scene) string {
		bob := s.office2()
		s.router(s.office, bob.home).filterAt([]string{"forward"}, "ip saddr 10.1.0.1 drop; ip daddr 10.1.0.1 drop")
		carol, bruno := s.top.daemon(), bob.daemon()
		// Only who knows somebody looks at their address for others.
		carol.must(0, "send", bruno.at("10.2.0.1"), "do you hear me?")
		s.alice.must(0, "send", carol.at("10.1.0.3"), "a colleague to ask")
		return bruno.at("10.2.0.1")
	}, "blocked-between"},
	"two instances": {func(s *scene) string {
		s.there.daemon()
		s.there.profile("Berta").daemon()
		return "10.1.0.2"
	}, "two-instances"},
	"identity changed": {func(s *scene) string {
		bob := s.there.daemon()
		s.alice.must(0, "send", bob.at("10.1.0.2"), "before")
		bob.stop()
		if err := os.Rename(filepath.Join(bob.data, bob.name), filepath.Join(bob.data, "stolen")); err != nil {
			s.t.Fatal(err)
		}
		return s.there.daemon("--port", samePort(bob)).at("10.1.0.2")
	}, "identity-changed"},
	"another person": {func(s *scene) string {
		bob := s.there.daemon()
		s.alice.must(0, "send", bob.at("10.1.0.2"), "before")
		bob.stop()
		return s.there.profile("Berta").daemon("--port", samePort(bob)).at("10.1.0.2")
	}, "other-person"},
	"blocked by them": {func(s *scene) string {
		bob := s.there.daemon()
		s.alice.must(0, "send", bob.at("10.1.0.2"), "before")
		bob.stop()
		bob.blockEverybody()
		return s.there.daemon("--port", samePort(bob)).at("10.1.0.2")
	}, "refused-by-them"},
	"own interface down": {func(s *scene) string {
		s.here.ip("link set eth0 down")
		return s.there.daemon().at("10.1.0.2")
	}, "interface-down"},
	"name not found": {func(s *scene) string {
		s.here.nameServer()
		return "nobody.example:50000"
	}, "name-not-found"},
	"oneself":        {func(s *scene) string { return s.alice.at("10.1.0.1") }, "self"},
	"not an address": {func(*scene) string { return "10.1.0.300:50000" }, "bad-address"},
}

// noConnections stops connections, but no packets of those there are.
const noConnections = "tcp flags & (syn|ack) == syn drop"

// TestDoctor stages what can go wrong, and asks.
func TestDoctor(t *testing.T) {
	for name, situation := range situations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			office := l.office("10.1.0.0/24", "Alice", "Bob", "Carol")
			s := &scene{lab: l, office: office, here: office.hosts[0], there: office.hosts[1], top: office.hosts[2]}
			s.alice = s.here.daemon()
			address := situation.stage(s)
			got := s.alice.examine(address)
			if got.Verdict.Cause != situation.cause || got.Verdict.OK != strings.HasPrefix(situation.cause, "fine") {
				t.Errorf("doctor %s: %+v, want the cause %q", address, got, situation.cause)
			}
		})
	}
}

// TestDoctorOfTheMachine asks about the machine itself.
func TestDoctorOfTheMachine(t *testing.T) {
	tests := map[string]struct {
		stage func(here, there *host) *process
		cause string
	}{
		"all fine": {func(here, there *host) *process {
			alice := here.daemon()
			gathered(worstMeeting, alice, there.daemon())
			return alice
		}, "machine-fine"},
		"alone":             {func(here, _ *host) *process { return here.daemon() }, "nobody-heard"},
		"discovery off":     {func(here, _ *host) *process { return here.daemon("--discovery", "off") }, "discovery-off"},
		"discovery at home": {func(here, _ *host) *process { return here.daemon("--discovery", "loopback") }, "discovery-loopback"},
		"cable out": {func(here, _ *host) *process {
			here.ip("link set eth0 down")
			return here.daemon()
		}, "interface-down"},
		"no network": {func(here, _ *host) *process {
			here.ip("link del eth0")
			return here.daemon()
		}, "no-network"},
		"firewall": {func(here, _ *host) *process {
			here.mustInput(here.t, "table inet firewall {\nchain input {\ntype filter hook input priority 0; policy drop;\niifname lo accept\nct state established,related accept\n}\n}\n", "nft", "-f", "-")
			return here.daemon()
		}, "firewall-here"},
		"port taken": {func(here, _ *host) *process {
			here.occupy()
			return here.daemon()
		}, "udp-port-taken"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			office := newLab(t).office("10.1.0.0/24", "Alice", "Bob").hosts
			alice := test.stage(office[0], office[1])
			if got := alice.examine(); got.Verdict.Cause != test.cause {
				t.Errorf("doctor: %+v, want the cause %q", got, test.cause)
			}
		})
	}
}

// neighbour is a host in an office of its own.
type neighbour struct {
	*host
	home *link
}

// office2 makes another office, with Bruno in it.
func (s *scene) office2() neighbour {
	s.t.Helper()
	home := s.lab.office("10.2.0.0/24", "Bruno")
	return neighbour{home.hosts[0], home}
}

// blockEverybody puts everybody whom a profile knows on its block list, as its
// window can. The profile must not be running.
func (p *profile) blockEverybody() {
	p.t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(p.data, p.name, "feihong.db"))
	if err != nil {
		p.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("UPDATE contacts SET blocked = 1"); err != nil {
		p.t.Fatal(err)
	}
}

// website is a program on the host that is not ours, and its address.
func (h *host) website() (address string) {
	h.t.Helper()
	var l net.Listener
	err := h.do(func() (err error) {
		l, err = net.Listen("tcp4", "0.0.0.0:8080")
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	server := &http.Server{Handler: http.NotFoundHandler()}
	h.t.Cleanup(func() { server.Close() })
	go func() { _ = server.Serve(l) }() // until it is closed
	return "10.1.0.2:8080"
}

// occupy takes the port of discovery without sharing it.
func (h *host) occupy() {
	h.t.Helper()
	err := h.do(func() error {
		conn, err := net.ListenPacket("udp", ":24250")
		if err == nil {
			h.t.Cleanup(func() { conn.Close() })
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// nameServer lets the host's own name server know no name at all.
func (h *host) nameServer() {
	h.t.Helper()
	config, err := os.ReadFile("/etc/resolv.conf")
	if err != nil {
		h.t.Fatal(err)
	}
	for line := range strings.Lines(string(config)) {
		words := strings.Fields(line)
		if len(words) < 2 || words[0] != "nameserver" {
			continue
		}
		if ip := net.ParseIP(words[1]); ip != nil && !ip.IsLoopback() {
			h.ip("address add", words[1], "dev lo")
		}
		err := h.do(func() error {
			conn, err := net.ListenPacket("udp", net.JoinHostPort(words[1], "53"))
			if err == nil {
				h.t.Cleanup(func() { conn.Close() })
				go knowNobody(conn)
			}
			return err
		})
		if err != nil {
			h.t.Fatal(err)
		}
	}
}

// knowNobody answers every question of a name with that there is none.
func knowNobody(conn net.PacketConn) {
	buffer := make([]byte, 512)
	for {
		n, from, err := conn.ReadFrom(buffer)
		if err != nil {
			return // closed
		}
		if n < 12 {
			continue
		}
		buffer[2], buffer[3] = buffer[2]|0x80, 0x83 // an answer: no such name
		_, _ = conn.WriteTo(buffer[:n], from)
	}
}
