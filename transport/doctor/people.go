package doctor

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"feihong/protocol"
)

func (e *examination) findKnown() {
	if e.config.Known != nil {
		e.known = e.config.Known(netip.AddrPortFrom(e.facts.Host, e.facts.Port))
	}
	if !e.want.IsZero() {
		e.known = []Acquaintance{e.wanted()}
	}
	if len(e.known) > 0 {
		e.expect(e.known[0])
	}
}

// wanted is the person who is meant, as far as anything is known of them.
func (e *examination) wanted() Acquaintance {
	if e.config.Person != nil {
		if person, known := e.config.Person(e.want); known {
			return person
		}
	}
	if at := e.knownHere(e.want); at >= 0 {
		return e.known[at]
	}
	person := Acquaintance{ID: e.want}
	if heard, ok := e.heardOf(e.want); ok {
		person.Name = heard.Name
	}
	return person
}

// heardOf is what was heard of somebody last.
func (d *Doctor) heardOf(who protocol.PeerID) (Heard, bool) {
	all := d.config.Heard()
	at := slices.IndexFunc(all, func(heard Heard) bool { return heard.ID == who && time.Since(heard.When) <= heardLately })
	if at < 0 {
		return Heard{}, false
	}
	return all[at], true
}

// findMoved notes where the person who is meant is by now, if that is not at
// the address.
func (e *examination) findMoved() {
	heard, ok := e.heardOf(e.want)
	if e.want.IsZero() || !ok || !heard.Address.IsValid() || heard.Address.Port() == 0 {
		return
	}
	now := netip.AddrPortFrom(heard.Address.Addr().Unmap(), heard.Address.Port())
	here := now.Addr().WithZone("") == e.facts.Host.WithZone("")
	if !here || e.facts.Port != 0 && now.Port() != e.facts.Port {
		e.facts.Moved = now
	}
}

// findOthers notes that only others than the one who is meant answered by UDP.
func (e *examination) findOthers() {
	if e.want.IsZero() || len(e.others) == 0 || len(e.candidates()) > 0 {
		return
	}
	at := slices.IndexFunc(e.others, func(one Instance) bool { return e.placeOf(one).Port() == e.facts.Port })
	one := e.others[max(at, 0)]
	e.facts.OtherName, e.facts.OtherThere = nameOf(one.Name, one.ID), AnotherPerson
	if e.sameName(one.ID, one.Name) {
		e.facts.OtherThere = SameNameAnotherKey
	}
}

// candidates are those who answered and may be the one who is meant.
func (e *examination) candidates() []Instance {
	if e.want.IsZero() {
		return e.others
	}
	return slices.DeleteFunc(slices.Clone(e.others), func(one Instance) bool { return one.ID != e.want })
}

// sameName tells whether somebody unknown is called like the one who was
// expected.
func (e *examination) sameName(id protocol.PeerID, name string) bool {
	if e.config.Person != nil {
		if _, known := e.config.Person(id); known {
			return false
		}
	}
	return strings.EqualFold(safe(name), e.facts.Expected)
}

// expect notes who should be there.
func (e *examination) expect(person Acquaintance) {
	e.who = person.ID
	e.facts.Expected = nameOf(person.Name, person.ID)
	e.facts.Name = e.facts.Expected
}

// nameOf is a name fit to be shown, or the beginning of the ID.
func nameOf(name string, id protocol.PeerID) string {
	if name = safe(name); name != "" || id.IsZero() {
		return name
	}
	return id.Short()
}

func (e *examination) findHeard() {
	host := e.facts.Host.WithZone("")
	for _, heard := range e.config.Heard() {
		if time.Since(heard.When) > heardLately || heard.ID == e.own.ID || !e.want.IsZero() && heard.ID != e.want {
			continue
		}
		from := heard.From.Unmap().WithZone("") == host
		if from && (heard.Way == "multicast" || heard.Way == "broadcast") {
			e.facts.HeardOnLink = true
		}
		if from && heard.Way != "exchange" || heard.Address.Addr().Unmap().WithZone("") == host {
			e.facts.HeardOf = true
			e.facts.Name = either(e.facts.Name, nameOf(heard.Name, heard.ID))
		}
	}
}
