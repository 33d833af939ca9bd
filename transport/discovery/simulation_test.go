package discovery_test

import (
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"feihong/protocol"
	"feihong/transport/ether/memory"
)

// memoized opens each announcement once. To verify a signature takes some
// 60 µs; a thousand people who verify each other's would take a minute of
// real time, and none of it says anything about discovery.
func memoized() func([]byte) (*protocol.Announcement, error) {
	var mu sync.Mutex
	known := make(map[string]*protocol.Announcement)
	return func(signed []byte) (*protocol.Announcement, error) {
		mu.Lock()
		defer mu.Unlock()
		if a := known[string(signed)]; a != nil {
			return a, nil
		}
		a, err := protocol.OpenAnnouncement(signed)
		if err == nil {
			known[string(signed)] = a
		}
		return a, err
	}
}

// figures are what a simulation measured.
type figures struct {
	people            int
	everybody         time.Duration // until everybody knew everybody
	start, steady     memory.Counters
	worst             memory.Counters // of one host, at the start
	sessions          int
	exchanged         int64
	newcomerSees      time.Duration // until a newcomer knew everybody
	newcomerSeen      time.Duration // until everybody knew the newcomer
	newcomerDatagrams memory.Counters
	newcomerTraffic   memory.Traffic // of all others for the newcomer
}

// simulate lets n people start at once, be there for a while, and take in
// one more.
func simulate(t testing.TB, o *office, n int) (f figures) {
	f.people = n
	o.open, o.light = memoized(), true
	for range n + 1 {
		o.hire("p")
	}
	people, newcomer := o.people[:n], o.people[n]
	began := time.Now()
	for _, p := range people {
		p.start()
	}
	for f.everybody = 0; f.everybody < 10*time.Second; f.everybody = time.Since(began) {
		if !slices.ContainsFunc(people, func(p *person) bool { return p.count() < n-1 }) {
			break
		}
		pass(10 * time.Millisecond)
	}
	pass(10*time.Second - time.Since(began))
	f.start = total(people)
	for _, p := range people {
		c := p.host.Counters()
		f.worst.Received.Datagrams = max(f.worst.Received.Datagrams, c.Received.Datagrams)
		f.worst.Lost = max(f.worst.Lost, c.Lost)
		p.host.ResetCounters()
	}
	f.sessions, f.exchanged = o.dialled()

	pass(110 * time.Second)
	for _, p := range people {
		p.host.ResetCounters()
	}
	pass(time.Minute)
	f.steady = total(people)
	for _, p := range people {
		if p.count() != n-1 {
			t.Errorf("somebody knows %d people of %d", p.count(), n-1)
		}
		p.host.ResetCounters()
	}

	began = time.Now()
	newcomer.start()
	for time.Since(began) < 10*time.Second && (f.newcomerSeen == 0 || f.newcomerSees == 0) {
		pass(time.Millisecond)
		if f.newcomerSees == 0 && newcomer.count() == n {
			f.newcomerSees = time.Since(began)
		}
		if f.newcomerSeen == 0 && !slices.ContainsFunc(people, func(p *person) bool { return p.count() < n }) {
			f.newcomerSeen = time.Since(began)
		}
	}
	if f.newcomerSees == 0 || f.newcomerSeen == 0 {
		t.Errorf("the newcomer sees %d people of %d", newcomer.count(), n)
	}
	f.newcomerTraffic = total(people).Sent
	f.newcomerDatagrams = newcomer.host.Counters()
	return f
}

func total(people []*person) (sum memory.Counters) {
	for _, p := range people {
		c := p.host.Counters()
		sum.Sent.Datagrams += c.Sent.Datagrams
		sum.Sent.Bytes += c.Sent.Bytes
		sum.Received.Datagrams += c.Received.Datagrams
		sum.Received.Bytes += c.Received.Bytes
		sum.Lost += c.Lost
	}
	return sum
}

func TestSimulation(t *testing.T) {
	for _, n := range []int{100, 300} {
		if n > 100 && (testing.Short() || raceEnabled) {
			continue // the race detector makes it ten times as slow
		}
		synctest.Test(t, func(t *testing.T) {
			o := newOffice(t)
			defer o.close()
			f := simulate(t, o, n)
			t.Logf("%+v", f)
			each := func(total int64) int64 { return total / int64(n) }
			if f.everybody > 5*time.Second || f.newcomerSees > time.Second || f.newcomerSeen > time.Second {
				t.Errorf("%d people: all know all after %v, a newcomer after %v, and is known after %v", n, f.everybody, f.newcomerSees, f.newcomerSeen)
			}
			// Two beacons a minute by three ways, whatever the size of the office.
			if sent := each(f.steady.Sent.Datagrams); sent < 4 || sent > 9 {
				t.Errorf("%d people: each sends %d datagrams a minute", n, sent)
			}
			if received := each(f.steady.Received.Datagrams); received > int64(9*n) {
				t.Errorf("%d people: each receives %d datagrams a minute", n, received)
			}
			if f.newcomerTraffic.Datagrams > 60 {
				t.Errorf("%d people: they sent %d datagrams to a newcomer", n, f.newcomerTraffic.Datagrams)
			}
		})
	}
}

// A thousand at once, and fewer with datagrams that get lost. What comes after,
// the benchmark shows: it takes minutes.
func TestAllStartAtOnce(t *testing.T) {
	for _, test := range []struct {
		people int
		loss   float64
	}{{100, 0.2}, {1000, 0}} {
		if test.people > 100 && (testing.Short() || raceEnabled) {
			continue // the race detector makes it ten times as slow
		}
		synctest.Test(t, func(t *testing.T) {
			o := newOffice(t)
			defer o.close()
			o.open, o.light = memoized(), true
			o.world.Lose(test.loss, 1)
			for range test.people {
				o.hire("p")
			}
			began := time.Now()
			for _, p := range o.people {
				p.start()
			}
			behind := func(p *person) bool { return p.count() < test.people-1 }
			for slices.ContainsFunc(o.people, behind) && time.Since(began) < 6*time.Second {
				pass(10 * time.Millisecond)
			}
			took := time.Since(began)
			t.Logf("%d people know each other after %v; %+v", test.people, took, total(o.people))
			if took > 5*time.Second {
				t.Error("that is too long")
			}
			o.world.Lose(1, 1) // goodbyes to a thousand would take long
		})
	}
}

// BenchmarkOffice gives the figures of docs/benchmarks.md. It runs for minutes.
func BenchmarkOffice(b *testing.B) {
	for _, n := range []int{100, 300, 1000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			for b.Loop() {
				// A bubble needs a test of its own.
				f := inTest(b, n)
				each := float64(n)
				b.ReportMetric(float64(f.everybody.Milliseconds()), "ms-all-know-all")
				b.ReportMetric(float64(f.start.Sent.Datagrams)/each, "start-sent-datagrams")
				b.ReportMetric(float64(f.start.Received.Datagrams)/each, "start-received-datagrams")
				b.ReportMetric(float64(f.start.Received.Bytes)/each/1024, "start-received-KiB")
				b.ReportMetric(float64(f.start.Lost)/each, "start-lost-datagrams")
				b.ReportMetric(float64(f.sessions), "start-sessions")
				b.ReportMetric(float64(f.steady.Sent.Datagrams)/each, "sent-datagrams/min")
				b.ReportMetric(float64(f.steady.Sent.Bytes)/each, "sent-B/min")
				b.ReportMetric(float64(f.steady.Received.Datagrams)/each, "received-datagrams/min")
				b.ReportMetric(float64(f.steady.Received.Bytes)/each/1024, "received-KiB/min")
				b.ReportMetric(float64(f.newcomerSees.Milliseconds()), "ms-newcomer-sees-all")
				b.ReportMetric(float64(f.newcomerSeen.Milliseconds()), "ms-all-see-newcomer")
				b.ReportMetric(float64(f.newcomerTraffic.Datagrams), "datagrams-to-newcomer")
			}
		})
	}
}

// inTest simulates within a bubble.
func inTest(b *testing.B, n int) (f figures) {
	b.Helper()
	ok := testing.RunTests(func(string, string) (bool, error) { return true, nil }, []testing.InternalTest{{
		Name: b.Name(),
		F: func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOffice(t)
				defer o.close()
				f = simulate(t, o, n)
				o.world.Lose(1, 1)
			})
		},
	}})
	if !ok {
		b.Fatal("the simulation failed")
	}
	return f
}
