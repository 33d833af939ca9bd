package chat

import "time"

const (
	// doubtAfter is how long text may go without any sign of the person before
	// the session with them is doubted.
	doubtAfter = 3 * time.Second
	// proveEvery is how often at most a person is asked for a proof.
	proveEvery = 10 * time.Second
)

// doubt is about a session whose peer may have vanished without a word, by
// which text would be lost for as long as the network takes to notice.
type doubt struct {
	timer  *time.Timer // nil while nothing is under way
	heard  time.Time   // when the session last brought anything
	proved time.Time   // when a proof was last asked for
}

func (d *doubt) stop() {
	if d.timer != nil {
		d.timer.Stop()
		d.timer = nil
	}
}

// watch looks after what is under way to a person.
func (l *loop) watch(p *person) {
	if p.doubt.timer == nil {
		l.watchFor(p, doubtAfter)
	}
}

func (l *loop) watchFor(p *person, d time.Duration) {
	p.doubt.timer = l.after(d, func(l *loop) {
		p.doubt.timer = nil
		l.doubtSession(p)
	})
}

// doubtSession asks for a proof if nothing is heard of a person who should have
// answered. Of somebody who is not near it is not asked: their road may be slow.
func (l *loop) doubtSession(p *person) {
	sent, waiting := p.outbox.oldest()
	if !waiting || p.session == nil || l.people[p.ID] != p {
		return
	}
	d := &p.doubt
	since := sent
	if d.heard.After(since) {
		since = d.heard
	}
	wait := max(doubtAfter-time.Since(since), proveEvery-time.Since(d.proved))
	if wait > 0 {
		l.watchFor(p, wait)
		return
	}
	l.watchFor(p, doubtAfter)
	session, can := p.session.(interface{ Prove() bool })
	if !can || !p.presence.nearby {
		return
	}
	d.proved = time.Now()
	l.log.Info("no answer to what was sent, asking for a proof", "name", p.DisplayName())
	l.dials.Go(func() { session.Prove() })
}

// oldest is when the oldest of what is under way was sent.
func (o *outbox) oldest() (sent time.Time, ok bool) {
	if len(o.queue) == 0 || !o.queue[0].underway {
		return time.Time{}, false
	}
	return o.queue[0].sent, true
}
