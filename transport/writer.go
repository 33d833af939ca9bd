package transport

import (
	"errors"
	"sync"
	"time"

	"feihong/protocol"
)

const (
	// maxQueueFrames and maxQueueBytes bound what waits to be written. What
	// is being written at the moment does not count.
	maxQueueFrames = 8192
	maxQueueBytes  = 16 << 20

	// writeChunk is how much is written under one deadline. The network must
	// take that much in writeTime, or the session ends.
	writeChunk = 64 << 10
	writeTime  = 30 * time.Second

	// maxSpare is the largest buffer kept for the next burst.
	maxSpare = 256 << 10
)

var (
	errQueueFull   = errors.New("the send queue is full")
	errQueueSealed = errors.New("the session has ended")
)

// queue holds encoded frames between any number of senders and one writer.
// The frames lie in one buffer behind each other: whatever has gathered while
// the writer was busy leaves in one piece.
type queue struct {
	wake   chan struct{} // has room for one: the queue is not empty, or sealed
	mu     sync.Mutex
	data   []byte
	frames int
	sealed bool
}

func newQueue() *queue { return &queue{wake: make(chan struct{}, 1)} }

// put appends a frame. It fails with errQueueFull, errQueueSealed or what
// AppendFrame says.
func (q *queue) put(app protocol.Application, body []byte) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.sealed {
		return errQueueSealed
	}
	if q.frames >= maxQueueFrames || len(q.data)+len(body)+protocol.HeaderBytes > maxQueueBytes {
		return errQueueFull
	}
	data, err := protocol.AppendFrame(q.data, app, body)
	if err != nil {
		return err
	}
	q.data = data
	if q.frames++; q.frames == 1 {
		q.signal()
	}
	return nil
}

// seal lets nothing more in. With a last frame, what waits is still to be
// written and the frame after it; without one it is dropped.
func (q *queue) seal(last []byte) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if last == nil {
		q.data = nil
	}
	q.data = append(q.data, last...)
	q.sealed = true
	q.signal()
}

// clear drops what waits.
func (q *queue) clear() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.data, q.frames = nil, 0
}

func (q *queue) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// take returns all that waits, and whether anything can follow. The queue
// goes on with the spare buffer, which is what an earlier take returned.
func (q *queue) take(spare []byte) (data []byte, sealed bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	data = q.data
	q.data, q.frames = spare[:0], 0
	return data, q.sealed
}

// write is the session's writer goroutine: it writes what is queued and keeps
// the connection alive.
func (s *Session) write() {
	defer close(s.written)
	timer := time.NewTimer(pingAfter)
	defer timer.Stop()
	var spare []byte
	for {
		data, sealed := s.queue.take(spare)
		if len(data) > 0 {
			if err := s.flush(data); err != nil {
				s.end(&brokenError{err}, nil)
				return
			}
		}
		spare = data
		if cap(spare) > maxSpare {
			spare = nil
		}
		if sealed {
			endWriting(s.raw, s.conn)
			return
		}
		select {
		case <-s.queue.wake:
		case <-timer.C:
			timer.Reset(s.checkAlive())
		}
	}
}

func (s *Session) flush(data []byte) error {
	for len(data) > 0 {
		chunk := data[:min(len(data), writeChunk)]
		if err := s.conn.SetWriteDeadline(time.Now().Add(writeTime)); err != nil {
			return err
		}
		if _, err := s.conn.Write(chunk); err != nil {
			return err
		}
		data = data[len(chunk):]
	}
	return nil
}
