package transport_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"feihong/protocol"
	"feihong/transport"
	"feihong/transport/bulk"
	"feihong/transport/bulk/tree"
)

// diskSource reads files of a folder, as simply as can be.
type diskSource struct {
	m      *protocol.Manifest
	folder string
	values []tree.Value
	mu     sync.Mutex
	open   map[uint32]*os.File
}

func (s *diskSource) Manifest() []byte {
	encoded, err := s.m.Encode()
	if err != nil {
		panic(err)
	}
	return encoded
}

func (s *diskSource) Read(_ context.Context, entry uint32, offset int64, buf []byte) error {
	name := filepath.Join(s.folder, s.m.Entries[entry-1].Name)
	if _, count := s.m.ChunksOf(entry); count == 1 {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }()
		_, err = f.ReadAt(buf, 0)
		return err
	}
	s.mu.Lock()
	f := s.open[entry]
	if f == nil {
		f, _ = os.Open(name)
		s.open[entry] = f
	}
	s.mu.Unlock()
	_, err := f.ReadAt(buf, offset)
	return err
}

func (s *diskSource) Keep(chunk uint64, v tree.Value) { s.values[chunk] = v }

func (s *diskSource) Root(_ context.Context, entry uint32) (tree.Value, error) {
	first, count := s.m.ChunksOf(entry)
	return tree.Root(s.values[first : first+count]), nil
}

// diskSink writes files to a folder, as simply as can be.
type diskSink struct {
	m      *protocol.Manifest
	folder string
	values []tree.Value
	mu     sync.Mutex
	open   map[uint32]*os.File
}

func (s *diskSink) Begin(m *protocol.Manifest) error {
	s.m, s.values, s.open = m, make([]tree.Value, m.Chunks()), make(map[uint32]*os.File)
	return nil
}

func (s *diskSink) Missing() []protocol.ChunkRun {
	return []protocol.ChunkRun{{First: 0, Count: s.m.Chunks()}}
}

func (s *diskSink) Write(_ context.Context, chunk uint64, value tree.Value, data []byte, _ bool) error {
	entry, offset, _ := s.m.Locate(chunk)
	s.values[chunk] = value
	name := filepath.Join(s.folder, s.m.Entries[entry-1].Name)
	if _, count := s.m.ChunksOf(entry); count == 1 {
		return os.WriteFile(name, data, 0o600)
	}
	s.mu.Lock()
	f := s.open[entry]
	if f == nil {
		f, _ = os.Create(name)
		s.open[entry] = f
	}
	s.mu.Unlock()
	_, err := f.WriteAt(data, offset)
	return err
}

func (s *diskSink) Values(entry uint32) []tree.Value {
	first, count := s.m.ChunksOf(entry)
	return s.values[first : first+count]
}

func (s *diskSink) Finish(entry uint32, _ tree.Value) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.open[entry]; f != nil {
		delete(s.open, entry)
		return f.Close()
	}
	return nil
}

func (s *diskSink) Fail(entry uint32, fault *bulk.Fault) { panic(fault) }

// load is some files of one size.
type load struct {
	name        string
	files, size int
}

func (l load) make(b *testing.B) (folder string, m *protocol.Manifest) {
	folder = b.TempDir()
	data := make([]byte, l.size)
	for i := range data {
		data[i] = byte(i*i>>3) | 1
	}
	var entries []protocol.Entry
	for i := range l.files {
		name := fmt.Sprintf("f%06d", i)
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
			b.Fatal(err)
		}
		entries = append(entries, protocol.Entry{Kind: protocol.EntryFile, Name: name, Size: uint64(l.size)})
	}
	m, err := protocol.NewManifest(entries)
	if err != nil {
		b.Fatal(err)
	}
	return folder, m
}

// ours copies a folder by Feihong's file connections.
func ours(b *testing.B, from *node, to *fileNode, folder string, m *protocol.Manifest, connections int) time.Duration {
	source := &diskSource{m: m, folder: folder, values: make([]tree.Value, m.Chunks()), open: make(map[uint32]*os.File)}
	sink := &diskSink{folder: b.TempDir()}
	encoded := source.Manifest()
	start := time.Now()
	r := bulk.NewReceiver(bulk.ReceiverConfig{ManifestHash: tree.Sum(encoded), ManifestBytes: int64(len(encoded)), Sink: sink})
	to.set(func(ctx context.Context, conn net.Conn, _ protocol.PeerID) {
		_ = bulk.ServeSource(ctx, conn, source, bulk.SenderConfig{Manifest: m})
	})
	for range connections {
		conn, err := from.DialFiles(b.Context(), to.address, to.peer())
		if err != nil {
			b.Fatal(err)
		}
		go func() { _ = r.Attach(b.Context(), conn) }()
	}
	if err := r.Serve(b.Context()); err != nil {
		b.Fatal(err)
	}
	took := time.Since(start)
	b.StopTimer()
	_ = os.RemoveAll(sink.folder)
	b.StartTimer()
	return took
}

// bare copies the same files by crypto/tls and nothing else.
func bare(b *testing.B, from, to *node, folder string, m *protocol.Manifest) time.Duration {
	listener, err := tls.Listen("tcp", "127.0.0.1:0", to.id.ServerTLS())
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	target := b.TempDir()
	start := time.Now()
	copied := make(chan error, 1)
	go func() { copied <- bareReceive(listener, target, m) }()
	conn, err := tls.Dial("tcp", listener.Addr().String(), from.id.ClientTLS())
	if err != nil {
		b.Fatal(err)
	}
	buf := make([]byte, 256<<10)
	for _, e := range m.Entries {
		f, err := os.Open(filepath.Join(folder, e.Name))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.CopyBuffer(struct{ io.Writer }{conn}, struct{ io.Reader }{f}, buf); err != nil {
			b.Fatal(err)
		}
		_ = f.Close()
	}
	_ = conn.Close()
	if err := <-copied; err != nil {
		b.Fatal(err)
	}
	took := time.Since(start)
	b.StopTimer()
	_ = os.RemoveAll(target)
	b.StartTimer()
	return took
}

func bareReceive(listener net.Listener, target string, m *protocol.Manifest) error {
	conn, err := listener.Accept()
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	buf := make([]byte, 256<<10)
	for _, e := range m.Entries {
		f, err := os.Create(filepath.Join(target, e.Name))
		if err != nil {
			return err
		}
		n, err := io.CopyBuffer(struct{ io.Writer }{f}, io.LimitReader(conn, int64(e.Size)), buf)
		if err != nil || n != int64(e.Size) {
			return errors.Join(err, io.ErrUnexpectedEOF)
		}
		_ = f.Close()
	}
	return nil
}

// fileNode is a node whose Config.Files can change. It gets connections that are
// welcome.
type fileNode struct {
	*node
	mu    sync.Mutex
	files func(context.Context, net.Conn, protocol.PeerID)
}

func (f *fileNode) set(files func(context.Context, net.Conn, protocol.PeerID)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.files = files
}

func refuseFiles(ctx context.Context, conn net.Conn) {
	_, _ = bulk.Accept(ctx, conn, func(*protocol.BulkOpenMessage) *protocol.RefusedOpen {
		return &protocol.RefusedOpen{Code: protocol.BulkTooManyConnections}
	})
}

func serveFiles(t testing.TB, name string, change func(*transport.Config)) *fileNode {
	f := &fileNode{}
	f.node = serve(t, name, func(c *transport.Config) {
		c.Files = func(ctx context.Context, conn net.Conn, peer protocol.PeerID, welcome func() bool) {
			if !welcome() {
				refuseFiles(ctx, conn)
				return
			}
			f.mu.Lock()
			files := f.files
			f.mu.Unlock()
			files(ctx, conn, peer)
		}
		if change != nil {
			change(c)
		}
	})
	return f
}

// cost is what a copy took, of the clock and of all processors.
type cost struct{ clock, processors time.Duration }

func measure(copy func() time.Duration) cost {
	before := processorTime()
	clock := copy()
	return cost{clock, processorTime() - before}
}

// BenchmarkFiles copies files from disk to disk over loopback, and beside it, in
// turns, by bare TLS. ratio is how fast it is compared with that; cpuratio is
// the same by the time of the processors, both sides together, which depends
// less on what else the machine does.
func BenchmarkFiles(b *testing.B) {
	for _, l := range []load{{"1x256MiB", 1, 256 << 20}, {"2000x4KiB", 2000, 4 << 10}, {"100x700KiB", 100, 700 << 10}} {
		for _, connections := range []int{1, 2, 4} {
			b.Run(fmt.Sprintf("%s/connections=%d", l.name, connections), func(b *testing.B) {
				alice, bob := serve(b, "Alice", nil), serveFiles(b, "Bob", nil)
				folder, m := l.make(b)
				b.SetBytes(int64(m.Bytes()))
				var bares, ourses []cost
				for b.Loop() {
					bares = append(bares, measure(func() time.Duration { return bare(b, alice, bob.node, folder, m) }))
					ourses = append(ourses, measure(func() time.Duration { return ours(b, alice, bob, folder, m, connections) }))
				}
				report(b, m, bares, ourses)
			})
		}
	}
}

func report(b *testing.B, m *protocol.Manifest, bares, ourses []cost) {
	clock := func(c cost) time.Duration { return c.clock }
	processors := func(c cost) time.Duration { return c.processors }
	rate := func(costs []cost) float64 { return float64(m.Bytes()) / (1 << 20) / middle(costs, clock).Seconds() }
	b.ReportMetric(rate(ourses), "MiB/s")
	b.ReportMetric(rate(bares), "bareMiB/s")
	b.ReportMetric(rate(ourses)/rate(bares), "ratio")
	if spent := middle(ourses, processors); spent > 0 {
		b.ReportMetric(middle(bares, processors).Seconds()/spent.Seconds(), "cpuratio")
	}
}

// middle is the median of one of the two.
func middle(costs []cost, of func(cost) time.Duration) time.Duration {
	var all []time.Duration
	for _, c := range costs {
		all = append(all, of(c))
	}
	slices.Sort(all)
	return all[len(all)/2]
}
