package doctor

import (
	"encoding/json"
	"errors"
	"strings"
)

// errBadRules says that the output of a tool is not what it should be.
var errBadRules = errors.New("the rules of the firewall cannot be read")

// parseNft reads what "nft -j list ruleset" prints, as far as it concerns
// IPv4: see libnftables-json(5). Only output that is no JSON of this kind is
// an error; what it has and this does not know counts as unknown.
func parseNft(data []byte) (*filter, error) {
	var whole struct {
		Nftables []struct {
			Chain *nftChain `json:"chain"`
			Rule  *nftRule  `json:"rule"`
		} `json:"nftables"`
	}
	if err := json.Unmarshal(data, &whole); err != nil || whole.Nftables == nil {
		return nil, errBadRules
	}
	var f filter
	for _, one := range whole.Nftables {
		if c := one.Chain; c != nil && aboutIPv4(c.Family) {
			f.add(c.chain())
		}
	}
	for _, one := range whole.Nftables {
		if one.Rule == nil {
			continue
		}
		home := filterChain{family: one.Rule.Family, table: one.Rule.Table}
		if chain := f.byName[home.key(one.Rule.Chain)]; chain != nil {
			chain.rules = append(chain.rules, one.Rule.rules()...)
		}
	}
	return &f, nil
}

func aboutIPv4(family string) bool { return family == "ip" || family == "inet" }

type nftChain struct {
	Family, Table, Name, Type, Hook, Policy string
}

func (c *nftChain) chain() *filterChain {
	chain := &filterChain{family: c.Family, table: c.Table, name: c.Name, policy: accept}
	if c.Type == "filter" {
		chain.hook = c.Hook
	}
	if c.Policy == "drop" {
		chain.policy = drop
	}
	return chain
}

type nftRule struct {
	Family, Table, Chain string
	Expr                 []map[string]json.RawMessage
}

// rules turns one rule into those it stands for: a verdict map is one for each
// of its entries.
func (r *nftRule) rules() []rule {
	var when []condition
	var all []rule
	for _, statement := range r.Expr {
		for kind, body := range statement {
			switch kind {
			case "match":
				when = append(when, nftMatch(body))
			case "limit", "xt", "quota", "connlimit", "ct count":
				when = append(when, unknown)
			case "vmap":
				all = append(all, nftVerdictMap(when, body)...)
			case "accept", "drop", "reject", "return", "jump", "goto", "queue", "continue":
				do, target := nftVerdict(kind, body)
				all = append(all, rule{when: when, do: do, target: target})
			}
		}
	}
	return all
}

func unknown(packet) maybe { return perhaps }

func nftVerdict(kind string, body json.RawMessage) (deed, string) {
	switch kind {
	case "accept":
		return accept, ""
	case "drop", "reject":
		return drop, ""
	case "return":
		return comeBack, ""
	case "continue":
		return goOn, ""
	case "jump", "goto":
		var to struct{ Target string }
		if json.Unmarshal(body, &to) != nil {
			return unsure, ""
		}
		if kind == "goto" {
			return leap, to.Target
		}
		return jump, to.Target
	}
	return unsure, ""
}

func nftVerdictMap(when []condition, body json.RawMessage) []rule {
	var vmap struct {
		Key  json.RawMessage
		Data struct {
			Set [][]json.RawMessage
		}
	}
	if json.Unmarshal(body, &vmap) != nil {
		return []rule{{when: append(when[:len(when):len(when)], unknown), do: unsure}}
	}
	var all []rule
	for _, entry := range vmap.Data.Set {
		if len(entry) != 2 {
			continue
		}
		var verdict map[string]json.RawMessage
		if json.Unmarshal(entry[1], &verdict) != nil {
			continue
		}
		for kind, target := range verdict {
			do, name := nftVerdict(kind, target)
			fits := compared(nftProperty(vmap.Key), entry[0])
			all = append(all, rule{when: append(when[:len(when):len(when)], fits), do: do, target: name})
		}
	}
	return all
}

func nftMatch(body json.RawMessage) condition {
	var match struct {
		Op          string
		Left, Right json.RawMessage
	}
	if json.Unmarshal(body, &match) != nil {
		return unknown
	}
	what := nftProperty(match.Left)
	fits := compared(what, match.Right)
	switch match.Op {
	case "==", "in", "":
		return fits
	case "!=":
		return func(p packet) maybe { return min(sure(what.isOf(p)), fits(p).not()) }
	}
	return func(p packet) maybe { return min(sure(what.isOf(p)), perhaps) }
}

// property is something of a packet that rules look at.
type property uint8

const (
	unknownProperty property = iota
	protocolProperty
	tcpPortProperty
	udpPortProperty
	anyPortProperty
	stateProperty
	inProperty
	outProperty
	familyProperty
	castProperty
	otherTCPProperty // some field of TCP that is not known
	otherUDPProperty
	foreignProperty // of a protocol that is neither TCP nor UDP over IPv4
)

// isOf tells whether a packet has such a property at all.
func (what property) isOf(p packet) bool {
	switch what {
	case tcpPortProperty, otherTCPProperty:
		return p.protocol == "tcp"
	case udpPortProperty, otherUDPProperty:
		return p.protocol == "udp"
	case foreignProperty:
		return false
	}
	return true
}

// nftProperty reads the left side of a match.
func nftProperty(left json.RawMessage) property {
	var what struct {
		Meta    *struct{ Key string }
		Ct      *struct{ Key string }
		Payload *struct{ Protocol, Field string }
	}
	if json.Unmarshal(left, &what) != nil {
		return unknownProperty
	}
	switch {
	case what.Meta != nil:
		return map[string]property{
			"l4proto": protocolProperty, "iifname": inProperty, "iif": inProperty,
			"oifname": outProperty, "oif": outProperty, "nfproto": familyProperty,
			"protocol": familyProperty, "pkttype": castProperty,
		}[what.Meta.Key]
	case what.Ct != nil && what.Ct.Key == "state":
		return stateProperty
	case what.Payload == nil:
	default:
		return nftPayload(what.Payload.Protocol, what.Payload.Field)
	}
	return unknownProperty
}

// nftPayload is a field of a header. A rule about the header of a protocol
// never holds for a packet without it.
func nftPayload(header, field string) property {
	switch header {
	case "tcp":
		if field == "dport" {
			return tcpPortProperty
		}
		return otherTCPProperty
	case "udp":
		if field == "dport" {
			return udpPortProperty
		}
		return otherUDPProperty
	case "th":
		if field == "dport" {
			return anyPortProperty
		}
	case "ip":
		if field == "protocol" {
			return protocolProperty
		}
	case "icmp", "icmpv6", "igmp", "ip6", "arp", "esp", "ah", "comp", "sctp", "dccp", "udplite":
		return foreignProperty
	}
	return unknownProperty
}

// compared asks whether a property is the right side of a match: a value, a
// range, a list or a set of them. Named sets are not known.
func compared(what property, right json.RawMessage) condition {
	values, all := nftValues(right, 0)
	return func(p packet) maybe {
		result := no
		if !all && what.isOf(p) {
			result = perhaps
		}
		for _, one := range values {
			result = max(result, one.is(what, p))
		}
		return result
	}
}

// nftValues flattens the right side of a match. It tells whether everything
// in it was understood.
func nftValues(raw json.RawMessage, depth int) (values []value, all bool) {
	const deepest = 8
	var (
		text   string
		number int
		list   []json.RawMessage
		object map[string]json.RawMessage
	)
	switch {
	case depth > deepest:
		return nil, false
	case json.Unmarshal(raw, &number) == nil && string(raw) != "null":
		return []value{{from: number, to: number, number: true}}, true
	case json.Unmarshal(raw, &text) == nil && string(raw) != "null":
		return []value{{text: text}}, !strings.HasPrefix(text, "@")
	case json.Unmarshal(raw, &list) == nil && list != nil:
		return nftList(list, depth)
	case json.Unmarshal(raw, &object) != nil:
		return nil, false
	case object["set"] != nil:
		return nftValues(object["set"], depth+1)
	case object["elem"] != nil:
		var elem struct{ Val json.RawMessage }
		if json.Unmarshal(object["elem"], &elem) == nil && elem.Val != nil {
			return nftValues(elem.Val, depth+1)
		}
	case object["range"] != nil:
		var ends []int
		if json.Unmarshal(object["range"], &ends) == nil && len(ends) == 2 {
			return []value{{from: ends[0], to: ends[1], number: true}}, true
		}
	}
	return nil, false
}

func nftList(list []json.RawMessage, depth int) (values []value, all bool) {
	all = true
	for _, one := range list {
		more, understood := nftValues(one, depth+1)
		values = append(values, more...)
		all = all && understood
	}
	return values, all
}

// value is what a property is compared with: a name, or a range of numbers.
type value struct {
	text     string
	from, to int
	number   bool
}

const (
	protocolTCP = 6
	protocolUDP = 17
)

// is compares a property of a packet. Packets are IPv4, open something new and
// are for this machine alone.
func (v value) is(what property, p packet) maybe {
	if !what.isOf(p) {
		return no
	}
	switch what {
	case protocolProperty:
		if v.number {
			return sure(p.protocol == "tcp" && v.holds(protocolTCP) || p.protocol == "udp" && v.holds(protocolUDP))
		}
		return sure(v.text == p.protocol)
	case tcpPortProperty, udpPortProperty, anyPortProperty:
		return v.port(p)
	case stateProperty:
		return sure(v.text == "new")
	case familyProperty:
		return sure(v.text == "ipv4" || v.text == "ip")
	case castProperty: // to this machine alone
		return sure(v.text == "host" || v.text == "unicast" || v.number && v.holds(0))
	case inProperty:
		return v.device(p.in)
	case outProperty:
		return v.device(p.out)
	}
	return perhaps
}

func (v value) holds(number int) bool { return v.from <= number && number <= v.to }

func (v value) port(p packet) maybe {
	if !v.number || p.port == 0 {
		return perhaps // a service by its name
	}
	return sure(v.holds(p.port))
}

// device compares the name of an interface, of which a pattern may give the
// beginning. Packets never go over loopback.
func (v value) device(name string) maybe {
	begin, pattern := strings.CutSuffix(v.text, "*")
	switch {
	case v.number || name == "" && v.text != "lo":
		return perhaps
	case pattern:
		return sure(strings.HasPrefix(name, begin))
	}
	return sure(v.text == name)
}
