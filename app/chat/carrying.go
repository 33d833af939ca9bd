package chat

import (
	"sync"

	"feihong/protocol"
)

// order is what a carrier is told to do with a transfer.
type order uint8

const (
	orderNone order = iota
	orderBegin
	orderHalt
	orderDrop
)

type instruction struct {
	order order
	job   Job // for orderBegin
}

// wantedOrder is the order that fits the state of a transfer.
func (f *transfer) wantedOrder() order {
	switch {
	case f.State == TransferDone:
		return orderHalt
	case f.Final():
		return orderDrop
	case f.active() && !f.paused(), f.State == TransferFinishing && f.Direction == Out:
		return orderBegin
	case f.active(), f.ordered == orderBegin && f.State == TransferOffered:
		return orderHalt
	}
	return f.ordered
}

// direct lets the carrier do what fits the state of a transfer.
func (l *loop) direct(f *transfer) {
	order := f.wantedOrder()
	if order == f.ordered {
		return
	}
	f.ordered = order
	if order == orderHalt {
		f.moment.sent = sent{}
	}
	l.carry.put(f.ID, instruction{order: order, job: f.job()})
}

func (f *transfer) job() Job {
	offer := *f.Offer()
	offer.Text, offer.Preview = "", nil
	job := Job{ID: f.ID, Peer: f.person.Peer, Direction: f.Direction, Offer: offer, Folder: f.Folder}
	if f.Direction == Out {
		job.Paths = f.Paths
	}
	return job
}

// conveyor brings instructions to the carrier, one after the other and beside
// the loop, which never waits for it. Of several for one transfer only the last
// counts, so that what waits is bounded by the number of transfers.
type conveyor struct {
	carrier Carrier // nil: everything is dropped

	mu     sync.Mutex
	orders map[protocol.MessageID]instruction
	queue  []protocol.MessageID // of orders
	nudges map[protocol.PeerID]bool
	calls  map[protocol.MessageID]protocol.PeerID
	closed bool
	wake   chan struct{} // holds a token while there may be work
}

func newConveyor(carrier Carrier) *conveyor {
	return &conveyor{
		carrier: carrier,
		orders:  make(map[protocol.MessageID]instruction),
		nudges:  make(map[protocol.PeerID]bool),
		calls:   make(map[protocol.MessageID]protocol.PeerID),
		wake:    make(chan struct{}, 1),
	}
}

func (c *conveyor) put(id protocol.MessageID, i instruction) {
	c.add(func() {
		if _, waits := c.orders[id]; !waits {
			c.queue = append(c.queue, id)
		}
		c.orders[id] = i
	})
}

func (c *conveyor) nudge(peer protocol.PeerID) { c.add(func() { c.nudges[peer] = true }) }

func (c *conveyor) called(peer protocol.PeerID, id protocol.MessageID) {
	c.add(func() { c.calls[id] = peer })
}

// close lets serve end once the carrier has heard what it must not miss.
func (c *conveyor) close() { c.add(func() { c.closed = true }) }

func (c *conveyor) add(change func()) {
	if c.carrier == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	change()
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// serve runs until close.
func (c *conveyor) serve() {
	for range c.wake {
		for {
			work, closed := c.next()
			if work == nil && closed {
				return
			}
			if work == nil {
				break
			}
			work()
		}
	}
}

// next takes out what the carrier is told next, orders before hints. At the end
// nothing is begun any more.
func (c *conveyor) next() (work func(), closed bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.queue) > 0 {
		id := c.queue[0]
		i := c.orders[id]
		c.queue = c.queue[1:]
		delete(c.orders, id)
		if work := c.work(id, i); work != nil {
			return work, c.closed
		}
	}
	if c.closed {
		return nil, true
	}
	for peer := range c.nudges {
		delete(c.nudges, peer)
		return func() { c.carrier.Nudge(peer) }, false
	}
	for id, peer := range c.calls {
		delete(c.calls, id)
		return func() { c.carrier.Called(peer, id) }, false
	}
	return nil, false
}

func (c *conveyor) work(id protocol.MessageID, i instruction) func() {
	switch i.order {
	case orderBegin:
		if c.closed {
			return nil
		}
		return func() { c.carrier.Begin(i.job) }
	case orderHalt:
		return func() { c.carrier.Halt(id) }
	case orderDrop:
		return func() { c.carrier.Drop(id) }
	}
	return nil
}
