// Package tree hashes files as trees: BLAKE3 over chunks of 1 MiB.
//
// BLAKE3 is a binary tree over pieces of 1 KiB, and 1024 of them, aligned, are
// a subtree of their own. So each chunk of a file has a chaining value that can
// be checked when the chunk arrives, alone and in any order, and the values of
// all chunks give the hash of the file: the one that b3sum prints.
//
// The functions neither keep nor allocate anything and are safe for concurrent
// use. Package tree is below everything; it knows neither files nor networks.
package tree

import (
	"encoding/binary"

	"lukechampine.com/blake3/guts"
)

// ChunkSize is the length of a chunk in bytes; the last one of a file may be
// shorter.
const ChunkSize = 1 << 20

const (
	// Stretch is how much is hashed before subtrees are merged; a divisor of
	// ChunkSize.
	Stretch = 128 << 10
	// group is what guts hashes at once.
	group = guts.MaxSIMD * guts.ChunkSize
	// piecesPerChunk is how many pieces of 1 KiB a chunk has.
	piecesPerChunk = ChunkSize / guts.ChunkSize
	// maxHeight is above the height of a tree over anything that exists.
	maxHeight = 64
)

// Value is the chaining value of a chunk, or the hash of a whole file.
type Value [32]byte

// IsZero says that v is no value: no data is known that has this one.
func (v Value) IsZero() bool { return v == Value{} }

type words = [8]uint32

// Chunk is the chaining value of chunk number index of a file, counted from 0.
// only says that the file has no other chunk: then the value is the hash of the
// file. data is at most ChunkSize long, exactly so for all but the last chunk.
func Chunk(data []byte, index uint64, only bool) Value {
	h := Begin(index)
	return h.End(data, only)
}

// Sum is the hash of data as a whole.
func Sum(data []byte) Value { return Chunk(data, 0, true) }

// Zero is the Chunk of length bytes that are all zero.
func Zero(length int, index uint64, only bool) Value {
	h := Begin(index)
	for ; length > Stretch; length -= Stretch {
		h.Add(zeros[:])
	}
	return h.End(zeros[:length], only)
}

// zeros is never written to.
var zeros [Stretch]byte

// Hash is a Chunk that is hashed while it comes, so that its data is in the
// cache of the processor still.
type Hash struct {
	done    stack
	counter uint64
}

// Begin begins with chunk number index of a file.
func Begin(index uint64) Hash { return Hash{counter: index * piecesPerChunk} }

// Add goes on with data, a multiple of Stretch long. More must follow.
func (h *Hash) Add(data []byte) {
	for ; len(data) > 0; data = data[Stretch:] {
		h.done.push(guts.ChainingValue(stretch(data[:Stretch], h.counter)))
		h.counter += Stretch / guts.ChunkSize
	}
}

// End gives the value of the chunk of which this is the rest, more than nothing
// and at most Stretch, or everything.
func (h *Hash) End(data []byte, only bool) Value {
	for ; len(data) > Stretch; data = data[Stretch:] {
		h.Add(data[:Stretch])
	}
	return finish(h.done.fold(stretch(data, h.counter)), only)
}

// Root is the hash of a file from the values of all its chunks, of which there
// are two at least: the value of a single chunk is the hash already.
func Root(values []Value) Value {
	var s stack
	last := len(values) - 1
	for i := range last {
		s.push(values[i].words())
	}
	return finish(s.fold(guts.ParentNode(s.pop(), values[last].words(), &guts.IV, 0)), true)
}

// stretch is the top node over at most Stretch bytes, the first piece of which
// has the number counter, a multiple of 16.
func stretch(data []byte, counter uint64) guts.Node {
	var s stack
	for ; len(data) > group; data = data[group:] {
		s.push(guts.ChainingValue(guts.CompressBuffer((*[group]byte)(data), group, &guts.IV, counter, 0)))
		counter += guts.MaxSIMD
	}
	return s.fold(rest(data, counter))
}

// rest is the node over the last group.
func rest(data []byte, counter uint64) guts.Node {
	switch {
	case len(data) == group:
		return guts.CompressBuffer((*[group]byte)(data), group, &guts.IV, counter, 0)
	case len(data) <= guts.ChunkSize:
		return guts.CompressChunk(data, &guts.IV, counter, 0)
	}
	var whole [group]byte // the vectors read a whole group, and data may end before
	copy(whole[:], data)
	return guts.CompressBuffer(&whole, len(data), &guts.IV, counter, 0)
}

// stack holds the finished subtrees to the left of what comes next, the
// greatest first: one for each bit of count.
type stack struct {
	count  uint64
	height int
	values [maxHeight]words
}

// push adds a subtree to which something to the right will come.
func (s *stack) push(value words) {
	s.count++
	for n := s.count; n&1 == 0; n >>= 1 {
		value = guts.ChainingValue(guts.ParentNode(s.pop(), value, &guts.IV, 0))
	}
	s.values[s.height] = value
	s.height++
}

func (s *stack) pop() words {
	s.height--
	return s.values[s.height]
}

// fold closes the tree with its rightmost node, and returns the top.
func (s *stack) fold(node guts.Node) guts.Node {
	for s.height > 0 {
		node = guts.ParentNode(s.pop(), guts.ChainingValue(node), &guts.IV, 0)
	}
	return node
}

func finish(node guts.Node, root bool) (v Value) {
	if root {
		node.Flags |= guts.FlagRoot
	}
	for i, word := range guts.ChainingValue(node) {
		binary.LittleEndian.PutUint32(v[4*i:], word)
	}
	return v
}

func (v *Value) words() (w words) {
	for i := range w {
		w[i] = binary.LittleEndian.Uint32(v[4*i:])
	}
	return w
}
