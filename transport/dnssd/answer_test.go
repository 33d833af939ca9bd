package dnssd_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/miekg/dns"

	"feihong/transport/dnssd"
	"feihong/transport/ether/socket"
)

// asking gives a published host that has not sent anything for a while.
func asking(t testing.TB) (*lan, *host) {
	l := newLAN(t)
	h := l.host()
	h.publish(announcement(t, 1, 1), "Alice")
	l.run(time.Minute)
	h.tally()
	return l, h
}

func (h *host) hear(m *dns.Msg, from string, to netip.Addr) {
	h.lan.t.Helper()
	data, err := m.Pack()
	if err != nil {
		h.lan.t.Fatal(err)
	}
	h.Handle(data, socket.Origin{From: netip.MustParseAddrPort(from), To: to, Interface: 7}, h.lan.now)
}

func ask(name string, kind uint16) *dns.Msg {
	m := &dns.Msg{}
	m.Question = []dns.Question{{Name: name, Qtype: kind, Qclass: dns.ClassINET}}
	return m
}

func TestAnswers(t *testing.T) {
	_, h := asking(t)
	instance, where := h.Names()
	tests := []struct {
		name string
		kind uint16
		want bool
	}{
		{dnssd.ServiceName, dns.TypePTR, true},
		{"_FEIHONG._tcp.Local.", dns.TypePTR, true},
		{dnssd.ServiceName, dns.TypeANY, true},
		{dnssd.ServiceName, dns.TypeA, false},
		{instance, dns.TypeSRV, true},
		{instance, dns.TypeTXT, true},
		{instance, dns.TypeANY, true},
		{instance, dns.TypePTR, false},
		{where, dns.TypeA, true},
		{where, dns.TypeAAAA, true},
		{where, dns.TypeTXT, false},
		{dnssd.MetaName, dns.TypePTR, true},
		{"other." + dnssd.ServiceName, dns.TypeTXT, false},
		{"_ipp._tcp.local.", dns.TypePTR, false},
		{".", dns.TypeANY, false},
	}
	for _, test := range tests {
		l, h := asking(t)
		h.hear(ask(test.name, test.kind), "10.0.0.9:5353", dnssd.Group4)
		if _, answers := h.tally(); answers != 0 {
			t.Errorf("%s: answered without waiting", test.name)
		}
		l.run(150 * time.Millisecond)
		_, answers := h.tally()
		if (answers == 1) != test.want || answers > 1 {
			t.Errorf("%s %s: %d answers", test.name, dns.TypeToString[test.kind], answers)
		}
	}
}

func TestAnswerHasEverything(t *testing.T) {
	l, h := asking(t)
	h.hear(ask(dnssd.ServiceName, dns.TypePTR), "10.0.0.9:5353", dnssd.Group4)
	l.run(150 * time.Millisecond)
	if len(h.sent) != 1 {
		t.Fatalf("%d messages", len(h.sent))
	}
	kinds := make(map[uint16]int)
	for _, record := range h.sent[0].Answer {
		kinds[record.Header().Rrtype]++
		shared := record.Header().Rrtype == dns.TypePTR
		if flushes := record.Header().Class&(1<<15) != 0; flushes == shared {
			t.Errorf("wrong class in %v", record)
		}
	}
	for _, kind := range []uint16{dns.TypePTR, dns.TypeSRV, dns.TypeTXT, dns.TypeA} {
		if kinds[kind] != 1 {
			t.Errorf("%d records %s", kinds[kind], dns.TypeToString[kind])
		}
	}
	if size := h.sent[0].Len(); size > 1400 {
		t.Errorf("%d bytes", size)
	}
}

// TestAnswersAreRare: however much is asked, a record is sent once a second,
// and not to those who know it.
func TestAnswersAreRare(t *testing.T) {
	l, h := asking(t)
	many := ask(dnssd.ServiceName, dns.TypePTR)
	for range 500 {
		many.Question = append(many.Question, many.Question[0])
	}
	for range 100 {
		h.hear(many, "10.0.0.9:5353", dnssd.Group4)
		l.run(50 * time.Millisecond)
	}
	if _, answers := h.tally(); answers < 4 || answers > 6 {
		t.Errorf("%d answers in 5 s", answers)
	}
	l.run(5 * time.Second)
	h.tally()
	instance, _ := h.Names()
	for ttl, want := range map[uint32]int{400: 0, 100: 1} {
		m := ask(dnssd.ServiceName, dns.TypePTR)
		m.Answer = []dns.RR{&dns.PTR{Ptr: instance, Hdr: dns.RR_Header{
			Name: dnssd.ServiceName, Rrtype: dns.TypePTR, Class: dns.ClassINET, Ttl: ttl}}}
		h.hear(m, "10.0.0.9:5353", dnssd.Group4)
		l.run(2 * time.Second)
		if _, answers := h.tally(); answers != want {
			t.Errorf("known for %d s: %d answers", ttl, answers)
		}
	}
}

// TestAnswerToOne: only who is on the link gets an answer for themselves, and
// nobody many.
func TestAnswerToOne(t *testing.T) {
	alone := ask(dnssd.ServiceName, dns.TypePTR)
	alone.Question[0].Qclass |= 1 << 15
	tests := []struct {
		name, from string
		m          *dns.Msg
		want       int
	}{
		{"unicast wanted", "10.0.0.9:5353", alone, 1},
		{"ordinary DNS", "10.0.0.9:40000", ask(dnssd.ServiceName, dns.TypePTR), 1},
		{"ordinary DNS, kinds", "10.0.0.9:40000", ask(dnssd.MetaName, dns.TypePTR), 1},
		{"ordinary DNS, other", "10.0.0.9:40000", ask("_ipp._tcp.local.", dns.TypePTR), 0},
		{"from afar", "192.0.2.1:40000", ask(dnssd.ServiceName, dns.TypePTR), 0},
		{"unicast wanted, from afar", "192.0.2.1:5353", alone, 0},
	}
	for _, test := range tests {
		l, h := asking(t)
		test.m.Id = 77
		h.hear(test.m, test.from, h.addr)
		l.run(150 * time.Millisecond)
		if len(h.alone) != test.want {
			t.Errorf("%s: answers to %v", test.name, h.alone)
		}
		if test.want == 1 && h.alone[0].Port() != 5353 {
			m := h.sent[0]
			if m.Id != 77 || len(m.Question) != 1 || m.Answer[0].Header().Ttl > 10 || m.Answer[0].Header().Class != dns.ClassINET {
				t.Errorf("%s: %v", test.name, m)
			}
		}
		for range 1000 {
			h.hear(test.m, test.from, h.addr)
		}
		if len(h.alone) > 12 {
			t.Errorf("%s: %d answers to one address", test.name, len(h.alone))
		}
	}
}
