package bulktest

import (
	"bytes"
	"slices"
	"sync"
	"testing"

	"feihong/protocol"
	"feihong/transport/bulk"
	"feihong/transport/bulk/tree"
)

// SinkCase is a sink for TestSink, before its Begin.
type SinkCase struct {
	Sink bulk.Sink
	// Reopen ends the use of the sink and returns one that goes on with what
	// it has, as after a restart of the program.
	Reopen func() bulk.Sink
	// Content is what a finished file contains, nil if there is none.
	Content func(name string) []byte
}

// sinkFiles are the files of the contract, in the order of the manifest.
var sinkFiles = []struct {
	name string
	data []byte
}{
	{"empty", []byte{}},
	{"small", pattern(100)},
	{"large", pattern(3*tree.ChunkSize + 17)},
	{"zeros", make([]byte, 2*tree.ChunkSize+100_000)},
	{"lost", pattern(2 * tree.ChunkSize)},
}

// TestSink is the contract of a bulk.Sink. open makes an empty one.
func TestSink(t *testing.T, open func(t *testing.T, m *protocol.Manifest) SinkCase) {
	t.Run("stores in any order", func(t *testing.T) {
		s := newSinkTest(t, open)
		s.expectMissing(protocol.ChunkRun{First: 0, Count: s.m.Chunks()})
		var tasks sync.WaitGroup
		for chunk := range s.m.Chunks() {
			tasks.Go(func() { s.write(s.m.Chunks() - 1 - chunk) })
		}
		tasks.Wait()
		s.expectMissing()
		s.finishAll()
		for _, f := range sinkFiles {
			if got := s.c.Content(f.name); !bytes.Equal(got, f.data) {
				t.Errorf("%s has %d other bytes", f.name, len(got))
			}
		}
	})
	t.Run("goes on after a restart", func(t *testing.T) {
		s := newSinkTest(t, open)
		s.write(0)
		s.write(1)
		s.write(3)
		s.c.Sink = s.c.Reopen()
		if err := s.c.Sink.Begin(s.m); err != nil {
			t.Fatal(err)
		}
		s.expectMissing(protocol.ChunkRun{First: 2, Count: 1}, protocol.ChunkRun{First: 4, Count: s.m.Chunks() - 4})
		for chunk := range s.m.Chunks() {
			s.write(chunk) // some for the second time
		}
		s.expectMissing()
		s.finishAll()
		s.finishAll() // must do no harm
	})
	t.Run("gives values only of what lacks nothing else", func(t *testing.T) {
		s := newSinkTest(t, open)
		first, _ := s.m.ChunksOf(3)
		s.write(first)
		if s.c.Sink.Values(3) != nil {
			t.Error("values of an incomplete file")
		}
		for i := range uint64(4) {
			s.write(first + i)
		}
		values := s.c.Sink.Values(3)
		if len(values) != 4 || tree.Root(values) != tree.Sum(sinkFiles[2].data) {
			t.Errorf("%d values", len(values))
		}
		if err := s.c.Sink.Finish(3, tree.Sum(sinkFiles[2].data)); err != nil {
			t.Fatal(err)
		}
		if s.c.Sink.Values(3) != nil {
			t.Error("values of a finished file")
		}
	})
	t.Run("wants nothing of what has failed", func(t *testing.T) {
		s := newSinkTest(t, open)
		first, count := s.m.ChunksOf(5)
		s.write(first)
		s.c.Sink.Fail(5, &bulk.Fault{Code: protocol.BulkSourceChanged})
		s.expectMissing(protocol.ChunkRun{First: 0, Count: s.m.Chunks() - count})
		for chunk := range s.m.Chunks() - count {
			s.write(chunk)
		}
		s.finishAll()
		if s.c.Content("lost") != nil {
			t.Error("a file that failed has its name")
		}
	})
}

type sinkTest struct {
	t *testing.T
	c SinkCase
	m *protocol.Manifest
}

func newSinkTest(t *testing.T, open func(t *testing.T, m *protocol.Manifest) SinkCase) *sinkTest {
	t.Helper()
	var entries []protocol.Entry
	for _, f := range sinkFiles {
		entries = append(entries, protocol.Entry{Kind: protocol.EntryFile, Name: f.name, Size: uint64(len(f.data))})
	}
	m, err := protocol.NewManifest(entries)
	if err != nil {
		t.Fatal(err)
	}
	s := &sinkTest{t: t, c: open(t, m), m: m}
	if err := s.c.Sink.Begin(m); err != nil {
		t.Fatal(err)
	}
	return s
}

// write stores a chunk as a receiver does.
func (s *sinkTest) write(chunk uint64) {
	s.t.Helper()
	entry, offset, length := s.m.Locate(chunk)
	_, count := s.m.ChunksOf(entry)
	data := sinkFiles[entry-1].data[offset : offset+int64(length)]
	value := tree.Chunk(data, uint64(offset/tree.ChunkSize), count == 1)
	zero := sinkFiles[entry-1].name == "zeros"
	passed := slices.Clone(data)
	if zero {
		passed = nil
	}
	if err := s.c.Sink.Write(s.t.Context(), chunk, value, passed, zero); err != nil {
		s.t.Errorf("Write of chunk %d: %v", chunk, err)
	}
	clear(passed) // data was only valid during the call
	if count == 1 {
		if err := s.c.Sink.Finish(entry, value); err != nil {
			s.t.Errorf("Finish of file %d: %v", entry, err)
		}
	}
}

func (s *sinkTest) finishAll() {
	s.t.Helper()
	for i, f := range sinkFiles {
		values := s.c.Sink.Values(uint32(i + 1))
		if len(values) < 2 {
			continue
		}
		root := tree.Root(values)
		if root != tree.Sum(f.data) {
			s.t.Errorf("the values of %s give another hash", f.name)
		}
		if err := s.c.Sink.Finish(uint32(i+1), root); err != nil {
			s.t.Errorf("Finish of %s: %v", f.name, err)
		}
	}
}

func (s *sinkTest) expectMissing(want ...protocol.ChunkRun) {
	s.t.Helper()
	var got []protocol.ChunkRun
	for _, run := range s.c.Sink.Missing() { // runs may come in pieces
		if n := len(got); n > 0 && got[n-1].First+got[n-1].Count == run.First {
			got[n-1].Count += run.Count
		} else {
			got = append(got, run)
		}
	}
	if !slices.Equal(got, want) {
		s.t.Errorf("missing %v, want %v", got, want)
	}
}
