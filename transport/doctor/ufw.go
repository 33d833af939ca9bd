package doctor

import (
	"bytes"
	"strings"
)

// ufwEnabled reads /etc/ufw/ufw.conf.
func ufwEnabled(conf []byte) bool { return strings.EqualFold(shellValue(conf, "ENABLED"), "yes") }

// ufwDefault reads the policy for what comes in from /etc/default/ufw.
func ufwDefault(conf []byte) deed {
	switch strings.ToUpper(shellValue(conf, "DEFAULT_INPUT_POLICY")) {
	case "ACCEPT":
		return accept
	case "DROP", "REJECT":
		return drop
	}
	return unsure
}

// shellValue finds NAME=value, quoted or not.
func shellValue(conf []byte, name string) string {
	for line := range bytes.Lines(conf) {
		before, after, ok := strings.Cut(strings.TrimSpace(string(line)), "=")
		if ok && strings.TrimSpace(before) == name {
			return strings.Trim(strings.TrimSpace(after), `"'`)
		}
	}
	return ""
}

// parseUfw reads what "ufw status verbose" prints as a filter with one chain,
// as far as it concerns IPv4. It gives nil if the firewall is off.
func parseUfw(status []byte) (*filter, error) {
	chain := &filterChain{name: "ufw", hook: "input", policy: unsure}
	known, active := false, false
	for line := range bytes.Lines(status) {
		text := strings.TrimSpace(string(line))
		switch {
		case strings.HasPrefix(text, "Status:"):
			known = true
			active = strings.TrimSpace(strings.TrimPrefix(text, "Status:")) == "active"
		case strings.HasPrefix(text, "Default:"):
			chain.policy = ufwPolicy(text)
		default:
			if r, ok := ufwRule(text); ok {
				chain.rules = append(chain.rules, r)
			}
		}
	}
	if !known {
		return nil, errBadRules
	}
	if !active {
		return nil, nil
	}
	var f filter
	f.add(chain)
	return &f, nil
}

// ufwPolicy reads "Default: deny (incoming), allow (outgoing), …".
func ufwPolicy(line string) deed {
	for part := range strings.SplitSeq(strings.TrimPrefix(line, "Default:"), ",") {
		if !strings.Contains(part, "(incoming)") {
			continue
		}
		switch strings.Fields(part)[0] {
		case "allow":
			return accept
		case "deny", "reject":
			return drop
		}
	}
	return unsure
}

// ufwRule reads a line like "24250/udp   ALLOW IN   192.168.1.0/24".
func ufwRule(line string) (rule, bool) {
	if strings.Contains(line, "(v6)") {
		return rule{}, false
	}
	words := strings.Fields(line)
	at := 0
	do := goOn
	for ; at < len(words) && do == goOn; at++ {
		switch words[at] {
		case "ALLOW", "LIMIT":
			do = accept
		case "DENY", "REJECT":
			do = drop
		}
	}
	if do == goOn || at == 1 {
		return rule{}, false
	}
	to, from := words[:at-1], words[at:]
	if len(from) > 0 && (from[0] == "OUT" || from[0] == "FWD") {
		return rule{}, false
	}
	if len(from) > 0 && from[0] == "IN" {
		from = from[1:]
	}
	r := rule{do: do, when: ufwTarget(to)}
	if len(from) == 0 || from[0] != "Anywhere" {
		r.when = append(r.when, unknown) // only from some senders
	}
	return r, true
}

// ufwTarget reads "24250/udp", "80,443/tcp", "1714:1764/udp", "22", "Anywhere",
// with an address before or an interface behind, or the name of a program.
func ufwTarget(words []string) []condition {
	var when []condition
	for i := 0; i < len(words); i++ {
		word := words[i]
		switch {
		case word == "Anywhere":
		case word == "on" && i+1 < len(words):
			when = append(when, among(inProperty, words[i+1]))
			i++
		case word[0] >= '0' && word[0] <= '9' && !strings.ContainsAny(word, "."):
			ports, protocol, limited := strings.Cut(word, "/")
			when = append(when, among(anyPortProperty, ports))
			if limited {
				when = append(when, among(protocolProperty, protocol))
			}
		default:
			when = append(when, unknown)
		}
	}
	return when
}
