// Package dnssd is the DNS-SD way of discovery: it publishes our signed
// announcement as a service _feihong._tcp, and finds those of others. Networks
// that carry nothing else between their parts often carry this.
//
// The announcement travels in the TXT record, in base64, because the records
// themselves are signed by nobody. Therefore all that this package reports is
// hearsay: an announcement has to be verified, and that a service is gone
// means no more than that somebody said so, or that it was not heard again.
//
// Records and names are those of github.com/brutella/dnssd. When they are
// sent, and what is remembered, is decided here (docs/decisions/006-dns-sd.md):
// nothing goes out of an interface that was not allowed, everything that
// others can make grow is bounded, and all work is done by one goroutine.
package dnssd
