package socket

import (
	"net"
	"net/netip"
)

// Scripted makes a socket whose reads and writes are these, and whose
// memberships are kept by the two last.
func Scripted(read func() (int, error), write func() error, join, leave func(index int) error) *Socket {
	return &Socket{family: scripted{read, write, join, leave}, joined: make(map[int]bool), group: netip.IPv6LinkLocalAllNodes()}
}

type scripted struct {
	reading     func() (int, error)
	writing     func() error
	join1, exit func(index int) error
}

func (s scripted) read([]byte) (int, Origin, error) {
	n, err := s.reading()
	return n, Origin{}, err
}
func (s scripted) write([]byte, *net.UDPAddr, Route) error      { return s.writing() }
func (s scripted) choose(*net.Interface) error                  { return nil }
func (s scripted) join(i *net.Interface, group net.Addr) error  { return s.join1(i.Index) }
func (s scripted) leave(i *net.Interface, group net.Addr) error { return s.exit(i.Index) }
