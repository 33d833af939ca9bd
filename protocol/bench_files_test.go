package protocol_test

import (
	"testing"

	"feihong/protocol"
)

func BenchmarkEncodeGreatManifest(b *testing.B) {
	m, err := protocol.DecodeManifest(greatManifest(b))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Encode(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeGreatManifest(b *testing.B) {
	raw := greatManifest(b)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := protocol.DecodeManifest(raw); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRefuseMillionEntries is what a hostile manifest costs.
func BenchmarkRefuseMillionEntries(b *testing.B) {
	raw := octets{fileEntry + "*1000000"}.bytes(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := protocol.DecodeManifest(raw); err == nil {
			b.Fatal("was accepted")
		}
	}
}

func BenchmarkLocate(b *testing.B) {
	m, err := protocol.DecodeManifest(greatManifest(b))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for chunk := uint64(0); b.Loop(); chunk = (chunk + 7919) % m.Chunks() {
		m.Locate(chunk)
	}
}

func BenchmarkReadChunk(b *testing.B) {
	data := make([]byte, protocol.ChunkSize)
	raw, err := encodeBulk(&protocol.Chunk{Length: len(data), Data: data})
	if err != nil {
		b.Fatal(err)
	}
	r := protocol.NewBulkReader(&repeating{data: raw})
	buf := make([]byte, 0, protocol.BulkChunk.Limit())
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := r.Next(); err != nil {
			b.Fatal(err)
		}
		body, err := r.Body(buf)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := protocol.ParseChunk(body); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppendChunkHeader(b *testing.B) {
	c := &protocol.Chunk{Number: 1 << 40, Length: protocol.ChunkSize}
	var dst []byte
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if dst, err = protocol.AppendChunkHeader(dst[:0], c); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWant(b *testing.B) {
	m := &protocol.Want{Runs: make([]protocol.ChunkRun, 16)}
	for i := range m.Runs {
		m.Runs[i] = protocol.ChunkRun{First: uint64(i) << 20, Count: 16}
	}
	b.ReportAllocs()
	for b.Loop() {
		raw, err := protocol.AppendBulk(nil, m)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := protocol.DecodeBulk(protocol.BulkWant, raw[protocol.HeaderBytes:]); err != nil {
			b.Fatal(err)
		}
	}
}
