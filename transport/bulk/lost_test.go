package bulk_test

import (
	"net"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"feihong/protocol"
	"feihong/transport/bulk"
	"feihong/transport/bulk/tree"
)

// The hash of a file comes while a busy disk holds all batches, and then the
// connection breaks: the next one asks for the hash again.
func TestAHashThatComesAtABadTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := pack(t, append([]int{2 * mib}, slices.Repeat([]int{100 << 10}, 20)...)...)
		gate := make(chan struct{})
		p.sink.Before = func(chunk uint64) error {
			if chunk >= 2 {
				<-gate
			}
			return nil
		}
		config := p.config()
		config.Manifest = p.source.Manifest()
		r := receive(t.Context(), config)
		near, far := net.Pipe()
		received := make(chan error, 1)
		go func() { received <- r.Attach(t.Context(), far) }()

		l := &liar{t: t, conn: near, frames: protocol.NewBulkReader(near)}
		for range 2 { // requests, as many as are made ahead
			if _, ok := wanted[*protocol.Want](l); !ok {
				t.Fatal("nothing is wanted")
			}
		}
		l.chunk(p, 0, nil)
		l.chunk(p, 1, nil)
		if m, ok := wanted[*protocol.WantRoot](l); !ok || m.Entry != 2 {
			t.Fatalf("want the hash of %v", m)
		}
		for n := uint64(2); n < 6; n++ { // one for each batch
			l.chunk(p, n, nil)
		}
		l.send(&protocol.Root{Entry: 2, Hash: tree.Sum(p.content[2])})
		_ = near.Close()
		time.Sleep(2 * bulk.DefaultStall) // so that the end of the connection is noticed
		close(gate)
		if err := <-received; err == nil {
			t.Error("all is done")
		}

		sent, again := attach(t.Context(), r, p.source, bulk.SenderConfig{})
		time.Sleep(time.Minute)
		if stored := uint64(p.sink.Stored()); stored != p.manifest.Chunks() || len(r.served) == 0 {
			t.Fatalf("%d of %d chunks stored, and nothing more happens", stored, p.manifest.Chunks())
		}
		expect(t, sent, again, r.served)
	})
}
