package doctor

import (
	"bytes"
	"net/netip"
	"regexp"
	"strings"
)

// hardware matches a hardware address as arp prints it: 0:1f:2:… or 00-1f-02-….
var hardware = regexp.MustCompile(`(?i)(^|[\s(])[0-9a-f]{1,2}([:-][0-9a-f]{1,2}){5}([\s)]|$)`)

// parseArp reads what "arp -a" prints on Windows and "arp -n" on macOS: the
// line with the address either has a hardware address or has not.
func parseArp(output []byte, at netip.Addr) Neighbour {
	for line := range bytes.Lines(output) {
		text := string(line)
		mentioned := false
		for _, word := range strings.Fields(text) {
			mentioned = mentioned || strings.Trim(word, "()") == at.String()
		}
		switch {
		case !mentioned:
		case hardware.MatchString(text):
			return NeighbourPresent
		case strings.Contains(text, "incomplete"):
			return NeighbourAbsent
		}
	}
	return NeighbourUnknown
}
