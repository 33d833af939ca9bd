package doctor

import (
	"bytes"
	"strings"
)

// firewalldZones reads what "firewall-cmd --get-active-zones" prints: the zone
// of each interface.
func firewalldZones(output []byte) map[string]string {
	zones := make(map[string]string)
	zone := ""
	for line := range bytes.Lines(output) {
		text := string(bytes.TrimRight(line, " \r\n"))
		switch {
		case text == "":
		case text[0] != ' ' && text[0] != '\t':
			zone = strings.Fields(text)[0] // "public (default)"
		case strings.HasPrefix(strings.TrimSpace(text), "interfaces:"):
			_, names, _ := strings.Cut(text, ":")
			for _, name := range strings.Fields(names) {
				zones[name] = zone
			}
		}
	}
	return zones
}

// parseFirewalld reads what "firewall-cmd --list-all" prints about one zone.
// Services and rich rules are not looked into: they count as unknown.
func parseFirewalld(output []byte) (*filter, error) {
	chain := &filterChain{name: "firewalld", hook: "input", policy: drop}
	known := false
	for line := range bytes.Lines(output) {
		text := strings.TrimSpace(string(line))
		if strings.HasPrefix(text, "rule ") {
			chain.rules = append(chain.rules, richRule(text))
			continue
		}
		name, values, _ := strings.Cut(text, ":")
		words := strings.Fields(values)
		switch name {
		case "target":
			known = true
			if strings.TrimSpace(values) == "ACCEPT" {
				chain.policy = accept
			}
		case "ports":
			for _, port := range words {
				chain.rules = append(chain.rules, rule{when: ufwTarget([]string{port}), do: accept})
			}
		case "services":
			for _, service := range words {
				if strings.Contains(strings.ToLower(service), "feihong") {
					chain.rules = append(chain.rules, rule{when: []condition{unknown}, do: accept})
				}
			}
		case "protocols":
			for _, protocol := range words {
				chain.rules = append(chain.rules, rule{when: []condition{among(protocolProperty, protocol)}, do: accept})
			}
		}
	}
	if !known {
		return nil, errBadRules
	}
	var f filter
	f.add(chain)
	return &f, nil
}

// richRule is a rule of which only the end is understood.
func richRule(text string) rule {
	r := rule{when: []condition{unknown}, do: unsure}
	switch {
	case strings.HasSuffix(text, "accept"):
		r.do = accept
	case strings.HasSuffix(text, "drop"), strings.HasSuffix(text, "reject"):
		r.do = drop
	}
	return r
}
