package discovery

import (
	"context"
	"hash/maphash"
	"math/rand/v2"
	"net/netip"
	"sync"
	"time"

	"feihong/protocol"
	"feihong/transport/ether"
)

// The loop's own rhythm.
const (
	pollEvery   = 2 * time.Second  // interfaces, and who fell silent
	wakeJump    = 10 * time.Second // how far the clocks part in a sleep
	backlogTurn = 32               // announcements told of that are looked at before anything else
)

// loop is the state of the service. Only the goroutine of Serve touches it.
type loop struct {
	*Service
	ctx   context.Context // of what the loop starts
	tasks *sync.WaitGroup
	port  ether.Port
	now   time.Time // when the current turn began

	agenda  agenda
	timer   *time.Timer
	packets []ether.Packet // being handled
	seed    maphash.Seed

	links     links
	clockGap  time.Duration // of the wall clock to the monotonic one
	began     time.Time
	self      ownState
	beacon    beaconState
	table     table
	sources   sources
	news      bucket // all signatures of unknown people
	known     bucket // all of known ones
	answered  bucket // all questions
	welcomed  bucket // all newcomers
	calls     bucket
	doubted   bucket
	greeted   bucket                      // whom others told of, all
	tellers   map[protocol.PeerID]*bucket // likewise, by who told
	pending   map[publicKey]*pendingAnswer
	seen      map[[16]byte]time.Time // questions answered
	inquiries map[[16]byte]*inquiry
	asks      int
	contacts  map[protocol.PeerID]*contact
	backlog   []hearsay
	newcomer  newcomer
	search    searchState
	nextSweep time.Time // before that, nobody counts as silent
	timerAt   time.Time // what the timer is set to
	copied    bool      // it was logged that somebody else has our key
	blind     bool      // it was logged that the interfaces cannot be read
	pollAt    time.Time // when to look at the interfaces next

	greets pacer // questions to those whom others told of
	probes pacer // to those who fell silent
	// To ranges. Where nobody is on our own links, the system asks for each
	// address with ARP, and keeps what waits for an answer; so those go slower.
	nearScans, farScans pacer
	recalls             pacer // to people remembered
	posts               pacer // announcements to people on other links
}

func newLoop(s *Service, ctx context.Context, tasks *sync.WaitGroup, port ether.Port) *loop {
	l := &loop{
		Service:   s,
		ctx:       ctx,
		tasks:     tasks,
		port:      port,
		now:       time.Now(),
		timer:     time.NewTimer(time.Hour),
		seed:      maphash.MakeSeed(),
		table:     newTable(),
		sources:   sources{all: make(map[netip.Addr]*source)},
		pending:   make(map[publicKey]*pendingAnswer),
		seen:      make(map[[16]byte]time.Time),
		inquiries: make(map[[16]byte]*inquiry),
		contacts:  make(map[protocol.PeerID]*contact),
		tellers:   make(map[protocol.PeerID]*bucket),
	}
	l.began = l.now
	l.clockGap = l.gap()
	l.greets = pacer{loop: l, interval: time.Second / 50, room: maxBacklog}
	l.probes = pacer{loop: l, interval: time.Second / 100, room: maxPeople}
	l.nearScans = pacer{loop: l, interval: time.Second / 50, room: MaxRangeAddresses}
	l.farScans = pacer{loop: l, interval: time.Second / 200, room: MaxRangeAddresses}
	l.recalls = pacer{loop: l, interval: time.Second / 100, room: maxRemembered}
	l.posts = pacer{loop: l, interval: time.Second / 200, room: maxAwayGreets}
	return l
}

// run is the loop. It ends after its last words when done is closed.
func (l *loop) run(done <-chan struct{}) {
	defer l.timer.Stop()
	l.start()
	for {
		l.setTimer()
		select {
		case <-done:
			l.now = time.Now()
			l.sayGoodbye()
			return
		default:
		}
		l.turn(done)
	}
}

func (l *loop) turn(done <-chan struct{}) {
	var more chan struct{} // ready while there is a backlog
	if len(l.backlog) > 0 {
		more = make(chan struct{})
		close(more)
	}
	select {
	case <-done: // run sees it
	case <-l.timer.C:
		l.timerAt = time.Time{}
		l.tick()
	case event := <-l.events:
		l.tick()
		event(l)
	case <-l.wishes.wake:
		l.tick()
		l.grant()
	case <-l.inbox.ready:
		l.tick()
		l.packets = l.inbox.take(l.packets)
		for i := range l.packets {
			l.receive(&l.packets[i])
		}
	case <-more:
		l.tick()
		l.digest()
	}
}

// tick notes the time, and does what is due.
func (l *loop) tick() {
	l.now = time.Now()
	for do := l.agenda.due(l.now); do != nil; do = l.agenda.due(l.now) {
		do()
	}
}

func (l *loop) setTimer() {
	if at, ok := l.agenda.next(); ok && !at.Equal(l.timerAt) {
		l.timerAt = at
		l.timer.Reset(time.Until(at))
	}
}

// after puts something on the agenda.
func (l *loop) after(wait time.Duration, do func()) *task {
	return l.agenda.add(l.now.Add(wait), do)
}

// start is the first turn.
func (l *loop) start() {
	l.look()
	l.pollAt = l.now.Add(pollEvery)
	l.agenda.add(l.pollAt, l.poll)
	if l.config.Passive {
		return
	}
	l.port.Follow(l.links.interfaces)
	l.startDirectory()
	l.arrive(startBurst)
	l.planSearch()
}

// poll looks at the interfaces and the clock, and at who fell silent.
func (l *loop) poll() {
	woke := l.woke()
	l.pollAt = l.now.Add(pollEvery)
	l.agenda.add(l.pollAt, l.poll)
	before := l.links.interfaces
	changed := l.look()
	switch {
	case changed:
		l.log.Debug("the interfaces changed")
		l.port.Follow(l.links.interfaces)
		l.retell()
		l.table.age(l.now, graceAfterChange)
	case !l.config.Passive && l.port.Trouble() != nil:
		l.port.Follow(l.links.interfaces) // the port may have become free
	}
	if woke {
		l.log.Debug("the clock jumped; this machine slept, or somebody set it")
		l.table.age(l.now, graceAfterSleep)
	}
	if changed || woke {
		l.nextSweep = l.now
		l.arriveAgain(woke || newNetwork(before, l.links.interfaces))
	}
	l.sweep()
}

// arriveAgain begins to announce after a change, and to search if there may be
// anybody new to be found.
func (l *loop) arriveAgain(search bool) {
	if l.config.Passive {
		return
	}
	if l.config.Directory != nil {
		l.config.Directory.Refresh()
	}
	l.arrive(changeBurst)
	if search {
		l.planSearch()
	}
}

// woke tells whether this machine slept since the last look at the clocks. On
// most systems the monotonic clock stands still then; on Windows it runs on,
// and we are late.
func (l *loop) woke() bool {
	gap := l.gap()
	jumped := (gap - l.clockGap).Abs() > wakeJump
	l.clockGap = gap
	return jumped || l.now.Sub(l.pollAt) > wakeJump
}

// look reads the interfaces afresh, and tells whether they changed.
func (l *loop) look() (changed bool) {
	interfaces, err := l.config.Ether.Interfaces()
	if err != nil {
		if !l.blind {
			l.log.Warn("cannot read the network interfaces", "error", err)
		}
		l.blind = true
		return false
	}
	l.blind = false
	changed = !ether.Equal(interfaces, l.links.interfaces)
	l.links.interfaces = interfaces
	return changed
}

// gap is how far the wall clock is from the monotonic one, which stands still
// while the machine sleeps.
func (l *loop) gap() time.Duration { return l.wall().Sub(l.began.Round(0)) - l.now.Sub(l.began) }

// grant does what others wished.
func (l *loop) grant() {
	l.wishes.mu.Lock()
	announce, search, call := l.wishes.announce, l.wishes.search, l.wishes.call
	l.wishes.announce, l.wishes.search, l.wishes.call = false, false, nil
	l.wishes.mu.Unlock()
	if announce {
		l.announceSoon()
	}
	if search {
		l.searchNow()
	}
	for _, id := range call {
		l.call(id)
	}
}

// spread is a random time up to most.
func spread(most time.Duration) time.Duration {
	if most <= 0 {
		return 0
	}
	return rand.N(most)
}

// about is a time that differs at random from d by at most a part of it.
func about(d time.Duration, part float64) time.Duration {
	return d + time.Duration((2*rand.Float64()-1)*part*float64(d))
}
