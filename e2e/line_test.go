//go:build e2e

package e2e

import (
	"errors"
	"io/fs"
	"math/rand/v2"
	"net/netip"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// line is a cable between two hosts that is as bad as a test wants. The
// packets pass through this program, because not every kernel can delay and
// lose them by itself.
type line struct {
	quality atomic.Pointer[quality]
	ends    [2]*host
}

// quality says what happens to packets. The zero value is a good cable.
type quality struct {
	delay time.Duration // one way
	loss  float64       // share of the packets that get lost, 0 to 1
	rate  int64         // bytes a second in each direction; 0: as fast as it goes
	queue int64         // bytes that wait where a rate is set, before packets are dropped; 0: 50 ms at that rate
	cut   bool          // nothing arrives
}

// frameBytes is more than a packet of an Ethernet has.
const frameBytes = 2048

// flight is how many packets are on their way in each direction at the most.
// More get lost.
const flight = 1 << 14

// line connects two hosts. With network 10.1.0.0/24 they are 10.1.0.1 and
// 10.1.0.2, at interfaces eth0.
func (l *lab) line(network string, a, b *host) *line {
	l.t.Helper()
	made := &line{ends: [2]*host{a, b}}
	made.is(quality{})
	prefix := netip.MustParsePrefix(network)
	address := prefix.Addr()
	var taps [2]*os.File
	for i, h := range made.ends {
		taps[i] = h.tap("eth0")
		address = address.Next()
		h.ip("address add", netip.PrefixFrom(address, prefix.Bits()).String(), "dev eth0")
		h.ip("link set eth0 up")
	}
	var tasks sync.WaitGroup
	l.t.Cleanup(func() {
		for _, tap := range taps {
			tap.Close()
		}
		tasks.Wait()
	})
	for i := range taps {
		queue := make(chan packet, flight)
		backlog := new(atomic.Int64)
		tasks.Go(func() { made.take(taps[i], queue, backlog) })
		tasks.Go(func() { made.give(taps[1-i], queue, backlog) })
	}
	return made
}

// is changes what the line is like. It is good for packets from now on.
func (l *line) is(q quality) {
	if q.queue == 0 {
		q.queue = max(q.rate/20, 8*frameBytes)
	}
	l.quality.Store(&q)
}

// packet is on its way.
type packet struct {
	data []byte
	due  time.Time // when it arrives
}

// take takes what one host sends.
func (l *line) take(from *os.File, queue chan<- packet, backlog *atomic.Int64) {
	defer close(queue)
	var free time.Time // when the line has sent all that waits
	for {
		data := make([]byte, frameBytes)
		n, err := from.Read(data)
		if err != nil {
			return // closed
		}
		q := l.quality.Load()
		if q.cut || q.loss > 0 && rand.Float64() < q.loss {
			continue
		}
		now := time.Now()
		due := now
		if q.rate > 0 {
			if free.Before(now) {
				free = now
			}
			if waiting := int64(free.Sub(now).Seconds() * float64(q.rate)); waiting > q.queue {
				continue
			}
			free = free.Add(time.Duration(float64(n) / float64(q.rate) * float64(time.Second)))
			due = free
		}
		if backlog.Add(1) > flight {
			backlog.Add(-1)
			continue
		}
		queue <- packet{data[:n], due.Add(q.delay)}
	}
}

// give hands to the other host what has arrived.
func (l *line) give(to *os.File, queue <-chan packet, backlog *atomic.Int64) {
	for p := range queue {
		backlog.Add(-1)
		if wait := time.Until(p.due); wait > 0 {
			<-time.After(wait)
		}
		if l.quality.Load().cut {
			continue
		}
		// A host whose interface is down takes nothing, as real ones.
		_, _ = to.Write(p.data)
	}
}

// tap gives a host an interface whose packets this program reads and writes.
func (h *host) tap(name string) *os.File {
	h.t.Helper()
	device, err := h.device(name, unix.IFF_TAP|unix.IFF_NO_PI)
	if errors.Is(err, fs.ErrNotExist) && os.Getenv("CI") != "true" {
		h.t.Skip("the kernel has no tunnels")
	}
	if err != nil {
		h.t.Fatalf("a line: %v", err)
	}
	return device
}

// device makes a TUN or TAP interface.
func (h *host) device(name string, flags uint16) (made *os.File, err error) {
	err = h.do(func() error {
		fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
		if err != nil {
			return err
		}
		request, err := unix.NewIfreq(name)
		if err != nil {
			return err
		}
		request.SetUint16(flags)
		if err := unix.IoctlIfreq(fd, unix.TUNSETIFF, request); err != nil {
			return errors.Join(err, unix.Close(fd))
		}
		made = os.NewFile(uintptr(fd), name)
		return nil
	})
	return made, err
}

// TestLine checks that the line is what it is said to be, so that tests may
// rely on it.
func TestLine(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	a, b := l.host("a"), l.host("b")
	cable := l.line("10.1.0.0/24", a, b)
	tests := []struct {
		name      string
		is        quality
		most      time.Duration // for the fastest of the round trips
		least     time.Duration
		arrive    int // of 100, at least
		arriveMax int
	}{
		{"good", quality{}, 20 * time.Millisecond, 0, 100, 100},
		{"long", quality{delay: 40 * time.Millisecond}, 150 * time.Millisecond, 80 * time.Millisecond, 100, 100},
		{"lossy", quality{loss: 0.3}, 20 * time.Millisecond, 0, 20, 80}, // both ways: half
		{"cut", quality{cut: true}, 0, 0, 0, 0},
	}
	for _, test := range tests {
		cable.is(test.is)
		count, fastest := pings(t, a, b, "10.1.0.2")
		if count < test.arrive || count > test.arriveMax {
			t.Errorf("%s: %d of 100 arrived, want %d to %d", test.name, count, test.arrive, test.arriveMax)
		}
		if count > 0 && (fastest < test.least || fastest > test.most) {
			t.Errorf("%s: the fastest took %v, want %v to %v", test.name, fastest, test.least, test.most)
		}
	}
}
