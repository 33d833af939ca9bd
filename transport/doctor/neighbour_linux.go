package doctor

import (
	"context"
	"encoding/binary"
	"net/netip"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Neighbour reads the table of neighbours from the kernel (the text file
// /proc/net/arp does not tell old entries from those that were just proven).
// It waits while the kernel is still finding out.
func (thisMachine) Neighbour(ctx context.Context, at netip.Addr) Neighbour {
	const every = 100 * time.Millisecond
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		state, found := neighbourState(at)
		switch {
		case found && state&(unix.NUD_REACHABLE|unix.NUD_PERMANENT) != 0:
			return NeighbourPresent
		case found && state&unix.NUD_FAILED != 0:
			return NeighbourAbsent
		case !found:
			return NeighbourUnknown
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return undecided(state)
		}
	}
}

// undecided is what to make of a state in which the kernel waits for an
// answer, or does not know whether an old one still holds.
func undecided(state uint16) Neighbour {
	if state&(unix.NUD_INCOMPLETE|unix.NUD_PROBE) != 0 {
		return NeighbourAbsent
	}
	return NeighbourUnknown
}

// neighbourState finds an address in the table.
func neighbourState(at netip.Addr) (uint16, bool) {
	family := syscall.AF_INET
	if at.Is6() {
		family = syscall.AF_INET6
	}
	table, err := syscall.NetlinkRIB(syscall.RTM_GETNEIGH, family)
	if err != nil {
		return 0, false
	}
	messages, err := syscall.ParseNetlinkMessage(table)
	if err != nil {
		return 0, false
	}
	for _, message := range messages {
		if message.Header.Type != syscall.RTM_NEWNEIGH {
			continue
		}
		if address, state, ok := parseNeighbour(message.Data); ok && address == at.WithZone("") {
			return state, true
		}
	}
	return 0, false
}

// parseNeighbour reads a struct ndmsg and the attributes behind it, see
// rtnetlink(7).
func parseNeighbour(data []byte) (netip.Addr, uint16, bool) {
	const header, stateAt, attribute = 12, 8, 4
	if len(data) < header {
		return netip.Addr{}, 0, false
	}
	state := binary.NativeEndian.Uint16(data[stateAt:])
	for rest := data[header:]; len(rest) >= attribute; {
		length := int(binary.NativeEndian.Uint16(rest))
		if length < attribute || length > len(rest) {
			break
		}
		if binary.NativeEndian.Uint16(rest[2:]) == unix.NDA_DST {
			address, ok := netip.AddrFromSlice(rest[attribute:length])
			return address, state, ok
		}
		rest = rest[min((length+3)&^3, len(rest)):]
	}
	return netip.Addr{}, 0, false
}
