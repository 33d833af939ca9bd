package tree

import (
	"unsafe"

	"golang.org/x/sys/cpu"
)

// isWide tells whether compress can be called.
var isWide = cpu.X86.HasAVX512F

// compress compresses up to 16 blocks at once. Lane i begins at data and
// offsets[i] and is blocks, at least one, long; its value is put into
// values[i]. A lane that is of no use may be the same as another. counter is the
// number of the first lane, and that of the next is step more; no carry goes
// into the upper half, so it must be a multiple of 16. The first block has the
// flags first as well, and the last one last.
//
//go:noescape
func compress(values *[wide]words, data unsafe.Pointer, offsets *offsets, blocks, counter uint64, step, flags, first, last uint32)
