package dnssd_test

import (
	"encoding/base64"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"feihong/protocol"
	"feihong/transport/dnssd"
	"feihong/transport/ether/socket"
)

// parts gives the strings of a TXT record with an announcement in it.
func parts(t testing.TB, signed []byte) []string {
	t.Helper()
	text, err := dnssd.TextOf(signed)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, key := range slices.Sorted(maps.Keys(text)) {
		list = append(list, key+"="+text[key])
	}
	return list
}

func record(name string, ttl uint32, strs []string) *dns.Msg {
	m := &dns.Msg{}
	m.Response = true
	m.Answer = []dns.RR{&dns.TXT{Txt: strs, Hdr: dns.RR_Header{Name: name, Rrtype: dns.TypeTXT, Class: dns.ClassINET, Ttl: ttl}}}
	return m
}

func TestText(t *testing.T) {
	for _, length := range []int{1, 185, 186, 187, 372, 1023, protocol.MaxAnnouncementBytes} {
		signed := make([]byte, length)
		for i := range signed {
			signed[i] = byte(i * 7)
		}
		strs := parts(t, signed)
		for _, one := range strs {
			if len(one) > 255 {
				t.Errorf("%d bytes: a string of %d", length, len(one))
			}
		}
		if got := dnssd.SignedOf(strs); string(got) != string(signed) {
			t.Errorf("%d bytes: got %d back", length, len(got))
		}
		slices.Reverse(strs)
		if got := dnssd.SignedOf(strs); string(got) != string(signed) {
			t.Errorf("%d bytes, reversed: got %d back", length, len(got))
		}
	}
	if _, err := dnssd.TextOf(make([]byte, protocol.MaxAnnouncementBytes+1)); err == nil {
		t.Error("too long an announcement was accepted")
	}
}

func TestBadText(t *testing.T) {
	good := parts(t, []byte("something that is signed"))
	if dnssd.SignedOf(good) == nil {
		t.Fatal("the good one is refused")
	}
	value := base64.RawStdEncoding.EncodeToString([]byte("something that is signed"))
	tests := map[string][]string{
		"nothing":      nil,
		"empty":        {""},
		"no version":   {"a0=" + value},
		"version 2":    {"v=2", "a0=" + value},
		"no part":      {"v=1"},
		"a gap":        {"v=1", "a1=" + value},
		"empty part":   {"v=1", "a0="},
		"padding":      {"v=1", "a0=YQ=="},
		"line feed":    {"v=1", "a0=YWJj\nYWJj"},
		"not base64":   {"v=1", "a0=????"},
		"tail bits":    {"v=1", "a0=YR"},
		"too long":     {"v=1", "a0=" + strings.Repeat("A", 240), "a1=" + strings.Repeat("A", 240), "a2=" + strings.Repeat("A", 240), "a3=" + strings.Repeat("A", 240), "a4=" + strings.Repeat("A", 240), "a5=" + strings.Repeat("A", 240)},
		"many strings": append(slices.Repeat([]string{"x=y"}, 100), good...),
	}
	for name, strs := range tests {
		if got := dnssd.SignedOf(strs); got != nil {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// TestCrowd: ten thousand invented services fill nothing, and keep nobody out.
func TestCrowd(t *testing.T) {
	l := newLAN(t)
	h := l.host()
	strs := parts(t, announcement(t, 9, 1))
	for i := range 10_000 {
		name := fmt.Sprintf("Invented %d.", i) + dnssd.ServiceName
		h.hear(record(strings.ReplaceAll(name, " ", "\\ "), 4500, strs), "10.0.0.9:5353", dnssd.Group4)
		if h.Found() > dnssd.MaxFound {
			t.Fatalf("%d remembered", h.Found())
		}
	}
	h.take()
	alice := announcement(t, 1, 1)
	h.hear(record("Alice."+dnssd.ServiceName, 4500, parts(t, alice)), "10.0.0.8:5353", dnssd.Group4)
	h.want("Alice", event{string(alice), false})
	h.tally()
	l.run(10 * time.Second)
	if questions, _ := h.tally(); questions > 5 {
		t.Errorf("asked %d times", questions)
	}
}

// TestWhereResponsesComeFrom: what was not sent by a neighbour counts for
// nothing.
func TestWhereResponsesComeFrom(t *testing.T) {
	signed := announcement(t, 1, 1)
	m := record("Alice."+dnssd.ServiceName, 100, parts(t, signed))
	tests := []struct {
		from  string
		group bool
		want  int
	}{
		{"10.0.0.9:5353", true, 1},
		{"10.0.0.9:5353", false, 1},
		{"192.0.2.1:5353", true, 1}, // some gateways keep the source
		{"192.0.2.1:5353", false, 0},
		{"10.0.0.9:5354", true, 0},
	}
	for _, test := range tests {
		h := newLAN(t).host()
		to := h.addr
		if test.group {
			to = dnssd.Group4
		}
		h.hear(m, test.from, to)
		if got := h.take(); len(got) != test.want {
			t.Errorf("from %s, to the group %v: %d reports", test.from, test.group, len(got))
		}
	}
	h := newLAN(t).host()
	data, err := m.Pack()
	if err != nil {
		t.Fatal(err)
	}
	h.Handle(data, socket.Origin{From: neighbour, To: dnssd.Group4, Interface: 8}, time.Now())
	h.want("an interface that is not used")
	h.Handle(data, socket.Origin{From: neighbour}, h.lan.now)
	h.want("a system without packet information", event{string(signed), false})
}

// TestPointerOnly: a service of which only the name was heard is asked for,
// and forgotten if nothing comes.
func TestPointerOnly(t *testing.T) {
	l := newLAN(t)
	h := l.host()
	l.run(30 * time.Second)
	h.tally()
	m := &dns.Msg{}
	m.Response = true
	m.Answer = []dns.RR{&dns.PTR{Ptr: "Alice." + dnssd.ServiceName, Hdr: dns.RR_Header{
		Name: dnssd.ServiceName, Rrtype: dns.TypePTR, Class: dns.ClassINET, Ttl: 4500}}}
	h.hear(m, "10.0.0.9:5353", dnssd.Group4)
	l.run(8 * time.Second)
	if questions, _ := h.tally(); questions < 3 || questions > 4 || h.Found() != 0 {
		t.Errorf("%d questions, %d remembered", questions, h.Found())
	}
	h.want("nothing is known")
	h.hear(m, "10.0.0.9:5353", dnssd.Group4)
	signed := announcement(t, 1, 1)
	h.hear(record("ALICE."+dnssd.ServiceName, 100, parts(t, signed)), "10.0.0.9:5353", dnssd.Group4)
	h.want("the text came", event{string(signed), false})
	if h.Found() != 1 {
		t.Errorf("%d remembered", h.Found())
	}
}

var neighbour = netip.MustParseAddrPort("10.0.0.9:5353")

func FuzzText(f *testing.F) {
	f.Add("v=1", "a0=YWJj", "a1=YWJj")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		if signed := dnssd.SignedOf([]string{a, b, c}); len(signed) > protocol.MaxAnnouncementBytes {
			t.Errorf("%d bytes", len(signed))
		}
	})
}

func FuzzHandle(f *testing.F) {
	signed := announcement(f, 2, 1)
	good := record("Alice."+dnssd.ServiceName, 100, parts(f, signed))
	for _, m := range []*dns.Msg{good, ask(dnssd.ServiceName, dns.TypePTR), ask(dnssd.MetaName, dns.TypeANY)} {
		data, err := m.Pack()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, true, uint16(5353))
		f.Add(data, false, uint16(1024))
	}
	f.Fuzz(func(t *testing.T, data []byte, group bool, port uint16) {
		l, h := asking(t)
		from := socket.Origin{From: neighbour, Interface: 7, To: h.addr}
		if group {
			from.To = dnssd.Group4
		}
		h.Handle(data, from, l.now)
		l.run(time.Minute)
		if questions, answers := h.tally(); questions > 30 || answers > 4 || h.Found() > 512 {
			t.Errorf("%d questions, %d answers, %d found", questions, answers, h.Found())
		}
	})
}
