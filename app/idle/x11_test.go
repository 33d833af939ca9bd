//go:build unix && !darwin

package idle_test

import (
	"bufio"
	"bytes"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"feihong/app/idle"
)

// screen starts an X server in memory and makes it the display of the test.
func screen(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	for _, program := range []string{"Xvfb", "xdotool"} {
		if _, err := exec.LookPath(program); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatal("this is tested in CI: ", err)
			}
			t.Skip("there is no screen to test with: ", err)
		}
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	server := exec.Command("Xvfb", append([]string{"-displayfd", "3", "-nolisten", "tcp"}, args...)...)
	server.ExtraFiles = []*os.File{write}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	write.Close()
	t.Cleanup(func() {
		_ = server.Process.Signal(syscall.SIGCONT) // if a test stopped it
		_ = server.Process.Signal(syscall.SIGTERM) // or it is over already
		_ = server.Wait()                          // ended by a signal
	})
	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb did not start: %v", err)
	}
	t.Setenv("DISPLAY", ":"+strings.TrimSpace(number))
	t.Setenv("WAYLAND_DISPLAY", "")
	return server
}

func TestMouseOnAScreen(t *testing.T) {
	screen(t)
	source := idle.New(nil)
	defer source.Close()
	const pause = 300 * time.Millisecond
	began := time.Now()
	var before time.Duration
	for before < pause {
		idleFor, ok := source.Idle()
		if !ok || idleFor > time.Since(began)+time.Minute {
			t.Fatalf("idle for %v, %v", idleFor, ok)
		}
		before = idleFor
		<-time.After(pause / 10)
	}
	if out, err := exec.Command("xdotool", "mousemove", "30", "40").CombinedOutput(); err != nil {
		t.Fatalf("xdotool: %v: %s", err, out)
	}
	began = time.Now()
	after, ok := source.Idle()
	if !ok || after >= before+time.Since(began) {
		t.Errorf("idle for %v before the mouse moved, for %v, %v after", before, after, ok)
	}
}

func TestSourceOnAScreenKeepsItsWord(t *testing.T) {
	screen(t)
	keepsItsWord(t, idle.New(nil))
}

func TestNoDisplay(t *testing.T) {
	for name, display := range map[string]string{
		"none": "", "nonsense": "display", "nobody there": ":64321", "no program on the port": "127.0.0.1:59000",
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("DISPLAY", display)
			t.Setenv("WAYLAND_DISPLAY", "")
			var log bytes.Buffer
			source := idle.New(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
			defer source.Close()
			for range 3 {
				if d, ok := source.Idle(); ok || d != 0 {
					t.Errorf("idle for %v, %v", d, ok)
				}
			}
			if lines := strings.Count(log.String(), "\n"); lines != 1 {
				t.Errorf("it was told %d times why:\n%s", lines, log.String())
			}
		})
	}
}

// Below Wayland, an X server does not see most of the input: the user would
// be away while they write.
func TestWayland(t *testing.T) {
	screen(t)
	t.Setenv("WAYLAND_DISPLAY", "wayland-0")
	source := idle.New(nil)
	defer source.Close()
	if d, ok := source.Idle(); ok {
		t.Errorf("idle for %v", d)
	}
}

func TestServerWithoutTheExtension(t *testing.T) {
	screen(t, "-extension", "MIT-SCREEN-SAVER")
	source := idle.New(nil)
	defer source.Close()
	if d, ok := source.Idle(); ok {
		t.Errorf("idle for %v", d)
	}
}

// The server goes, and whoever asks is not left waiting.
func TestServerEnds(t *testing.T) {
	server := screen(t)
	source := idle.New(nil)
	defer source.Close()
	if _, ok := source.Idle(); !ok {
		t.Fatal("there is no answer")
	}
	if err := server.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = server.Wait() // killed
	for range 3 {
		if d, ok := source.Idle(); ok {
			t.Errorf("idle for %v", d)
		}
	}
}

// A server that is stopped answers nobody. Neither a question nor the end
// waits for it for long.
func TestServerIsStopped(t *testing.T) {
	server := screen(t)
	source, closed, hanging := idle.New(nil), idle.New(nil), idle.New(nil)
	defer source.Close()
	for _, s := range []idle.Source{source, closed, hanging} {
		if _, ok := s.Idle(); !ok {
			t.Fatal("there is no answer")
		}
	}
	if err := server.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	for range 3 {
		if d, ok := source.Idle(); ok {
			t.Errorf("idle for %v", d)
		}
	}
	closed.Close()
	hanging.Idle()
	hanging.Close()
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("a few questions and ends took %v", took)
	}
	if err := server.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	for began := time.Now(); ; <-time.After(10 * time.Millisecond) {
		if _, ok := source.Idle(); ok {
			break
		}
		if time.Since(began) > time.Minute {
			t.Fatal("there is no answer after the server goes on")
		}
	}
}
