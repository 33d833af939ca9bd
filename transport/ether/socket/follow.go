package socket

import "net"

// Follow joins the group on these interfaces, given by their indexes with the
// most important first, and leaves it on all others. Interfaces are joined
// again each time: one that went and came back with the same index has lost
// its membership on some systems.
//
// Systems limit the memberships of a socket (Linux: 20 for IPv4). If there is
// no room for an interface, a less important one loses its place. It returns
// why, for each interface that could not be joined or lost its place; they are
// tried again at the next Follow.
func (s *Socket) Follow(interfaces []int) (failed map[int]error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.joined
	s.joined = make(map[int]bool)
	for _, index := range interfaces {
		if before[index] {
			s.joined[index] = true
		}
	}
	for index := range before { // first, for it makes room
		if !s.joined[index] {
			s.exit(index)
		}
	}
	for n, index := range interfaces {
		if err := s.enter(index, interfaces[n+1:]); err != nil {
			if failed == nil {
				failed = make(map[int]error)
			}
			failed[index] = err
		}
	}
	return failed
}

// enter joins the group on an interface, if need be at the cost of others, the
// last of them first.
func (s *Socket) enter(index int, others []int) error {
	try := func() error { return s.join(&net.Interface{Index: index}, s.groupAddr()) }
	err := try()
	for last := len(others) - 1; isNoRoom(err) && last >= 0; last-- {
		if other := others[last]; s.joined[other] {
			s.exit(other)
			err = try()
		}
	}
	if err != nil && s.joined[index] && isMember(err) {
		return nil
	}
	delete(s.joined, index)
	if err == nil {
		s.joined[index] = true
	}
	return err
}

func (s *Socket) exit(index int) {
	delete(s.joined, index)
	_ = s.leave(&net.Interface{Index: index}, s.groupAddr())
}

func (s *Socket) groupAddr() net.Addr { return &net.UDPAddr{IP: s.group.AsSlice()} }
