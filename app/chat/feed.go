package chat

import "sync"

// What a slow subscriber may leave unread.
const (
	maxPendingEvents = 1 << 18
	maxPendingBytes  = 32 << 20 // of text
	maxReplaced      = 64       // events that are looked at for older progress
	transferText     = 512      // a transfer's own size, beside what others hold too
)

// Subscription delivers events in order. Close it when done.
type Subscription struct {
	feed   *feed
	events chan Event
	closed chan struct{}
	once   sync.Once

	mu      sync.Mutex
	pending []Event
	bytes   int           // of text in pending
	wake    chan struct{} // holds a token while pending is not empty
}

// Events is closed when the subscription or the service ends.
func (s *Subscription) Events() <-chan Event { return s.events }

// Close ends the subscription and waits until nothing is delivered any more.
// It may be called more than once.
func (s *Subscription) Close() {
	s.once.Do(func() {
		s.feed.remove(s)
		close(s.closed)
	})
	for range s.events {
		// Undelivered; the channel is closed once the deliverer has ended.
	}
}

// deliver hands over pending events until the subscription is closed; what
// was published before a service ended is still delivered.
func (s *Subscription) deliver(ended <-chan struct{}) {
	defer close(s.events)
	for {
		for _, e := range s.take() {
			select {
			case s.events <- e:
			case <-s.closed:
				return
			}
		}
		select {
		case <-s.wake:
		case <-s.closed:
			return
		case <-ended:
			if s.idle() {
				return
			}
		}
	}
}

func (s *Subscription) take() []Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	events := s.pending
	s.pending, s.bytes = nil, 0
	return events
}

func (s *Subscription) idle() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.pending) == 0
}

func (s *Subscription) push(e Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.replace(e) {
		return
	}
	if len(s.pending) >= maxPendingEvents || s.bytes >= maxPendingBytes {
		s.pending, s.bytes = append(s.pending[:0:0], Lagged{}), 0
	}
	s.pending = append(s.pending, e)
	s.bytes += textOf(e)
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// replace puts progress in the place of older progress of the same transfer
// that nobody has taken yet, if nothing else was told of it since.
func (s *Subscription) replace(e Event) bool {
	newer, ok := e.(TransferProgress)
	if !ok {
		return false
	}
	for i := len(s.pending) - 1; i >= max(0, len(s.pending)-maxReplaced); i-- {
		switch older := s.pending[i].(type) {
		case TransferProgress:
			if older.Transfer.ID == newer.Transfer.ID {
				s.pending[i] = newer
				return true
			}
		case TransferChanged:
			if older.Transfer.ID == newer.Transfer.ID {
				return false
			}
		}
	}
	return false
}

// textOf is how much text an event holds on to.
func textOf(e Event) int {
	switch e := e.(type) {
	case MessageAdded:
		return e.Message.size()
	case MessageChanged:
		return e.Message.size()
	case TransferChanged:
		return transferText + len(e.Transfer.Text)
	case TransferProgress:
		return transferText + len(e.Transfer.Text)
	case ContactChanged:
		n := len(e.Summary.Draft)
		if e.Summary.Last != nil {
			n += e.Summary.Last.size()
		}
		return n
	}
	return 0
}

// feed hands every event to every subscription. The zero value is ready.
type feed struct {
	mu    sync.Mutex
	subs  map[*Subscription]bool
	ended chan struct{}
	over  bool
}

// Subscribe begins to collect events; those published before are not seen.
func (s *Service) Subscribe() *Subscription {
	f := &s.feed
	sub := &Subscription{
		feed:   f,
		events: make(chan Event),
		closed: make(chan struct{}),
		wake:   make(chan struct{}, 1),
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.subs == nil {
		f.subs = make(map[*Subscription]bool)
		f.ended = make(chan struct{})
	}
	if f.over {
		close(sub.events)
		return sub
	}
	f.subs[sub] = true
	go sub.deliver(f.ended)
	return sub
}

func (f *feed) publish(e Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for sub := range f.subs {
		sub.push(e)
	}
}

func (f *feed) remove(s *Subscription) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.subs, s)
}

// close ends every subscription once its reader has taken what is pending.
// A reader that has stopped reading closes its subscription itself.
func (f *feed) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.over && f.ended != nil {
		close(f.ended)
	}
	f.over = true
}
