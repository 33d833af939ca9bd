package dnssd_test

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/miekg/dns"

	"feihong/transport/dnssd"
	"feihong/transport/ether/socket"
)

// pointers names services that do not exist.
func pointers(first, count int) *dns.Msg {
	m := &dns.Msg{Compress: true}
	m.Response = true
	for i := range count {
		m.Answer = append(m.Answer, &dns.PTR{Ptr: fmt.Sprintf("%d.", first+i) + dnssd.ServiceName, Hdr: dns.RR_Header{
			Name: dnssd.ServiceName, Rrtype: dns.TypePTR, Class: dns.ClassINET, Ttl: 120}})
	}
	return m
}

// everybodyHears gives a message to all hosts, at the same moment.
func (l *lan) everybodyHears(m *dns.Msg, from string) {
	l.t.Helper()
	data, err := m.Pack()
	if err != nil {
		l.t.Fatal(err)
	}
	origin := socket.Origin{From: netip.MustParseAddrPort(from), To: dnssd.Group4, Interface: 7}
	for _, h := range l.hosts {
		h.Handle(data, origin, l.now)
	}
}

// asked counts the messages and the questions that all hosts sent.
func (l *lan) asked() (messages, questions int) {
	for _, h := range l.hosts {
		for _, m := range h.sent {
			if size := m.Len(); size > 1400 {
				l.t.Errorf("a message of %d bytes", size)
			}
			messages, questions = messages+1, questions+len(m.Question)
		}
		h.sent = nil
	}
	return messages, questions
}

// crowd gives hosts that are quiet.
func crowd(t *testing.T, count int) *lan {
	l := newLAN(t)
	for range count {
		l.host()
	}
	l.run(14 * time.Second) // they ask who is there after 0, 1, 4, 13 and 40 seconds
	l.asked()
	return l
}

// TestInventedServices: one message that names many services makes an office
// ask for a few of them, once for all.
func TestInventedServices(t *testing.T) {
	l := crowd(t, 20)
	l.everybodyHears(pointers(0, 80), "10.0.0.99:5353")
	l.run(10 * time.Second)
	messages, questions := l.asked()
	t.Logf("%d messages, %d questions of %d hosts", messages, questions, len(l.hosts))
	if messages < 2 || messages > 10 || questions > 4*dnssd.MaxMissing {
		t.Errorf("%d messages, %d questions of %d hosts", messages, questions, len(l.hosts))
	}
	for _, h := range l.hosts {
		if h.Found() != 0 || h.Missing() != 0 {
			t.Errorf("%d remembered, %d missing", h.Found(), h.Missing())
		}
	}
	// What was refused before is welcome now.
	l.everybodyHears(pointers(70, 5), "10.0.0.99:5353")
	if found := l.hosts[0].Found(); found != 5 {
		t.Errorf("then %d remembered", found)
	}
}

// TestInventedForLong: whoever invents services with any number of addresses
// gets a bounded number of questions out of each machine, even if those do not
// hear each other.
func TestInventedForLong(t *testing.T) {
	const seconds = 20
	l := crowd(t, 2)
	l.drop = true
	for n := range seconds * 10 {
		l.everybodyHears(pointers(100*n, 80), fmt.Sprintf("10.0.0.%d:5353", 20+n%200))
		l.run(100 * time.Millisecond)
		if missing := l.hosts[0].Missing(); missing > dnssd.MaxMissing*dnssd.MaxSources {
			t.Fatalf("%d missing", missing)
		}
	}
	messages, questions := l.asked()
	t.Logf("%d messages, %d questions of a host", messages/2, questions/2)
	if most := dnssd.InquiryBurst + dnssd.InquiryRate*seconds; questions < most || questions/2 > most {
		t.Errorf("%d questions of a host, at most %d are right", questions/2, most)
	}
	if messages/2 > 3*seconds {
		t.Errorf("%d messages of a host in %d seconds", messages/2, seconds)
	}
	// All that keeps nobody out.
	alice := announcement(t, 1, 1)
	l.hosts[0].hear(record("Alice."+dnssd.ServiceName, 4500, parts(t, alice)), "10.0.0.8:5353", dnssd.Group4)
	l.hosts[0].want("Alice", event{string(alice), false})
}

// TestInventedShortLived: records that run out at once are asked for no more
// than others.
func TestInventedShortLived(t *testing.T) {
	l := crowd(t, 1)
	strs := parts(t, announcement(t, 9, 1))
	for n := range 100 {
		l.everybodyHears(record(fmt.Sprintf("%d.", n)+dnssd.ServiceName, 1, strs), "10.0.0.99:5353")
	}
	l.run(10 * time.Second)
	if _, questions := l.asked(); questions > dnssd.InquiryBurst+10 {
		t.Errorf("%d questions", questions)
	}
}

// TestOverheardAsking: when somebody else asks for a record that is missing,
// we do not; and when nobody answers them we ask later.
func TestOverheardAsking(t *testing.T) {
	l := crowd(t, 1)
	h := l.hosts[0]
	l.everybodyHears(pointers(0, 1), "10.0.0.99:5353")
	h.hear(ask("0."+dnssd.ServiceName, dns.TypeTXT), "10.0.0.98:5353", dnssd.Group4)
	l.run(time.Second)
	if questions, _ := h.tally(); questions != 0 {
		t.Errorf("asked %d times for what was asked for", questions)
	}
	l.run(time.Second)
	if questions, _ := h.tally(); questions != 1 {
		t.Errorf("asked %d times when nobody answered", questions)
	}
}
