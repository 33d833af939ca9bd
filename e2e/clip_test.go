//go:build e2e

package e2e

import (
	"bytes"
	"os"
)

// clip puts something into the clipboard of the screen, as another program
// does that goes on owning it.
func (s *screen) clip(kind string, data []byte) {
	s.t.Helper()
	nothing, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		s.t.Fatal(err)
	}
	defer nothing.Close()
	// It answers from a process of its own, which ends with the screen, and
	// would keep what waits for its output waiting.
	cmd := s.command("xclip", "-selection", "clipboard", "-t", kind)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(data), nothing, nothing
	if err := cmd.Run(); err != nil {
		s.t.Fatalf("clipboard: %v", err)
	}
}
