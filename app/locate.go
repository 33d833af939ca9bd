package app

import (
	"cmp"
	"context"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"feihong/app/chat"
	"feihong/app/control"
	"feihong/protocol"
)

// Bounds of a look-up by host name.
const (
	resolvePatience = 2 * time.Second
	maxResolved     = 8 // addresses of one name that are asked
)

// locator finds out who is at a machine. It keeps nothing, and may be used by
// several at once.
type locator struct {
	self    protocol.PeerID
	ask     func(ctx context.Context, at netip.Addr) ([]chat.Sighting, error)
	resolve func(ctx context.Context, host string) ([]netip.Addr, error)
}

// locateHost is control.Config.Locate, for the window too.
func (n *node) locateHost(ctx context.Context, host string) ([]chat.Sighting, error) {
	l := locator{
		self: n.profile.Identity.PeerID(),
		ask:  n.locate,
		resolve: func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		},
	}
	return l.locate(ctx, host)
}

// locate asks who is at an address, all of them if several share it.
func (n *node) locate(ctx context.Context, at netip.Addr) ([]chat.Sighting, error) {
	if n.discovery == nil {
		return nil, nil
	}
	found, err := n.discovery.Ask(ctx, at)
	if err != nil {
		return nil, err
	}
	list := make([]chat.Sighting, 0, len(found))
	for _, p := range found {
		list = append(list, sightingOf(p))
	}
	return list, nil
}

// locate asks at all addresses of a host at once. Everybody is there once, by
// name, and this profile not at all. The error, if nobody is found, is that of
// any address, or a *control.HostError.
func (l locator) locate(ctx context.Context, host string) ([]chat.Sighting, error) {
	addresses, err := l.addresses(ctx, host)
	if err != nil {
		return nil, err
	}
	type answer struct {
		there []chat.Sighting
		err   error
	}
	answers := make(chan answer, len(addresses))
	for _, at := range addresses {
		go func() {
			there, err := l.ask(ctx, at)
			answers <- answer{there, err}
		}()
	}
	var all []chat.Sighting
	for range addresses {
		a := <-answers
		err = cmp.Or(err, a.err)
		for _, s := range a.there {
			known := slices.ContainsFunc(all, func(other chat.Sighting) bool { return other.Peer == s.Peer })
			if !known && s.Peer != l.self {
				all = append(all, s)
			}
		}
	}
	if len(all) == 0 {
		return nil, err
	}
	slices.SortFunc(all, func(a, b chat.Sighting) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), a.Peer.Compare(b.Peer))
	})
	return all, nil
}

// addresses are those of a host: itself, if it is an IP address.
func (l locator) addresses(ctx context.Context, host string) ([]netip.Addr, error) {
	if at, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{at.Unmap()}, nil
	}
	soon, cancel := context.WithTimeout(ctx, resolvePatience)
	defer cancel()
	found, err := l.resolve(soon, host)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil || len(found) == 0:
		return nil, &control.HostError{Host: host, Err: err}
	}
	for i := range found {
		found[i] = found[i].Unmap()
	}
	slices.SortFunc(found, netip.Addr.Compare)
	found = slices.Compact(found)
	return found[:min(len(found), maxResolved)], nil
}
