package filepicker

import (
	"context"
	"os/exec"
	"syscall"
)

func open(ctx context.Context, path string) error {
	return begin(ctx, exec.Command("/usr/bin/open", path))
}

func reveal(ctx context.Context, path string) error {
	return begin(ctx, exec.Command("/usr/bin/open", "-R", path))
}

func detach(program *exec.Cmd) {
	program.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
}
