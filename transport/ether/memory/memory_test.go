package memory_test

import (
	"errors"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"feihong/transport/ether"
	"feihong/transport/ether/memory"
)

const shared = 24250

// listener opens the ports of a host and counts what arrives by each way.
type listener struct {
	port ether.Port
	got  map[ether.Way][]ether.Packet
	done chan struct{}
}

func listen(t *testing.T, h *memory.Host) *listener {
	t.Helper()
	port, err := h.Open(shared, false)
	if err != nil {
		t.Fatal(err)
	}
	interfaces, _ := h.Interfaces()
	port.Follow(interfaces)
	l := &listener{port: port, got: make(map[ether.Way][]ether.Packet), done: make(chan struct{})}
	go func() {
		defer close(l.done)
		for {
			packet, err := port.Receive()
			if err != nil {
				return
			}
			l.got[packet.Way] = append(l.got[packet.Way], packet)
		}
	}()
	return l
}

func (l *listener) close() {
	_ = l.port.Close()
	<-l.done
}

func wait() {
	time.Sleep(5 * time.Millisecond)
	synctest.Wait()
}

func TestRoutersPassWhatIsSentToOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := memory.New()
		first, middle, last, apart := w.Link("first"), w.Link("middle"), w.Link("last"), w.Link("apart")
		w.Join(first, middle)
		w.Join(middle, last)
		a, b, c := w.Host("a"), w.Host("b"), w.Host("c")
		a.Attach(first, "eth0", "10.1.0.1/24", "fe80::1/64")
		b.Attach(last, "eth0", "10.3.0.1/24", "fe80::2/64")
		c.Attach(apart, "eth0", "10.4.0.1/24")
		la, lb, lc := listen(t, a), listen(t, b), listen(t, c)
		defer la.close()
		defer lb.close()
		defer lc.close()
		interfaces, _ := a.Interfaces()
		if err := la.port.Spread(interfaces[1], []byte("all")); err != nil {
			t.Fatal(err)
		}
		for _, to := range []string{"10.3.0.1:24250", "10.4.0.1:24250"} {
			if err := la.port.Send(netip.MustParseAddrPort(to), []byte("one")); err != nil {
				t.Fatal(err)
			}
		}
		if err := la.port.Send(netip.MustParseAddrPort("[fe80::2%eth0]:24250"), []byte("link-local")); err != nil {
			t.Fatal(err)
		}
		if err := lc.port.Send(netip.MustParseAddrPort("10.1.0.1:24250"), []byte("no router")); !errors.Is(err, memory.ErrNoRoute) {
			t.Errorf("without a router: %v", err)
		}
		wait()
		if n := len(lb.got[ether.Unicast]); n != 1 || len(lb.got) != 1 {
			t.Errorf("behind the router: %v", lb.got)
		} else if got := lb.got[ether.Unicast][0]; got.From.Addr() != netip.MustParseAddr("10.1.0.1") || string(got.Data) != "one" || got.Private {
			t.Errorf("%+v", got)
		}
		if len(lc.got) != 0 {
			t.Errorf("without a router: %v", lc.got)
		}
	})
}

func TestCountersFiltersAndLoss(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := memory.New()
		lan := w.Link("lan")
		a, b := w.Host("a"), w.Host("b")
		a.Attach(lan, "eth0", "10.0.0.1/24")
		b.Attach(lan, "eth0", "10.0.0.2/24")
		la, lb := listen(t, a), listen(t, b)
		defer la.close()
		defer lb.close()
		to := netip.MustParseAddrPort("10.0.0.2:24250")
		send := func(count int) {
			for range count {
				if err := la.port.Send(to, []byte("12345")); err != nil {
					t.Fatal(err)
				}
				wait()
			}
		}
		send(10)
		if c := a.Counters().Sent; c.Datagrams != 10 || c.Bytes != 50 {
			t.Errorf("sent %+v", c)
		}
		if c := b.Counters().Received; c.Datagrams != 10 || c.Bytes != 50 {
			t.Errorf("received %+v", c)
		}
		b.ResetCounters()
		w.Filter(func(d memory.Datagram) bool { return d.Sender == "a" && d.Receiver == "b" && d.Way == ether.Unicast })
		send(10)
		w.Filter(nil)
		if c := b.Counters().Received; c.Datagrams != 0 {
			t.Errorf("received %+v in spite of the filter", c)
		}
		w.Lose(0.5, 7)
		send(200)
		w.Lose(0, 0)
		if c := b.Counters().Received; c.Datagrams < 60 || c.Datagrams > 140 {
			t.Errorf("received %+v of 200 with half of them lost", c)
		}
		// More at once than a socket has room for.
		b.ResetCounters()
		for range 1000 {
			if err := la.port.Send(to, []byte("12345")); err != nil {
				t.Fatal(err)
			}
		}
		wait()
		if c := b.Counters(); c.Received.Datagrams != 300 || c.Lost != 700 {
			t.Errorf("of a burst: %+v", c)
		}
	})
}

func TestForgedDatagrams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := memory.New()
		lan := w.Link("lan")
		a := w.Host("a")
		a.Attach(lan, "eth0", "10.0.0.1/24")
		l := listen(t, a)
		defer l.close()
		from := netip.MustParseAddrPort("203.0.113.1:9")
		lan.Forge(from, netip.MustParseAddrPort("10.0.0.1:24250"), []byte("x"))
		lan.ForgeSpread(from, shared, []byte("y"))
		lan.Forge(from, netip.MustParseAddrPort("10.0.0.9:24250"), []byte("nobody"))
		wait()
		if len(l.got[ether.Unicast]) != 1 || l.got[ether.Unicast][0].From != from || len(l.got[ether.Multicast]) != 1 {
			t.Errorf("%v", l.got)
		}
	})
}

func TestInterfacesComeAndGo(t *testing.T) {
	w := memory.New()
	lan := w.Link("lan")
	a := w.Host("a")
	nic := a.Attach(lan, "eth0", "10.0.0.1/24")
	names := func() (names []string) {
		interfaces, err := a.Interfaces()
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range interfaces {
			names = append(names, i.Name)
		}
		return names
	}
	if got := names(); len(got) != 2 || got[0] != "lo" || got[1] != "eth0" {
		t.Errorf("%v", got)
	}
	nic.SetUp(false)
	if got := names(); len(got) != 1 {
		t.Errorf("down: %v", got)
	}
	nic.SetUp(true)
	before, _ := a.Interfaces()
	nic.SetAddresses("10.0.0.2/24")
	after, _ := a.Interfaces()
	if ether.Equal(before, after) {
		t.Error("the address did not change")
	}
	nic.PointToPoint()
	after, _ = a.Interfaces()
	if after[1].Multicast || after[1].Broadcast || len(after[1].Broadcasts()) != 0 {
		t.Errorf("%+v", after[1])
	}
	nic.Detach()
	if got := names(); len(got) != 1 {
		t.Errorf("detached: %v", got)
	}
}

func TestOccupiedPort(t *testing.T) {
	w := memory.New()
	a := w.Host("a")
	a.Occupy(shared)
	port, err := a.Open(shared, false)
	if err != nil || !errors.Is(port.Trouble(), memory.ErrInUse) {
		t.Errorf("%v", err)
	}
	_ = port.Close()
}
