package files

import (
	"context"
	"crypto/ed25519"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"feihong/app/chat"
	"feihong/protocol"
	"feihong/transport/bulk"
)

// Network reaches people. Its methods may be called at any time, from any
// goroutine.
type Network interface {
	// Dial opens a file connection to somebody, wherever they are known to be
	// now. The person is proven.
	Dial(ctx context.Context, peer protocol.PeerID) (net.Conn, error)
	// Call asks somebody, over the chat session if there is one, to dial us
	// for a transfer. It does not block.
	Call(peer protocol.PeerID, id protocol.MessageID)
}

// Config is what an engine needs.
type Config struct {
	// Dir is the folder of the profile for what is under way. It is made if it
	// is not there.
	Dir string
	// Self, Key and Sign are who signs receipts.
	Self protocol.PeerID
	Key  ed25519.PublicKey
	Sign func(message []byte) []byte
	// Network reaches people.
	Network Network
	// Sending and Receiving bound the speed of all transfers together, in each
	// direction. Nil: no limit.
	Sending, Receiving *bulk.Limiter
	Logger             *slog.Logger
	// Private and Public tell the folders that are never sent, and those in
	// them that may be all the same. Nil: none.
	Private, Public func() []string
	// Connections is how many a transfer uses at most; 0: as many as are
	// useful.
	Connections int
}

// Engine runs transfers. Its methods are safe for concurrent use.
type Engine struct {
	cfg     Config
	reports chat.CarrierReports

	mu      sync.Mutex
	serving context.Context // nil: not yet
	closed  bool
	waiting []func(context.Context) // what Serve begins with
	running sync.WaitGroup
	jobs    map[protocol.MessageID]*job          // begun and not over
	halted  map[protocol.MessageID]chat.Job      // paused here
	tails   map[protocol.MessageID]chan struct{} // closed when the last thing about a transfer is done
	places  places

	made     time.Time
	prepared map[protocol.MessageID]bool // since then
	signed   map[protocol.MessageID]bool // countersigned, and so all but over
	left     map[protocol.MessageID]bool // that could not be removed
}

var _ chat.Carrier = (*Engine)(nil)

// New returns an engine. Bind and Serve come next.
func New(cfg Config) *Engine {
	if cfg.Connections == 0 {
		cfg.Connections = bulk.DefaultConnections(runtime.GOMAXPROCS(0))
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	return &Engine{
		cfg:    cfg,
		jobs:   make(map[protocol.MessageID]*job),
		halted: make(map[protocol.MessageID]chat.Job),
		tails:  make(map[protocol.MessageID]chan struct{}),

		made:     time.Now(),
		prepared: make(map[protocol.MessageID]bool),
		signed:   make(map[protocol.MessageID]bool),
		left:     make(map[protocol.MessageID]bool),
	}
}

// Bind says who is told what happens. It comes before Serve, and before any
// transfer is begun.
func (e *Engine) Bind(reports chat.CarrierReports) { e.reports = reports }

// Serve runs the transfers that were begun, and those that are begun
// meanwhile, until ctx ends; then it waits for all of them. It is called once.
func (e *Engine) Serve(ctx context.Context) error {
	if err := os.MkdirAll(e.cfg.Dir, 0o700); err != nil {
		return err
	}
	ending, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	e.mu.Lock()
	e.serving = ending
	waiting := e.waiting
	e.waiting = nil
	for _, run := range waiting {
		e.running.Go(func() { run(ending) })
	}
	e.mu.Unlock()

	e.keepRemoving(ctx)
	e.mu.Lock()
	e.closed = true
	e.mu.Unlock()
	cancel(&bulk.StopError{Code: protocol.BulkClosing})
	e.running.Wait()
	return nil
}

// chain runs something about a transfer in a goroutine of its own, when all
// that was chained before is done: a transfer that is begun again waits until
// the files of its last run are closed. e.mu is held.
func (e *Engine) chain(id protocol.MessageID, run func(ctx context.Context)) {
	before, done := e.tails[id], make(chan struct{})
	e.tails[id] = done
	work := func(ctx context.Context) {
		defer e.unchain(id, done)
		if before != nil {
			<-before
		}
		run(ctx)
	}
	switch {
	case e.closed:
		// Nothing is begun any more. What is to be comes with the next start.
		close(done)
	case e.serving == nil:
		e.waiting = append(e.waiting, work)
	default:
		e.running.Go(func() { work(e.serving) })
	}
}

func (e *Engine) unchain(id protocol.MessageID, done chan struct{}) {
	e.mu.Lock()
	defer e.mu.Unlock()
	close(done)
	if e.tails[id] == done {
		delete(e.tails, id)
	}
}

// dir is the folder of a transfer.
func (e *Engine) dir(id protocol.MessageID) string { return filepath.Join(e.cfg.Dir, id.String()) }

// connections is how many a transfer is worth.
func (e *Engine) connections(bytes uint64) int {
	const large = 8 << 20
	if bytes < large {
		return 1
	}
	return e.cfg.Connections
}
