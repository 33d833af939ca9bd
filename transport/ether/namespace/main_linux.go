package namespace

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"testing"
)

// Again is set in the environment of tests that were started a second time, or
// that are to run as who they are.
const Again = "FEIHONG_TEST_AGAIN"

// Main runs the tests of a package, and returns the exit code. It is to be
// called by TestMain. Without root, it runs them in a process that is root in
// a namespace of users, or by sudo if that asks for no password.
func Main(run func() int) int {
	if os.Getuid() == 0 || os.Getenv(Again) != "" {
		return run()
	}
	// As real root, tests can become other users. At somebody's keyboard it is
	// better to leave no files of root behind.
	ways := [][]string{{"unshare", "--map-root-user", "--net"}, {"sudo", "-n", "--preserve-env"}}
	if os.Getenv("CI") == "true" {
		slices.Reverse(ways)
	}
	for _, become := range ways {
		if exec.Command(become[0], append(become[1:], "ip", "link", "set", "lo", "up")...).Run() == nil {
			return runAgain(append(become, os.Args...))
		}
	}
	return run() // and Need says what is missing
}

func runAgain(words []string) int {
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Env = append(os.Environ(), Again+"=1")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		return exit.ExitCode()
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// Need skips a test that cannot have namespaces. In CI it fails instead: there
// nothing is skipped.
func Need(t testing.TB) {
	t.Helper()
	reason := ""
	if _, err := exec.LookPath("ip"); err != nil {
		reason = "network namespaces need the command ip, of the package iproute2"
	} else if os.Getuid() != 0 {
		reason = "network namespaces need root, and neither unshare nor sudo gives it"
	}
	switch {
	case reason == "":
	case os.Getenv("CI") == "true":
		t.Fatal(reason)
	default:
		t.Skip(reason)
	}
}
