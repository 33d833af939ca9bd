package discovery

import (
	"time"

	"feihong/transport/ether"
)

// State is how discovery does, for a diagnosis.
type State struct {
	Interfaces []ether.Interface // those that are up, as seen last
	Port       int               // the shared UDP port
	Private    uint16            // our own UDP port
	Trouble    error             // why the shared port cannot be listened on; nil if it can
	Passive    bool
	Visible    bool      // we announce ourselves
	Announced  time.Time // when last; zero: not yet
	People     int       // how many are there
	FirstHand  int       // how many of them were heard themselves
}

// State returns how discovery does; the zero value while Serve does not run.
func (s *Service) State() State {
	return query(s, func(l *loop) State {
		return State{
			Interfaces: l.links.interfaces,
			Port:       l.config.Port,
			Private:    l.port.Private(),
			Trouble:    l.port.Trouble(),
			Passive:    l.config.Passive,
			Visible:    l.visible(),
			Announced:  l.beacon.last,
			People:     len(l.peers()),
			FirstHand:  l.table.firstHand,
		}
	})
}
