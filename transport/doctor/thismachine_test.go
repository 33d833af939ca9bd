package doctor_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"feihong/protocol"
	"feihong/transport"
	"feihong/transport/doctor"
	"feihong/transport/ether"
	"feihong/transport/identity"
)

// listen accepts connections on loopback and has serve treat each.
func listen(t *testing.T, serve func(net.Conn)) netip.AddrPort {
	t.Helper()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			serve(conn)
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() {
		_ = listener.Close()
		<-ended
	})
	return listener.Addr().(*net.TCPAddr).AddrPort()
}

// unused is a port of loopback on which nobody listens.
func unused(t *testing.T) netip.AddrPort {
	t.Helper()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).AddrPort()
}

func TestConnectForReal(t *testing.T) {
	machine := doctor.Machine()
	if err := machine.Connect(t.Context(), listen(t, func(net.Conn) {})); err != nil {
		t.Errorf("an open port: %v", err)
	}
	if got := doctor.Classify(machine.Connect(t.Context(), unused(t))); got != doctor.Refused {
		t.Errorf("a closed port gives %d", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got := doctor.Classify(machine.Connect(ctx, unused(t))); got != doctor.Silent {
		t.Errorf("a port that there is no time for gives %d", got)
	}
}

func TestClassify(t *testing.T) {
	for err, want := range map[error]doctor.Result{
		nil:                      doctor.Works,
		doctor.ErrSilent:         doctor.Silent,
		context.DeadlineExceeded: doctor.Silent,
		os.ErrDeadlineExceeded:   doctor.Silent,
		os.ErrPermission:         doctor.Denied,
		errors.New("strange"):    doctor.NoRoute,
	} {
		if got := doctor.Classify(err); got != want {
			t.Errorf("%v: got %d, want %d", err, got, want)
		}
	}
}

func TestRunForReal(t *testing.T) {
	if _, err := exec.LookPath("echo"); err != nil || runtime.GOOS == "windows" {
		t.Skip("this system has no program echo")
	}
	output, err := doctor.Machine().Run(t.Context(), "echo", "a  b")
	if err != nil || !bytes.Equal(bytes.TrimSpace(output), []byte("a  b")) {
		t.Errorf("got %q, %v", output, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	began := time.Now()
	if _, err := doctor.Machine().Run(ctx, "sleep", "60"); err == nil || time.Since(began) > 20*time.Second {
		t.Errorf("%v after %v", err, time.Since(began))
	}
}

func TestRunBoundsItsOutput(t *testing.T) {
	if _, err := exec.LookPath("yes"); err != nil {
		t.Skip("this system has no program yes")
	}
	if output, err := doctor.Machine().Run(t.Context(), "yes"); err == nil || len(output) > 8<<20 {
		t.Errorf("%d bytes, %v", len(output), err)
	}
}

// nobody is a transport.Handler that does nothing.
type nobody struct{}

func (nobody) Up(*transport.Session)                                    {}
func (nobody) Receive(*transport.Session, protocol.Application, []byte) {}
func (nobody) Down(*transport.Session, error)                           {}

// node starts a real node, on loopback if it listens.
func node(t *testing.T, config transport.Config) (*transport.Node, protocol.PeerID) {
	t.Helper()
	id, err := identity.Generate()
	if err != nil {
		t.Fatal(err)
	}
	config.Identity, config.Handler, config.Listen = id, nobody{}, "127.0.0.1"
	n, err := transport.New(config)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- n.Serve(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return n, id.PeerID()
}

// Everything but UDP is real here.
func TestExamineForReal(t *testing.T) {
	ours, own := node(t, transport.Config{NoListen: true})
	theirs, them := node(t, transport.Config{Name: func() string { return "Mei" }})
	mine, _ := node(t, transport.Config{Admit: func(protocol.PeerID) error { return errors.New("no") }})
	tests := []struct {
		name, address string
		known         protocol.PeerID
		want          string
		way           string
	}{
		{"open", theirs.Addresses()[0], protocol.PeerID{}, doctor.CauseFineUDPBlocked, "tcp:ok greeting:ok identity:note"},
		{"known", theirs.Addresses()[0], them, doctor.CauseFineUDPBlocked, "tcp:ok greeting:ok identity:ok"},
		{"somebody else", theirs.Addresses()[0], wei, doctor.CauseOtherPerson, "tcp:ok greeting:ok identity:failed"},
		{"not wanted", mine.Addresses()[0], protocol.PeerID{}, doctor.CauseRefused, "tcp:ok greeting:failed"},
		{"refused", unused(t).String(), protocol.PeerID{}, doctor.CauseOwnMachine, "tcp:failed"},
		{"web server", listen(t, func(conn net.Conn) {
			_, _ = conn.Read(make([]byte, 100))
			_, _ = conn.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
		}).String(), protocol.PeerID{}, doctor.CauseOtherProgram, "tcp:ok greeting:failed"},
		{"hangs up", listen(t, func(net.Conn) {}).String(), protocol.PeerID{}, doctor.CauseOtherProgram, "tcp:ok greeting:failed"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := doctor.New(doctor.Config{
				Self:       func() doctor.Self { return doctor.Self{ID: own} },
				Interfaces: func() ([]ether.Interface, error) { return office().interfaces, nil },
				Heard:      func() []doctor.Heard { return nil },
				Ask:        func(context.Context, netip.Addr) ([]doctor.Instance, error) { return nil, nil },
				Known: func(netip.AddrPort) []doctor.Acquaintance {
					if test.known.IsZero() {
						return nil
					}
					return []doctor.Acquaintance{{ID: test.known, Name: "Wei"}}
				},
				Dial: func(ctx context.Context, address string, want protocol.PeerID) (protocol.PeerID, string, error) {
					session, err := ours.Dial(ctx, address, want)
					if err != nil {
						return protocol.PeerID{}, "", err
					}
					return session.Peer(), session.Name(), nil
				},
			})
			report, err := d.Examine(t.Context(), test.address, nil)
			if err != nil || report.Verdict.Cause != test.want || !strings.Contains(way(report), test.way) {
				t.Errorf("got %s, %v; %s", report.Verdict.Cause, err, way(report))
			}
			checkReport(t, report)
		})
	}
}

// Looking at this machine must work with whatever rights there are.
func TestMachineForReal(t *testing.T) {
	d := doctor.New(doctor.Config{
		Self:       func() doctor.Self { return doctor.Self{ID: self, Name: "Own", TCPPort: 50000} },
		Interfaces: func() ([]ether.Interface, error) { return office().interfaces, nil },
		Heard:      func() []doctor.Heard { return nil },
	})
	report, err := d.Examine(t.Context(), "", nil)
	if err != nil || found(report, "firewall") == "" {
		t.Errorf("got %+v, %v", report, err)
	}
	checkReport(t, report)
}
