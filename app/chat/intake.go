package chat

import "sync"

// What one session may have waiting for the loop: enough to fill transactions,
// and so little that nobody else waits long behind a peer who floods.
const (
	maxIntakeBytes  = 512 << 10
	minIntakeWeight = 512 // of a frame, so that small ones are bounded too
)

// intake counts what waits for the loop, by session. The zero value is ready.
type intake struct {
	mu      sync.Mutex
	changed *sync.Cond
	waiting map[Session]int
	closed  bool
}

// enter waits until there is room for a frame. It returns the weight to give
// back, or false if the service has ended.
func (i *intake) enter(s Session, size int) (weight int, ok bool) {
	weight = max(size, minIntakeWeight)
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.waiting == nil {
		i.waiting = make(map[Session]int)
		i.changed = sync.NewCond(&i.mu)
	}
	for !i.closed && i.waiting[s] > 0 && i.waiting[s]+weight > maxIntakeBytes {
		i.changed.Wait()
	}
	if i.closed {
		return 0, false
	}
	i.waiting[s] += weight
	return weight, true
}

func (i *intake) leave(s Session, weight int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.waiting[s] -= weight; i.waiting[s] <= 0 {
		delete(i.waiting, s)
	}
	i.changed.Broadcast()
}

func (i *intake) close() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.closed = true
	if i.changed != nil {
		i.changed.Broadcast()
	}
}
