package doctor

import "net/netip"

// The parsers of firewalls, which give the same thing.
var (
	ParseNft       = fates(parseNft)
	ParseIptables  = fates(parseIptables)
	ParseUfw       = fates(parseUfw)
	ParseFirewalld = fates(parseFirewalld)
)

// Fates tells what becomes of a packet that comes in.
type Fates func(protocol string, port int, device string) string

func fates(parse func([]byte) (*filter, error)) func([]byte) (Fates, error) {
	return func(data []byte) (Fates, error) {
		rules, err := parse(data)
		if err != nil || rules == nil {
			return nil, err
		}
		return rules.fate, nil
	}
}

func (f *filter) fate(protocol string, port int, device string) string {
	fate, _ := f.passes(packet{protocol: protocol, port: port, in: device}, "prerouting", "input")
	return [...]string{open: "open", partly: "partly", closed: "closed"}[fate]
}

// WindowsFates is nil if the firewall is off.
func WindowsFates(wall WindowsFirewall, program string) Fates {
	rules := windowsFilter(wall, program)
	if rules == nil {
		return nil
	}
	return rules.fate
}

// Causes lists all causes.
func Causes() map[string]string { return causeArgs }

// ParseArp and the others read what the system says.
func ParseArp(output string, at netip.Addr) Neighbour { return parseArp([]byte(output), at) }

func UfwEnabled(conf string) bool { return ufwEnabled([]byte(conf)) }

func FirewalldZones(output string) map[string]string { return firewalldZones([]byte(output)) }

// The kinds of failures.
var Classify = classify
