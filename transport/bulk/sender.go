package bulk

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"sync/atomic"
	"time"

	"feihong/protocol"
)

const (
	// DefaultSendStall is how long the receiver may take nothing of what is
	// sent to it. It is long, because a slow disk, or a low rate limit that
	// many share, may be the reason.
	DefaultSendStall = 3 * time.Minute
	// aliveAfter is how long nothing is sent, while something is being worked
	// on, before the receiver gets a sign of life.
	aliveAfter = 5 * time.Second
	// maxRequests is how many messages of the receiver wait; then no more are
	// read.
	maxRequests = 64
)

// SenderConfig says how ServeSource is to work. The zero value is fine.
type SenderConfig struct {
	// Manifest is the Source's, decoded. Nil: it is decoded once more.
	Manifest *protocol.Manifest
	// Limiter bounds what is sent. Nil: nothing does.
	Limiter *Limiter
	// Progress is told of each chunk that was handed to the network. It must
	// not block. Nil: nobody is.
	Progress func(Event)
	// Logger gets what may help to find out why a transfer fails. Nil: silence.
	Logger *slog.Logger
	// Stall is how long the receiver may take nothing; 0 means
	// DefaultSendStall.
	Stall time.Duration
}

// ServeSource sends what the other side of an opened connection asks for, until
// it has everything, which is nil, or the connection ends. It closes the
// connection. If ctx ends, the other side is told the *StopError that is its
// cause, or that the program is being closed.
//
// Errors: *StopError if the other side ended the connection, *HostileError if it
// broke the rules, *StallError if it took nothing, what the Source returned,
// the cause of ctx, or what happened to the connection.
func ServeSource(ctx context.Context, conn net.Conn, source Source, config SenderConfig) error {
	s, err := newSender(conn, source, config)
	if err != nil {
		Stop(conn, protocol.BulkSourceUnreadable, "the manifest is damaged")
		return err
	}
	g := newGroup(ctx, s.link)
	s.ctx = g.ctx
	g.run(s.listen)
	g.runWriter(s.produce)
	g.runWriter(s.answerRoots)
	g.runWriter(s.stayAlive)
	why := g.wait()
	putBatch(s.now)
	s.log.Debug("a file connection has ended", "sending", true, "cause", why)
	s.link.hangUp(lastWords(why))
	var theirs *toldError
	if errors.As(why, &theirs) && theirs.stop.Code == protocol.BulkFinished {
		return nil
	}
	return outcome(why)
}

// sender is one connection on which files are sent.
type sender struct {
	ctx      context.Context
	link     *link
	source   Source
	manifest *protocol.Manifest
	config   SenderConfig
	log      *slog.Logger
	asked    chan protocol.BulkMessage // *WantManifest and *Want, in order
	roots    chan uint32
	busy     atomic.Int64 // how many requests are being worked on

	writing chan struct{} // holds a token while nobody writes
	wrote   time.Time     // when something was written last

	now    *batch          // what the producer fills; the producer's
	faulty map[uint32]bool // files of which a Fault was told; the producer's
}

func newSender(conn net.Conn, source Source, config SenderConfig) (*sender, error) {
	if config.Manifest == nil {
		var err error
		if config.Manifest, err = protocol.DecodeManifest(source.Manifest()); err != nil {
			return nil, err
		}
	}
	if config.Logger == nil {
		config.Logger = slog.New(slog.DiscardHandler)
	}
	if config.Stall == 0 {
		config.Stall = DefaultSendStall
	}
	s := &sender{
		link:     &link{conn: conn, writeStall: config.Stall},
		source:   source,
		manifest: config.Manifest,
		config:   config,
		log:      config.Logger,
		now:      getBatch(),
		asked:    make(chan protocol.BulkMessage, maxRequests),
		roots:    make(chan uint32, maxRequests),
		writing:  make(chan struct{}, 1),
		faulty:   make(map[uint32]bool),
	}
	s.writing <- struct{}{}
	return s, nil
}

// listen reads what the receiver asks for.
func (s *sender) listen() error {
	frames := protocol.NewBulkReader(s.link)
	unknown := 0
	for {
		_, _, err := frames.Next()
		var later *protocol.UnknownKindError
		if errors.As(err, &later) && unknown < protocol.MaxUnknownFrames {
			unknown++
			continue
		}
		if err != nil {
			return violation(err)
		}
		m, err := frames.Message()
		if err != nil {
			return violation(err)
		}
		if err := s.take(m); err != nil {
			return err
		}
	}
}

// take checks a request and queues it. It blocks while too many wait.
func (s *sender) take(message protocol.BulkMessage) error {
	switch m := message.(type) {
	case *protocol.WantManifest:
		if m.Offset >= uint64(len(s.source.Manifest())) {
			return &HostileError{Code: protocol.BulkBadMessage, Text: "wants what is behind the manifest"}
		}
	case *protocol.Want:
		for _, run := range m.Runs {
			if run.First+run.Count > s.manifest.Chunks() {
				return &HostileError{Code: protocol.BulkBadMessage, Text: "wants chunks that do not exist"}
			}
		}
	case *protocol.WantRoot:
		if _, count := s.manifest.ChunksOf(m.Entry); count < 2 {
			return &HostileError{Code: protocol.BulkBadMessage, Text: "wants a hash that it has"}
		}
		s.busy.Add(1)
		return put(s.ctx, s.roots, m.Entry)
	case *protocol.Stop:
		return told(m)
	default:
		return &HostileError{Code: protocol.BulkBadMessage, Text: "not for who has the files"}
	}
	s.busy.Add(1)
	return put(s.ctx, s.asked, message)
}

// put sends to a channel unless ctx ends.
func put[T any](ctx context.Context, c chan<- T, v T) error {
	select {
	case c <- v:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// get receives from a channel unless ctx ends.
func get[T any](ctx context.Context, c <-chan T) (v T, err error) {
	select {
	case v = <-c:
		return v, nil
	case <-ctx.Done():
		return v, context.Cause(ctx)
	}
}

// answerRoots gives the hashes of whole files. That may take long, and chunks
// need not wait for it.
func (s *sender) answerRoots() error {
	for {
		entry, err := get(s.ctx, s.roots)
		if err != nil {
			return err
		}
		frame, err := s.rootFrame(entry)
		if err != nil {
			return err
		}
		if err := s.write(frame); err != nil {
			return err
		}
		s.busy.Add(-1)
	}
}

func (s *sender) rootFrame(entry uint32) ([]byte, error) {
	value, err := s.source.Root(s.ctx, entry)
	var fault *Fault
	switch {
	case errors.As(err, &fault):
		return protocol.AppendBulk(nil, &protocol.Fault{Entry: entry, Code: fault.Code, Text: fault.Text})
	case err != nil:
		return nil, err
	}
	return protocol.AppendBulk(nil, &protocol.Root{Entry: entry, Hash: value})
}

// stayAlive sends signs of life while something is being made and nothing is
// sent.
func (s *sender) stayAlive() error {
	alive := time.NewTicker(aliveAfter)
	defer alive.Stop()
	for {
		select {
		case <-alive.C:
			if err := s.sendAlive(); err != nil {
				return err
			}
		case <-s.ctx.Done():
			return context.Cause(s.ctx)
		}
	}
}

func (s *sender) sendAlive() error {
	if s.busy.Load() == 0 {
		return nil
	}
	select {
	case <-s.writing:
	default:
		return nil // who writes is a sign of life
	}
	defer func() { s.writing <- struct{}{} }()
	if time.Since(s.wrote) < aliveAfter/2 {
		return nil
	}
	return s.link.send(&protocol.Alive{})
}

// write sends whole frames.
func (s *sender) write(frames []byte) error {
	if _, err := get(s.ctx, s.writing); err != nil {
		return err
	}
	defer func() {
		s.wrote = time.Now()
		s.writing <- struct{}{}
	}()
	return s.writeLimited(frames)
}

func (s *sender) writeLimited(data []byte) error {
	for len(data) > 0 {
		n := s.config.Limiter.Piece(len(data))
		if err := s.config.Limiter.Wait(s.ctx, n); err != nil {
			return err
		}
		if err := s.link.write(data[:n]); err != nil {
			return err
		}
		data = data[n:]
	}
	return nil
}
