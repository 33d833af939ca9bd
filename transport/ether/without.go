package ether

import (
	"slices"
	"time"
)

// Without is an ether as if some interfaces were not there: nothing is sent to
// everybody on them, and what was sent to everybody there is not heard. What
// comes to or goes to one address passes by whatever way the system has. It may
// be asked at any time whether a name is left out.
func Without(all Ether, leftOut func(name string) bool) Ether {
	return &without{all: all, leftOut: leftOut}
}

type without struct {
	all     Ether
	leftOut func(name string) bool
}

// Interfaces implements Ether.
func (w *without) Interfaces() ([]Interface, error) {
	list, err := w.all.Interfaces()
	return slices.DeleteFunc(list, func(i Interface) bool { return w.leftOut(i.Name) }), err
}

// Open implements Ether.
func (w *without) Open(port int, passive bool) (Port, error) {
	opened, err := w.all.Open(port, passive)
	if err != nil {
		return nil, err
	}
	return &portWithout{Port: opened, ether: w}, nil
}

// portWithout does not hear what was sent to everybody on interfaces that are
// left out: another program on this machine may have joined the group there.
type portWithout struct {
	Port
	ether *without
	// Receive is called by one goroutine, which alone touches these.
	deaf  map[int]bool // indexes of interfaces that are left out
	until time.Time    // when the system is asked again
}

// namesLast is how long the indexes of interfaces are believed.
const namesLast = 5 * time.Second

// Receive implements Port.
func (p *portWithout) Receive() (Packet, error) {
	for {
		packet, err := p.Port.Receive()
		if err != nil || packet.Way == Unicast || !p.isDeaf(packet.Interface) {
			return packet, err
		}
	}
}

func (p *portWithout) isDeaf(index int) bool {
	if now := time.Now(); now.After(p.until) {
		p.until = now.Add(namesLast)
		list, err := p.ether.all.Interfaces()
		if err != nil {
			return p.deaf[index]
		}
		p.deaf = make(map[int]bool)
		for _, i := range list {
			if p.ether.leftOut(i.Name) {
				p.deaf[i.Index] = true
			}
		}
	}
	return p.deaf[index]
}
