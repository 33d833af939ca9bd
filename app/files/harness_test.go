package files_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"feihong/app/chat"
	"feihong/app/files"
	"feihong/protocol"
	"feihong/transport/bulk"
)

// wire connects engines by connections in memory.
type wire struct {
	mu      sync.Mutex
	engines map[protocol.PeerID]*person
	deaf    map[protocol.PeerID]bool // whom nobody can dial
	dials   int
	calls   int
	// limit gives after how many bytes the next connection breaks; nil: never.
	limit func() int64
	group sync.WaitGroup
}

// seat is the network as one person sees it.
type seat struct {
	*wire
	self protocol.PeerID
}

var errUnreachable = errors.New("nobody answers")

func (s seat) Dial(ctx context.Context, peer protocol.PeerID) (net.Conn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dials++
	other := s.engines[peer]
	if other == nil || s.deaf[peer] || ctx.Err() != nil {
		return nil, errUnreachable
	}
	here, there := net.Pipe()
	limit := int64(-1)
	if s.limit != nil {
		limit = s.limit()
	}
	near := &frail{Conn: here}
	near.left.Store(limit)
	near.limited = limit >= 0
	s.group.Go(func() { other.engine.Incoming(other.ctx, there, s.self, func() bool { return true }) })
	return near, nil
}

func (s seat) Call(peer protocol.PeerID, id protocol.MessageID) {
	s.mu.Lock()
	s.calls++
	other := s.engines[peer]
	s.mu.Unlock()
	if other != nil {
		other.engine.Called(s.self, id)
	}
}

// frail breaks after so many bytes, in either direction.
type frail struct {
	net.Conn
	limited bool
	left    atomic.Int64
}

var errBroken = errors.New("the connection broke")

func (f *frail) spend(n int, err error) (int, error) {
	if f.limited && f.left.Add(int64(-n)) < 0 && err == nil {
		return n, errors.Join(errBroken, f.Close())
	}
	return n, err
}

func (f *frail) Read(b []byte) (int, error)  { return f.spend(f.Conn.Read(b)) }
func (f *frail) Write(b []byte) (int, error) { return f.spend(f.Conn.Write(b)) }

// person has an engine on the wire.
type person struct {
	t                  testing.TB
	wire               *wire
	id                 protocol.PeerID
	key                ed25519.PrivateKey
	dir                string
	engine             *files.Engine
	ctx                context.Context
	cancel             context.CancelFunc
	served             chan error
	limiter, receiving *bulk.Limiter
	roads              files.Network // nil: the wire
	private            []string      // folders that are never sent

	mu       sync.Mutex
	progress []chat.Progress
	stalls   []chat.TransferReason
	finished chan chat.Outcome
	stalled  chan chat.TransferReason
}

func newWire() *wire {
	return &wire{engines: make(map[protocol.PeerID]*person), deaf: make(map[protocol.PeerID]bool)}
}

func newPerson(t testing.TB, w *wire, seed byte) *person {
	t.Helper()
	key := ed25519.NewKeyFromSeed(append(make([]byte, 31), seed))
	public := key.Public().(ed25519.PublicKey)
	p := &person{t: t, wire: w, key: key, id: protocol.PeerIDOf(public), dir: filepath.Join(t.TempDir(), "transfers"),
		finished: make(chan chat.Outcome, 100), stalled: make(chan chat.TransferReason, 1000)}
	p.start()
	t.Cleanup(p.end)
	return p
}

// start starts the person's program.
func (p *person) start() {
	p.build()
	p.serve()
}

func (p *person) build() {
	p.engine = files.New(files.Config{
		Private: func() []string { return p.private },
		Dir:     p.dir, Self: p.id, Key: p.key.Public().(ed25519.PublicKey),
		Sign:    func(message []byte) []byte { return ed25519.Sign(p.key, message) },
		Network: p.network(), Logger: slog.New(slog.DiscardHandler), Connections: 2, Sending: p.limiter, Receiving: p.receiving,
	})
	p.engine.Bind(p)
}

func (p *person) network() files.Network {
	if p.roads != nil {
		return p.roads
	}
	return seat{p.wire, p.id}
}

func (p *person) serve() {
	p.ctx, p.cancel = context.WithCancel(context.Background())
	served := make(chan error, 1)
	p.served = served
	ctx, engine := p.ctx, p.engine
	go func() { served <- engine.Serve(ctx) }()
	p.wire.mu.Lock()
	defer p.wire.mu.Unlock()
	p.wire.engines[p.id] = p
}

// end ends it, as closing it does. It may be called again.
func (p *person) end() {
	p.wire.mu.Lock()
	delete(p.wire.engines, p.id)
	p.wire.mu.Unlock()
	if p.served == nil {
		return
	}
	p.cancel()
	if err := <-p.served; err != nil {
		p.t.Error(err)
	}
	p.served = nil
}

func (p *person) Carried(_ protocol.MessageID, progress chat.Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.progress = append(p.progress, progress)
}

func (p *person) Stalled(_ protocol.MessageID, reason chat.TransferReason, _ string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stalls = append(p.stalls, reason)
	select {
	case p.stalled <- reason:
	default:
	}
}

func (p *person) Finished(_ protocol.MessageID, o chat.Outcome) { p.finished <- o }

// transfer is between two people.
type transfer struct {
	from, to *person
	out, in  chat.Job
	source   string // what is sent lies in here
	target   string
}

// offer prepares a transfer of everything in a folder, that nobody has begun.
func offer(t testing.TB, from, to *person, source string) *transfer {
	t.Helper()
	var paths []string
	entries, err := os.ReadDir(source)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		paths = append(paths, filepath.Join(source, entry.Name()))
	}
	id := uuid.New()
	parcel, err := from.engine.Prepare(context.Background(), id, paths)
	if err != nil {
		t.Fatal(err)
	}
	o := parcel.Offer
	o.ID = id
	o.Token = [32]byte{1, 2, 3}
	x := &transfer{from: from, to: to, source: source, target: filepath.Join(t.TempDir(), "in")}
	x.out = chat.Job{ID: id, Peer: to.id, Direction: chat.Out, Offer: o, Paths: paths}
	x.in = chat.Job{ID: id, Peer: from.id, Direction: chat.In, Offer: o, Folder: x.target}
	return x
}

// arrived waits for the end, and checks that everything is there and that both
// sides sign it.
func (x *transfer) arrived(t testing.TB) {
	t.Helper()
	outcome := <-x.to.finished
	if outcome.Err != nil || len(outcome.Failures) > 0 || outcome.Receipt == nil {
		t.Fatalf("the outcome is %+v", outcome)
	}
	x.same(t)
	x.signed(t, outcome.Receipt)
}

func (x *transfer) same(t testing.TB) {
	t.Helper()
	got, want := contents(t, x.target), contents(t, x.source)
	for name, data := range want {
		if is, there := got[name]; !there || is != data {
			t.Errorf("%s: there %v, %d bytes instead of %d", name, there, len(is), len(data))
		}
	}
	for name := range got {
		if _, expected := want[name]; !expected {
			t.Errorf("%s is there", name)
		}
	}
}

func (x *transfer) signed(t testing.TB, receipt []byte) {
	t.Helper()
	both, err := x.from.engine.Countersign(context.Background(), x.out.ID, receipt)
	if err != nil {
		t.Fatal(err)
	}
	r, err := protocol.DecodeReceipt(both)
	if err != nil {
		t.Fatal(err)
	}
	if receiver, sender := r.Verify(); !receiver || !sender || r.Sender != x.from.id || r.Receiver != x.to.id {
		t.Errorf("signed by receiver %v, by sender %v: %+v", receiver, sender, r)
	}
}

func contents(t testing.TB, dir string) map[string]string {
	t.Helper()
	all := make(map[string]string)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil || d.IsDir() {
			all[name] = "/"
			return err
		}
		data, err := os.ReadFile(path)
		all[name] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// sources makes files of these sizes in a folder.
func sources(t testing.TB, sizes map[string]int) string {
	t.Helper()
	dir := t.TempDir()
	for name, size := range sizes {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		data := make([]byte, size)
		_, _ = rand.NewChaCha8([32]byte{byte(size)}).Read(data) // never fails
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

var mixed = map[string]int{
	"big": 9<<20 + 7, "tree/one": 10, "tree/two": 1 << 20, "tree/sub/three": 1<<20 + 1, "empty": 0,
}

func sign(p *person, message []byte) []byte { return ed25519.Sign(p.key, message) }
