//go:build e2e

package e2e

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/godbus/dbus/v5"
	"github.com/jezek/xgb/xproto"
)

const (
	noticeName = "org.freedesktop.Notifications"
	noticePath = dbus.ObjectPath("/org/freedesktop/Notifications")
	trayName   = "org.kde.StatusNotifierWatcher"
)

// desktop is what a desktop offers to programs over a message bus of the
// test's: notifications, and a tray if there is one.
type desktop struct {
	t    *testing.T
	conn *dbus.Conn

	mu    sync.Mutex
	shown []notice
	icons []string // what registered for the tray
}

// notice is a notification as the desktop was given it.
type notice struct {
	handle      uint32
	title, text string
}

// newDesktop starts a bus for the screen. Programs opened later use it.
func (s *screen) newDesktop(tray bool) *desktop {
	s.t.Helper()
	address := s.bus()
	s.env = append(s.env, "DBUS_SESSION_BUS_ADDRESS="+address)
	conn, err := dbus.Connect(address)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = conn.Close() }) // the test is over
	d := &desktop{t: s.t, conn: conn}
	d.offer(noticeName, noticePath, map[string]any{
		"GetCapabilities":   func() ([]string, *dbus.Error) { return []string{"actions", "body", "body-markup"}, nil },
		"Notify":            d.notify,
		"CloseNotification": d.closeNotice,
	})
	if tray {
		d.offer(trayName, "/StatusNotifierWatcher", map[string]any{
			"RegisterStatusNotifierItem": func(name string) *dbus.Error {
				d.mu.Lock()
				defer d.mu.Unlock()
				d.icons = append(d.icons, name)
				return nil
			},
		})
		d.export("org.freedesktop.DBus.Properties", "/StatusNotifierWatcher", map[string]any{
			"Get": func(_, _ string) (dbus.Variant, *dbus.Error) { return dbus.MakeVariant(true), nil },
		})
	}
	return d
}

func (d *desktop) offer(name string, path dbus.ObjectPath, methods map[string]any) {
	d.t.Helper()
	d.export(name, path, methods)
	if reply, err := d.conn.RequestName(name, dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		d.t.Fatalf("the name %s: %v, %v", name, reply, err)
	}
}

func (d *desktop) export(iface string, path dbus.ObjectPath, methods map[string]any) {
	d.t.Helper()
	if err := d.conn.ExportMethodTable(methods, path, iface); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desktop) notify(_ string, instead uint32, _, title, text string, _ []string, _ map[string]dbus.Variant, _ int32) (uint32, *dbus.Error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	handle := uint32(len(d.shown) + 1)
	if instead != 0 {
		handle = instead
	}
	d.shown = append(d.shown, notice{handle, title, text})
	return handle, nil
}

func (d *desktop) closeNotice(uint32) *dbus.Error { return nil }

// next waits until a notification with a text is shown.
func (d *desktop) next(text string) (found notice) {
	d.t.Helper()
	defer func() {
		if d.t.Failed() {
			d.t.Logf("shown were %+v", d.shown)
		}
	}()
	eventually(d.t, fmt.Sprintf("a notification says %q", text), func() bool {
		d.mu.Lock()
		defer d.mu.Unlock()
		for _, n := range d.shown {
			if n.text == text {
				found = n
				return true
			}
		}
		return false
	})
	return found
}

// click does what a desktop does when its user clicks a notification.
func (d *desktop) click(n notice) {
	d.t.Helper()
	if err := d.conn.Emit(noticePath, noticeName+".ActionInvoked", n.handle, "default"); err != nil {
		d.t.Fatal(err)
	}
}

// visible says whether the program has a window on the screen.
func (w *window) visible() bool {
	return w.screen.tryTool("xdotool", "search", "--onlyvisible", "--pid", fmt.Sprint(w.cmd.Process.Pid)) != ""
}

// close has the window manager close the window, once, as a click on its cross
// does, and waits for what comes of it. A message instead of keys, because a busy
// window manager now and then misses those.
func (w *window) close(what string, gone func() bool) {
	w.t.Helper()
	w.focus()
	if err := w.askToClose(); err != nil {
		w.t.Fatal(err)
	}
	eventually(w.t, what, gone)
}

// askToClose sends the message for that
// (https://specifications.freedesktop.org/wm-spec/latest/ar01s03.html).
func (w *window) askToClose() error {
	conn, err := dial(w.screen.display)
	if err != nil {
		return err
	}
	defer conn.Close()
	id, err := strconv.ParseUint(w.id, 10, 32)
	if err != nil {
		return err
	}
	const name = "_NET_CLOSE_WINDOW"
	atom, err := xproto.InternAtom(conn, false, uint16(len(name)), name).Reply()
	if err != nil {
		return err
	}
	const byPager = 2 // as by a task bar
	event := xproto.ClientMessageEvent{
		Format: 32, Window: xproto.Window(id), Type: atom.Atom,
		Data: xproto.ClientMessageDataUnionData32New([]uint32{xproto.TimeCurrentTime, byPager, 0, 0, 0}),
	}
	root := xproto.Setup(conn).DefaultScreen(conn).Root
	return xproto.SendEventChecked(conn, false, root, xproto.EventMaskSubstructureRedirect|xproto.EventMaskSubstructureNotify, string(event.Bytes())).Check()
}

// TestNotificationOpensItsConversation closes a window to the tray and comes
// back by a click on a notification, which opens the right conversation.
func TestNotificationOpensItsConversation(t *testing.T) {
	screen := newScreen(t, 1000, 740)
	desktop := screen.newDesktop(true)
	data := t.TempDir()
	alice := newProfile(t, data, "Alice")
	window := screen.open(alice, 10, 40, 900, 660, "--lang", "en")
	bob, mallory := newProfile(t, data, "Bob").daemon(), newProfile(t, data, "Mallory").daemon("--name", "<b>Mallory</b>")
	eventually(t, "the icon is in the tray", func() bool {
		desktop.mu.Lock()
		defer desktop.mu.Unlock()
		return len(desktop.icons) > 0
	})

	bob.must(0, "send", window.address(), "before")
	mallory.must(0, "send", window.address(), `<a href="http://example.com">free</a> & more`)
	desktop.next("before")
	n := desktop.next("&lt;a href=&quot;http://example.com&quot;&gt;free&lt;/a&gt; &amp; more")
	if n.title != "<b>Mallory</b>" {
		t.Errorf("the title is %q", n.title)
	}

	window.close("the window is closed", func() bool { return !window.visible() })
	desktop.next("You go on receiving messages. To open the window or to quit completely, click the icon in the tray.")
	bob.must(0, "send", window.address(), "while it was closed")
	n = desktop.next("while it was closed")
	if h := alice.history("Bob"); h[len(h)-1].State == "read" {
		t.Error("a message was read though no window showed it")
	}
	desktop.click(n)
	eventually(t, "the window is there", window.visible)
	eventually(t, "the message is read", func() bool {
		h := alice.history("Bob")
		return h[len(h)-1].State == "read"
	})
	for _, m := range alice.history("<b>Mallory</b>") {
		if m.State == "read" {
			t.Error("the other conversation was read, too")
		}
	}
	window.settle()
	screen.shoot("opened-by-notification")
}

// TestClosesWithoutATray closes a window where nobody would show an icon.
func TestClosesWithoutATray(t *testing.T) {
	screen := newScreen(t, 1000, 740)
	screen.newDesktop(false)
	window := screen.open(newProfile(t, t.TempDir(), "Alice"), 10, 40, 900, 660)
	window.close("the program ends", func() bool {
		select {
		case <-window.exited:
			return true
		default:
			return false
		}
	})
	if code := window.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("it ended with %d:\n%s", code, strings.TrimSpace(window.log.String()))
	}
}
