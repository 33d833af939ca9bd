package doctor

import (
	"bytes"
	"strconv"
	"strings"
)

// parseIptables reads what iptables-save prints, table "filter" only. Options
// that it does not know count as unknown conditions.
func parseIptables(data []byte) (*filter, error) {
	var f filter
	table := ""
	for line := range bytes.Lines(data) {
		text := strings.TrimSpace(string(line))
		switch {
		case strings.HasPrefix(text, "*"):
			table = text[1:]
		case table != "filter":
		case strings.HasPrefix(text, ":"):
			f.add(iptablesChain(text[1:]))
		case strings.HasPrefix(text, "-A "):
			words := strings.Fields(text)
			home := filterChain{family: "ip", table: "filter"}
			if chain := f.byName[home.key(words[1])]; chain != nil {
				chain.rules = append(chain.rules, iptablesRule(words[2:]))
			}
		}
	}
	if len(f.chains) == 0 && len(bytes.TrimSpace(data)) > 0 && table == "" {
		return nil, errBadRules
	}
	return &f, nil
}

// iptablesChain reads the line of a chain, like "INPUT DROP [0:0]".
func iptablesChain(line string) *filterChain {
	words := append(strings.Fields(line), "", "")
	chain := &filterChain{family: "ip", table: "filter", name: words[0], policy: accept}
	if words[1] == "DROP" {
		chain.policy = drop
	}
	switch chain.name {
	case "INPUT", "OUTPUT":
		chain.hook = strings.ToLower(chain.name)
	}
	return chain
}

// iptablesRule reads the words of a rule behind the name of its chain.
func iptablesRule(words []string) rule {
	r := rule{do: goOn}
	negated := false
	for i := 0; i < len(words); i++ {
		argument := ""
		if i+1 < len(words) {
			argument = words[i+1]
		}
		var holds condition
		switch words[i] {
		case "!":
			negated = true
			continue
		case "-m", "--match":
			i++
			if needsMore(argument) {
				r.when = append(r.when, unknown)
			}
			continue
		case "-j", "--jump":
			r.do, r.target = iptablesDeed(argument)
			return r // what follows are options of the target
		case "-g", "--goto":
			r.do, r.target = leap, argument
			return r
		case "-p", "--protocol":
			holds = among(protocolProperty, argument)
		case "-i", "--in-interface":
			holds = among(inProperty, deviceOf(argument))
		case "-o", "--out-interface":
			holds = among(outProperty, deviceOf(argument))
		case "--dport", "--destination-port", "--dports", "--destination-ports":
			holds = among(anyPortProperty, argument)
		case "--state", "--ctstate":
			holds = among(stateProperty, strings.ToLower(argument))
		case "--comment":
			i = behindComment(words, i+1) - 1
			continue
		default:
			if strings.HasPrefix(words[i], "-") {
				r.when = append(r.when, unknown)
			}
			negated = false
			continue
		}
		i++
		if negated {
			positive := holds
			holds = func(p packet) maybe { return positive(p).not() }
		}
		negated = false
		r.when = append(r.when, holds)
	}
	return r
}

// needsMore tells of an extension that is a condition even without options,
// or with options that are not understood.
func needsMore(extension string) bool {
	switch extension {
	case "tcp", "udp", "state", "conntrack", "multiport", "comment":
		return false
	}
	return true
}

// deviceOf writes the pattern of an interface as nftables does.
func deviceOf(name string) string {
	if begin, pattern := strings.CutSuffix(name, "+"); pattern {
		return begin + "*"
	}
	return name
}

// behindComment finds the word after a comment, which may be quoted.
func behindComment(words []string, at int) int {
	if at >= len(words) || !strings.HasPrefix(words[at], `"`) {
		return at + 1
	}
	for first := at; at < len(words); at++ {
		text := words[at]
		if at == first {
			text = text[1:]
		}
		if strings.HasSuffix(text, `"`) && !strings.HasSuffix(text, `\"`) {
			return at + 1
		}
	}
	return at
}

func iptablesDeed(target string) (deed, string) {
	switch target {
	case "ACCEPT":
		return accept, ""
	case "DROP", "REJECT":
		return drop, ""
	case "RETURN":
		return comeBack, ""
	case "LOG", "NFLOG", "MARK", "CONNMARK", "SET", "TCPMSS", "AUDIT", "ULOG", "TRACE", "":
		return goOn, ""
	case "QUEUE", "NFQUEUE":
		return unsure, ""
	}
	return jump, target
}

// among reads a list like "22,80,1000:2000" or "RELATED,ESTABLISHED".
func among(what property, list string) condition {
	var values []value
	for word := range strings.SplitSeq(list, ",") {
		values = append(values, valueOf(word))
	}
	return func(p packet) maybe {
		result := no
		for _, one := range values {
			result = max(result, one.is(what, p))
		}
		return result
	}
}

// valueOf reads a name, a number or a range with a colon or a hyphen.
func valueOf(word string) value {
	for _, between := range []string{":", "-"} {
		first, last, ok := strings.Cut(word, between)
		from, err := strconv.Atoi(first)
		to, errTo := strconv.Atoi(last)
		if ok && err == nil && errTo == nil {
			return value{from: from, to: to, number: true}
		}
	}
	if number, err := strconv.Atoi(word); err == nil {
		return value{from: number, to: number, number: true}
	}
	return value{text: word}
}
