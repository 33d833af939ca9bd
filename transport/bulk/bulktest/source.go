package bulktest

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
	"testing"

	"feihong/protocol"
	"feihong/transport/bulk"
	"feihong/transport/bulk/tree"
)

// SourceCase is a source for TestSource, and the files behind it.
type SourceCase struct {
	Source bulk.Source
	// Change gives a file another content, after which its size or its time of
	// change differ. Remove takes it away.
	Change func(name string, content []byte)
	Remove func(name string)
}

// TestSource is the contract of a bulk.Source. open makes one of files at the
// top level, by name, with their content.
func TestSource(t *testing.T, open func(t *testing.T, files map[string][]byte) SourceCase) {
	files := map[string][]byte{
		"empty": {}, "small": pattern(100), "chunk": pattern(tree.ChunkSize),
		"large": pattern(3*tree.ChunkSize + 17), "other": pattern(2*tree.ChunkSize + 1),
	}
	t.Run("reads what is there", func(t *testing.T) {
		s := open(t, files).Source
		m := manifestOf(t, s, len(files))
		var tasks sync.WaitGroup
		for i, e := range m.Entries {
			tasks.Go(func() {
				if err := readAll(t, s, m, uint32(i+1), files[e.Name]); err != nil {
					t.Errorf("%s: %v", e.Name, err)
				}
			})
		}
		tasks.Wait()
	})
	t.Run("gives the hash of what was never read", func(t *testing.T) {
		s := open(t, files).Source
		m := manifestOf(t, s, len(files))
		n := numberOf(t, m, "large")
		if root, err := s.Root(t.Context(), n); err != nil || root != tree.Sum(files["large"]) {
			t.Errorf("Root: %x, %v", root, err)
		}
	})
	t.Run("notices changes", func(t *testing.T) {
		c := open(t, files)
		m := manifestOf(t, c.Source, len(files))
		n := numberOf(t, m, "large")
		if err := readAll(t, c.Source, m, n, files["large"]); err != nil {
			t.Fatal(err)
		}
		c.Change("large", pattern(3*tree.ChunkSize+18))
		_, err := c.Source.Root(t.Context(), n)
		expectFault(t, "Root of a changed file", err, protocol.BulkSourceChanged)
		err = c.Source.Read(t.Context(), n, tree.ChunkSize, make([]byte, tree.ChunkSize))
		expectFault(t, "Read of a changed file", err, protocol.BulkSourceChanged)
		c.Change("small", nil)
		err = c.Source.Read(t.Context(), numberOf(t, m, "small"), 0, make([]byte, 100))
		expectFault(t, "Read of a file that was cut", err, protocol.BulkSourceChanged)
		c.Remove("other")
		err = c.Source.Read(t.Context(), numberOf(t, m, "other"), 0, make([]byte, tree.ChunkSize))
		expectFault(t, "Read of a file that is gone", err, protocol.BulkSourceMissing)
		_, err = c.Source.Root(t.Context(), numberOf(t, m, "other"))
		expectFault(t, "Root of a file that is gone", err, protocol.BulkSourceMissing)
		if err := readAll(t, c.Source, m, numberOf(t, m, "chunk"), files["chunk"]); err != nil {
			t.Errorf("the others are not what they were: %v", err)
		}
	})
}

func pattern(length int) []byte {
	data := make([]byte, length)
	for i := range data {
		data[i] = byte(i%251) + 1
	}
	return data
}

func manifestOf(t *testing.T, s bulk.Source, files int) *protocol.Manifest {
	t.Helper()
	m, err := protocol.DecodeManifest(s.Manifest())
	if err != nil {
		t.Fatal(err)
	}
	if m.Files() != files {
		t.Fatalf("a manifest of %d files, want %d", m.Files(), files)
	}
	return m
}

func numberOf(t *testing.T, m *protocol.Manifest, name string) uint32 {
	t.Helper()
	for i, e := range m.Entries {
		if e.Name == name {
			return uint32(i + 1)
		}
	}
	t.Fatalf("no file %s", name)
	return 0
}

// readAll reads a file as a sender does, and compares it.
func readAll(t *testing.T, s bulk.Source, m *protocol.Manifest, n uint32, want []byte) error {
	first, count := m.ChunksOf(n)
	for chunk := first; chunk < first+count; chunk++ {
		_, offset, length := m.Locate(chunk)
		buf := make([]byte, length)
		if err := s.Read(t.Context(), n, offset, buf); err != nil {
			return err
		}
		if !bytes.Equal(buf, want[offset:offset+int64(length)]) {
			return fmt.Errorf("chunk %d is another one", chunk-first)
		}
		s.Keep(chunk, tree.Chunk(buf, chunk-first, count == 1))
	}
	if count == 1 {
		return nil
	}
	root, err := s.Root(t.Context(), n)
	if err == nil && root != tree.Sum(want) {
		err = errors.New("another hash")
	}
	return err
}

func expectFault(t *testing.T, what string, err error, code protocol.BulkCode) {
	t.Helper()
	var fault *bulk.Fault
	if !errors.As(err, &fault) || fault.Code != code {
		t.Errorf("%s: %v, want %v", what, err, code)
	}
}
