package doctor_test

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"feihong/protocol"
	"feihong/transport/doctor"
	"feihong/transport/ether"
)

// stage is a System, and all that a Config needs, on which a situation is set
// up. What is not set is silent.
type stage struct {
	self       doctor.Self
	interfaces []ether.Interface
	links      []doctor.Link
	hosts      map[string][]netip.Addr
	noRoute    bool
	noRouteTo  netip.Addr
	ping       error // nil: answers
	neighbour  doctor.Neighbour
	connect    map[uint16]error // by port; missing: silent
	instances  []doctor.Instance
	asked      error
	dial       func(want protocol.PeerID) (protocol.PeerID, string, error)
	known      []doctor.Acquaintance
	heard      []doctor.Heard
	far        func(who protocol.PeerID, about protocol.Examine) (protocol.Examined, error)
	called     func() // by whom we ask to dial us
	files      map[string]string
	tools      map[string]string // by command line
	windows    *doctor.WindowsFirewall
	os         string

	mu         sync.Mutex
	colleagues []doctor.Colleague
	inquiries  []protocol.Examine
}

func (s *stage) OS() string {
	if s.os == "" {
		return "linux"
	}
	return s.os
}
func (s *stage) Links() ([]doctor.Link, error) { return s.links, nil }

func (s *stage) Resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	if found := s.hosts[host]; found != nil {
		return found, nil
	}
	return nil, fmt.Errorf("no such host %s", host)
}

func (s *stage) Route(to netip.Addr) (netip.Addr, error) {
	if s.noRoute || to == s.noRouteTo {
		return netip.Addr{}, syscall.ENETUNREACH
	}
	for _, one := range s.interfaces {
		for _, prefix := range one.Addresses {
			if prefix.Contains(to) {
				return prefix.Addr(), nil
			}
		}
	}
	return own, nil
}

func (s *stage) Ping(ctx context.Context, _ netip.Addr) (time.Duration, error) {
	if s.ping == doctor.ErrSilent {
		<-ctx.Done()
	}
	return time.Millisecond, s.ping
}

func (s *stage) Neighbour(context.Context, netip.Addr) doctor.Neighbour { return s.neighbour }

func (s *stage) Connect(ctx context.Context, to netip.AddrPort) error {
	err, set := s.connect[to.Port()]
	if set {
		return err
	}
	<-ctx.Done()
	return ctx.Err()
}

func (s *stage) ReadFile(name string) ([]byte, error) {
	text, ok := s.files[name]
	if !ok {
		return nil, os.ErrNotExist
	}
	return []byte(text), nil
}

func (s *stage) Run(_ context.Context, program string, args ...string) ([]byte, error) {
	line := strings.Join(append([]string{program}, args...), " ")
	output, ok := s.tools[line]
	if !ok {
		return nil, doctor.ErrCannot
	}
	return []byte(output), nil
}

func (s *stage) Privileged() bool   { return s.tools != nil }
func (s *stage) Executable() string { return `C:\Feihong\feihong.exe` }

func (s *stage) WindowsFirewall() (doctor.WindowsFirewall, error) {
	if s.windows == nil {
		return doctor.WindowsFirewall{}, doctor.ErrCannot
	}
	return *s.windows, nil
}

var (
	own  = netip.MustParseAddr("192.168.1.20")
	desk = netip.MustParseAddr("192.168.1.30")
	away = netip.MustParseAddr("10.8.0.30")
	self = peer(1)
	mei  = peer(2)
	wei  = peer(3)
)

func peer(n byte) protocol.PeerID { return protocol.PeerID{n, 0xF0} }

// office is a stage on which the machine is in the network 192.168.1.0/24 and
// everything else is silent.
func office() *stage {
	return &stage{
		self: doctor.Self{Name: "Own", ID: self, Profile: "default", TCPPort: 50000},
		interfaces: []ether.Interface{
			{Index: 1, Name: "lo", Loopback: true, Addresses: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/8")}},
			{Index: 2, Name: "eth0", Multicast: true, Broadcast: true, Addresses: []netip.Prefix{netip.MustParsePrefix("192.168.1.20/24")}},
		},
		links:     []doctor.Link{{Name: "eth0", Up: true, Running: true, Wireless: doctor.WirelessNo}},
		ping:      doctor.ErrSilent,
		neighbour: doctor.NeighbourAbsent,
		connect:   make(map[uint16]error),
	}
}

// meiAt has Mei's program there, answering to everything.
func (s *stage) meiAt(ip netip.Addr, port uint16) *stage {
	s.ping = nil
	s.instances = []doctor.Instance{{ID: mei, Name: "Mei", Addresses: []netip.AddrPort{netip.AddrPortFrom(ip, port)}}}
	s.connect[port] = nil
	s.dial = func(want protocol.PeerID) (protocol.PeerID, string, error) { return mei, "Mei", nil }
	return s
}

func (s *stage) doctor() *doctor.Doctor {
	return doctor.New(doctor.Config{
		Self:       func() doctor.Self { return s.self },
		Interfaces: func() ([]ether.Interface, error) { return s.interfaces, nil },
		Heard:      func() []doctor.Heard { return s.heard },
		Ask:        s.ask,
		Dial: func(_ context.Context, address string, want protocol.PeerID) (protocol.PeerID, string, error) {
			return s.dial(want)
		},
		Ping:       func(context.Context, protocol.PeerID) (time.Duration, error) { return 2 * time.Millisecond, nil },
		Known:      func(netip.AddrPort) []doctor.Acquaintance { return s.known },
		Person:     s.person,
		Call:       func(protocol.PeerID) { s.call() },
		Colleagues: s.present,
		AskFar:     s.askFar,
		System:     s,
	})
}

func (s *stage) ask(ctx context.Context, _ netip.Addr) ([]doctor.Instance, error) {
	if s.instances == nil && s.asked == nil {
		<-ctx.Done()
		return nil, nil
	}
	return s.instances, s.asked
}

func (s *stage) person(id protocol.PeerID) (doctor.Acquaintance, bool) {
	for _, one := range s.known {
		if one.ID == id {
			return one, true
		}
	}
	return doctor.Acquaintance{}, false
}

func (s *stage) call() {
	if s.called != nil {
		s.called()
	}
}

func (s *stage) present() []doctor.Colleague {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.colleagues
}

func (s *stage) join(one doctor.Colleague) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.colleagues = append(s.colleagues, one)
}

func (s *stage) askFar(_ context.Context, who protocol.PeerID, about protocol.Examine) (protocol.Examined, error) {
	s.mu.Lock()
	s.inquiries = append(s.inquiries, about)
	s.mu.Unlock()
	if s.far == nil {
		return protocol.Examined{}, doctor.ErrSilent
	}
	return s.far(who, about)
}

// examine runs in a bubble, so that silence takes no time.
func (s *stage) examine(t *testing.T, address string) doctor.Report {
	t.Helper()
	return s.examineFor(t, address, protocol.PeerID{})
}

// examineFor is examine for somebody who should be there.
func (s *stage) examineFor(t *testing.T, address string, want protocol.PeerID) (report doctor.Report) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var told []doctor.Step
		var err error
		report, err = s.doctor().ExaminePerson(t.Context(), address, want, func(step doctor.Step) { told = append(told, step) })
		if err != nil {
			t.Fatal(err)
		}
		if len(told) != len(report.Steps) {
			t.Errorf("%d steps were told, %d are in the report", len(told), len(report.Steps))
		}
	})
	return report
}

// way writes the steps of a report in short.
func way(report doctor.Report) string {
	var words []string
	for _, step := range report.Steps {
		words = append(words, step.Check+":"+step.Outcome)
	}
	return strings.Join(words, " ")
}

// The stage and the real machine keep the same contract.
func TestSystems(t *testing.T) {
	staged := office()
	staged.hosts = map[string][]netip.Addr{"localhost": {netip.MustParseAddr("127.0.0.1")}}
	staged.os = runtime.GOOS
	staged.ping = nil
	for name, system := range map[string]doctor.System{"stage": staged, "machine": doctor.Machine()} {
		t.Run(name, func(t *testing.T) { checkSystem(t, system) })
	}
}

func checkSystem(t *testing.T, system doctor.System) {
	loopback := netip.MustParseAddr("127.0.0.1")
	if system.OS() != runtime.GOOS {
		t.Errorf("the system is %s", system.OS())
	}
	if _, err := system.Links(); err != nil {
		t.Errorf("links: %v", err)
	}
	if found, err := system.Resolve(t.Context(), "localhost"); err != nil || !found[0].IsLoopback() {
		t.Errorf("localhost is %v, %v", found, err)
	}
	if _, err := system.Resolve(t.Context(), "no-such-host.invalid"); err == nil {
		t.Error("a host that does not exist was found")
	}
	if source, err := system.Route(loopback); err != nil || source != loopback {
		t.Errorf("to loopback from %v, %v", source, err)
	}
	if _, err := system.Ping(t.Context(), loopback); err != nil && err != doctor.ErrCannot {
		t.Errorf("ping: %v", err)
	}
	if _, err := system.ReadFile("/no/such/file"); err == nil {
		t.Error("a file that does not exist was read")
	}
	if _, err := system.Run(t.Context(), "no-such-tool-of-any-system"); err != doctor.ErrCannot {
		t.Errorf("a tool that does not exist: %v", err)
	}
	if system.Executable() == "" {
		t.Error("the program has no path")
	}
	if _, err := system.WindowsFirewall(); runtime.GOOS != "windows" && err != doctor.ErrCannot {
		t.Errorf("the firewall of Windows: %v", err)
	}
}
