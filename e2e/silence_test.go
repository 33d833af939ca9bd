//go:build e2e && soak

package e2e

import (
	"testing"
	"time"
)

// TestKilledIsMissed waits until somebody who was cut off counts as gone, which
// takes minutes.
func TestKilledIsMissed(t *testing.T) {
	t.Parallel()
	office := newLab(t).office("10.1.0.0/24", "Alice", "Bob", "Carol").hosts
	alice, bob, carol := office[0].daemon(), office[1].daemon(), office[2].daemon()
	gathered(worstMeeting, alice, bob, carol)
	alice.must(0, "send", "Carol", "a session, unlike with Bob")
	bob.kill()
	office[2].ip("link set eth0 down")
	report(t, "somebody without a session, killed, is missed after", []time.Duration{alice.misses(3*time.Minute, bob)}, 3*time.Minute, 3*time.Minute)
	alice.misses(3*time.Minute, carol)
}
