//go:build !amd64

package tree

import "unsafe"

// isWide tells whether compress can be called.
var isWide = false

// compress is only there so that all systems have the same callers.
func compress(values *[wide]words, data unsafe.Pointer, offsets *offsets, blocks, counter uint64, step, flags, first, last uint32) {
	panic("tree: compress is not for this machine")
}
