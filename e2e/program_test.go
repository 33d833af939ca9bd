//go:build e2e

package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"feihong/app/control"
)

// patience is how long the slowest machine may take for anything that should
// happen at once.
const patience = 30 * time.Second

// profile is one person in a folder of the test.
type profile struct {
	t    *testing.T
	data string
	name string
	host *host // where it runs; nil: where the tests run
}

func newProfile(t *testing.T, data, name string) *profile {
	return &profile{t: t, data: data, name: name}
}

// unseen are the flags of profiles that are to meet nobody by themselves: those
// of all tests that are not about meeting.
var unseen = []string{"--discovery", "off"}

// args puts the flags that choose the profile before a command.
func (p *profile) args(words ...string) []string {
	flags := []string{"--data", p.data, "--profile", p.name, "--name", p.name, "--lang", "en"}
	if p.host == nil {
		flags = append(flags, unseen...)
	}
	return append(flags, words...)
}

// launch starts a program where the profile lives.
func (p *profile) launch(cmd *exec.Cmd) error {
	if p.host == nil {
		return launch(cmd)
	}
	return p.host.do(func() error { return launch(cmd) })
}

// result is what a command did.
type result struct {
	code        int
	out, errors string
}

// run carries out a command and waits for it.
func (p *profile) run(words ...string) result {
	p.t.Helper()
	return p.runInput("", words...)
}

func (p *profile) runInput(input string, words ...string) result {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, program(p.t, headless), p.args(words...)...)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(input), &out, &errs
	if err := p.launch(cmd); err != nil {
		p.t.Fatalf("run %q: %v", words, err)
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); err != nil && !errors.As(err, &exit) {
		p.t.Fatalf("run %q: %v", words, err)
	}
	return result{cmd.ProcessState.ExitCode(), out.String(), errs.String()}
}

// must is run for a command that has to end with a certain code.
func (p *profile) must(code int, words ...string) result {
	p.t.Helper()
	r := p.run(words...)
	if r.code != code {
		p.t.Fatalf("%s: %q ended with %d, want %d\n%s%s", p.name, words, r.code, code, r.out, r.errors)
	}
	return r
}

// history reads the messages with somebody.
func (p *profile) history(who string, more ...string) []control.Message {
	p.t.Helper()
	r := p.must(0, append([]string{"history", who, "--json"}, more...)...)
	return parseLines[control.Message](p.t, r.out)
}

// texts lists one direction of the history.
func (p *profile) texts(who, direction string) []string {
	p.t.Helper()
	var list []string
	for _, m := range p.history(who) {
		if m.Direction == direction {
			list = append(list, m.Text)
		}
	}
	return list
}

func parseLines[T any](t *testing.T, lines string) []T {
	t.Helper()
	var list []T
	for line := range strings.Lines(lines) {
		var v T
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		list = append(list, v)
	}
	return list
}

// process is a daemon or a window.
type process struct {
	*profile
	cmd    *exec.Cmd
	ready  control.Event
	events chan control.Event
	log    journal
	stderr lockedBuffer
	client *control.Client // nil until it is used
	exited chan struct{}
}

type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// daemon starts the profile without a window and waits until it is ready.
func (p *profile) daemon(words ...string) *process {
	p.t.Helper()
	d := p.start(exec.Command(program(p.t, headless), p.args(append([]string{"daemon"}, words...)...)...))
	d.ready = d.next("ready")
	return d
}

func (p *profile) start(cmd *exec.Cmd) *process {
	p.t.Helper()
	d := &process{profile: p, cmd: cmd, events: make(chan control.Event, 1<<16), exited: make(chan struct{})}
	out, err := cmd.StdoutPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	cmd.Stderr = &d.stderr
	if err := p.launch(cmd); err != nil {
		p.t.Fatal(err)
	}
	go d.read(bufio.NewReader(out))
	p.t.Cleanup(d.kill)
	return d
}

func (d *process) read(out *bufio.Reader) {
	defer close(d.exited)
	defer close(d.events)
	for {
		line, err := out.ReadBytes('\n')
		if err != nil {
			_ = d.cmd.Wait() // the exit code is in ProcessState
			return
		}
		var e control.Event
		if json.Unmarshal(line, &e) == nil {
			d.log.add(e)
			d.events <- e
		}
	}
}

// next waits for the next event of a kind and drops those before it.
func (d *process) next(kind string) control.Event {
	d.t.Helper()
	deadline := time.After(patience)
	for {
		select {
		case e, open := <-d.events:
			if !open {
				d.t.Fatalf("%s ended while waiting for %q:\n%s", d.name, kind, d.stderr.String())
			}
			if e.Event == kind {
				return e
			}
		case <-deadline:
			d.t.Fatalf("%s: no %q event in %v\n%s", d.name, kind, patience, d.stderr.String())
		}
	}
}

// address is where the process listens on this machine.
func (d *process) address() string { return fmt.Sprintf("127.0.0.1:%d", d.ready.Port) }

// kill ends the process as a power cut does.
func (d *process) kill() {
	_ = d.cmd.Process.Signal(syscall.SIGKILL) // it may have ended already
	<-d.exited
}

// stop asks the process to end and gives its exit code.
func (d *process) stop() int {
	d.t.Helper()
	if err := d.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		d.t.Fatal(err)
	}
	select {
	case <-d.exited:
	case <-time.After(patience):
		d.t.Fatalf("%s does not end", d.name)
	}
	return d.cmd.ProcessState.ExitCode()
}

// eventually tries until check is content or patience ends.
func eventually(t *testing.T, what string, check func() bool) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for !check() {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %v", what, patience)
		}
		<-time.After(100 * time.Millisecond)
	}
}
