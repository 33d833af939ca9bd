//go:build e2e

package e2e

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"feihong/app/control"
)

// firstRow is where the first person in the list is, in pixels from the corner
// of the window, with a heading above or without.
var firstRow = [2]int{130, 200}

// click presses the left button of the mouse at a place in the window.
func (w *window) click(at [2]int) {
	w.t.Helper()
	w.screen.tool("xdotool", "mousemove", "--window", w.id, fmt.Sprint(at[0]), fmt.Sprint(at[1]), "click", "1")
	w.settle()
}

// finds waits until the window's profile sees somebody online.
func (w *window) finds(other *window) {
	w.t.Helper()
	eventually(w.t, w.profile.name+" finds "+other.profile.name, func() bool {
		people, err := w.client.Peers(w.t.Context())
		return err == nil && slices.ContainsFunc(people, func(p control.Peer) bool { return p.ID == other.self.ID && p.Online })
	})
	w.settle()
}

// TestTwoWindowsMeet writes from window to window, on two machines, without
// any address: who is there is in the list, and a click opens the
// conversation.
func TestTwoWindowsMeet(t *testing.T) {
	office := newLab(t).office("10.1.0.0/24", "小红", "Bob").hosts
	screen := newScreen(t, 1840, 760)
	screen.addKeys("你好，我看见你了")
	alice := screen.open(office[0].profile("小红"), 10, 40, 900, 680, "--lang", "zh")
	begin := time.Now()
	bob := screen.open(office[1].profile("Bob"), 930, 40, 900, 680)
	alice.finds(bob)
	bob.finds(alice)
	t.Logf("both windows were up and knew each other after %v", time.Since(begin))
	screen.shoot("meet-nearby")

	alice.focus()
	alice.click(firstRow)
	alice.write("你好，Bob，我看见你了")
	arrived(t, bob, "小红", "你好，Bob，我看见你了")
	bob.focus()
	bob.click(firstRow)
	bob.write("And I see you")
	arrived(t, alice, "Bob", "And I see you")
	screen.shoot("meet-written")

	alice.quit()
	eventually(t, "Bob sees that she left", func() bool {
		people, err := bob.client.Peers(t.Context())
		return err == nil && len(people) == 1 && !people[0].Online
	})
	bob.settle()
	screen.shoot("meet-left")
	bob.quit()
}
