//go:build unix && !darwin

package notify

import (
	"context"

	"github.com/godbus/dbus/v5"
)

// HasTray says whether the desktop has a place for icons of programs, so that
// a window can be closed and found again. It may wait for the desktop.
func HasTray(ctx context.Context) bool {
	conn, err := dbus.ConnectSessionBus(dbus.WithContext(ctx))
	if err != nil {
		return false
	}
	defer func() { _ = conn.Close() }()
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	watcher := conn.Object("org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher")
	var registered dbus.Variant
	err = watcher.CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", dbus.FlagNoAutoStart,
		"org.kde.StatusNotifierWatcher", "IsStatusNotifierHostRegistered").Store(&registered)
	is, ok := registered.Value().(bool)
	return err == nil && ok && is
}
