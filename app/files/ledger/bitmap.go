package ledger

import (
	"math/bits"
	"sync/atomic"
)

// bitmap is a row of bits that are set and read without a lock.
type bitmap []atomic.Uint64

func newBitmap(size uint64) bitmap { return make(bitmap, (size+63)/64) }

func (b bitmap) get(i uint64) bool { return b[i/64].Load()&(1<<(i%64)) != 0 }

func (b bitmap) set(i uint64) { b[i/64].Or(1 << (i % 64)) }

// clear clears the bits from begin to end, without end.
func (b bitmap) clear(begin, end uint64) {
	for i := begin; i < end; {
		stop := min(end, i/64*64+64)
		b[i/64].And(^mask(i, stop))
		i = stop
	}
}

// next finds the first bit of this kind from begin to end, without end.
func (b bitmap) next(begin, end uint64, kind bool) (i uint64, found bool) {
	for i = begin; i < end; {
		stop := min(end, i/64*64+64)
		word := b[i/64].Load()
		if !kind {
			word = ^word
		}
		if word &= mask(i, stop); word != 0 {
			return i/64*64 + uint64(bits.TrailingZeros64(word)), true
		}
		i = stop
	}
	return end, false
}

// mask gives the bits from begin to end within their word; end may be the
// first of the next.
func mask(begin, end uint64) uint64 {
	return ^uint64(0) << (begin % 64) & (^uint64(0) >> (63 - (end-1)%64))
}
