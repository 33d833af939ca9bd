package tree_test

import (
	_ "embed"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"go.uber.org/goleak"
	"lukechampine.com/blake3"
	"pgregory.net/rapid"

	"feihong/transport/bulk/tree"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

//go:embed testdata/vectors.txt
var vectors string

func pattern(length int) []byte {
	data := make([]byte, length)
	for i := range data {
		data[i] = byte(i % 251)
	}
	return data
}

func TestVectors(t *testing.T) {
	checked := 0
	for line := range strings.Lines(vectors) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		var length int
		var want string
		if _, err := fmt.Sscan(line, &length, &want); err != nil {
			t.Fatal(err)
		}
		data := pattern(length)
		if got := tree.Sum(data); hex.EncodeToString(got[:]) != want {
			t.Errorf("%d bytes: %x, want %s", length, got, want)
		}
		if got := tree.Chunk(data, 0, true); hex.EncodeToString(got[:]) != want {
			t.Errorf("chunk of %d bytes: %x, want %s", length, got, want)
		}
		checked++
	}
	if checked < 20 {
		t.Errorf("only %d vectors", checked)
	}
}

// byChunks hashes data as a file is: chunk by chunk.
func byChunks(data []byte) tree.Value {
	if len(data) <= tree.ChunkSize {
		return tree.Chunk(data, 0, true)
	}
	var values []tree.Value
	for index := uint64(0); len(data) > 0; index++ {
		length := min(len(data), tree.ChunkSize)
		values = append(values, tree.Chunk(data[:length], index, false))
		data = data[length:]
	}
	return tree.Root(values)
}

func TestAFileHashesAsItsChunks(t *testing.T) {
	const mib = tree.ChunkSize
	all := pattern(9*mib + 1025)
	for chunks := range 10 {
		for _, more := range []int{-16385, -1025, -1024, -1, 0, 1, 63, 64, 65, 1023, 1024, 1025, 16383, 16384, 16385} {
			length := chunks*mib + more
			if length < 0 || length > len(all) {
				continue
			}
			data := all[:length]
			want := tree.Value(blake3.Sum256(data))
			if got := byChunks(data); got != want {
				t.Errorf("%d bytes by chunks: %x, want %x", length, got, want)
			}
			if got := tree.Sum(data); got != want {
				t.Errorf("%d bytes at once: %x, want %x", length, got, want)
			}
		}
	}
}

func TestAnyLengthAndContent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.SliceOfN(rapid.Byte(), 1, 64).Draw(t, "seed")
		length := rapid.IntRange(0, 3*tree.ChunkSize+5000).Draw(t, "length")
		data := make([]byte, length)
		for i := range data {
			data[i] = seed[i%len(seed)] + byte(i>>8)
		}
		if got, want := byChunks(data), tree.Value(blake3.Sum256(data)); got != want {
			t.Errorf("%d bytes: %x, want %x", length, got, want)
		}
	})
}

func TestZerosAreChunksOfZeros(t *testing.T) {
	zeros := make([]byte, tree.ChunkSize)
	for _, length := range []int{0, 1, 1024, 1025, 16384, 16385, 100_000, tree.ChunkSize - 1, tree.ChunkSize} {
		for _, index := range []uint64{0, 1, 12345678} {
			if got, want := tree.Zero(length, index, false), tree.Chunk(zeros[:length], index, false); got != want {
				t.Errorf("%d zeros at %d: %x, want %x", length, index, got, want)
			}
		}
		if got, want := tree.Zero(length, 0, true), tree.Sum(zeros[:length]); got != want {
			t.Errorf("%d zeros alone: %x, want %x", length, got, want)
		}
	}
}

// A chunk in another place must have another value, or a sender could swap
// chunks.
func TestTheValueDependsOnThePlace(t *testing.T) {
	data := pattern(5000)
	first := tree.Chunk(data, 0, false)
	if tree.Chunk(data, 1, false) == first || tree.Chunk(data, 0, true) == first {
		t.Error("the same data has the same value in different places")
	}
}

func TestNothingIsAllocated(t *testing.T) {
	data := pattern(tree.ChunkSize)
	values := make([]tree.Value, 1000)
	for name, hash := range map[string]func(){
		"Chunk": func() { tree.Chunk(data, 5, false) },
		"small": func() { tree.Chunk(data[:4096], 0, true) },
		"Zero":  func() { tree.Zero(tree.ChunkSize, 5, false) },
		"Root":  func() { tree.Root(values) },
	} {
		if n := testing.AllocsPerRun(10, hash); n != 0 {
			t.Errorf("%s makes %v allocations", name, n)
		}
	}
}

func BenchmarkChunk(b *testing.B) {
	for _, length := range []int{4096, 65536, tree.ChunkSize} {
		b.Run(fmt.Sprint(length), func(b *testing.B) {
			data := pattern(length)
			b.SetBytes(int64(length))
			b.ReportAllocs()
			for b.Loop() {
				tree.Chunk(data, 3, false)
			}
		})
	}
}

func TestAChunkMayComePieceByPiece(t *testing.T) {
	data := pattern(tree.ChunkSize)
	for _, length := range []int{1, tree.Stretch, tree.Stretch + 1, 3 * tree.Stretch, 5*tree.Stretch + 1025, tree.ChunkSize} {
		for _, step := range []int{1, 2, 7} {
			h, rest := tree.Begin(7), data[:length]
			for len(rest) > step*tree.Stretch {
				h.Add(rest[:step*tree.Stretch])
				rest = rest[step*tree.Stretch:]
			}
			if got, want := h.End(rest, false), tree.Chunk(data[:length], 7, false); got != want {
				t.Errorf("%d bytes in steps of %d: %x, want %x", length, step, got, want)
			}
		}
	}
}
