package ether_test

import (
	"errors"
	"net/netip"
	"os"
	"slices"
	"testing"

	"feihong/transport/ether"
)

func with(prefixes ...string) ether.Interface {
	i := ether.Interface{Index: 2, Name: "eth0", Multicast: true, Broadcast: true}
	for _, prefix := range prefixes {
		i.Addresses = append(i.Addresses, netip.MustParsePrefix(prefix))
	}
	return i
}

func TestBroadcasts(t *testing.T) {
	tunnel, loopback, silent := with("10.0.0.1/24"), with("127.0.0.1/8"), with("10.0.0.1/24")
	tunnel.PointToPoint, loopback.Loopback, silent.Broadcast = true, true, false
	tests := []struct {
		name string
		of   ether.Interface
		want []string
	}{
		{"/24", with("192.168.1.7/24"), []string{"192.168.1.255"}},
		{"/20", with("10.8.33.1/20"), []string{"10.8.47.255"}},
		{"/30", with("10.0.0.1/30"), []string{"10.0.0.3"}},
		{"/31", with("10.0.0.1/31"), nil},
		{"/32", with("10.0.0.1/32"), nil},
		{"/0", with("10.0.0.1/0"), []string{"255.255.255.255"}},
		{"several", with("10.0.0.1/24", "fe80::1/64", "10.0.0.2/24", "10.0.1.1/25"), []string{"10.0.0.255", "10.0.1.127"}},
		{"IPv6", with("fe80::1/64", "fd00::1/64"), nil},
		{"point to point", tunnel, nil},
		{"loopback", loopback, nil},
		{"no broadcast", silent, nil},
	}
	for _, test := range tests {
		var got []string
		for _, addr := range test.of.Broadcasts() {
			got = append(got, addr.String())
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: got %v, want %v", test.name, got, test.want)
		}
	}
}

func TestContains(t *testing.T) {
	i := with("10.8.33.1/20", "fe80::1/64")
	for addr, want := range map[string]bool{
		"10.8.47.9": true, "10.8.48.1": false, "::ffff:10.8.32.1": true, "fe80::2%eth0": true, "fe80::2": true, "fd00::1": false,
	} {
		if got := i.Contains(netip.MustParseAddr(addr)); got != want {
			t.Errorf("%s: %v", addr, got)
		}
	}
}

func TestEqual(t *testing.T) {
	eth0, wlan0 := with("10.0.0.1/24", "fe80::1/64"), with("10.1.0.1/24")
	wlan0.Index, wlan0.Name = 3, "wlan0"
	both := []ether.Interface{eth0, wlan0}
	if !ether.Equal(both, []ether.Interface{wlan0, with("fe80::1/64", "10.0.0.1/24")}) {
		t.Error("order matters")
	}
	changes := map[string]func(*ether.Interface){
		"index":     func(i *ether.Interface) { i.Index = 9 },
		"name":      func(i *ether.Interface) { i.Name = "eth1" },
		"multicast": func(i *ether.Interface) { i.Multicast = false },
		"prefix":    func(i *ether.Interface) { i.Addresses = with("10.0.0.1/23", "fe80::1/64").Addresses },
		"address":   func(i *ether.Interface) { i.Addresses = i.Addresses[:1] },
	}
	for name, change := range changes {
		other := with("10.0.0.1/24", "fe80::1/64")
		change(&other)
		if ether.Equal(both, []ether.Interface{other, wlan0}) {
			t.Errorf("%s does not matter", name)
		}
	}
	if ether.Equal(both, both[:1]) {
		t.Error("a missing interface does not matter")
	}
}

func TestBindError(t *testing.T) {
	for want, reason := range map[string]error{
		"ether.port-not-allowed": os.ErrPermission,
		"ether.failed":           errors.New("no luck"),
	} {
		err := &ether.BindError{Port: 24250, Err: reason}
		if key, args := err.UserText(); key != want || args["port"] != 24250 || args["reason"] != reason.Error() {
			t.Errorf("%v: %s %v", reason, key, args)
		}
		if err.Error() == "" || !errors.Is(err, reason) {
			t.Errorf("%v: %v", reason, err)
		}
	}
}
