//go:build e2e

package e2e

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// stall starts a profile whose output is a pipe, reads one line, and has more
// written to it than the pipe can hold.
func stall(t *testing.T, bob *profile) *process {
	t.Helper()
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { out.Close() })
	d := &process{profile: bob, exited: make(chan struct{})}
	d.cmd = exec.Command(program(t, headless), bob.args("daemon")...)
	d.cmd.Stdout, d.cmd.Stderr = in, &d.stderr
	if err := bob.launch(d.cmd); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.kill)
	go func() {
		defer close(d.exited)
		_ = d.cmd.Wait() // the exit code is in ProcessState
	}()
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(line, &d.ready); err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	alice := newProfile(t, bob.data, "Alice")
	for range 5 {
		alice.must(0, "send", d.address(), strings.Repeat("长", 20_000))
	}
	return d
}

// TestStalledOutput: a profile whose output nobody reads can be stopped, and
// is free then.
func TestStalledOutput(t *testing.T) {
	bob := newProfile(t, t.TempDir(), "Bob")
	d := stall(t, bob)
	begin := time.Now()
	if code := d.stop(); code != 0 {
		t.Errorf("SIGTERM: exit %d, want 0\n%s", code, d.stderr.String())
	}
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
	if got := len(bob.texts("Alice", "in")); got != 5 {
		t.Errorf("Bob has %d texts", got)
	}
}

// TestSecondSignalKills: somebody who insists does not wait for anything.
func TestSecondSignalKills(t *testing.T) {
	d := stall(t, newProfile(t, t.TempDir(), "Bob"))
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for running := true; running; {
		_ = d.cmd.Process.Signal(syscall.SIGTERM) // it may have ended already
		select {
		case <-again.C:
		case <-d.exited:
			running = false
		}
	}
	if status := d.cmd.ProcessState.Sys().(syscall.WaitStatus); !status.Signaled() {
		t.Errorf("ended with %v", d.cmd.ProcessState)
	}
}
