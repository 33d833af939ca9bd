package bulk_test

import (
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"feihong/protocol"
	"feihong/transport/bulk"
	"feihong/transport/bulk/tree"
)

// liar is the other end of a connection, byte by byte.
type liar struct {
	t      *testing.T
	conn   net.Conn
	frames *protocol.BulkReader
	todo   chan func() // answers, in order
}

func (l *liar) send(m protocol.BulkMessage) {
	frame, err := protocol.AppendBulk(nil, m)
	if err != nil {
		l.t.Error(err)
	}
	l.write(frame)
}

func (l *liar) write(data []byte) { _, _ = l.conn.Write(data) }

// chunk sends a chunk as it is, or as change makes it.
func (l *liar) chunk(p *parcel, number uint64, change func(*protocol.Chunk)) {
	entry, offset, length := p.manifest.Locate(number)
	_, count := p.manifest.ChunksOf(entry)
	c := &protocol.Chunk{Number: number, Length: length, Data: p.content[entry][offset : offset+int64(length)]}
	c.Value = tree.Chunk(c.Data, uint64(offset/mib), count == 1)
	if change != nil {
		change(c)
	}
	frame, err := protocol.AppendChunkHeader(nil, c)
	if err != nil {
		l.t.Error(err)
	}
	l.write(append(frame, c.Data...))
}

// wanted waits for the next message of a kind.
func wanted[T protocol.BulkMessage](l *liar) (m T, ok bool) {
	for {
		if _, _, err := l.frames.Next(); err != nil {
			return m, false
		}
		message, err := l.frames.Message()
		if err != nil {
			return m, false
		}
		if m, ok := message.(T); ok {
			return m, true
		}
	}
}

// lie connects a receiver with whatever behave does, after the manifest.
func lie(t *testing.T, p *parcel, behave func(*liar)) (served, received error) {
	t.Helper()
	config := p.config()
	config.Manifest = p.source.Manifest()
	r := receive(t.Context(), config)
	near, far := net.Pipe()
	done := make(chan struct{})
	go func() {
		defer close(done)
		l := &liar{t: t, conn: near, frames: protocol.NewBulkReader(near), todo: make(chan func(), 100)}
		var answers sync.WaitGroup
		answers.Go(func() {
			for f := range l.todo {
				f()
			}
		})
		behave(l)
		close(l.todo)
		_, _ = io.Copy(io.Discard, near) // hear them out
		_ = near.Close()
		answers.Wait()
	}()
	received = r.Attach(t.Context(), far)
	<-done
	return <-r.served, received
}

func TestHostileSenders(t *testing.T) {
	other := func(c *protocol.Chunk) { c.Value[3] ^= 1 }
	for name, c := range map[string]struct {
		code   protocol.BulkCode
		behave func(*liar, *parcel)
	}{
		"a chunk that was not asked for": {protocol.BulkBadMessage, func(l *liar, p *parcel) {
			l.chunk(p, 2, nil)
		}},
		"a chunk twice": {protocol.BulkBadMessage, func(l *liar, p *parcel) {
			l.chunk(p, 0, nil)
			l.chunk(p, 0, nil)
		}},
		"more than everything": {protocol.BulkBadMessage, func(l *liar, p *parcel) {
			for i := range p.manifest.Chunks() + 1 {
				l.chunk(p, min(i, p.manifest.Chunks()-1), nil)
			}
		}},
		"a chunk that does not exist": {protocol.BulkBadMessage, func(l *liar, p *parcel) {
			l.chunk(p, 0, func(c *protocol.Chunk) { c.Number = 1 << 60 })
		}},
		"a short chunk": {protocol.BulkBadMessage, func(l *liar, p *parcel) {
			l.chunk(p, 0, func(c *protocol.Chunk) { c.Length, c.Data = 17, c.Data[:17] })
		}},
		"a long chunk": {protocol.BulkBadMessage, func(l *liar, p *parcel) {
			l.chunk(p, 0, nil)
			l.chunk(p, 1, nil)
			l.chunk(p, 2, func(c *protocol.Chunk) { c.Data = append(c.Data[:c.Length:c.Length], 1, 2); c.Length += 2 })
		}},
		"zeros of another length": {protocol.BulkBadMessage, func(l *liar, p *parcel) {
			l.chunk(p, 0, func(c *protocol.Chunk) { c.Zero, c.Length, c.Data = true, 5, nil })
		}},
		"a frame over the limit": {protocol.BulkBadMessage, func(l *liar, _ *parcel) {
			l.write([]byte{0xff, 0xff, 0xff, 0xff, 0, byte(protocol.BulkChunk)})
		}},
		"a manifest again": {protocol.BulkBadMessage, func(l *liar, p *parcel) {
			frame, _ := protocol.AppendManifestPart(nil, p.source.Manifest())
			l.write(frame)
		}},
		"a hash that was not asked for": {protocol.BulkBadMessage, func(l *liar, _ *parcel) {
			l.send(&protocol.Root{Entry: 2})
		}},
		"a fault of nothing": {protocol.BulkBadMessage, func(l *liar, _ *parcel) {
			l.send(&protocol.Fault{Entry: 1, Code: protocol.BulkSourceMissing})
		}},
		"a wish": {protocol.BulkBadMessage, func(l *liar, _ *parcel) {
			l.send(&protocol.WantRoot{Entry: 2})
		}},
		"garbage": {protocol.BulkBadMessage, func(l *liar, _ *parcel) {
			l.write([]byte{0, 0, 0, 2, 0, byte(protocol.BulkRoot), 0xff, 0xff})
		}},
		"unknown frames without end": {protocol.BulkBadMessage, func(l *liar, _ *parcel) {
			for range protocol.MaxUnknownFrames + 1 {
				l.write([]byte{0, 0, 0, 1, 1, 0, 7})
			}
		}},
		"data that never fits its hash": {protocol.BulkBadChunk, func(l *liar, p *parcel) {
			for {
				w, ok := wanted[*protocol.Want](l)
				if !ok {
					return
				}
				l.answer(p, w, other)
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			p := pack(t, 2*mib+500, 100)
			served, received := lie(t, p, func(l *liar) {
				if c.code != protocol.BulkBadChunk {
					wanted[*protocol.Want](l)
					go func() { _, _ = io.Copy(io.Discard, l.conn) }() // a pipe holds nothing
				}
				c.behave(l, p)
			})
			for _, err := range []error{served, received} {
				var hostile *bulk.HostileError
				if !errors.As(err, &hostile) || hostile.Code != c.code {
					t.Errorf("%v, want %v", err, c.code)
				}
			}
		})
	}
}

func TestABadChunkIsAskedForAgain(t *testing.T) {
	p := pack(t, 2*mib+500, 100)
	tries := 0
	served, received := lie(t, p, func(l *liar) {
		for {
			if _, _, err := l.frames.Next(); err != nil {
				return
			}
			message, err := l.frames.Message()
			if err != nil {
				return
			}
			switch m := message.(type) {
			case *protocol.Want:
				l.answer(p, m, func(c *protocol.Chunk) {
					if c.Number == 1 && tries < 2 {
						tries++
						c.Data = append([]byte{^c.Data[0]}, c.Data[1:]...)
					}
				})
			case *protocol.WantRoot:
				l.todo <- func() { l.send(&protocol.Root{Entry: m.Entry, Hash: tree.Sum(p.content[m.Entry])}) }
			case *protocol.Stop:
				return
			}
		}
	})
	if served != nil || received != nil || tries != 2 {
		t.Errorf("%v, %v after %d tries", served, received, tries)
	}
	if err := p.sink.Check(p.content); err != nil {
		t.Error(err)
	}
}

// answer sends what is wanted, after the answers before.
func (l *liar) answer(p *parcel, w *protocol.Want, change func(*protocol.Chunk)) {
	l.todo <- func() {
		for _, run := range w.Runs {
			for i := range run.Count {
				l.chunk(p, run.First+i, change)
			}
		}
	}
}

func TestWrongManifests(t *testing.T) {
	p := pack(t, 100)
	good := p.source.Manifest()
	damaged := append([]byte(nil), good...)
	damaged[len(damaged)/2] ^= 1
	for name, parts := range map[string][][]byte{
		"damaged":  {damaged},
		"too long": {good, good},
		"empty":    {good[:5], nil},
	} {
		t.Run(name, func(t *testing.T) {
			r := receive(t.Context(), p.config())
			near, far := net.Pipe()
			go func() {
				defer func() { _ = near.Close() }()
				go func() { _, _ = io.Copy(io.Discard, near) }()
				for _, part := range parts {
					frame, err := protocol.AppendManifestPart(nil, part)
					if err != nil {
						frame = []byte{0, 0, 0, 0, 0, byte(protocol.BulkManifest)}
					}
					if _, err := near.Write(frame); err != nil {
						return
					}
				}
				<-t.Context().Done()
			}()
			err := r.Attach(t.Context(), far)
			var hostile *bulk.HostileError
			if name == "too long" && err == nil {
				return // the second one came when all was done
			}
			if !errors.As(err, &hostile) {
				t.Errorf("Attach: %v", err)
			}
			if err := <-r.served; !errors.As(err, &hostile) {
				t.Errorf("Serve: %v", err)
			}
		})
	}
	config := p.config()
	config.Manifest = good
	config.Check = func(*protocol.Manifest) error { return errors.New("not as it was offered") }
	var hostile *bulk.HostileError
	if err := bulk.NewReceiver(config).Serve(t.Context()); !errors.As(err, &hostile) || hostile.Code != protocol.BulkBadManifest {
		t.Errorf("another manifest than was offered: %v", err)
	}
}

func TestASilentSender(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := pack(t, 3*mib)
		config := p.config()
		config.Manifest = p.source.Manifest()
		r := receive(t.Context(), config)
		near, far := net.Pipe()
		go func() { _, _ = io.Copy(io.Discard, near) }()
		begin := time.Now()
		err := r.Attach(t.Context(), far)
		var stall *bulk.StallError
		if !errors.As(err, &stall) {
			t.Errorf("%v", err)
		}
		if took := time.Since(begin); took < bulk.DefaultStall || took > bulk.DefaultStall+5*time.Second {
			t.Errorf("given up after %v", took)
		}
		_ = near.Close()
		sent, received := attach(t.Context(), r, p.source, bulk.SenderConfig{})
		expect(t, sent, received, r.served) // another connection does what is left
	})
}

// A receiver that takes nothing does not hold a sender forever, and slowness is
// no stall.
func TestSlowness(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := pack(t, 3*mib)
		near, far := net.Pipe()
		sent := make(chan error, 1)
		go func() { sent <- bulk.ServeSource(t.Context(), near, p.source, bulk.SenderConfig{}) }()
		frame, err := protocol.AppendBulk(nil, &protocol.Want{Runs: []protocol.ChunkRun{{First: 0, Count: 3}}})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = far.Write(frame)
		var stall *bulk.StallError
		if err := <-sent; !errors.As(err, &stall) {
			t.Errorf("%v", err)
		}
		_ = far.Close()

		p.source.Before = func(uint32, int64) error { time.Sleep(time.Minute); return nil } // some times for a chunk
		p.sink.Before = func(uint64) error { time.Sleep(2 * time.Minute); return nil }
		r := receive(t.Context(), p.config())
		sent, received := attach(t.Context(), r, p.source, bulk.SenderConfig{Limiter: bulk.NewLimiter(1024)})
		expect(t, sent, received, r.served)
		if err := p.sink.Check(p.content); err != nil {
			t.Error(err)
		}
	})
}

func TestHostileReceivers(t *testing.T) {
	for name, m := range map[string]protocol.BulkMessage{
		"chunks that do not exist":    &protocol.Want{Runs: []protocol.ChunkRun{{First: 0, Count: 1}, {First: 2, Count: 9}}},
		"behind the manifest":         &protocol.WantManifest{Offset: 1 << 20},
		"the hash of a small file":    &protocol.WantRoot{Entry: 3},
		"the hash of what is no file": &protocol.WantRoot{Entry: 99},
		"a chunk for the sender":      &protocol.Root{Entry: 2},
	} {
		t.Run(name, func(t *testing.T) {
			p := pack(t, 2*mib, 10)
			near, far := net.Pipe()
			go func() { _, _ = io.Copy(io.Discard, far) }()
			go func() {
				frame, err := protocol.AppendBulk(nil, m)
				if err != nil {
					t.Error(err)
				}
				_, _ = far.Write(frame)
			}()
			err := bulk.ServeSource(t.Context(), near, p.source, bulk.SenderConfig{})
			var hostile *bulk.HostileError
			if !errors.As(err, &hostile) {
				t.Errorf("%v", err)
			}
		})
	}
}
