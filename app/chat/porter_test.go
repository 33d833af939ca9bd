package chat_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"feihong/app/chat"
	"feihong/protocol"
)

// yard is where the carriers of all people meet: data moves between two who
// are both told to carry it, in steps of time.
type yard struct {
	mu      sync.Mutex
	porters map[protocol.PeerID]*porter
	random  *rand.Rand // nil: nothing goes wrong
	due     map[protocol.MessageID]bool
}

const (
	stepTime = 100 * time.Millisecond
	steps    = 4
)

func newYard(random *rand.Rand) *yard {
	return &yard{porters: make(map[protocol.PeerID]*porter), random: random, due: make(map[protocol.MessageID]bool)}
}

// porter is a chat.Carrier that carries nothing but pretends to.
type porter struct {
	yard *yard
	name string
	peer protocol.PeerID

	// As on disk: they survive a restart.
	steps    map[protocol.MessageID]int
	finished map[protocol.MessageID]chat.Outcome

	reports chat.CarrierReports
	jobs    map[protocol.MessageID]chat.Job
	begun   map[protocol.MessageID]bool // since the restart
	heard   []string                    // what it was told
	refuse  error                       // for Prepare and Countersign

	hangs protocol.PeerID // whose receipts take for ever

	left  []protocol.MessageID             // of what it has notes at the start
	fates map[protocol.MessageID]chat.Fate // of those
}

func (y *yard) porter(name string) *porter {
	p := &porter{
		yard: y, name: name, peer: signerOf(name), steps: map[protocol.MessageID]int{},
		finished: map[protocol.MessageID]chat.Outcome{}, jobs: map[protocol.MessageID]chat.Job{},
		fates: map[protocol.MessageID]chat.Fate{},
		begun: map[protocol.MessageID]bool{},
	}
	y.porters[p.peer] = p
	return p
}

func (p *porter) hear(what string, about any) {
	p.heard = append(p.heard, fmt.Sprint(what, " ", about))
}

// told lists what the porter was told, without IDs, and forgets it.
func (p *porter) told() []string {
	p.yard.mu.Lock()
	defer p.yard.mu.Unlock()
	var words []string
	for _, line := range p.heard {
		word, _, _ := strings.Cut(line, " ")
		words = append(words, word)
	}
	p.heard = nil
	return words
}

func (p *porter) Prepare(_ context.Context, id protocol.MessageID, paths []string) (chat.Parcel, error) {
	p.yard.mu.Lock()
	defer p.yard.mu.Unlock()
	p.hear("prepare", id)
	if p.refuse != nil {
		return chat.Parcel{}, p.refuse
	}
	return chat.Parcel{Offer: offerOf(paths)}, nil
}

// offerOf is the offer of files of 1000 bytes each.
func offerOf(paths []string) protocol.Offer {
	o := protocol.Offer{Manifest: sha256.Sum256([]byte(strings.Join(paths, "\n"))), ManifestBytes: 100, Files: uint32(len(paths)), Bytes: 1000 * uint64(len(paths))}
	for i, path := range paths {
		if i == protocol.MaxOfferTops {
			o.MoreTops = uint32(len(paths) - i)
			break
		}
		o.Tops = append(o.Tops, protocol.OfferTop{Name: path[strings.LastIndex(path, "/")+1:], Bytes: 1000})
	}
	return o
}

func (p *porter) Begin(job chat.Job) {
	p.yard.mu.Lock()
	defer p.yard.mu.Unlock()
	p.hear("begin", job.ID)
	p.begun[job.ID] = true
	if o, done := p.finished[job.ID]; done {
		p.reports.Finished(job.ID, o) // from within, as is allowed
		return
	}
	p.jobs[job.ID] = job
	p.yard.later(job.ID)
}

func (p *porter) Halt(id protocol.MessageID) {
	p.yard.mu.Lock()
	defer p.yard.mu.Unlock()
	p.hear("halt", id)
	delete(p.jobs, id)
}

func (p *porter) Drop(id protocol.MessageID) {
	p.yard.mu.Lock()
	defer p.yard.mu.Unlock()
	p.hear("drop", id)
	delete(p.jobs, id)
	delete(p.steps, id)
}

func (p *porter) Sweep(ctx context.Context, fate func(context.Context, protocol.MessageID) (chat.Fate, error)) error {
	p.yard.mu.Lock()
	defer p.yard.mu.Unlock()
	for _, id := range p.left {
		what, err := fate(ctx, id)
		if err != nil {
			return err
		}
		p.fates[id] = what
	}
	return nil
}

func (p *porter) Nudge(peer protocol.PeerID) {
	p.yard.mu.Lock()
	defer p.yard.mu.Unlock()
	p.hear("nudge", peer.Short())
}

func (p *porter) Called(_ protocol.PeerID, id protocol.MessageID) {
	p.yard.mu.Lock()
	defer p.yard.mu.Unlock()
	p.hear("called", id)
}

func (p *porter) Countersign(ctx context.Context, id protocol.MessageID, raw []byte) ([]byte, error) {
	if r, err := protocol.DecodeReceipt(raw); err == nil && r.Receiver == p.hangs {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	select {
	case <-time.After(stepTime):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	p.yard.mu.Lock()
	defer p.yard.mu.Unlock()
	p.hear("countersign", id)
	switch {
	case p.refuse != nil:
		return nil, p.refuse
	case !p.begun[id]:
		return nil, errors.New("not under way")
	}
	r, err := protocol.DecodeReceipt(raw)
	if err != nil {
		return nil, err
	}
	return signed(r, p.name, false), nil
}

// restart gives the porter another life in another service.
func (p *porter) restart() {
	p.yard.mu.Lock()
	defer p.yard.mu.Unlock()
	p.reports = nil
	clear(p.jobs)
	clear(p.begun)
}

// later moves a transfer on by one step if both sides carry it then.
func (y *yard) later(id protocol.MessageID) {
	if y.due[id] {
		return
	}
	y.due[id] = true
	time.AfterFunc(stepTime, func() {
		if report := y.step(id); report != nil {
			report()
		}
	})
}

// step returns what is to be reported, which is done without the lock.
func (y *yard) step(id protocol.MessageID) (report func()) {
	y.mu.Lock()
	defer y.mu.Unlock()
	delete(y.due, id)
	var sender, receiver *porter
	for _, p := range y.porters {
		job, ok := p.jobs[id]
		switch {
		case ok && job.Direction == chat.Out:
			sender = p
		case ok:
			receiver = p
		}
	}
	if sender == nil || receiver == nil || sender.peer != receiver.jobs[id].Peer || receiver.peer != sender.jobs[id].Peer {
		return nil
	}
	job := receiver.jobs[id]
	if y.random != nil && y.random.IntN(60) == 0 {
		broken := sender
		if y.random.IntN(2) == 0 {
			broken = receiver
		}
		return broken.finish(id, chat.Outcome{Err: errors.New("trouble"), Reason: "source-missing", Detail: "a\x1b[31m.txt"})
	}
	receiver.steps[id]++
	if n := receiver.steps[id]; n < steps {
		y.later(id)
		p := chat.Progress{Done: int64(job.Offer.Bytes) * int64(n) / steps, Rate: 1000, Left: time.Second, Current: "x\u202e.txt"}
		from, to := sender.reports, receiver.reports
		return func() {
			from.Carried(id, p)
			to.Carried(id, p)
		}
	}
	r := receiptOf(job, sender.name, receiver.name)
	return receiver.finish(id, chat.Outcome{Paths: []string{"/got/" + job.Offer.Tops[0].Name}, Receipt: signed(r, receiver.name, true)})
}

func (p *porter) finish(id protocol.MessageID, o chat.Outcome) func() {
	delete(p.jobs, id)
	p.finished[id] = o
	reports := p.reports
	return func() { reports.Finished(id, o) }
}

// courier is somebody with a porter.
type courier struct {
	*person
	porter *porter
	board  *switchboard
	id     chat.ContactID // of the other one
	tweak  func(*chat.Config)
}

// joinCourier is join for somebody who carries files.
func (b *switchboard) joinCourier(t *testing.T, y *yard, name, address string, store chat.Store, tweaks ...func(*chat.Config)) *courier {
	t.Helper()
	c := &courier{porter: y.porter(name), board: b, tweak: func(config *chat.Config) {
		for _, tweak := range tweaks {
			tweak(config)
		}
	}}
	c.start(t, &line{board: b, address: address, peer: signerOf(name), name: name}, store)
	return c
}

func (c *courier) start(t *testing.T, l *line, store chat.Store) {
	config := chat.Config{Store: store, Carrier: c.porter, ReceiveFolder: func() string { return "/got" }}
	c.tweak(&config)
	c.porter.yard.mu.Lock() // nothing is reported before it is known to whom
	c.person = c.board.run(t, l, config)
	c.porter.reports = c.person.Service
	c.porter.yard.mu.Unlock()
}

// restart ends the service as a crash does, and starts it again.
func (c *courier) restart(t *testing.T) {
	t.Helper()
	c.porter.restart()
	l := c.line
	c.leave()
	c.start(t, &line{board: l.board, address: l.address, peer: l.peer, name: l.name}, c.store)
}

func (c *courier) offer(paths ...string) chat.Transfer {
	c.t.Helper()
	transfer, err := c.Offer(c.t.Context(), c.id, paths, "")
	if err != nil {
		c.t.Fatal(err)
	}
	return transfer
}

func (c *courier) transfer(id protocol.MessageID) chat.Transfer {
	c.t.Helper()
	found, err := c.Transfer(c.t.Context(), id)
	if err != nil {
		c.t.Fatal(err)
	}
	return found
}

// must ends the test if a command failed.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// couple is Alice and Bob, who know each other and are connected.
func couple(t *testing.T, y *yard) (alice, bob *courier) {
	t.Helper()
	board := newSwitchboard()
	alice = board.joinCourier(t, y, "Alice", "a:1", newStore())
	bob = board.joinCourier(t, y, "Bob", "b:1", newStore())
	alice.meet(bob)
	return alice, bob
}

// meet connects two people.
func (c *courier) meet(other *courier) {
	c.t.Helper()
	met, err := c.Connect(c.t.Context(), other.line.address)
	if err != nil {
		c.t.Fatal(err)
	}
	c.id = met.ID
	other.id = other.who(c.line.name).ID
}

// states lists how a transfer stands with several people.
func states(id protocol.MessageID, people ...*courier) (list []string) {
	for _, c := range people {
		list = append(list, string(c.transfer(id).State))
	}
	return list
}

// eventsOf lists the states that events told of a transfer.
func (c *courier) eventsOf(id protocol.MessageID) (list []string) {
	for _, e := range c.seen {
		if changed, ok := e.(chat.TransferChanged); ok && changed.Transfer.ID == id {
			list = append(list, string(changed.Transfer.State))
		}
	}
	return slices.Compact(list)
}
