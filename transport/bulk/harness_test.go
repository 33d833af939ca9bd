package bulk_test

import (
	"context"
	"math/rand/v2"
	"net"
	"testing"

	"go.uber.org/goleak"

	"feihong/protocol"
	"feihong/transport/bulk"
	"feihong/transport/bulk/bulktest"
	"feihong/transport/bulk/tree"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const mib = tree.ChunkSize

// parcel is files that are sent from memory to memory.
type parcel struct {
	content  map[uint32][]byte
	manifest *protocol.Manifest
	source   *bulktest.MemorySource
	sink     *bulktest.MemorySink
}

// noise is bytes that look random, the same for the same length.
func noise(length int) []byte {
	data := make([]byte, length)
	fill := rand.NewChaCha8([32]byte{byte(length), byte(length >> 8), byte(length >> 16)})
	_, _ = fill.Read(data)
	return data
}

// pack makes a parcel of a folder with files of these sizes.
func pack(t testing.TB, sizes ...int) *parcel {
	t.Helper()
	entries := []protocol.Entry{{Kind: protocol.EntryFolder, Name: "folder"}}
	p := &parcel{content: make(map[uint32][]byte), sink: bulktest.NewMemorySink()}
	for i, size := range sizes {
		entries = append(entries, protocol.Entry{Kind: protocol.EntryFile, Parent: 1, Name: string(rune('a'+i%26)) + string(rune('0'+i/26)), Size: uint64(size)})
		p.content[uint32(len(entries))] = noise(size)
	}
	var err error
	if p.manifest, err = protocol.NewManifest(entries); err != nil {
		t.Fatal(err)
	}
	if p.source, err = bulktest.NewMemorySource(p.manifest, p.content); err != nil {
		t.Fatal(err)
	}
	return p
}

// config is what a receiver of the parcel needs.
func (p *parcel) config() bulk.ReceiverConfig {
	encoded := p.source.Manifest()
	return bulk.ReceiverConfig{ManifestHash: tree.Sum(encoded), ManifestBytes: int64(len(encoded)), Sink: p.sink}
}

// receiving is a Receiver that is being served.
type receiving struct {
	*bulk.Receiver
	served chan error
}

func receive(ctx context.Context, config bulk.ReceiverConfig) *receiving {
	r := &receiving{Receiver: bulk.NewReceiver(config), served: make(chan error, 1)}
	go func() { r.served <- r.Serve(ctx) }()
	return r
}

// attach connects a source and a receiver, and returns the ends of both.
func attach(ctx context.Context, r *receiving, s bulk.Source, config bulk.SenderConfig) (sent, received chan error) {
	near, far := net.Pipe()
	sent, received = make(chan error, 1), make(chan error, 1)
	go func() { sent <- bulk.ServeSource(ctx, near, s, config) }()
	go func() { received <- r.Attach(ctx, far) }()
	return sent, received
}

// expect fails unless all of the ends are nil.
func expect(t *testing.T, ends ...chan error) {
	t.Helper()
	for i, end := range ends {
		if err := <-end; err != nil {
			t.Errorf("end %d: %v", i, err)
		}
	}
}

// newPipe is a connection in memory.
func newPipe() (near, far net.Conn) { return net.Pipe() }
