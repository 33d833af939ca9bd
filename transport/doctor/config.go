package doctor

import (
	"context"
	"log/slog"
	"net/netip"
	"time"

	"feihong/protocol"
	"feihong/transport/ether"
)

// Config is what a Doctor works with. Self, Interfaces, Heard, Ask and Dial
// are needed; the others may be nil. All must be safe for concurrent use.
type Config struct {
	// Self tells about this profile.
	Self func() Self
	// Interfaces gives those that are up.
	Interfaces func() ([]ether.Interface, error)
	// Heard tells who was heard, the newest first.
	Heard func() []Heard
	// Ask asks by UDP who is at an address. Nobody answering is no error.
	Ask func(ctx context.Context, at netip.Addr) ([]Instance, error)
	// Dial greets whoever listens at an address, or finds the session with
	// them. Its errors are those of transport.Node.Dial. want is zero for
	// anybody.
	Dial func(ctx context.Context, address string, want protocol.PeerID) (protocol.PeerID, string, error)
	// Ping measures the round trip of the session with somebody.
	Ping func(ctx context.Context, who protocol.PeerID) (time.Duration, error)
	// Known gives those who were at an address before, the latest first.
	// Port 0 means any port.
	Known func(at netip.AddrPort) []Acquaintance
	// Person tells whether somebody is known.
	Person func(who protocol.PeerID) (Acquaintance, bool)
	// Call asks somebody, by UDP, to dial us.
	Call func(who protocol.PeerID)
	// Colleagues gives those with a session now.
	Colleagues func() []Colleague
	// AskFar asks a colleague how an address looks from there.
	AskFar func(ctx context.Context, who protocol.PeerID, about protocol.Examine) (protocol.Examined, error)
	// System is the machine; nil means this one.
	System System
	// Logger may be nil.
	Logger *slog.Logger
}

// Discovery says how much of the search for colleagues is on.
type Discovery string

// The choices, as in the settings.
const (
	DiscoveryOn       Discovery = "on"
	DiscoveryLoopback Discovery = "loopback"
	DiscoveryOff      Discovery = "off"
)

// Self is this profile, as far as a doctor wants to know it.
type Self struct {
	Name, Profile string
	ID            protocol.PeerID
	TCPPort       int   // 0: does not listen
	Pinned        bool  // the port was chosen by the user, and stays
	UDPPort       int   // 0: protocol.DiscoveryPort
	UDPTrouble    error // why the UDP port could not be bound
	Invisible     bool
	Passive       bool      // opened for one command only: it neither listens nor is found
	Discovery     Discovery // "" means on
}

// Heard is how somebody was heard last by one of the ways.
type Heard struct {
	ID      protocol.PeerID
	Name    string
	Address netip.AddrPort // where they say to listen; the port may be 0
	From    netip.Addr     // where the word came from
	// Way is as in package discovery: "multicast", "broadcast", "unicast",
	// "dnssd", "exchange", "session".
	Way       string
	Interface string
	When      time.Time
}

// Instance is a program of somebody that answered by UDP.
type Instance struct {
	ID        protocol.PeerID
	Name      string
	Addresses []netip.AddrPort // where they say to listen
}

// Acquaintance is somebody who is known from before.
type Acquaintance struct {
	ID       protocol.PeerID
	Name     string
	Address  netip.AddrPort // where they were last; may be zero
	Verified bool           // compared face to face
}

// Colleague is somebody with whom there is a session.
type Colleague struct {
	ID      protocol.PeerID
	Name    string
	Address netip.Addr // where the session leads to
	Dialed  bool       // we dialled them; otherwise they dialled us
}

// Doctor examines. It is safe for concurrent use.
type Doctor struct {
	config Config
	system System
	log    *slog.Logger
}

// New returns a Doctor, who starts nothing by themself.
func New(config Config) *Doctor {
	d := &Doctor{config: config, system: config.System, log: config.Logger}
	if d.system == nil {
		d.system = Machine()
	}
	if d.log == nil {
		d.log = slog.New(slog.DiscardHandler)
	}
	return d
}

func (d *Doctor) self() Self {
	self := d.config.Self()
	if self.UDPPort == 0 {
		self.UDPPort = protocol.DiscoveryPort
	}
	return self
}

// Examine finds out about an address: an IP address or a host name, with or
// without a port. For "" it examines this machine. Each step is told to
// progress, which may be nil, when it is done, from the calling goroutine.
//
// A bad address or a machine that is off is a Verdict, not an error; the only
// error is that of ctx, beside what was found until then. It takes up to half
// a minute where everything is silent, usually a second or less.
func (d *Doctor) Examine(ctx context.Context, address string, progress func(Step)) (Report, error) {
	return d.ExaminePerson(ctx, address, protocol.PeerID{}, progress)
}

// ExaminePerson is Examine for an address at which a certain person should be.
// If somebody else answers there, the verdict says so, and where the person is
// if they are heard elsewhere. A zero want means anybody; for "" it does not
// matter.
func (d *Doctor) ExaminePerson(ctx context.Context, address string, want protocol.PeerID, progress func(Step)) (Report, error) {
	if progress == nil {
		progress = func(Step) {}
	}
	var report Report
	if address == "" {
		report = d.machine(ctx)
	} else {
		report = d.colleague(ctx, address, want, progress)
	}
	return report, ctx.Err()
}
