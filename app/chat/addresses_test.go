package chat_test

import (
	"slices"
	"testing"
	"testing/synctest"

	"feihong/app/chat/memstore"
)

// TestAddressThatIsShown prefers an address that others can use too, and dials
// in the order of the sighting nevertheless.
func TestAddressThatIsShown(t *testing.T) {
	const linkLocal, loopback, office, other = "[fe80::1%eth0]:1", "127.0.0.1:1", "10.0.0.5:1", "10.0.0.6:1"
	tests := []struct {
		name    string
		sighted [][]string
		want    string
	}{
		{"global after link-local", [][]string{{linkLocal, office}}, office},
		{"global after loopback", [][]string{{loopback, office, other}}, office},
		{"the first of those that are global", [][]string{{office, linkLocal, other}}, office},
		{"nothing but link-local", [][]string{{linkLocal, loopback}}, linkLocal},
		{"a global one becomes known", [][]string{{linkLocal}, {linkLocal, office}}, office},
		{"as good as before", [][]string{{office}, {other, office}}, office},
		{"elsewhere", [][]string{{office}, {linkLocal, other}}, other},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRoads(t, memstore.New())
				var last []string
				for _, last = range test.sighted {
					r.service.Seen(sighting("Bob", last...))
				}
				synctest.Wait()
				s := summaryOf(t, r.service, peerOf("Bob"))
				if s.Address != test.want {
					t.Errorf("shown at %s, want %s", s.Address, test.want)
				}
				if got := s.Addresses[:len(last)]; !slices.Equal(got, last) || s.Addresses[len(last)] != "" {
					t.Errorf("addresses %q, want %q", s.Addresses, last)
				}
				mustSend(t, r.service, s.ID, "hello")
				synctest.Wait()
				expect(t, "dials", r.taken(), last...)
			})
		})
	}
}

// TestAddressWhereTheyAnswered is kept though it is link-local.
func TestAddressWhereTheyAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoads(t, memstore.New())
		c := r.metBefore(t, "[fe80::1%eth0]:1")
		r.service.Seen(sighting("Bob", "10.0.0.5:1", "[fe80::1%eth0]:1"))
		synctest.Wait()
		if s := summaryOf(t, r.service, c.Peer); s.Address != "[fe80::1%eth0]:1" || !s.Proven {
			t.Errorf("shown at %s (proven %v)", s.Address, s.Proven)
		}
	})
}

func TestFindByAnySightedAddress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoads(t, memstore.New())
		r.service.Seen(sighting("Bob", "10.0.0.5:1", "192.168.0.5:1"))
		synctest.Wait()
		for _, address := range []string{"10.0.0.5:1", "192.168.0.5:1"} {
			if c, err := r.service.FindAddress(t.Context(), address); err != nil || c.Name != "Bob" {
				t.Errorf("%s: found %q, %v", address, c.Name, err)
			}
		}
		r.service.Gone(peerOf("Bob"))
		synctest.Wait()
		if c, err := r.service.FindAddress(t.Context(), "192.168.0.5:1"); err == nil {
			t.Errorf("found %q where nobody is any more", c.Name)
		}
	})
}
