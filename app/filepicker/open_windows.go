package filepicker

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/windows"
)

func open(_ context.Context, path string) error {
	verb, err := windows.UTF16PtrFromString("open")
	if err != nil {
		return err
	}
	file, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return err
	}
	return windows.ShellExecute(0, verb, file, nil, nil, windows.SW_SHOWNORMAL)
}

// reveal writes the command line itself, because Explorer reads it in a way of
// its own. No path on Windows has a quotation mark in it. Explorer ends with
// an error even if all went well.
func reveal(ctx context.Context, path string) error {
	explorer := filepath.Join(os.Getenv("SystemRoot"), "explorer.exe")
	program := exec.Command(explorer)
	program.SysProcAttr = &syscall.SysProcAttr{CmdLine: `"` + explorer + `" /select,"` + path + `"`}
	err := begin(ctx, program)
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		return nil
	}
	return err
}

// detach does nothing: what is started here outlives the program anyway.
func detach(*exec.Cmd) {}
