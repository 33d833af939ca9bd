package bulktest

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"feihong/protocol"
	"feihong/transport/bulk"
	"feihong/transport/bulk/tree"
)

// MemorySource is a bulk.Source of files in memory.
type MemorySource struct {
	// Before, if not nil, is called before each Read, and its error returned.
	Before func(entry uint32, offset int64) error

	manifest *protocol.Manifest
	encoded  []byte
	mu       sync.Mutex
	content  map[uint32][]byte
	kept     map[uint64]tree.Value
}

// NewMemorySource makes a source of what is in content, by the numbers of the
// files in the manifest.
func NewMemorySource(m *protocol.Manifest, content map[uint32][]byte) (*MemorySource, error) {
	encoded, err := m.Encode()
	if err != nil {
		return nil, err
	}
	return &MemorySource{manifest: m, encoded: encoded, content: content, kept: make(map[uint64]tree.Value)}, nil
}

// Manifest is the encoded manifest.
func (s *MemorySource) Manifest() []byte { return s.encoded }

// Change replaces the content of a file, as somebody who writes to it does.
func (s *MemorySource) Change(entry uint32, content []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.content[entry] = content
}

// Remove takes a file away.
func (s *MemorySource) Remove(entry uint32) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.content, entry)
}

// Read fills buf. A file of another size than the manifest says has changed.
func (s *MemorySource) Read(_ context.Context, entry uint32, offset int64, buf []byte) error {
	if s.Before != nil {
		if err := s.Before(entry, offset); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	data, err := s.file(entry)
	if err != nil {
		return err
	}
	copy(buf, data[offset:])
	return nil
}

func (s *MemorySource) file(entry uint32) ([]byte, error) {
	data, ok := s.content[entry]
	switch {
	case !ok:
		return nil, &bulk.Fault{Code: protocol.BulkSourceMissing}
	case uint64(len(data)) != s.manifest.Entries[entry-1].Size:
		return nil, &bulk.Fault{Code: protocol.BulkSourceChanged}
	}
	return data, nil
}

// Keep remembers a value.
func (s *MemorySource) Keep(chunk uint64, v tree.Value) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept[chunk] = v
}

// Root is the hash of the values that were kept, or of the content where there
// are none.
func (s *MemorySource) Root(_ context.Context, entry uint32) (tree.Value, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	data, err := s.file(entry)
	if err != nil {
		return tree.Value{}, err
	}
	first, count := s.manifest.ChunksOf(entry)
	values := make([]tree.Value, count)
	for i := range values {
		v, ok := s.kept[first+uint64(i)]
		if !ok {
			v = tree.Chunk(data[i*tree.ChunkSize:min((i+1)*tree.ChunkSize, len(data))], uint64(i), false)
		}
		values[i] = v
	}
	return tree.Root(values), nil
}

// MemorySink is a bulk.Sink that keeps everything in memory, and notes what a
// sink must never be asked to do.
type MemorySink struct {
	// Before, if not nil, is called before each Write, and its error returned.
	Before func(chunk uint64) error

	mu       sync.Mutex
	manifest *protocol.Manifest
	content  map[uint32][]byte
	values   map[uint64]tree.Value
	finished map[uint32]tree.Value
	failed   map[uint32]*bulk.Fault
	wrong    []string
}

// NewMemorySink returns an empty sink. After a Receiver has ended, another one
// can go on with it.
func NewMemorySink() *MemorySink {
	return &MemorySink{
		content:  make(map[uint32][]byte),
		values:   make(map[uint64]tree.Value),
		finished: make(map[uint32]tree.Value),
		failed:   make(map[uint32]*bulk.Fault),
	}
}

// Begin takes the manifest.
func (s *MemorySink) Begin(m *protocol.Manifest) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.manifest = m
	return nil
}

// Missing is what was not written.
func (s *MemorySink) Missing() []protocol.ChunkRun {
	s.mu.Lock()
	defer s.mu.Unlock()
	var runs []protocol.ChunkRun
	for chunk := range s.manifest.Chunks() {
		entry, _, _ := s.manifest.Locate(chunk)
		if _, ok := s.values[chunk]; ok || s.failed[entry] != nil {
			continue
		}
		if n := len(runs); n > 0 && runs[n-1].First+runs[n-1].Count == chunk {
			runs[n-1].Count++
		} else {
			runs = append(runs, protocol.ChunkRun{First: chunk, Count: 1})
		}
	}
	return runs
}

// Write stores a chunk.
func (s *MemorySink) Write(_ context.Context, chunk uint64, value tree.Value, data []byte, zero bool) error {
	if s.Before != nil {
		if err := s.Before(chunk); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	entry, offset, length := s.manifest.Locate(chunk)
	_, of := s.manifest.ChunksOf(entry)
	if zero {
		data = make([]byte, length)
	}
	switch {
	case entry == 0 || len(data) != length:
		s.wrong = append(s.wrong, fmt.Sprintf("chunk %d of %d bytes", chunk, len(data)))
		return nil
	case tree.Chunk(data, uint64(offset/tree.ChunkSize), of == 1) != value:
		s.wrong = append(s.wrong, fmt.Sprintf("chunk %d with a wrong value", chunk))
	}
	if s.content[entry] == nil {
		s.content[entry] = make([]byte, s.manifest.Entries[entry-1].Size)
	}
	copy(s.content[entry][offset:], data)
	s.values[chunk] = value
	return nil
}

// Values are the values of a file that is complete and not finished.
func (s *MemorySink) Values(entry uint32) []tree.Value {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, finished := s.finished[entry]; finished || s.failed[entry] != nil {
		return nil
	}
	return s.valuesOf(entry)
}

func (s *MemorySink) valuesOf(entry uint32) []tree.Value {
	first, count := s.manifest.ChunksOf(entry)
	values := make([]tree.Value, count)
	for i := range values {
		v, ok := s.values[first+uint64(i)]
		if !ok {
			return nil
		}
		values[i] = v
	}
	return values
}

// Finish notes that a file is finished.
func (s *MemorySink) Finish(entry uint32, root tree.Value) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.valuesOf(entry) == nil {
		s.wrong = append(s.wrong, fmt.Sprintf("file %d finished while it is incomplete", entry))
	}
	if tree.Sum(s.content[entry]) != root {
		s.wrong = append(s.wrong, fmt.Sprintf("file %d finished with a wrong hash", entry))
	}
	s.finished[entry] = root
	return nil
}

// Fail notes that a file has failed.
func (s *MemorySink) Fail(entry uint32, fault *bulk.Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed[entry] = fault
}

// Content is what a finished file contains, nil if it is not finished.
func (s *MemorySink) Content(entry uint32) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, finished := s.finished[entry]; !finished {
		return nil
	}
	return s.content[entry]
}

// Failed is the faults by number of the file.
func (s *MemorySink) Failed() map[uint32]*bulk.Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.failed)
}

// Stored is how many chunks were written.
func (s *MemorySink) Stored() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.values)
}

// Check compares with what was sent: every file is finished with its content or
// has failed, and nothing was asked that must not be.
func (s *MemorySink) Check(content map[uint32][]byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.wrong) > 0 {
		return fmt.Errorf("the sink was used wrongly: %q", s.wrong)
	}
	for _, entry := range slices.Sorted(maps.Keys(content)) {
		_, finished := s.finished[entry]
		switch {
		case s.failed[entry] != nil && finished:
			return fmt.Errorf("file %d is finished and has failed", entry)
		case s.failed[entry] != nil:
		case !finished:
			return fmt.Errorf("file %d is neither finished nor has it failed", entry)
		case !bytes.Equal(s.content[entry], content[entry]):
			return fmt.Errorf("file %d has another content", entry)
		}
	}
	return nil
}
