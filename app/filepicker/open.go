package filepicker

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"time"
)

// Open opens a file or folder, named by an absolute path, with the program
// that the system has for it. It returns when that has begun, or could not
// begin. It is safe for concurrent use.
func Open(ctx context.Context, path string) error {
	if !filepath.IsAbs(path) {
		return fmt.Errorf("%q is not an absolute path", path)
	}
	return open(ctx, path)
}

// Reveal shows a file or folder in its folder, marked if the system can do
// that. Otherwise it is as Open.
func Reveal(ctx context.Context, path string) error {
	if !filepath.IsAbs(path) {
		return fmt.Errorf("%q is not an absolute path", path)
	}
	return reveal(ctx, path)
}

// beginTime is how long a program may take to say that it cannot open
// something. Some never end before the user is done.
const beginTime = 2 * time.Second

// begin starts a program. It is not bound to ctx, because it outlives this
// one; who waits for it is gone when it ends.
func begin(ctx context.Context, program *exec.Cmd) error {
	detach(program)
	if err := program.Start(); err != nil {
		return fmt.Errorf("open: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- program.Wait() }()
	wait := time.NewTimer(beginTime)
	defer wait.Stop()
	select {
	case err := <-ended:
		if err != nil {
			return fmt.Errorf("open with %s: %w", filepath.Base(program.Path), err)
		}
	case <-wait.C:
	case <-ctx.Done():
	}
	return nil
}
