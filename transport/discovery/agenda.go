package discovery

import (
	"container/heap"
	"time"
)

// agenda is what the loop is going to do, and when.
type agenda struct{ tasks taskHeap }

// task is something to be done at a time.
type task struct {
	at    time.Time
	do    func() // nil once it is done or cancelled
	index int    // in the heap
}

// add puts something on the agenda.
func (a *agenda) add(at time.Time, do func()) *task {
	t := &task{at: at, do: do}
	heap.Push(&a.tasks, t)
	return t
}

// cancel takes a task off the agenda; nil, and one that is done, is allowed.
func (a *agenda) cancel(t *task) {
	if t != nil && t.do != nil {
		t.do = nil
		heap.Remove(&a.tasks, t.index)
	}
}

// due takes off the next task if its time has come.
func (a *agenda) due(now time.Time) (do func()) {
	if len(a.tasks) == 0 || a.tasks[0].at.After(now) {
		return nil
	}
	t := heap.Pop(&a.tasks).(*task)
	do, t.do = t.do, nil
	return do
}

// next is when the first task is due.
func (a *agenda) next() (at time.Time, ok bool) {
	if len(a.tasks) == 0 {
		return at, false
	}
	return a.tasks[0].at, true
}

type taskHeap []*task

func (h taskHeap) Len() int           { return len(h) }
func (h taskHeap) Less(i, j int) bool { return h[i].at.Before(h[j].at) }
func (h taskHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

func (h *taskHeap) Push(x any) {
	t := x.(*task)
	t.index = len(*h)
	*h = append(*h, t)
}

func (h *taskHeap) Pop() any {
	last := len(*h) - 1
	t := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	return t
}

// pacer does things one after the other, so many in a second, and as many as
// fit its queue.
type pacer struct {
	loop     *loop
	interval time.Duration
	room     int
	queue    []func()
	last     time.Time
	task     *task
}

// add queues something; false if there is no room.
func (p *pacer) add(do func()) bool {
	if len(p.queue) >= p.room {
		return false
	}
	p.queue = append(p.queue, do)
	p.plan()
	return true
}

func (p *pacer) plan() {
	if p.task != nil || len(p.queue) == 0 {
		return
	}
	at := p.last.Add(p.interval)
	if at.Before(p.loop.now) {
		at = p.loop.now
	}
	p.task = p.loop.agenda.add(at, func() {
		do := p.queue[0]
		p.queue[0] = nil
		p.queue = p.queue[1:]
		p.task, p.last = nil, p.loop.now
		p.plan()
		do()
	})
}

// drop empties the queue.
func (p *pacer) drop() {
	p.queue = nil
	p.loop.agenda.cancel(p.task)
	p.task = nil
}
