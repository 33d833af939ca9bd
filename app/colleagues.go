package app

import (
	"context"
	"net/netip"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"feihong/app/cli"
	"feihong/app/idle"
	"feihong/app/profile"
	"feihong/protocol"
	"feihong/transport/discovery"
	"feihong/transport/dnssd"
	"feihong/transport/ether"
)

// colleagues is how a profile finds others and is found.
type colleagues struct {
	discovery *discovery.Service // nil if the user does not want it
	sightings *sightings
	mode      string // one of profile.Discovery…
	idle      *idle.Watcher
	away      atomic.Bool // the user has left the machine
	shown     func()      // shows the user their own presence anew; nil without a window
	host      string
}

// openDiscovery prepares the search for colleagues. Without it, n.discovery
// stays nil and only who is dialled by address is found.
func (n *node) openDiscovery(o cli.Options, m mode) error {
	n.mode = o.Discovery
	if n.mode == "" {
		n.mode = n.profile.Current().Discovery
	}
	if host, err := os.Hostname(); err == nil {
		n.host = protocol.SafeName(host)
	}
	if n.mode == profile.DiscoveryOff {
		return nil
	}
	config := discovery.Config{
		Identity:   n.profile.Identity,
		Instance:   n.net.Instance(),
		Self:       n.announced,
		Ether:      ether.Without(ether.System(), n.leavesOut),
		Passive:    m.passive,
		Ranges:     n.ranges,
		Remembered: n.remembered,
		Dial: func(ctx context.Context, address string, want protocol.PeerID) error {
			_, err := n.net.Dial(ctx, address, want)
			return err
		},
		Logger: n.log,
	}
	if n.mode == profile.DiscoveryLoopback {
		config.Ether = ether.Loopback()
	} else if !m.passive {
		config.Directory = dnssd.New(n.log, func(i ether.Interface) bool { return !i.Loopback && !n.leavesOut(i.Name) })
	}
	n.sightings = newSightings(n.chat, n.net)
	config.Handler = n.sightings
	var err error
	n.discovery, err = discovery.New(config)
	if err == nil && !m.passive {
		n.watchIdle()
	}
	return err
}

// leavesOut tells whether the user does not want people to be looked for on an
// interface.
func (n *node) leavesOut(name string) bool {
	return slices.Contains(n.profile.Current().Interfaces, name)
}

// announced is what others are told about the user.
func (n *node) announced() discovery.Self {
	s := n.profile.Current()
	self := discovery.Self{
		Name:       s.Name,
		Host:       n.host,
		Department: s.Department,
		Status:     n.status(s),
		StatusText: s.StatusText,
		Port:       uint16(n.net.Port()),
	}
	if only, err := netip.ParseAddr(n.listen); err == nil && !only.IsUnspecified() {
		self.Only = only
	}
	return self
}

// status is what others see: who has left the machine is away, unless they
// said that they are something else.
func (n *node) status(s profile.Settings) protocol.Status {
	switch s.Status {
	case profile.StatusAway:
		return protocol.StatusAway
	case profile.StatusBusy:
		return protocol.StatusBusy
	case profile.StatusInvisible:
		return protocol.StatusOffline
	}
	if n.away.Load() {
		return protocol.StatusAway
	}
	return protocol.StatusOnline
}

// ranges are the user's, those that can be read: they were checked when they
// were entered.
func (n *node) ranges() []discovery.Range {
	var list []discovery.Range
	for _, text := range n.profile.Current().Ranges {
		r, err := discovery.ParseRange(text)
		if err != nil {
			n.log.Warn("a range in the settings cannot be read", "range", text, "error", err)
			continue
		}
		list = append(list, r)
	}
	return list
}

// checkRanges says what is wrong with ranges as the user typed them.
func checkRanges(typed []string) error {
	var list []string
	for _, text := range typed {
		if text = strings.TrimSpace(text); text != "" {
			list = append(list, text)
		}
	}
	_, err := discovery.ParseRanges(list)
	return err
}

// remembered are the addresses where people were last.
func (n *node) remembered() []netip.Addr {
	people, err := n.chat.People(context.Background()) // in memory; fails only at the end
	if err != nil {
		return nil
	}
	var list []netip.Addr
	for _, p := range people {
		if at, err := netip.ParseAddrPort(p.Address); err == nil && !p.Blocked {
			list = append(list, at.Addr())
		}
	}
	return list
}

// search looks for colleagues now.
func (n *node) search() {
	if n.discovery != nil {
		n.discovery.Search()
	}
}

// selfChanged tells everybody what the user changed about themself.
func (n *node) selfChanged() {
	if n.idle != nil {
		n.idle.Look()
	}
	n.announce()
}

func (n *node) announce() {
	if n.shown != nil {
		n.shown()
	}
	if n.discovery != nil {
		n.discovery.Announce()
	}
}

// watchIdle shows the user as away when they have left the machine.
func (n *node) watchIdle() {
	n.idle = idle.NewWatcher(idle.New(n.log),
		func() time.Duration { return n.profile.Current().IdleAfter() },
		func(away bool) {
			n.away.Store(away)
			n.announce()
		})
}

// startColleagues makes the profile find others and be found.
func (n *node) startColleagues(outer *crew) {
	if n.discovery == nil {
		return
	}
	outer.start(n.sightings.Serve)
	outer.start(n.discovery.Serve)
	if n.idle != nil {
		outer.start(n.idle.Serve)
	}
}
