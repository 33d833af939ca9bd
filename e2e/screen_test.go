//go:build e2e

package e2e

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"feihong/app/control"
)

// screen is a virtual display with a window manager.
type screen struct {
	t       *testing.T
	display string
	env     []string
}

// newScreen starts a display of its own for a test.
func newScreen(t *testing.T, width, height int) *screen {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	server := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", fmt.Sprintf("%dx%dx24", width, height), "-nolisten", "tcp")
	server.ExtraFiles = []*os.File{write}
	startTool(t, server)
	write.Close()
	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb did not start: %v", err)
	}
	s := &screen{t: t, display: ":" + strings.TrimSpace(number)}
	s.env = append(os.Environ(), "DISPLAY="+s.display, "LIBGL_ALWAYS_SOFTWARE=1", "LANG=C.UTF-8", "LC_ALL=C.UTF-8", "XMODIFIERS=", "FYNE_SCALE=1", "FYNE_THEME=light",
		"DBUS_SESSION_BUS_ADDRESS=unix:path=/dev/null") // without an address every program begins a bus that outlives it
	manager := exec.Command("openbox", "--sm-disable")
	manager.Env = s.env
	startTool(t, manager)
	eventually(t, "window manager", func() bool {
		return strings.Contains(s.tryTool("xprop", "-root", "_NET_SUPPORTING_WM_CHECK"), "window id")
	})
	return s
}

// addKeys gives the keyboard keys for characters that it lacks, before any
// program reads the keyboard. Otherwise xdotool changes the keyboard for every
// single character, and programs see some of them too late.
func (s *screen) addKeys(characters string) {
	s.t.Helper()
	var free []string
	for line := range strings.Lines(s.tool("xmodmap", "-pke")) {
		code, keys, _ := strings.Cut(line, "=")
		// Keys of multimedia keyboards are not missed here.
		if keys = strings.TrimSpace(keys); keys == "" || strings.HasPrefix(keys, "XF86") {
			free = append(free, strings.Fields(code)[1])
		}
	}
	added := make(map[rune]bool)
	args := []string{"xmodmap"}
	for _, r := range characters {
		if r < 0x100 || added[r] {
			continue
		}
		if len(added) == len(free) {
			s.t.Fatalf("the keyboard has no place for more than %d characters", len(free))
		}
		args = append(args, "-e", fmt.Sprintf("keycode %s = U%04X", free[len(added)], r))
		added[r] = true
	}
	s.tool(args...)
}

// startTool starts a program that ends with the test.
func startTool(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if err := launch(cmd); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended
		_ = cmd.Wait()
	})
}

// tool runs a program on the display and gives what it printed.
func (s *screen) tool(words ...string) string {
	s.t.Helper()
	out, err := s.command(words...).CombinedOutput()
	if err != nil {
		s.t.Fatalf("%q: %v\n%s", words, err, out)
	}
	return strings.TrimSpace(string(out))
}

func (s *screen) tryTool(words ...string) string {
	out, err := s.command(words...).Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

func (s *screen) command(words ...string) *exec.Cmd {
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Env = s.env
	return cmd
}

// shoot takes a picture of the whole screen. With FEIHONG_SCREENSHOTS set to
// a folder it is kept there.
func (s *screen) shoot(name string) string {
	s.t.Helper()
	dir := os.Getenv("FEIHONG_SCREENSHOTS")
	if dir == "" {
		dir = s.t.TempDir()
	}
	path := filepath.Join(dir, name+".png")
	s.tool("import", "-window", "root", path)
	return path
}

// shootFailure takes a picture if the test fails.
func (s *screen) shootFailure() {
	s.t.Helper()
	s.t.Cleanup(func() {
		if s.t.Failed() {
			s.shoot("failed-" + s.t.Name())
		}
	})
}

// window is a profile with a window on a screen.
type window struct {
	*profile
	screen *screen
	cmd    *exec.Cmd
	exited chan struct{}
	id     string // of the X window
	client *control.Client
	self   control.Identity
	log    *lockedBuffer
	x, y   int
}

// open starts the program with a window and puts it at a place of the screen.
func (s *screen) open(p *profile, x, y, width, height int, words ...string) *window {
	s.t.Helper()
	w := &window{profile: p, screen: s, exited: make(chan struct{}), log: &lockedBuffer{}, x: x, y: y}
	w.cmd = exec.Command(program(s.t, windowed), p.args(words...)...)
	w.cmd.Env = s.env
	w.cmd.Stdout, w.cmd.Stderr = w.log, w.log
	if err := p.launch(w.cmd); err != nil {
		s.t.Fatal(err)
	}
	go func() {
		defer close(w.exited)
		_ = w.cmd.Wait() // the code is in ProcessState
	}()
	s.t.Cleanup(w.end)
	w.connect()
	w.place(width, height)
	return w
}

func (w *window) connect() {
	w.t.Helper()
	socket := filepath.Join(w.data, w.profile.name, "control.sock")
	eventually(w.t, w.profile.name+" answers at its socket", func() bool {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		client, err := control.Dial(ctx, socket)
		if err != nil {
			return false
		}
		w.client = client
		w.self, err = client.ID(ctx)
		return err == nil
	})
}

func (w *window) place(width, height int) {
	w.t.Helper()
	eventually(w.t, w.profile.name+" shows a window", func() bool {
		select {
		case <-w.exited:
			w.t.Fatalf("%s ended:\n%s", w.profile.name, w.log.String())
		default:
		}
		ids := strings.Fields(w.screen.tryTool("xdotool", "search", "--onlyvisible", "--pid", fmt.Sprint(w.cmd.Process.Pid)))
		if len(ids) == 0 {
			return false
		}
		w.id = ids[len(ids)-1]
		return true
	})
	// The window sets its own size and place at first, so that it has to be
	// told until it listens.
	want := fmt.Sprintf("%dx%d", width, height)
	eventually(w.t, w.profile.name+" has its size", func() bool {
		w.screen.tool("xdotool", "windowsize", w.id, fmt.Sprint(width), fmt.Sprint(height))
		w.screen.tool("xdotool", "windowmove", w.id, fmt.Sprint(w.x), fmt.Sprint(w.y))
		w.settle()
		return strings.Contains(w.screen.tool("xdotool", "getwindowgeometry", w.id), want)
	})
	w.focus()
}

// focus brings the window to the front.
func (w *window) focus() {
	w.t.Helper()
	w.screen.tool("xdotool", "windowactivate", "--sync", w.id)
	w.settle()
}

// settle waits until the window has drawn the same picture twice.
func (w *window) settle() {
	w.t.Helper()
	var before []byte
	eventually(w.t, w.profile.name+" is drawn", func() bool {
		now := w.look()
		same := len(now) > 0 && bytes.Equal(now, before)
		before = now
		return same
	})
}

// look gives the pixels of the window, nil if it has none at the moment.
func (w *window) look() []byte {
	pixels, err := w.screen.command("import", "-window", w.id, "-depth", "4", "rgb:-").Output()
	if err != nil {
		return nil
	}
	return pixels
}

// changes does something and waits until the window looks different, by more
// than a cursor.
func (w *window) changes(what string, act func()) {
	w.t.Helper()
	w.settle()
	before := w.look()
	act()
	eventually(w.t, w.profile.name+": "+what, func() bool { return differ(w.look(), before) })
	w.settle()
}

// differ says whether two pictures differ by more than a cursor.
func differ(a, b []byte) bool {
	other := 0
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			other++
		}
	}
	return other > 500
}

func (w *window) key(keys ...string) {
	w.t.Helper()
	w.screen.tool(append([]string{"xdotool", "key", "--clearmodifiers", "--delay", "60"}, keys...)...)
}

func (w *window) typeText(text string) {
	w.t.Helper()
	w.screen.tool("xdotool", "type", "--clearmodifiers", "--delay", "40", text)
}

func (w *window) address() string { return fmt.Sprintf("127.0.0.1:%d", w.self.Port) }

// end ends the program with its test. If the test has failed, what the program
// has said and was doing is told.
func (w *window) end() {
	if w.t.Failed() {
		_ = w.cmd.Process.Signal(syscall.SIGQUIT) // it may have ended
		select {
		case <-w.exited:
		case <-time.After(patience):
		}
		log := w.log.String()
		w.t.Logf("%s said:\n%s", w.profile.name, log[max(0, len(log)-maxLogged):])
	}
	w.kill()
}

// maxLogged bounds what is told of a program, in bytes: the end, with the
// goroutines of one that hangs.
const maxLogged = 64 << 10

func (w *window) kill() {
	_ = w.cmd.Process.Kill() // it may have ended
	<-w.exited
}

// quit closes the window as its user does.
func (w *window) quit() {
	w.t.Helper()
	w.focus()
	w.key("ctrl+q")
	select {
	case <-w.exited:
	case <-time.After(patience):
		w.screen.shoot("failed-" + w.profile.name)
		_ = w.cmd.Process.Signal(syscall.SIGQUIT) // it tells what it is doing
		<-w.exited
		w.t.Fatalf("%s does not end:\n%s", w.profile.name, w.log.String())
	}
}
