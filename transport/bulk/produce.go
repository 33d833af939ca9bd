package bulk

import (
	"bytes"
	"errors"

	"feihong/protocol"
	"feihong/transport/bulk/tree"
)

// chunkHead is what a chunk's frame has before the data; four bytes more if it
// is all zero.
const chunkHead = protocol.HeaderBytes + protocol.ChunkHeaderBytes

// produce reads, hashes, frames and sends what is asked for, in order. It is one
// goroutine for all of that, so that the data stays in the cache of one
// processor; more processors are for more connections.
func (s *sender) produce() error {
	for {
		m, err := get(s.ctx, s.asked)
		if err != nil {
			return err
		}
		if err := s.answer(m); err != nil {
			return err
		}
		s.busy.Add(-1)
		if len(s.asked) > 0 {
			continue
		}
		if err := s.emit(); err != nil {
			return err
		}
	}
}

func (s *sender) answer(message protocol.BulkMessage) error {
	switch m := message.(type) {
	case *protocol.WantManifest:
		return s.sendManifest(s.source.Manifest()[m.Offset:])
	case *protocol.Want:
		for _, run := range m.Runs {
			if err := s.sendRun(run); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *sender) sendManifest(data []byte) error {
	for len(data) > 0 {
		part := data[:min(len(data), protocol.MaxManifestPartBytes)]
		b, err := s.room(protocol.HeaderBytes + len(part))
		if err != nil {
			return err
		}
		if b.buf, err = protocol.AppendManifestPart(b.buf, part); err != nil {
			return err
		}
		data = data[len(part):]
	}
	return nil
}

// room is the batch to fill, with space for so many bytes more.
func (s *sender) room(length int) (*batch, error) {
	b := s.now
	if len(b.buf)+length > batchBytes || len(b.buf) >= batchEnough || len(b.items) == batchItems {
		if err := s.emit(); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// emit sends what there is.
func (s *sender) emit() error {
	b := s.now
	if b.empty() {
		return nil
	}
	if err := s.write(b.buf); err != nil {
		return err
	}
	if s.config.Progress != nil {
		for i := range b.items {
			s.config.Progress(Event{Chunk: b.items[i].chunk, Entry: b.items[i].entry, Bytes: b.items[i].length})
		}
	}
	b.reset()
	return nil
}

func (s *sender) sendRun(run protocol.ChunkRun) error {
	for chunk := run.First; chunk < run.First+run.Count; chunk++ {
		entry, offset, length := s.manifest.Locate(chunk)
		if s.faulty[entry] {
			continue
		}
		b, err := s.room(chunkHead + 4 + length)
		if err != nil {
			return err
		}
		err = s.appendChunk(b, chunk, entry, offset, length)
		var fault *Fault
		if errors.As(err, &fault) {
			err = s.sendFault(entry, fault)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// appendChunk reads a chunk to where it will be sent from, and puts what goes
// before it there.
func (s *sender) appendChunk(b *batch, chunk uint64, entry uint32, offset int64, length int) error {
	begin := len(b.buf)
	data := b.buf[begin+chunkHead : begin+chunkHead+length]
	_, count := s.manifest.ChunksOf(entry)
	head := protocol.Chunk{Number: chunk, Length: length}
	var err error
	if head.Value, head.Zero, err = s.read(entry, offset, data, count == 1); err != nil {
		return err
	}
	s.source.Keep(chunk, head.Value)
	buf, err := protocol.AppendChunkHeader(b.buf, &head)
	if err != nil {
		return err
	}
	if !head.Zero {
		buf = buf[:begin+chunkHead+length]
	}
	b.buf = buf
	b.items = append(b.items, item{chunk: chunk, entry: entry, length: length})
	return nil
}

// read fills data with a chunk, hashes it piece by piece while it is in the cache
// of the processor, and says whether it is nothing but zeros.
func (s *sender) read(entry uint32, offset int64, data []byte, only bool) (value tree.Value, zero bool, err error) {
	hash := tree.Begin(uint64(offset) / tree.ChunkSize)
	zero = len(data) > 0
	for rest := data; ; rest = rest[tree.Stretch:] {
		piece := rest[:min(len(rest), tree.Stretch)]
		if err := s.source.Read(s.ctx, entry, offset+int64(len(data)-len(rest)), piece); err != nil {
			return value, false, err
		}
		zero = zero && allZero(piece)
		if len(piece) == len(rest) {
			return hash.End(piece, only), zero, nil
		}
		hash.Add(piece)
	}
}

// sendFault says once that nothing more of a file comes.
func (s *sender) sendFault(entry uint32, fault *Fault) error {
	s.faulty[entry] = true
	frame, err := protocol.AppendBulk(nil, &protocol.Fault{Entry: entry, Code: fault.Code, Text: fault.Text})
	if err != nil {
		return err
	}
	b, err := s.room(len(frame))
	if err != nil {
		return err
	}
	b.buf = append(b.buf, frame...)
	return nil
}

var zeroBlock [64 << 10]byte // never written to

// allZero says whether data is nothing but zeros. Nearly always its first byte
// tells.
func allZero(data []byte) bool {
	for len(data) > 0 {
		n := min(len(data), len(zeroBlock))
		if data[0] != 0 || !bytes.Equal(data[:n], zeroBlock[:n]) {
			return false
		}
		data = data[n:]
	}
	return true
}
