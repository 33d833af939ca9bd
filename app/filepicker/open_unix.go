//go:build !windows && !darwin

package filepicker

import (
	"context"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/godbus/dbus/v5"
)

func open(ctx context.Context, path string) error {
	return begin(ctx, exec.Command("xdg-open", path))
}

// reveal asks the file manager, which marks the file, and without one opens
// the folder.
func reveal(ctx context.Context, path string) error {
	if showItem(ctx, path) {
		return nil
	}
	return open(ctx, filepath.Dir(path))
}

// askTime is how long the file manager may take, which perhaps has to start.
const askTime = 5 * time.Second

func showItem(ctx context.Context, path string) bool {
	if os.Getenv("DBUS_SESSION_BUS_ADDRESS") == "" {
		return false // looking for one might start one
	}
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	bus, err := dbus.ConnectSessionBus(dbus.WithContext(ctx))
	if err != nil {
		return false
	}
	defer bus.Close()
	item := url.URL{Scheme: "file", Path: path}
	manager := bus.Object("org.freedesktop.FileManager1", "/org/freedesktop/FileManager1")
	call := manager.CallWithContext(ctx, "org.freedesktop.FileManager1.ShowItems", 0, []string{item.String()}, "")
	return call.Err == nil
}

func detach(program *exec.Cmd) {
	program.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
}
