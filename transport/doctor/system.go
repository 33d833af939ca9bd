package doctor

import (
	"context"
	"errors"
	"net/netip"
	"time"
)

// System is what a Doctor asks the machine itself. Implementations are safe
// for concurrent use and change nothing.
type System interface {
	// OS is the name of the system, as runtime.GOOS.
	OS() string
	// Links gives the network interfaces, up or not, without loopback.
	Links() ([]Link, error)
	// Resolve gives the addresses of a host name.
	Resolve(ctx context.Context, host string) ([]netip.Addr, error)
	// Route gives the own address from which packets to an address would
	// leave. No packet is sent.
	Route(to netip.Addr) (netip.Addr, error)
	// Ping sends an ICMP echo and waits for the answer until ctx ends:
	// ErrSilent. It gives ErrCannot if this program may not.
	Ping(ctx context.Context, to netip.Addr) (time.Duration, error)
	// Neighbour tells what the system knows about the hardware address of
	// a machine on the same link that was just sent something.
	Neighbour(ctx context.Context, at netip.Addr) Neighbour
	// Connect opens a TCP connection and closes it.
	Connect(ctx context.Context, to netip.AddrPort) error
	// ReadFile reads a file of the system, up to a few MB.
	ReadFile(name string) ([]byte, error)
	// Run runs a program of the system and gives what it prints. It gives
	// ErrCannot if there is no such program.
	Run(ctx context.Context, program string, args ...string) ([]byte, error)
	// Privileged tells whether this program has the rights of an
	// administrator.
	Privileged() bool
	// Executable is the path of this program, "" if unknown.
	Executable() string
	// WindowsFirewall reads the settings of the firewall of Windows; it
	// gives ErrCannot elsewhere.
	WindowsFirewall() (WindowsFirewall, error)
}

// ErrCannot says that the system has no such thing, or that this program may
// not use it.
var ErrCannot = errors.New("not possible on this system")

// ErrSilent says that no answer came in time.
var ErrSilent = errors.New("no answer")

// Link is a network interface.
type Link struct {
	Name     string
	Up       bool // switched on
	Running  bool // has a cable or a radio link
	Virtual  bool // exists inside this machine only, or is a tunnel
	Wireless Wireless
}

// Wireless says whether a link is one by radio.
type Wireless uint8

// The answers.
const (
	WirelessUnknown Wireless = iota
	WirelessYes
	WirelessNo
)

// Neighbour says whether a machine on the link answers to its address.
type Neighbour uint8

// The answers.
const (
	NeighbourUnknown Neighbour = iota
	NeighbourPresent           // it told its hardware address just now
	NeighbourAbsent            // it was asked for it and did not answer
)

// WindowsFirewall is what the registry of Windows says. Profiles and networks
// are called "domain", "private" and "public".
type WindowsFirewall struct {
	On        map[string]bool // by profile
	Networks  []string        // profiles of the networks connected now
	BlockedIn map[string]bool // profiles where every connection is blocked, whatever the rules
	Rules     []string        // as the registry has them: "v2.30|Action=Allow|…"
}
