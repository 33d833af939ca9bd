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
			packet, err := p.next(s, private, buffers[turn][:])
			if err != nil {
				return
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
func (p *port) next(s *socket.Socket, private bool, buffer []byte) (Packet, error) {
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
		return p.packet(origin, private, buffer[:n]), nil
	}
}

func (p *port) packet(origin socket.Origin, private bool, data []byte) Packet {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return packetOf(origin, private, p.broadcasts, data)
}

// packetOf makes a packet of what the system tells about a datagram.
func packetOf(origin socket.Origin, private bool, broadcasts map[netip.Addr]bool, data []byte) Packet {
	packet := Packet{
		From: origin.From, To: origin.To, Interface: origin.Interface,
		Way: Unicast, Private: private, Data: data,
	}
	switch {
	case private, !origin.To.IsValid(): // or the system does not tell
	case origin.To.IsMulticast():
		packet.Way = Multicast
	case broadcasts[origin.To]:
		packet.Way = Broadcast
	}
	return packet
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
