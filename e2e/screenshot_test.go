//go:build e2e

package e2e

import (
	"bufio"
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"feihong/app/screenshot"
)

// TestScreenOfX11 takes a picture of a real X server's screen.
func TestScreenOfX11(t *testing.T) {
	s := newScreen(t, 900, 500)
	s.tool("xsetroot", "-solid", "#336699")
	t.Setenv("DISPLAY", s.display)
	t.Setenv("WAYLAND_DISPLAY", "")
	taken, err := screenshot.Take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if taken.Bounds() != image.Rect(0, 0, 900, 500) {
		t.Errorf("the picture is %v", taken.Bounds())
	}
	for _, at := range []image.Point{{0, 0}, {899, 0}, {450, 250}, {899, 499}} {
		if got := taken.At(at.X, at.Y); got != color.Color(color.RGBA{0x33, 0x66, 0x99, 0xff}) {
			t.Errorf("at %v there is %v", at, got)
		}
	}
}

// TestScreenByThePortal asks a portal, as on Wayland: one that takes a picture,
// one that refuses, one that never answers, and none at all.
func TestScreenByThePortal(t *testing.T) {
	bus := exec.Command("dbus-daemon", "--session", "--nofork", "--print-address=3")
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	bus.ExtraFiles = []*os.File{write}
	startTool(t, bus)
	write.Close()
	address, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatalf("dbus-daemon did not start: %v", err)
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", strings.TrimSpace(address))
	t.Setenv("WAYLAND_DISPLAY", "wayland-0")

	if _, err := screenshot.Take(t.Context()); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("without a portal: %v", err)
	}
	conn, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	portal := &fakePortal{conn: conn, path: filepath.Join(t.TempDir(), "screen shot.png")}
	if err := conn.Export(portal, "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Screenshot"); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.RequestName("org.freedesktop.portal.Desktop", dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	taken, err := screenshot.Take(t.Context())
	if err != nil || taken.Bounds() != image.Rect(0, 0, 40, 30) {
		t.Fatalf("%v, %v", taken, err)
	}
	if _, err := os.Stat(portal.path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the portal's file is still there: %v", err)
	}
	portal.code = 1
	if _, err := screenshot.Take(t.Context()); !errors.Is(err, screenshot.ErrRefused) {
		t.Errorf("refused: %v", err)
	}
	portal.silent = true
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := screenshot.Take(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("without an answer: %v", err)
	}
}

// fakePortal is what a desktop offers to programs that want a picture.
type fakePortal struct {
	conn   *dbus.Conn
	path   string
	code   uint32 // of its answers
	silent bool
}

// Screenshot is called from the bus.
func (p *fakePortal) Screenshot(sender dbus.Sender, _ string, options map[string]dbus.Variant) (dbus.ObjectPath, *dbus.Error) {
	name := strings.ReplaceAll(strings.TrimPrefix(string(sender), ":"), ".", "_")
	token, _ := options["handle_token"].Value().(string)
	request := dbus.ObjectPath("/org/freedesktop/portal/desktop/request/" + name + "/" + token)
	if p.silent {
		return request, nil
	}
	results := map[string]dbus.Variant{}
	if p.code == 0 {
		file, err := os.Create(p.path)
		if err == nil {
			err = errors.Join(png.Encode(file, image.NewRGBA(image.Rect(0, 0, 40, 30))), file.Close())
		}
		if err != nil {
			return request, dbus.MakeFailedError(err)
		}
		results["uri"] = dbus.MakeVariant("file://" + strings.ReplaceAll(p.path, " ", "%20"))
	}
	if err := p.conn.Emit(request, "org.freedesktop.portal.Request.Response", p.code, results); err != nil {
		return request, dbus.MakeFailedError(err)
	}
	return request, nil
}
