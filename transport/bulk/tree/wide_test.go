package tree_test

import (
	"testing"

	"feihong/transport/bulk/tree"
)

func TestVectorsOnNarrowMachines(t *testing.T) { tree.Narrow(func() { TestVectors(t) }) }

func TestWideAndNarrowMachinesAgree(t *testing.T) {
	if !tree.Wide() {
		t.Skip("this machine is narrow")
	}
	data := pattern(tree.ChunkSize + 1)[1:] // aligned to nothing
	lengths := []int{tree.ChunkSize, tree.ChunkSize - 1, tree.Stretch, tree.Stretch + 1, tree.Stretch - 1}
	for pieces := range 130 {
		lengths = append(lengths, pieces*1024, pieces*1024+1, pieces*1024+1023)
	}
	for _, length := range lengths {
		// The counter of the second to last one does not fit 32 bits.
		for _, index := range []uint64{0, 1, 1<<22 - 1, 1 << 22, 1<<40 + 5} {
			got := tree.Chunk(data[:length], index, false)
			var want tree.Value
			tree.Narrow(func() { want = tree.Chunk(data[:length], index, false) })
			if got != want {
				t.Fatalf("%d bytes at %d: %x, want %x", length, index, got, want)
			}
		}
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

func BenchmarkNarrowChunk(b *testing.B) { tree.Narrow(func() { BenchmarkChunk(b) }) }
