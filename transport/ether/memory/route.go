package memory

import (
	"net/netip"
	"slices"

	"feihong/transport/ether"
)

// route finds the interface that leads to an address, and the address that is
// sent from then.
func (h *Host) route(to netip.Addr) (*NIC, netip.Addr) {
	if own := h.owns(to); own != nil {
		return h.lo, to.WithZone("")
	}
	for _, nic := range h.nics {
		if !nic.up || nic.loopback() || to.Zone() != "" && to.Zone() != nic.name {
			continue
		}
		for _, prefix := range nic.properties.Addresses {
			if prefix.Contains(to.WithZone("")) {
				return nic, prefix.Addr()
			}
		}
	}
	if to.IsLinkLocalUnicast() {
		return nil, netip.Addr{}
	}
	for _, nic := range h.nics {
		if !nic.up || nic.loopback() || !h.world.routed(nic.link) {
			continue
		}
		for _, prefix := range nic.properties.Addresses {
			if prefix.Addr().Is4() == to.Is4() && !prefix.Addr().IsLinkLocalUnicast() {
				return nic, prefix.Addr()
			}
		}
	}
	return nil, netip.Addr{}
}

// routed tells whether a router stands on a link.
func (w *World) routed(l *Link) bool {
	return slices.ContainsFunc(w.joined, func(links []*Link) bool { return slices.Contains(links, l) })
}

// reachable are the links that a datagram to one address comes to from a
// link, over any number of routers.
func (w *World) reachable(from *Link) []*Link {
	all := []*Link{from}
	for i := 0; i < len(all); i++ {
		for _, links := range w.joined {
			if !slices.Contains(links, all[i]) {
				continue
			}
			for _, link := range links {
				if !slices.Contains(all, link) {
					all = append(all, link)
				}
			}
		}
	}
	return all
}

// sendTo sends to one address over a link, nil for the sender's loopback. The
// caller holds the lock.
func (w *World) sendTo(sender *Host, over *Link, from, to netip.AddrPort, body []byte) {
	f := flight{datagram: Datagram{From: from, To: to, Way: ether.Unicast, Data: body}}
	if to.Port() >= firstPrivate {
		f.private = int(to.Port())
	} else {
		f.shared = int(to.Port())
	}
	if sender != nil {
		f.datagram.Sender = sender.name
	}
	if over == nil {
		f.hops = []hop{{sender, sender.lo}}
		w.launch(f)
		return
	}
	if sender != nil {
		sender.counted.Sent.add(body)
	}
	addr := to.Addr().WithZone("")
	links := w.reachable(over)
	if addr.IsLinkLocalUnicast() {
		links = links[:1]
	}
	for _, link := range links {
		for _, nic := range link.nics {
			has := func(prefix netip.Prefix) bool { return prefix.Addr() == addr }
			if nic.up && slices.ContainsFunc(nic.properties.Addresses, has) {
				f.datagram.Link = link.name
				f.hops = []hop{{nic.host, nic}}
				w.launch(f)
				return
			}
		}
	}
}
