package doctor

import "slices"

// A packet filter, be it nftables or iptables, is read into chains of rules
// and then tried with packets like those that a colleague would send. What a
// rule asks for is not always known, so everything is told in three values.

// maybe is a truth that may be unknown.
type maybe uint8

const (
	no maybe = iota
	perhaps
	yes
)

func sure(b bool) maybe {
	if b {
		return yes
	}
	return no
}

func (m maybe) not() maybe { return yes - m }

// packet is a packet that opens something new.
type packet struct {
	protocol string // "tcp" or "udp"
	port     int    // it is sent to; 0: unknown
	in, out  string // interface, "" for the other direction or if unknown
}

// deed is what a rule does.
type deed uint8

const (
	goOn deed = iota
	accept
	drop // or reject
	jump
	leap // as jump, without coming back
	comeBack
	unsure // a deed that is not understood
)

// condition is one thing that a rule asks of a packet.
type condition func(packet) maybe

// rule does its deed if all its conditions hold.
type rule struct {
	when   []condition
	do     deed
	target string // of jump and leap
}

func (r rule) fits(p packet) maybe {
	result := yes
	for _, holds := range r.when {
		result = min(result, holds(p))
	}
	return result
}

// filterChain is a list of rules. One with a hook is where packets enter, and
// has a policy for those that no rule decided about.
type filterChain struct {
	family, table, name string
	hook                string
	policy              deed
	rules               []rule
}

// filter is a whole packet filter. Chains are found by the name that jumps
// use, which is unique within a table.
type filter struct {
	chains []*filterChain
	byName map[string]*filterChain
}

func (f *filter) add(chain *filterChain) *filterChain {
	if f.byName == nil {
		f.byName = make(map[string]*filterChain)
	}
	f.chains = append(f.chains, chain)
	f.byName[chain.key(chain.name)] = chain
	return chain
}

// key is how a chain of the same table is found.
func (c *filterChain) key(name string) string { return c.family + " " + c.table + " " + name }

// fate is what becomes of a packet.
type fate uint8

const (
	open   fate = iota // it comes through
	partly             // that depends on what is not known, such as the sender
	closed
)

// Limits against rules that lead in circles, and very many of them.
const (
	deepestJump = 16
	mostSteps   = 100_000
)

// passes tells what becomes of a packet at the given hooks, and the chains that
// do that to it, none if it is open.
func (f *filter) passes(p packet, hooks ...string) (fate, []*filterChain) {
	worst := open
	var by []*filterChain
	for _, chain := range f.chains {
		if chain.hook == "" || !slices.Contains(hooks, chain.hook) {
			continue
		}
		w := walk{filter: f, packet: p}
		switch fate := w.enter(chain); {
		case fate > worst:
			worst, by = fate, []*filterChain{chain}
		case fate == worst && fate != open:
			by = append(by, chain)
		}
	}
	return worst, by
}

// walk is one packet on its way through the rules of one hook.
type walk struct {
	filter *filter
	packet packet
	steps  int

	mayAccept, mayDrop bool // a rule that may fit would have done so
}

func (w *walk) enter(chain *filterChain) fate {
	end := w.through(chain, 0)
	if end == goOn || end == comeBack {
		end = chain.policy
	}
	switch {
	case end == unsure:
		return partly
	case end == drop && w.mayAccept, end != drop && w.mayDrop:
		return partly
	case end == drop:
		return closed
	}
	return open
}

// through follows the rules of a chain: accept, drop or unsure if that is
// decided, otherwise goOn.
func (w *walk) through(chain *filterChain, depth int) deed {
	if depth > deepestJump {
		return unsure
	}
	for _, r := range chain.rules {
		if w.steps++; w.steps > mostSteps {
			return unsure
		}
		fits := r.fits(w.packet)
		if fits == no {
			continue
		}
		switch end := w.act(chain, r, depth); {
		case end == goOn:
		case fits == yes:
			if end == comeBack {
				return goOn
			}
			return end
		default:
			w.consider(end)
		}
	}
	return goOn
}

// act is what a rule that fits leads to.
func (w *walk) act(chain *filterChain, r rule, depth int) deed {
	if r.do != jump && r.do != leap {
		return r.do
	}
	target := w.filter.byName[chain.key(r.target)]
	if target == nil {
		return unsure
	}
	end := w.through(target, depth+1)
	if end == goOn && r.do == leap {
		return comeBack
	}
	return end
}

// consider notes what a rule that may fit would have done.
func (w *walk) consider(end deed) {
	switch end {
	case accept, comeBack:
		w.mayAccept = true
	case drop:
		w.mayDrop = true
	case unsure:
		w.mayAccept, w.mayDrop = true, true
	}
}
