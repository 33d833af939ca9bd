//go:build e2e

package e2e

import (
	"fmt"
	"testing"
	"time"

	"feihong/app/control"
)

// point moves the pointer over the window, in two steps, as a hand does.
func (w *window) point(x, y int) {
	w.t.Helper()
	w.screen.tool("xdotool", "mousemove", "--window", w.id, fmt.Sprint(x-8), fmt.Sprint(y-4))
	w.screen.tool("xdotool", "mousemove", "--window", w.id, fmt.Sprint(x), fmt.Sprint(y))
}

// TestMessageToolsByPointer moves a real pointer over a message: the tools
// appear beside it, and take a reaction and an answer.
func TestMessageToolsByPointer(t *testing.T) {
	c := newConversation(t)
	alice := c.alice
	c.bob.write("hello from Bob, a message to hover")
	came := c.newest(alice, "Bob", "the text comes", func(m control.Message) bool { return m.Direction == "in" })
	bubble, smile, reply, heart := [2]int{410, 592}, [2]int{614, 593}, [2]int{642, 593}, [2]int{650, 555}

	c.bob.focus()
	alice.toolsGo(bubble)
	alice.focus()
	alice.changes("the tools appear", func() { alice.point(bubble[0], bubble[1]) })
	alice.point(smile[0], smile[1])
	alice.changes("reactions are offered", func() { alice.click(smile) })
	alice.point(heart[0], heart[1])
	alice.click(heart)
	c.both("the reaction is there", func(m control.Message) bool {
		return m.Reactions != nil && m.Reactions.In+m.Reactions.Out == "❤️"
	})

	bubble[1], reply[1] = bubble[1]-26, reply[1]-26 // the reaction has moved it up
	alice.point(bubble[0], bubble[1])
	alice.settle()
	alice.point(reply[0], reply[1])
	alice.changes("an answer is begun", func() { alice.click(reply) })
	alice.write("the answer")
	c.both("it answers the message", func(m control.Message) bool { return m.Text == "the answer" && m.ReplyTo == came.ID })
}

// toolsGo points at a bubble and away from it, while the other window has the
// keys. Nothing else draws this one anew then but its clock, four times a minute:
// that is why it is tried often, and not waited for that long.
func (w *window) toolsGo(bubble [2]int) {
	w.t.Helper()
	w.point(bubble[0], 300)
	w.settle()
	before := w.look()
	for range 3 {
		w.changes("the tools appear", func() { w.point(bubble[0], bubble[1]) })
		w.point(bubble[0], 300)
		for begin := time.Now(); differ(w.look(), before); {
			if time.Since(begin) > 5*time.Second {
				w.t.Fatal("the tools are still drawn after the pointer has left")
			}
		}
	}
}
