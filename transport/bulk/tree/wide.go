package tree

import (
	"unsafe"

	"lukechampine.com/blake3/guts"
)

// wide is how many nodes are compressed at once with AVX-512. guts has that as
// well, but fetches word by word what is read and transposed here by the
// register, and merges with half the width, which takes twice as long.
const wide = 16

// offsets is where lanes begin.
type offsets [wide]uint64

// Where pieces lie, and pairs of values.
var pieceOffsets, pairOffsets = apart(guts.ChunkSize), apart(guts.BlockSize)

func apart(distance uint64) (o offsets) {
	for i := range o {
		o[i] = uint64(i) * distance
	}
	return o
}

// wideStretch is stretch for more than one piece.
func wideStretch(data []byte, counter uint64) guts.Node {
	var values [Stretch / guts.ChunkSize]words
	count := len(data) / guts.ChunkSize
	for i := 0; i < count; i += wide {
		at := pieceOffsets
		for lane := count - i; lane < wide; lane++ {
			at[lane] = 0 // nothing is read behind the data
		}
		compress((*[wide]words)(values[i:]), unsafe.Pointer(&data[i*guts.ChunkSize]), &at,
			guts.ChunkSize/guts.BlockSize, counter+uint64(i), 1, 0, guts.FlagChunkStart, guts.FlagChunkEnd)
	}
	if whole := count * guts.ChunkSize; whole < len(data) {
		values[count] = guts.ChainingValue(guts.CompressChunk(data[whole:], &guts.IV, counter+uint64(count), 0))
		count++
	}
	for count > 2 {
		count = merge(&values, count)
	}
	return guts.ParentNode(values[0], values[1], &guts.IV, 0)
}

// merge replaces the first values by those of their parents, and says how many
// there are then.
func merge(values *[Stretch / guts.ChunkSize]words, count int) int {
	last, pairs := values[count-1], count/2
	for i := 0; i < pairs; i += wide {
		// What is written was read before, by this call or the last.
		compress((*[wide]words)(values[i:]), unsafe.Pointer(&values[2*i]), &pairOffsets, 1, 0, 0, guts.FlagParent, 0, 0)
	}
	if count%2 == 1 {
		values[pairs] = last
		pairs++
	}
	return pairs
}
