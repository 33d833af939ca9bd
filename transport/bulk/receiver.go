package bulk

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"feihong/protocol"
	"feihong/transport/bulk/tree"
)

// DefaultStall is how long nothing may come while something is wanted.
const DefaultStall = 20 * time.Second

// ReceiverConfig says what a Receiver is to fetch, and where to.
type ReceiverConfig struct {
	// ManifestHash and ManifestBytes are what the offer says. Required.
	ManifestHash  tree.Value
	ManifestBytes int64
	// Manifest is the encoded manifest, if it was fetched before. It is checked
	// as a fetched one is. Nil: it is fetched.
	Manifest []byte
	// Check is asked whether a manifest is the one that was offered, before the
	// Sink sees it. An error is final and becomes a *HostileError. Nil: it is.
	Check func(*protocol.Manifest) error
	// Sink gets everything. Required.
	Sink Sink
	// Limiter bounds what is received. Nil: nothing does.
	Limiter *Limiter
	// Progress is told of each chunk that is stored. It is called from many
	// goroutines and must not block. Nil: nobody is.
	Progress func(Event)
	// Logger gets what may help to find out why a transfer fails. Nil: silence.
	Logger *slog.Logger
	// Stall is how long nothing may come while something is wanted; 0 means
	// DefaultStall.
	Stall time.Duration
}

// Receiver fetches the files of one transfer over any number of connections.
// Its methods are safe for concurrent use.
type Receiver struct {
	config ReceiverConfig
	log    *slog.Logger

	begun    chan struct{} // holds one token: whoever has it may fetch the manifest
	fetched  []byte        // what there is of the manifest, nil once it is used; of whoever has the token
	known    bool          // the manifest was there from the beginning
	manifest atomic.Pointer[protocol.Manifest]

	work  work
	ended chan struct{} // closed after why is set
	once  sync.Once
	why   error // errDone, or why it failed
}

// NewReceiver returns a Receiver. Nothing happens before Serve and Attach.
func NewReceiver(config ReceiverConfig) *Receiver {
	if config.Logger == nil {
		config.Logger = slog.New(slog.DiscardHandler)
	}
	if config.Stall == 0 {
		config.Stall = DefaultStall
	}
	r := &Receiver{
		config:  config,
		log:     config.Logger,
		begun:   make(chan struct{}, 1),
		fetched: config.Manifest,
		known:   config.Manifest != nil,
		ended:   make(chan struct{}),
	}
	r.config.Manifest = nil // it may be long, and is needed only once
	r.begun <- struct{}{}
	r.work.init()
	return r
}

// Serve waits until all files are finished or have failed one by one, which is
// nil, or until the transfer cannot go on: a *HostileError, an error of the
// Sink, or the cause of ctx. Then all connections end. It can be called once.
func (r *Receiver) Serve(ctx context.Context) error {
	if r.known {
		if err := r.beginKnown(ctx); err != nil {
			r.end(err)
		}
	}
	select {
	case <-r.ended:
	case <-ctx.Done():
		r.end(context.Cause(ctx))
	}
	return outcome(r.why)
}

// beginKnown begins with the manifest that was given.
func (r *Receiver) beginKnown(ctx context.Context) error {
	if _, err := get(ctx, r.begun); err != nil {
		return err
	}
	defer func() { r.begun <- struct{}{} }()
	if r.manifest.Load() != nil {
		return nil
	}
	return r.begin()
}

// end ends everything. The first reason counts.
func (r *Receiver) end(why error) {
	r.once.Do(func() {
		r.why = why
		close(r.ended)
	})
}

// begin checks the manifest and finds out what is to be done. The caller has the
// token.
func (r *Receiver) begin() error {
	data := r.fetched
	if int64(len(data)) != r.config.ManifestBytes || tree.Sum(data) != r.config.ManifestHash {
		return &HostileError{Code: protocol.BulkBadManifest, Text: "the manifest has another hash or length than the offer said"}
	}
	m, err := protocol.DecodeManifest(data)
	if err == nil && r.config.Check != nil {
		err = r.config.Check(m)
	}
	if err != nil {
		return &HostileError{Code: protocol.BulkBadManifest, Text: err.Error()}
	}
	if err := r.config.Sink.Begin(m); err != nil {
		return err
	}
	r.fetched = nil // the Sink has it
	r.work.begin(m, r.config.Sink)
	r.manifest.Store(m)
	r.lookDone()
	return nil
}

// lookDone ends the Receiver if nothing is left.
func (r *Receiver) lookDone() {
	if r.work.done() {
		r.end(errDone)
	}
}

// store puts a verified chunk into the Sink.
func (r *Receiver) store(ctx context.Context, one *item) error {
	data := one.data
	if one.zero {
		data = nil
	}
	if r.work.hasFailed(one.entry) {
		r.work.stored(one.entry) // it only remains to be counted
		r.lookDone()
		return nil
	}
	err := r.config.Sink.Write(ctx, one.chunk, one.value, data, one.zero)
	if err == nil && one.only {
		err = r.config.Sink.Finish(one.entry, one.value)
	}
	if err := r.givenUp(one.entry, err); err != nil {
		return err
	}
	if err == nil && r.config.Progress != nil {
		r.config.Progress(Event{Chunk: one.chunk, Entry: one.entry, Bytes: one.length})
	}
	r.work.stored(one.entry)
	r.lookDone()
	return nil
}

// finish compares the hash of a whole file with what was received.
func (r *Receiver) finish(entry uint32, told tree.Value) error {
	values := r.config.Sink.Values(entry)
	switch {
	case len(values) < 2: // finished or failed already
	case tree.Root(values) == told:
		if err := r.givenUp(entry, r.config.Sink.Finish(entry, told)); err != nil {
			return err
		}
	default:
		// Each chunk was what its hash said, so the file changed between two of
		// them.
		r.fail(entry, &Fault{Code: protocol.BulkSourceChanged, Text: "the hash of the whole is another one"})
		return nil
	}
	r.work.finished(entry)
	r.lookDone()
	return nil
}

// givenUp is err, unless it says that the Sink gives a file up: then nothing
// more of it is fetched.
func (r *Receiver) givenUp(entry uint32, err error) error {
	var fault *Fault
	if !errors.As(err, &fault) {
		return err
	}
	r.fail(entry, fault)
	return nil
}

// fail gives a file up.
func (r *Receiver) fail(entry uint32, fault *Fault) {
	if r.work.fail(entry) {
		r.log.Info("a file cannot be had", "entry", entry, "error", fault)
		r.config.Sink.Fail(entry, fault)
	}
	r.lookDone()
}
