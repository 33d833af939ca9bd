package transport_test

import (
	"sync/atomic"
	"testing"

	"feihong/protocol"
	"feihong/transport"
)

// BenchmarkFrames sends small frames over loopback, as fast as the receiver
// confirms them in batches.
func BenchmarkFrames(b *testing.B) {
	for _, bench := range []struct {
		name string
		size int
	}{{"100B", 100}, {"1KiB", 1 << 10}, {"64KiB", 64 << 10}} {
		b.Run(bench.name, func(b *testing.B) { benchmarkFrames(b, bench.size) })
	}
}

func benchmarkFrames(b *testing.B, size int) {
	const window = 128 // frames between two confirmations, twice that under way
	confirmed := make(chan struct{}, 2)
	var count atomic.Int64
	alice, bob := serve(b, "Alice", nil), serve(b, "Bob", nil)
	bob.recorder.receive = func(s *transport.Session, app protocol.Application, _ []byte) {
		if count.Add(1)%window == 0 {
			_ = s.Send(app, nil) // fails at the end of the benchmark
		}
	}
	alice.recorder.receive = func(*transport.Session, protocol.Application, []byte) { confirmed <- struct{}{} }
	s := dial(b, alice, bob)
	body := make([]byte, size)
	confirmed <- struct{}{}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if err := s.Send(protocol.AppChat, body); err != nil {
			b.Fatal(err)
		}
		if i%window == window-1 {
			<-confirmed
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "frames/s")
}

// BenchmarkRoundTrip is the time for one small frame there and one back.
func BenchmarkRoundTrip(b *testing.B) {
	back := make(chan struct{}, 1)
	alice, bob := serve(b, "Alice", nil), serve(b, "Bob", nil)
	bob.recorder.receive = func(s *transport.Session, app protocol.Application, body []byte) { _ = s.Send(app, body) }
	alice.recorder.receive = func(*transport.Session, protocol.Application, []byte) { back <- struct{}{} }
	s := dial(b, alice, bob)
	body := make([]byte, 100)
	for b.Loop() {
		if err := s.Send(protocol.AppChat, body); err != nil {
			b.Fatal(err)
		}
		<-back
	}
}

// BenchmarkDial is the time to reach somebody: TCP, TLS, hello and Up.
func BenchmarkDial(b *testing.B) {
	alice, bob := serve(b, "Alice", nil), serve(b, "Bob", nil)
	downs := 0
	for b.Loop() {
		dial(b, alice, bob).Close(protocol.CodeClosing, "")
		downs++
		alice.awaitDowns(downs)
	}
}
