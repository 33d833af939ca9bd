package protocol

import (
	"errors"
	"net/netip"
)

// wireAddress is an IP address as a byte string of 4 or 16. An IPv4 address
// has one spelling only, the short one.
type wireAddress netip.Addr

func (a wireAddress) MarshalCBOR() ([]byte, error) {
	return encoding.Marshal(netip.Addr(a).AsSlice())
}

func (a *wireAddress) UnmarshalCBOR(item []byte) error {
	s := scanner{rest: item}
	major, length, err := s.head()
	if err != nil {
		return err
	}
	addr, ok := netip.AddrFromSlice(s.rest)
	if major != cborBytes || length != uint64(len(s.rest)) || !ok {
		return errors.New("not a byte string of 4 or 16")
	}
	*a = wireAddress(addr)
	return nil
}

var everybody = netip.AddrFrom4([4]byte{255, 255, 255, 255})

// checkAddress finds what cannot be the address of one machine. A zone means
// something on its own machine only and has no place in an address.
func checkAddress(what string, addr netip.Addr) error {
	switch {
	case !addr.IsValid():
		return badField(what, "no address")
	case addr.Zone() != "":
		return badField(what, "an address with a zone")
	case addr.Is4In6():
		return badField(what, "an IPv4 address in the form of IPv6")
	case addr.IsUnspecified() || addr.IsMulticast() || addr == everybody:
		return badField(what, "not the address of one machine")
	}
	return nil
}

// checkAddresses is checkAddress for all addresses of one machine, of which
// those of the loopback are no use to others.
func checkAddresses(what string, list []wireAddress) error {
	if len(list) > MaxAnnouncedAddresses {
		return badField(what, "too many addresses")
	}
	loopback := 0
	for _, a := range list {
		addr := netip.Addr(a)
		if err := checkAddress(what, addr); err != nil {
			return err
		}
		if addr.IsLoopback() {
			loopback++
		}
	}
	if loopback > 0 && loopback < len(list) {
		return badField(what, "a loopback address beside others")
	}
	return nil
}
