package address

import (
	"net"
	"net/netip"
)

// LocalPrefixes gives the networks that this machine is in now, one for each
// address of each interface that is up. It gives what it can find out: none
// if the system does not tell.
func LocalPrefixes() []netip.Prefix {
	interfaces, err := net.Interfaces()
	if err != nil {
		return nil
	}
	var list []netip.Prefix
	for _, one := range interfaces {
		if one.Flags&net.FlagUp == 0 {
			continue
		}
		addresses, err := one.Addrs()
		if err != nil {
			continue // it went away meanwhile
		}
		for _, a := range addresses {
			if prefix, ok := prefixOf(a); ok {
				list = append(list, prefix)
			}
		}
	}
	return list
}

func prefixOf(a net.Addr) (netip.Prefix, bool) {
	network, ok := a.(*net.IPNet)
	if !ok {
		return netip.Prefix{}, false
	}
	ip, ok := netip.AddrFromSlice(network.IP)
	if !ok {
		return netip.Prefix{}, false
	}
	ones, _ := network.Mask.Size()
	prefix := netip.PrefixFrom(ip.Unmap(), ones)
	return prefix, prefix.IsValid()
}
