//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"testing"
)

// secureShell is an SSH server on a host, and a key that it accepts. Both are
// of its own: it reads nothing of the machine's.
type secureShell struct {
	host   *host // nil: where the tests run
	port   string
	folder string
	user   string
}

// secureShell starts a server that listens on all addresses of a host.
func newSecureShell(t *testing.T, h *host) *secureShell {
	t.Helper()
	self, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	s := &secureShell{host: h, port: "2222", folder: t.TempDir(), user: self.Username}
	if os.Getuid() == 0 {
		// sshd wants an empty folder for its parts without privileges. The
		// mounts here are of our own.
		if err := os.MkdirAll("/run/sshd", 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"host", "user"} {
		if out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", s.path(name)).CombinedOutput(); err != nil {
			t.Fatalf("ssh-keygen: %v\n%s", err, out)
		}
	}
	server := exec.Command("/usr/sbin/sshd", "-D", "-e", "-f", "/dev/null",
		"-p", s.port, "-h", s.path("host"), "-o", "AuthorizedKeysFile="+s.path("user.pub"),
		"-o", "StrictModes=no", "-o", "UsePAM=no", "-o", "PermitRootLogin=yes", "-o", "PidFile=none",
		"-o", "Subsystem=sftp internal-sftp")
	log := &lockedBuffer{}
	server.Stderr = log
	start := func() error { return launch(server) }
	if h != nil {
		local := start
		start = func() error { return h.do(local) }
	}
	if err := start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill() // it may have ended
		_ = server.Wait()
	})
	eventually(t, "sshd listens", func() bool { return strings.Contains(log.String(), "Server listening") })
	return s
}

func (s *secureShell) path(name string) string { return filepath.Join(s.folder, name) }

// options are those that ssh and scp need beside the port.
func (s *secureShell) options() []string {
	return []string{"-F", "/dev/null", "-i", s.path("user"), "-o", "BatchMode=yes",
		"-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"}
}

// scp is a command that copies a file or folder into a folder at an address.
func (s *secureShell) scp(address, from, to string, more ...string) []string {
	words := append([]string{"scp", "-q", "-r", "-P", s.port}, s.options()...)
	return append(append(words, more...), from, fmt.Sprintf("%s@%s:%s/", s.user, address, to))
}

// rsync is a command that copies a file or folder into a folder at an address.
func (s *secureShell) rsync(address, from, to string) []string {
	shell := strings.Join(append([]string{"ssh", "-p", s.port}, s.options()...), " ")
	return []string{"rsync", "-a", "-e", shell, from, fmt.Sprintf("%s@%s:%s/", s.user, address, to)}
}
