package ether

import (
	"errors"
	"net"
	"net/netip"
	"time"

	"feihong/protocol"
	"feihong/transport/ether/socket"
)

// patience is how long a reader waits after an error, so that one that stays
// does not keep a processor busy.
const patience = 10 * time.Millisecond

// read starts a goroutine that hands over what comes to a socket.
func (p *port) read(s *socket.Socket, private bool) {
	if s == nil {
		return
	}
	p.readers.Go(func() {
		// One is with the caller of Receive while the other is being filled.
		// One byte more than allowed tells what is too long.
		var buffers [2][protocol.MaxDatagramBytes + 1]byte
		for turn := 0; ; turn = 1 - turn {
			packet, err := p.next(s, buffers[turn][:])
			if err != nil {
				return
			}
			packet.Private = private
			if private {
				packet.Way = Unicast // whatever a system without packet information says
			}
			select {
			case p.packets <- packet:
			case <-p.done:
				return
			}
		}
	})
}

// next reads until something comes that is to be handed over. Its only error
// is that the socket is closed: a complaint of the network about something
// that was sent, or a datagram that is too long, must not end the reading.
func (p *port) next(s *socket.Socket, buffer []byte) (Packet, error) {
	for {
		n, origin, err := s.Read(buffer)
		switch {
		case errors.Is(err, net.ErrClosed):
			return Packet{}, net.ErrClosed
		case err != nil:
			if !p.pause() {
				return Packet{}, net.ErrClosed
			}
			continue
		case n > protocol.MaxDatagramBytes, p.confined && !origin.From.Addr().IsLoopback():
			continue
		}
		return Packet{
			From: origin.From, To: origin.To, Interface: origin.Interface,
			Way: p.way(origin.To), Data: buffer[:n],
		}, nil
	}
}

// way tells how a datagram to this address came; zero if the system did not
// tell the address.
func (p *port) way(to netip.Addr) Way {
	p.mu.RLock()
	defer p.mu.RUnlock()
	switch {
	case !to.IsValid():
		return 0
	case to.IsMulticast():
		return Multicast
	case p.broadcasts[to]:
		return Broadcast
	}
	return Unicast
}

// pause waits a little. It returns false at once when the port is closed.
func (p *port) pause() bool {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-p.done:
		return false
	}
}

// Receive waits for the next datagram of any socket.
func (p *port) Receive() (Packet, error) {
	select {
	case packet := <-p.packets:
		return packet, nil
	case <-p.done:
		return Packet{}, net.ErrClosed
	}
}
