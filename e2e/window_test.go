//go:build e2e

package e2e

import (
	"context"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestTwoWindows writes from keyboard to keyboard: what is typed into one
// window arrives in the other, both ways, in Chinese too, and again after the
// receiver was killed and started anew.
func TestTwoWindows(t *testing.T) {
	screen := newScreen(t, 1840, 760)
	screen.addKeys("你好，！我是小红。第二行午饭去哪里吃？就楼下那家面馆吧")
	data := t.TempDir()
	alice := screen.open(newProfile(t, data, "小红"), 10, 40, 900, 680, "--lang", "zh", "--port", freePort(t))
	bob := screen.open(newProfile(t, data, "Bob"), 930, 40, 900, 680, "--port", freePort(t))

	alice.focus()
	alice.key("ctrl+n")
	alice.settle()
	alice.typeText(bob.address())
	alice.settle()
	screen.shoot("new-chat")
	alice.key("Return")
	eventually(t, "the people know each other", func() bool {
		return bob.run("history", "小红", "--json").code == 0
	})
	alice.settle()

	alice.write("你好，Bob！我是小红。")
	arrived(t, bob, "小红", "你好，Bob！我是小红。")

	bob.focus()
	bob.key("alt+Down")
	bob.settle()
	bob.write("Hello 小红, nice to meet you")
	arrived(t, alice, "Bob", "Hello 小红, nice to meet you")
	alice.write("line one", "shift+Return")
	alice.write("第二行")
	arrived(t, bob, "小红", "你好，Bob！我是小红。", "line one\n第二行")
	eventually(t, "what is shown is read", func() bool {
		h := bob.history("小红")
		return len(h) == 3 && h[1].State == "read"
	})

	bob.kill()
	alice.focus()
	alice.write("午饭去哪里吃？")
	alice.write("Are you still there?")
	bob = screen.open(bob.profile, 930, 40, 900, 680, "--port", port(bob))
	arrived(t, bob, "小红", "你好，Bob！我是小红。", "line one\n第二行", "午饭去哪里吃？", "Are you still there?")
	bob.focus()
	bob.key("alt+Down")
	bob.settle()
	bob.write("Yes! 就去楼下那家面馆吧")
	arrived(t, alice, "Bob", "Hello 小红, nice to meet you", "Yes! 就去楼下那家面馆吧")
	alice.focus()
	alice.settle()
	screen.shoot("two-windows")

	alice.quit()
	bob.quit()
	for _, w := range []*window{alice, bob} {
		if code := w.cmd.ProcessState.ExitCode(); code != 0 {
			t.Errorf("%s ended with %d:\n%s", w.profile.name, code, w.log.String())
		}
	}
}

// write types a text into the composer and ends it with a key, Return if none
// is given.
func (w *window) write(text string, end ...string) {
	w.t.Helper()
	w.focus()
	w.typeText(text)
	if len(end) == 0 {
		end = []string{"Return"}
	}
	w.key(end...)
	w.settle()
}

// arrived waits until the received texts are exactly these.
func arrived(t *testing.T, at *window, from string, texts ...string) {
	t.Helper()
	var got []string
	defer func() {
		if t.Failed() {
			t.Logf("%s has %q", at.profile.name, got)
			at.screen.shoot("failed-" + at.profile.name)
		}
	}()
	eventually(t, "texts arrive", func() bool {
		got = at.texts(from, "in")
		return slices.Equal(got, texts)
	})
}

func port(w *window) string { return strconv.Itoa(w.self.Port) }

// TestSecondStartShowsTheWindow starts a profile that is open already.
func TestSecondStartShowsTheWindow(t *testing.T) {
	screen := newScreen(t, 1000, 700)
	alice := screen.open(newProfile(t, t.TempDir(), "Alice"), 10, 10, 800, 600)
	second := screen.command(append([]string{program(t, windowed)}, alice.args()...)...)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	context.AfterFunc(ctx, func() {
		if ctx.Err() == context.DeadlineExceeded {
			_ = second.Process.Kill()
		}
	})
	begin := time.Now()
	if out, err := second.CombinedOutput(); err != nil {
		t.Fatalf("the second start failed after %v: %v\n%s", time.Since(begin), err, out)
	}
	select {
	case <-alice.exited:
		t.Fatalf("the first window ended:\n%s", alice.log.String())
	default:
	}
	alice.quit()
}

// TestNoDisplay starts the window where there is no screen.
func TestNoDisplay(t *testing.T) {
	alice := newProfile(t, t.TempDir(), "Alice")
	cmd := exec.Command(program(t, windowed), alice.args()...)
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "DISPLAY=") && !strings.HasPrefix(variable, "WAYLAND_DISPLAY=") {
			cmd.Env = append(cmd.Env, variable)
		}
	}
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "DISPLAY") || strings.Contains(string(out), "goroutine") {
		t.Errorf("want one sentence about the missing display: %v\n%s", err, out)
	}
}
