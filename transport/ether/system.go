package ether

import (
	"net"
	"net/netip"

	"feihong/transport/address"
)

// System returns the network of this machine.
func System() Ether { return system{} }

// Loopback returns the network of this machine without what leads out of it:
// nothing is sent to other machines, and nothing taken from them.
func Loopback() Ether { return system{confined: true} }

type system struct{ confined bool }

// Interfaces returns those that are up and running. An interface that goes
// away while it is being looked at is left out.
func (s system) Interfaces() ([]Interface, error) {
	devices, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	const alive = net.FlagUp | net.FlagRunning
	var list []Interface
	for _, device := range devices {
		if device.Flags&alive != alive || s.confined && device.Flags&net.FlagLoopback == 0 {
			continue
		}
		addresses, err := device.Addrs()
		if err != nil {
			continue
		}
		list = append(list, describe(device, addresses))
	}
	return list, nil
}

func describe(device net.Interface, addresses []net.Addr) Interface {
	has := func(flag net.Flags) bool { return device.Flags&flag != 0 }
	i := Interface{
		Index: device.Index, Name: device.Name,
		Loopback: has(net.FlagLoopback), PointToPoint: has(net.FlagPointToPoint),
		Multicast: has(net.FlagMulticast), Broadcast: has(net.FlagBroadcast),
		Virtual: address.Virtual(device.Name),
	}
	for _, a := range addresses {
		if prefix, ok := prefixOf(a); ok {
			i.Addresses = append(i.Addresses, prefix)
		}
	}
	return i
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
