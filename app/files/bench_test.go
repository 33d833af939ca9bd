package files_test

import (
	"strconv"
	"testing"
)

// BenchmarkTransfer is from one engine to another over connections in memory,
// with everything on the disk at the end.
func BenchmarkTransfer(b *testing.B) {
	many := make(map[string]int)
	for i := range 10_000 {
		many["many/"+strconv.Itoa(i)] = 4096
	}
	for name, sizes := range map[string]map[string]int{"small": many, "large": {"big": 256 << 20}} {
		b.Run(name, func(b *testing.B) {
			w := newWire()
			alice, bob := newPerson(b, w, 1), newPerson(b, w, 2)
			b.Cleanup(w.group.Wait)
			dir := sources(b, sizes)
			total := int64(0)
			for _, size := range sizes {
				total += int64(size)
			}
			b.SetBytes(total)
			for b.Loop() {
				x := offer(b, alice, bob, dir)
				alice.engine.Begin(x.out)
				bob.engine.Begin(x.in)
				if outcome := <-bob.finished; outcome.Receipt == nil {
					b.Fatalf("%+v", outcome)
				}
			}
		})
	}
}
