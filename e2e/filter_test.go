//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Filters, counters and losses of a host, by nftables.

// Packets that a filter stops on their way out and in.
const (
	noMulticast  = "meta l4proto udp ip daddr 224.0.0.0/4 drop; meta l4proto udp ip6 daddr ff00::/8 drop"
	noBroadcast  = "meta l4proto udp fib daddr type broadcast drop; ip daddr 255.255.255.255 drop"
	noBeacon     = "udp dport 24250 drop; udp sport 24250 drop"
	noMDNS       = "udp dport 5353 drop"
	noIPv4Beacon = "ip protocol udp udp dport 24250 drop"
	noIPv6       = "meta l4proto { tcp, udp } meta nfproto ipv6 drop"
)

// filter applies rules, separated by semicolons, to all that enters and leaves
// a host. What it gives back takes them away again.
func (h *host) filter(rules ...string) (remove func()) {
	h.t.Helper()
	return h.filterAt([]string{"input", "output"}, rules...)
}

// filterAt applies rules to some of the ways of a packet: input, output,
// forward.
func (h *host) filterAt(hooks []string, rules ...string) (remove func()) {
	h.t.Helper()
	table := fmt.Sprintf("inet filter%d", h.rules.Add(1))
	var script strings.Builder
	fmt.Fprintf(&script, "table %s {\n", table)
	for _, hook := range hooks {
		fmt.Fprintf(&script, "chain %s {\ntype filter hook %s priority 0; policy accept;\n", hook, hook)
		for rule := range strings.SplitSeq(strings.Join(rules, ";"), ";") {
			fmt.Fprintln(&script, rule)
		}
		fmt.Fprintln(&script, "}")
	}
	fmt.Fprintln(&script, "}")
	h.mustInput(h.t, script.String(), "nft", "-f", "-")
	return func() {
		h.t.Helper()
		h.must(h.t, append([]string{"nft", "delete", "table"}, strings.Fields(table)...)...)
	}
}

// lose makes a host lose so many of a hundred packets that come in.
func (h *host) lose(percent int) (remove func()) {
	h.t.Helper()
	return h.filterAt([]string{"input"}, fmt.Sprintf("iifname != lo numgen random mod 100 < %d drop", percent))
}

// traffic is what a counter has seen.
type traffic struct{ Packets, Bytes int64 }

// count counts the packets that match, on their way in or out.
func (h *host) count(hook, match string) (read func() traffic) {
	h.t.Helper()
	table := fmt.Sprintf("count%d", h.rules.Add(1))
	// Before the filters, so that what they drop is counted too.
	h.mustInput(h.t, fmt.Sprintf("table inet %s {\ncounter seen { }\nchain c {\ntype filter hook %s priority -10; policy accept;\n%s counter name seen\n}\n}\n", table, hook, match), "nft", "-f", "-")
	return func() traffic {
		h.t.Helper()
		var listing struct {
			Nftables []struct{ Counter *traffic }
		}
		out := h.must(h.t, "nft", "--json", "list", "counter", "inet", table, "seen")
		if err := json.Unmarshal([]byte(out), &listing); err != nil {
			h.t.Fatalf("%v: %s", err, out)
		}
		for _, entry := range listing.Nftables {
			if entry.Counter != nil {
				return *entry.Counter
			}
		}
		h.t.Fatalf("no counter in %s", out)
		return traffic{}
	}
}
