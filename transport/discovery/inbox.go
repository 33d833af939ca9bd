package discovery

import (
	"sync"

	"feihong/transport/ether"
)

// maxInbox is how many datagrams wait for the loop; what comes beyond that is
// dropped, as by the socket.
const maxInbox = 4096

// inbox takes datagrams from the receiver to the loop, many at a time: a
// thousand may come in one moment.
type inbox struct {
	ready chan struct{} // has room for one: there is something

	mu      sync.Mutex
	packets []ether.Packet
	spare   [][]byte // buffers to be used again
}

func newInbox() *inbox { return &inbox{ready: make(chan struct{}, 1)} }

// put copies a datagram, if there is room.
func (b *inbox) put(packet ether.Packet) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.packets) >= maxInbox {
		return
	}
	var buffer []byte
	if n := len(b.spare); n > 0 {
		buffer, b.spare = b.spare[n-1][:0], b.spare[:n-1]
	}
	packet.Data = append(buffer, packet.Data...)
	b.packets = append(b.packets, packet)
	if len(b.packets) == 1 {
		b.ready <- struct{}{}
	}
}

// take returns what has come. The inbox goes on with the list before, whose
// datagrams are done with.
func (b *inbox) take(before []ether.Packet) []ether.Packet {
	const maxSpare = 64
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, packet := range before {
		if len(b.spare) >= maxSpare {
			break
		}
		b.spare = append(b.spare, packet.Data)
	}
	clear(before)
	if cap(before) > maxSpare {
		before = nil
	}
	taken := b.packets
	b.packets = before[:0]
	return taken
}
