package profile_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"

	"go.uber.org/goleak"

	"feihong/app/profile"
)

// holdVariable makes the test binary hold the profile in the folder that it
// names, as another process would.
const holdVariable = "FEIHONG_TEST_HOLD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(holdVariable); dir != "" {
		os.Exit(hold(dir))
	}
	goleak.VerifyTestMain(m)
}

func hold(dir string) int {
	p, err := profile.Open(profile.Location{Name: "held", Dir: dir})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println("held")
	_, _ = io.Copy(io.Discard, os.Stdin) // until the test closes it, or kills
	if err := p.Close(); err != nil {
		return 1
	}
	return 0
}

// holder is another process that holds a profile.
type holder struct {
	*exec.Cmd
	in io.Closer
}

func startHolder(t *testing.T, at profile.Location) holder {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), holdVariable+"="+at.Dir)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || line != "held\n" {
		t.Fatalf("the other process says %q, %v", line, err)
	}
	return holder{cmd, in}
}

func TestOneProcessHoldsAProfile(t *testing.T) {
	endings := map[string]func(holder) error{
		"killed": func(h holder) error { return h.Process.Kill() },
		"ended":  func(h holder) error { return h.in.Close() },
	}
	for name, end := range endings {
		t.Run(name, func(t *testing.T) {
			at := locate(t, t.TempDir(), "")
			other := startHolder(t, at)
			_, err := profile.Open(at)
			var locked *profile.LockedError
			if !errors.As(err, &locked) || locked.Dir != at.Dir || locked.Profile != at.Name {
				t.Errorf("opened while another process holds it: %v", err)
			}
			if err := end(other); err != nil {
				t.Fatal(err)
			}
			err = other.Wait()
			if clean := name == "ended"; clean != (err == nil) {
				t.Fatalf("the other process: %v", err)
			}
			open(t, at)
		})
	}
}

func TestOneHolderWithinAProcess(t *testing.T) {
	at := locate(t, t.TempDir(), "")
	first := open(t, at)
	_, err := profile.Open(at)
	var locked *profile.LockedError
	if !errors.As(err, &locked) {
		t.Fatalf("opened twice: %v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second, err := profile.Open(at)
	if err != nil {
		t.Fatal(err)
	}
	if second.Created || second.Identity.PeerID() != first.Identity.PeerID() {
		t.Error("the second start is another person")
	}
	if err := second.Close(); err != nil {
		t.Error(err)
	}
}

func locate(t *testing.T, root, name string) profile.Location {
	t.Helper()
	at, err := profile.Locate(root, name)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// open opens a profile and gives it back at the end of the test.
func open(t *testing.T, at profile.Location) *profile.Profile {
	t.Helper()
	p, err := profile.Open(at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() }) // some tests close it themselves
	return p
}
