//go:build e2e

package e2e

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// inputMethod starts fcitx5 with pinyin on the screen. Programs opened later
// use it.
func (s *screen) inputMethod() {
	s.t.Helper()
	config := s.t.TempDir()
	profile := "[Groups/0]\nName=Default\nDefault Layout=us\nDefaultIM=pinyin\n\n" +
		"[Groups/0/Items/0]\nName=keyboard-us\nLayout=\n\n[Groups/0/Items/1]\nName=pinyin\nLayout=\n\n[GroupOrder]\n0=Default\n"
	if err := os.MkdirAll(filepath.Join(config, "fcitx5"), 0o700); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(config, "fcitx5", "profile"), []byte(profile), 0o600); err != nil {
		s.t.Fatal(err)
	}
	s.env = append(s.env, "XDG_CONFIG_HOME="+config, "XDG_DATA_HOME="+config, "DBUS_SESSION_BUS_ADDRESS="+s.bus(), "XMODIFIERS=@im=fcitx")
	method := s.command("fcitx5", "--disable=wayland,waylandim,notificationitem,kimpanel")
	startTool(s.t, method)
	// Not fcitx5-remote: the message bus would start a second fcitx5 for it.
	eventually(s.t, "fcitx5 is there", func() bool {
		return strings.Contains(s.tryTool("xprop", "-root", "XIM_SERVERS"), "fcitx")
	})
}

// bus starts a message bus of its own for the screen.
func (s *screen) bus() string {
	s.t.Helper()
	cmd := exec.Command("dbus-daemon", "--session", "--nofork", "--print-address=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	startTool(s.t, cmd)
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		s.t.Fatalf("dbus-daemon did not start: %v", err)
	}
	return strings.TrimSpace(address)
}

// TestInputMethod types pinyin. Return and Backspace inside a composition
// belong to the input method, not to the composer.
func TestInputMethod(t *testing.T) {
	screen := newScreen(t, 1000, 740)
	screen.inputMethod()
	data := t.TempDir()
	bob := newProfile(t, data, "Bob").daemon()
	alice := newProfile(t, data, "Alice")
	alice.must(0, "send", bob.address(), "before")
	bob.next("message")
	window := screen.open(alice, 10, 40, 900, 660, "--lang", "zh")
	window.key("alt+Down")
	window.settle()
	screen.tool("fcitx5-remote", "-s", "pinyin")
	screen.tool("fcitx5-remote", "-o")
	if name := screen.tool("fcitx5-remote", "-n"); name != "pinyin" {
		t.Fatalf("the input method is %q", name)
	}

	window.typeText("nihao")
	window.settle()
	screen.shoot("composing")
	window.key("space") // takes the first candidate: 你好
	window.typeText("shijiee")
	window.key("BackSpace") // takes back the last letter, not 好
	window.settle()
	window.key("space") // 世界
	window.typeText("nihao")
	window.settle()
	window.key("Return") // ends the composition with its letters, and sends nothing
	window.settle()
	screen.shoot("composed")
	if h := alice.history("Bob"); len(h) != 1 {
		t.Fatalf("Return inside a composition sent something: %+v", h[1:])
	}
	window.key("Return")
	if e := bob.next("message"); e.Text != "你好世界nihao" {
		t.Errorf("Bob got %q", e.Text)
	}
}
