//go:build e2e

package e2e

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"testing"
)

// The program looks for colleagues on every network of the machine it runs
// on. So all tests run inside a network of their own, in which there is
// nothing but loopback: they meet neither real people nor other test runs, and
// whatever they do to network and mounts ends with them.

const (
	insideVariable   = "FEIHONG_E2E_INSIDE"   // set in the run that is inside
	programsVariable = "FEIHONG_E2E_PROGRAMS" // the folder with the programs under test
)

// ownNetwork is open when the tests are in a network of their own, and stands
// for it. Labs are built beside it.
var ownNetwork *os.File

// programs is the folder with the programs under test.
var programs string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		if what := os.Getenv(copyVariable); what != "" {
			return copies(what)
		}
		if os.Getenv(insideVariable) == "" {
			return outside(m)
		}
		programs = os.Getenv(programsVariable)
		if err := settle(); err != nil {
			fmt.Fprintln(os.Stderr, "the network of the tests:", err)
			return 1
		}
		runTogether(6)
		return m.Run()
	}())
}

// runTogether sets how many tests run at the same time, if nobody has said it.
// Those that may do so spend their time waiting.
func runTogether(tests int) {
	const name = "test.parallel"
	flag.Parse()
	said := false
	flag.Visit(func(f *flag.Flag) { said = said || f.Name == name })
	if !said {
		_ = flag.Set(name, fmt.Sprint(tests)) // every test binary has it
	}
}

// outside builds the programs, which may need the real network, and runs the
// tests inside. Where that is not allowed they run here, without the labs.
func outside(m *testing.M) int {
	var err error
	if programs, err = os.MkdirTemp("", "feihong-e2e"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(programs)
	buildAll()

	// The thread that starts the inner run must not end before it: that would
	// kill it.
	runtime.LockOSThread()
	inner, err := enter()
	if err != nil {
		fmt.Fprintln(os.Stderr, "no network of their own for the tests:", err)
		return m.Run()
	}
	var exit *exec.ExitError
	if err := inner.Wait(); err != nil && !errors.As(err, &exit) {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return inner.ProcessState.ExitCode()
}

// enter starts this program again in a network of its own: as root, or as
// somebody who is root in there only.
func enter() (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	attributes := syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET | syscall.CLONE_NEWNS, Pdeathsig: syscall.SIGKILL}
	if os.Getuid() != 0 {
		attributes.Cloneflags |= syscall.CLONE_NEWUSER
		attributes.UidMappings = []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}}
		attributes.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}}
	}
	cmd := exec.Command(self, os.Args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), insideVariable+"=1", programsVariable+"="+programs)
	cmd.SysProcAttr = &attributes
	return cmd, cmd.Start()
}

// settle makes the new network usable.
func settle() error {
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("keep mounts to oneself: %w", err)
	}
	if out, err := exec.Command("ip", "link", "set", "lo", "up").CombinedOutput(); err != nil {
		return fmt.Errorf("loopback: %w: %s", err, out)
	}
	var err error
	ownNetwork, err = os.Open("/proc/self/ns/net")
	return err
}

// The programs under test.
const (
	headless = "feihong-headless"
	windowed = "feihong"
)

func buildAll() {
	var tasks sync.WaitGroup
	tasks.Go(func() { build(headless, "0", "headless") })
	tasks.Go(func() { build(windowed, "1", "x11,migrated_fynedo") })
	tasks.Wait()
}

// build leaves a program, or beside it the reason why there is none, for the
// tests that need it.
func build(name, cgo, tags string) {
	output := filepath.Join(programs, name)
	cmd := exec.Command("go", "build", "-buildvcs=false", "-tags", tags, "-o", output, "feihong")
	cmd.Env = append(os.Environ(), "CGO_ENABLED="+cgo)
	if out, err := cmd.CombinedOutput(); err != nil {
		_ = os.WriteFile(output+".error", fmt.Appendf(nil, "build with %s: %v\n%s", tags, err, out), 0o600)
	}
}

// program gives the path of a program, or fails the test.
func program(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(programs, name)
	if reason, err := os.ReadFile(path + ".error"); err == nil {
		t.Fatalf("%s", reason)
	}
	return path
}

// launch starts a program that does not outlive the tests, however they end.
func launch(cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return cmd.Start()
}
