//go:build !race

package discovery_test

import (
	"net/netip"
	"testing"
	"time"

	"feihong/transport/discovery"
)

// The race detector makes 12,000 signatures take minutes.

// Nor do more of them than there is room for, from as many addresses.
func TestInventedPeopleWhoStay(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		a := o.hire("a").start()
		var colleagues []*person
		for range 10 {
			colleagues = append(colleagues, o.hire("p").start())
		}
		pass(time.Minute)
		crowd := make([]*invention, discovery.MaxPeople+100)
		for i := range crowd {
			crowd[i] = o.invention()
		}
		for range 3 {
			for i, one := range crowd {
				one.announce(a, netip.AddrFrom4([4]byte{10, 0, byte(100 + i/250), byte(i%250 + 1)}))
				if i%8 == 0 {
					pass(8 * time.Millisecond)
				}
			}
		}
		for _, p := range colleagues {
			if n := a.timesLost(p); n > 0 {
				t.Errorf("a colleague was lost %d times", n)
			}
		}
		a.mustSee(colleagues...)
		// Who is new proves to be there.
		late := o.hire("late").start()
		pass(40 * time.Second)
		a.mustSee(late)
	})
}
