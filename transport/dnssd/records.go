package dnssd

import (
	"net"
	"net/netip"
	"strings"

	brutella "github.com/brutella/dnssd"
	"github.com/miekg/dns"

	"feihong/protocol"
	"feihong/transport/ether"
)

const (
	serviceType = "_feihong._tcp"
	domain      = "local"
	serviceName = serviceType + "." + domain + "."
	metaName    = "_services._dns-sd._udp." + domain + "."

	maxLabel = 63 // bytes of one part of a name
	// maxAddresses is how many of the addresses of an interface are published.
	maxAddresses = 8
	// flush is the bit of the class of a record by which it replaces all that
	// others remember under its name.
	flush = 1 << 15
)

// service is what we publish. It does not change.
type service struct {
	signed  string
	records brutella.Service
	key     string // as keyOf gives it
}

// newService describes us. The names hold the beginning of the peer ID, so
// that nobody else has them: they need not be probed for, and do not collide
// with those of the machine, which belong to its own mDNS responder.
func newService(signed []byte, name string, port uint16) (*service, error) {
	public, _, _, err := protocol.PeekAnnouncement(signed)
	if err != nil {
		return nil, err
	}
	text, err := textOf(signed)
	if err != nil {
		return nil, err
	}
	short := protocol.PeerIDOf(public).Short()
	s := &service{signed: string(signed), records: brutella.Service{
		Name: instanceName(name, short), Type: serviceType, Domain: domain,
		Host: "feihong-" + strings.ToLower(short), Text: text, Port: int(port),
	}}
	s.key, err = wireKey(s.records.EscapedServiceInstanceName())
	return s, err
}

func (s *service) equal(other *service) bool {
	return s == nil && other == nil || s != nil && other != nil &&
		s.key == other.key && s.signed == other.signed && s.records.Port == other.records.Port
}

// instanceName is what people see who look at the network with other programs.
func instanceName(name, short string) string {
	name = protocol.SafeName(name)
	if name == "" {
		name = "Feihong"
	}
	cut := 0
	for i, r := range name {
		end := i + len(string(r))
		if end > maxLabel-1-len(short) {
			break
		}
		cut = end
	}
	return strings.TrimSpace(name[:cut]) + " " + short
}

// keyOf makes a name that was received comparable: the case of letters does
// not matter.
func keyOf(name string) string { return dns.CanonicalName(name) }

// wireKey gives the key under which a name arrives at others, who see it as it
// is written after a journey.
func wireKey(name string) (string, error) {
	packed := make([]byte, 256)
	end, err := dns.PackDomainName(name, packed, 0, nil, false)
	if err != nil {
		return "", err
	}
	name, _, err = dns.UnpackDomainName(packed[:end], 0)
	return keyOf(name), err
}

// at gives the service with the addresses that it has on a link.
func (s *service) at(i ether.Interface) brutella.Service {
	there := s.records
	for _, prefix := range i.Addresses[:min(len(i.Addresses), maxAddresses)] {
		there.IPs = append(there.IPs, prefix.Addr().AsSlice())
	}
	return there
}

// all gives every record of the service as it is on a link.
func (s *service) all(i ether.Interface) *dns.Msg {
	there := s.at(i)
	device := &net.Interface{Index: i.Index, Name: i.Name}
	unique := []dns.RR{brutella.SRV(there), brutella.TXT(there)}
	for _, a := range brutella.A(there, device) {
		unique = append(unique, a)
	}
	for _, aaaa := range brutella.AAAA(there, device) {
		unique = append(unique, aaaa)
	}
	for _, record := range unique {
		record.Header().Class |= flush
	}
	m := response()
	m.Answer = append(m.Answer, brutella.PTR(there))
	m.Answer = append(m.Answer, unique...)
	return m
}

// goodbye says that the service is no more.
func (s *service) goodbye(i ether.Interface) *dns.Msg {
	m := s.all(i)
	for _, record := range m.Answer {
		record.Header().Ttl = 0
	}
	return m
}

// kinds answers the question what kinds of services there are.
func (s *service) kinds() *dns.Msg {
	m := response()
	m.Answer = append(m.Answer, brutella.DNSSDServicesPTR(s.records))
	return m
}

func response() *dns.Msg {
	m := &dns.Msg{Compress: true}
	m.Response, m.Authoritative = true, true
	return m
}

// question asks for records of one name.
func question(name string, kind uint16) *dns.Msg {
	m := &dns.Msg{Compress: true}
	m.Question = []dns.Question{{Name: name, Qtype: kind, Qclass: dns.ClassINET}}
	return m
}

// The groups of mDNS, and their port.
var (
	group4 = netip.AddrFrom4([4]byte{224, 0, 0, 251})
	group6 = netip.AddrFrom16([16]byte{0: 0xff, 1: 0x02, 15: 0xfb})
)

const port = 5353
