package gui

import (
	"context"
	"sync"
	"time"
)

// background runs what may wait for the disk or the network away from the user
// interface: jobs one after the other in the order in which they were posted,
// and tasks beside them. It is safe for concurrent use.
type background struct {
	mu     sync.Mutex
	jobs   []func(context.Context)
	tasks  []func(context.Context)
	closed bool
	wake   chan struct{}
}

// graceTime is how long jobs that were posted before the end may still take.
const graceTime = 3 * time.Second

func newBackground() *background { return &background{wake: make(chan struct{}, 1)} }

// post adds a job. Jobs are carried out even if the program is about to end.
func (b *background) post(job func(context.Context)) { b.add(&b.jobs, job) }

// start adds a task, which is told to stop when the program is about to end.
func (b *background) start(task func(context.Context)) { b.add(&b.tasks, task) }

func (b *background) add(list *[]func(context.Context), f func(context.Context)) {
	b.mu.Lock()
	if !b.closed {
		*list = append(*list, f)
	}
	b.mu.Unlock()
	b.signal()
}

// close lets run return once the jobs that there are have been done.
func (b *background) close() {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	b.signal()
}

func (b *background) signal() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// run carries out jobs and tasks until close. Tasks end with ctx; jobs have
// some time after it.
func (b *background) run(ctx context.Context) {
	jobs, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(graceTime, cancel) })
	defer stop()
	var running sync.WaitGroup
	defer running.Wait()
	for {
		job, task, closed := b.next()
		switch {
		case task != nil:
			running.Go(func() { task(ctx) })
		case job != nil:
			job(jobs)
		case closed:
			return
		default:
			<-b.wake
		}
	}
}

func (b *background) next() (job, task func(context.Context), closed bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.tasks) > 0 {
		task, b.tasks = b.tasks[0], b.tasks[1:]
		return nil, task, false
	}
	if len(b.jobs) > 0 {
		job, b.jobs = b.jobs[0], b.jobs[1:]
	}
	return job, nil, b.closed
}
