package dnssd

import (
	"net/netip"
	"time"

	"github.com/miekg/dns"

	"feihong/transport/ether"
	"feihong/transport/ether/socket"
)

// What the tests need to see.

type Engine = engine

const (
	ServiceName = serviceName
	MetaName    = metaName
	Life        = life
	MaxFound    = maxFound

	MaxMissing   = maxMissing
	MaxSources   = maxSources
	InquiryRate  = inquiryRate
	InquiryBurst = inquiryBurst
)

var (
	Group4   = group4
	TextOf   = textOf
	SignedOf = signedOf
	Concerns = concerns
)

func NewEngine(send func(ether.Interface, netip.AddrPort, *dns.Msg), report func([]byte, bool)) *Engine {
	return newEngine(send, report)
}

func (e *engine) Follow(list []ether.Interface, now time.Time)          { e.follow(list, now) }
func (e *engine) Tick(now time.Time) time.Time                          { return e.tick(now) }
func (e *engine) Handle(data []byte, from socket.Origin, now time.Time) { e.handle(data, from, now) }
func (e *engine) Goodbye()                                              { e.goodbye() }
func (e *engine) Found() int                                            { return len(e.found) }
func (e *engine) Missing() (count int) {
	for _, of := range e.missing {
		count += of
	}
	return count
}
func (e *engine) Withdraw(now time.Time)         { e.publish(nil, now) }
func (e *engine) Names() (instance, host string) { return e.self.key, e.self.records.Hostname() }
func (e *engine) Publish(signed []byte, name string, port uint16, now time.Time) error {
	s, err := newService(signed, name, port)
	if err == nil {
		e.publish(s, now)
	}
	return err
}
