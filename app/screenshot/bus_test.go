//go:build linux

package screenshot_test

import (
	"bufio"
	"context"
	"errors"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"

	"feihong/app/screenshot"
)

const (
	portalService   = "org.freedesktop.portal.Desktop"
	portalInterface = "org.freedesktop.portal.Screenshot"
	portalRequest   = "org.freedesktop.portal.Request"
)

// desktop is a portal on a bus of its own.
type desktop struct {
	conn   *dbus.Conn
	asked  func(d *desktop, asker string, request dbus.ObjectPath) // what it does when it is asked
	closed chan struct{}
}

// Screenshot and Close are called over the bus.
func (d *desktop) Screenshot(asker dbus.Sender, _ string, options map[string]dbus.Variant) (dbus.ObjectPath, *dbus.Error) {
	token, _ := options["handle_token"].Value().(string)
	name := strings.ReplaceAll(strings.TrimPrefix(string(asker), ":"), ".", "_")
	request := dbus.ObjectPath("/org/freedesktop/portal/desktop/request/" + name + "/" + token)
	if err := d.conn.Export(d, request, portalRequest); err != nil {
		return "", dbus.MakeFailedError(err)
	}
	d.asked(d, string(asker), request)
	return request, nil
}

func (d *desktop) Close() *dbus.Error {
	close(d.closed)
	return nil
}

// answer sends somebody the path of a picture.
func answer(t *testing.T, from *dbus.Conn, to string, request dbus.ObjectPath, path string) {
	body := []any{uint32(0), map[string]dbus.Variant{"uri": dbus.MakeVariant("file://" + path)}}
	message := &dbus.Message{Type: dbus.TypeSignal, Flags: dbus.FlagNoReplyExpected, Body: body, Headers: map[dbus.HeaderField]dbus.Variant{
		dbus.FieldDestination: dbus.MakeVariant(to),
		dbus.FieldPath:        dbus.MakeVariant(request),
		dbus.FieldInterface:   dbus.MakeVariant(portalRequest),
		dbus.FieldMember:      dbus.MakeVariant("Response"),
		dbus.FieldSignature:   dbus.MakeVariant(dbus.SignatureOf(body...)),
	}}
	if call := from.Send(message, nil); call != nil && call.Err != nil {
		t.Error(call.Err)
	}
}

// onBus connects with the session's bus.
func onBus(t *testing.T) *dbus.Conn {
	t.Helper()
	conn, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// newDesktop starts a bus with a portal on it and makes it the session's.
func newDesktop(t *testing.T, asked func(d *desktop, asker string, request dbus.ObjectPath)) *desktop {
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
	t.Setenv("WAYLAND_DISPLAY", "wayland-0")
	d := &desktop{conn: onBus(t), asked: asked, closed: make(chan struct{})}
	if err := d.conn.Export(d, "/org/freedesktop/portal/desktop", portalInterface); err != nil {
		t.Fatal(err)
	}
	if reply, err := d.conn.RequestName(portalService, dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatalf("%v, %v", reply, err)
	}
	return d
}

func TestPictureOverTheBus(t *testing.T) {
	folder := t.TempDir()
	good, bad := filepath.Join(folder, "good.png"), filepath.Join(folder, "bad.png")
	for path, width := range map[string]int{good: 3, bad: 7} {
		file, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(png.Encode(file, image.NewNRGBA(image.Rect(0, 0, width, 2))), file.Close()); err != nil {
			t.Fatal(err)
		}
	}
	newDesktop(t, func(d *desktop, asker string, request dbus.ObjectPath) {
		mallory, err := dbus.ConnectSessionBus()
		if err != nil {
			t.Error(err)
			return
		}
		defer mallory.Close()
		answer(t, mallory, asker, request, bad)
		// What it sent has come to the bus before the portal answers.
		if err := mallory.BusObject().Call("org.freedesktop.DBus.Peer.Ping", 0).Err; err != nil {
			t.Error(err)
		}
		answer(t, d.conn, asker, request, good)
	})
	taken, err := screenshot.Take(t.Context())
	if err != nil || taken.Bounds().Dx() != 3 {
		t.Fatalf("taken is %v, %v", taken, err)
	}
	if _, err := os.Stat(good); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the picture is still there: %v", err)
	}
	if _, err := os.Stat(bad); err != nil {
		t.Error(err)
	}
}

func TestPortalThatEndsWithoutAnAnswer(t *testing.T) {
	newDesktop(t, func(d *desktop, _ string, _ dbus.ObjectPath) {
		go func() { _, _ = d.conn.ReleaseName(portalService) }()
	})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if taken, err := screenshot.Take(ctx); err == nil {
		t.Errorf("taken is %v", taken.Bounds())
	}
}

func TestQuestionIsTakenBack(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	answered := make(chan struct{})
	d := newDesktop(t, func(*desktop, string, dbus.ObjectPath) { close(answered) })
	ended := make(chan error, 1)
	go func() {
		_, err := screenshot.Take(ctx)
		ended <- err
	}()
	<-answered
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
	<-d.closed
}
