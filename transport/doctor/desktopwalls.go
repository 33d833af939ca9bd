package doctor

import (
	"bytes"
	"slices"
	"strings"
)

// windowsFilter makes a filter of the firewall of Windows for the networks
// that are connected now: blocking rules come before allowing ones, and what
// no rule is about does not come in. It is nil if the firewall is off there.
func windowsFilter(wall WindowsFirewall, program string) *filter {
	networks := slices.DeleteFunc(slices.Clone(wall.Networks), func(name string) bool { return !wall.On[name] })
	if len(networks) == 0 {
		return nil
	}
	chain := &filterChain{name: "windows", hook: "input", policy: drop}
	for _, network := range networks {
		if wall.BlockedIn[network] {
			chain.rules = []rule{{do: drop}}
			break
		}
	}
	var allowing []rule
	for _, text := range wall.Rules {
		switch r, ok := windowsRule(text, networks, program); {
		case !ok:
		case r.do == drop:
			chain.rules = append(chain.rules, r)
		default:
			allowing = append(allowing, r)
		}
	}
	chain.rules = append(chain.rules, allowing...)
	var f filter
	f.add(chain)
	return &f
}

// windowsRule reads a rule of the registry, like
// "v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=17|LPort=24250|App=C:\…|".
// It tells whether it is about this program and one of the networks.
func windowsRule(text string, networks []string, program string) (rule, bool) {
	r := rule{do: accept}
	profiles, applies := []string(nil), true
	acts, active, inward := false, false, false // every rule says so
	for field := range strings.SplitSeq(text, "|") {
		name, value, _ := strings.Cut(field, "=")
		switch name {
		case "Action":
			acts = true
			if value == "Block" {
				r.do = drop
			}
		case "Active":
			active = true
			applies = applies && value == "TRUE"
		case "Dir":
			inward = true
			applies = applies && value == "In"
		case "Profile":
			profiles = append(profiles, strings.ToLower(value))
		case "Protocol":
			r.when = append(r.when, among(protocolProperty, value))
		case "LPort", "LPort2_10":
			r.when = append(r.when, among(anyPortProperty, value))
		case "App":
			applies = applies && sameProgram(value, program)
		case "Svc", "LUAuth", "LUOwn", "AppPkgId", "Platform":
			applies = applies && value == "" // rules for services and other packages
		case "RA4", "RPort", "LA4", "RMauth", "Security", "IFType", "IF":
			r.when = append(r.when, unknown)
		}
	}
	if len(profiles) > 0 {
		covered := func(name string) bool { return slices.Contains(profiles, name) }
		applies = applies && slices.ContainsFunc(networks, covered)
		if applies && r.do == accept && slices.ContainsFunc(networks, func(n string) bool { return !covered(n) }) {
			r.when = append(r.when, unknown) // not in all networks
		}
	}
	return r, applies && acts && active && inward
}

// sameProgram compares paths as Windows does. One with a variable in it is
// compared by its last part.
func sameProgram(path, program string) bool {
	if strings.Contains(path, "%") {
		path, program = lastPart(path), lastPart(program)
	}
	return program != "" && strings.EqualFold(path, program)
}

func lastPart(path string) string { return path[strings.LastIndexAny(path, `\/`)+1:] }

// macState is what the firewall of macOS does.
type macState uint8

const (
	macUnknown macState = iota
	macOff
	macOn
	macBlocksAll
)

// parseMac reads what "socketfilterfw --getglobalstate" prints, in which the
// number says it all.
func parseMac(output []byte) macState {
	for number, state := range map[string]macState{"0": macOff, "1": macOn, "2": macBlocksAll} {
		if bytes.Contains(output, []byte("State = "+number)) {
			return state
		}
	}
	return macUnknown
}
