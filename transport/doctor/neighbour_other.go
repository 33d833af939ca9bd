//go:build !linux

package doctor

import (
	"context"
	"net/netip"
)

// Neighbour asks the program arp, for IPv4 alone.
func (m thisMachine) Neighbour(ctx context.Context, at netip.Addr) Neighbour {
	if !at.Is4() {
		return NeighbourUnknown
	}
	args := []string{"-n", at.String()}
	if m.OS() == "windows" {
		args = []string{"-a", at.String()}
	}
	output, err := m.Run(ctx, "arp", args...)
	if err != nil && len(output) == 0 {
		return NeighbourUnknown
	}
	return parseArp(output, at)
}
