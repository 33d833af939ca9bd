package cli

import (
	"bytes"
	"context"
	"io"
	"sync"
	"time"
)

// lastWords is how long a write may still take once the command is to end.
const lastWords = time.Second

// patientWriter writes to a stream that may stall: a pipe that nobody reads,
// or a terminal that was stopped. It waits as long as the command runs, but
// not longer, because the profile is given back only after the last write.
// What is written after a write was given up is dropped.
type patientWriter struct {
	ctx    context.Context
	stream io.Writer

	mu      sync.Mutex
	stalled bool
}

// Write fails with the error of the context when it gives up.
func (w *patientWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stalled {
		return 0, w.ctx.Err()
	}
	type result struct {
		n   int
		err error
	}
	written := make(chan result, 1)
	data := bytes.Clone(p) // the caller may use p again after we gave up
	go func() {
		n, err := w.stream.Write(data)
		written <- result{n, err}
	}()
	select {
	case r := <-written:
		return r.n, r.err
	case <-w.ctx.Done():
	}
	timer := time.NewTimer(lastWords)
	defer timer.Stop()
	select {
	case r := <-written:
		return r.n, r.err
	case <-timer.C:
		w.stalled = true
		return 0, w.ctx.Err()
	}
}
