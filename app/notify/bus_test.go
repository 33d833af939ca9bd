//go:build linux

package notify_test

import (
	"bufio"
	"context"
	"errors"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"feihong/app/notify"
)

// notified is one call of Notify as the daemon got it.
type notified struct {
	name, icon, title, text string
	instead                 uint32
	actions                 []string
	hints                   map[string]dbus.Variant
}

// daemon is a notification daemon on a bus of its own.
type daemon struct {
	conn   *dbus.Conn
	can    []string
	got    chan notified
	closed chan uint32
	last   uint32
}

// GetCapabilities, Notify and CloseNotification are called over the bus.
func (d *daemon) GetCapabilities() ([]string, *dbus.Error) { return d.can, nil }

func (d *daemon) Notify(name string, instead uint32, icon, title, text string, actions []string, hints map[string]dbus.Variant, _ int32) (uint32, *dbus.Error) {
	if d.last++; instead != 0 {
		d.last = instead
	}
	d.got <- notified{name, icon, title, text, instead, actions, hints}
	return d.last, nil
}

func (d *daemon) CloseNotification(handle uint32) *dbus.Error {
	d.closed <- handle
	return nil
}

// click does what a daemon does when the user clicks a notification.
func (d *daemon) click(t *testing.T, handle uint32, action string) {
	t.Helper()
	const path, name = "/org/freedesktop/Notifications", "org.freedesktop.Notifications"
	if err := d.conn.Emit(path, name+".ActionInvoked", handle, action); err != nil {
		t.Fatal(err)
	}
	if err := d.conn.Emit(path, name+".NotificationClosed", handle, uint32(2)); err != nil {
		t.Fatal(err)
	}
}

// newBus starts a bus with a daemon on it and makes it the session's.
func newBus(t *testing.T, can ...string) *daemon {
	t.Helper()
	cmd := exec.Command("dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("dbus-daemon did not start: %v", err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", strings.TrimSpace(address))
	d := &daemon{can: can, got: make(chan notified, 8), closed: make(chan uint32, 8)}
	if d.conn, err = dbus.ConnectSessionBus(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.conn.Close() })
	if err := d.conn.Export(d, "/org/freedesktop/Notifications", "org.freedesktop.Notifications"); err != nil {
		t.Fatal(err)
	}
	if reply, err := d.conn.RequestName("org.freedesktop.Notifications", dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatalf("%v, %v", reply, err)
	}
	return d
}

var testApp = notify.App{ID: "im.feihong.desktop", Name: "Feihong", Icon: "/icon.png", Open: "Open"}

// serve runs a service until the test ends, and gives the keys of clicks.
func serve(t *testing.T) (*notify.Service, <-chan string, func()) {
	t.Helper()
	clicks := make(chan string, 8)
	s := notify.New(testApp, func(key string) { clicks <- key }, nil)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx) }()
	stop := func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	return s, clicks, stop
}

func within[T any](t *testing.T, what string, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(10 * time.Second):
		t.Fatalf("no %s", what)
		panic("unreachable")
	}
}

func TestOverTheBus(t *testing.T) {
	tests := []struct {
		name string
		can  []string
		text string
	}{
		{"with markup", []string{"body", "body-markup", "actions"}, "&lt;img src=&quot;x&quot;&gt; &amp; more"},
		{"without", []string{"body", "actions"}, `<img src="x"> & more`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := newBus(t, test.can...)
			s, clicks, stop := serve(t)
			s.Show(notify.Notification{Key: "a", Title: "<b>Mallory</b>\u202e", Text: `<img src="x"> & more`})
			n := within(t, "notification", d.got)
			if n.title != "<b>Mallory</b>" || n.text != test.text || n.instead != 0 || n.icon != testApp.Icon || n.name != testApp.Name {
				t.Errorf("got %+v", n)
			}
			if len(n.actions) != 2 || n.actions[0] != "default" || n.actions[1] != "Open" {
				t.Errorf("actions %q", n.actions)
			}
			if entry := n.hints["desktop-entry"].Value(); entry != testApp.ID {
				t.Errorf("desktop-entry %v", entry)
			}
			s.Show(notify.Notification{Key: "a", Title: "again"})
			if n := within(t, "second notification", d.got); n.instead != 1 {
				t.Errorf("in place of %d, want 1", n.instead)
			}
			d.click(t, 7, "default") // of another program
			d.click(t, 1, "default")
			if key := within(t, "click", clicks); key != "a" {
				t.Errorf("clicked %q", key)
			}
			s.Show(notify.Notification{Key: "b", Title: "left"})
			within(t, "third notification", d.got)
			stop()
			if handle := within(t, "withdrawal at the end", d.closed); handle != 2 {
				t.Errorf("withdrew %d, want 2", handle)
			}
		})
	}
}

func TestHasTray(t *testing.T) {
	d := newBus(t)
	if notify.HasTray(t.Context()) {
		t.Error("a tray without anybody who watches for icons")
	}
	watcher := &hosts{}
	watcher.there.Store(true)
	if err := d.conn.Export(watcher, "/StatusNotifierWatcher", "org.freedesktop.DBus.Properties"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.conn.RequestName("org.kde.StatusNotifierWatcher", 0); err != nil {
		t.Fatal(err)
	}
	if !notify.HasTray(t.Context()) {
		t.Error("no tray, though there is one")
	}
	watcher.there.Store(false)
	if notify.HasTray(t.Context()) {
		t.Error("a tray that nobody shows")
	}
}

// hosts says whether somebody shows icons.
type hosts struct{ there atomic.Bool }

// Get is called over the bus, as one of org.freedesktop.DBus.Properties.
func (h *hosts) Get(_, name string) (dbus.Variant, *dbus.Error) {
	if name != "IsStatusNotifierHostRegistered" {
		return dbus.Variant{}, dbus.MakeFailedError(errors.New("no such property"))
	}
	return dbus.MakeVariant(h.there.Load()), nil
}

func TestWithoutABus(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
	if notify.HasTray(t.Context()) {
		t.Error("a tray without a bus")
	}
	s, _, stop := serve(t)
	s.Show(notify.Notification{Key: "a", Title: "nobody sees this"})
	stop()
}
