//go:build unix && !darwin

package screenshot_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/godbus/dbus/v5"

	"feihong/app/screenshot"
)

func TestAnswersOfThePortal(t *testing.T) {
	uri := func(text any) map[string]dbus.Variant { return map[string]dbus.Variant{"uri": dbus.MakeVariant(text)} }
	for _, c := range []struct {
		name string
		body []any
		path string
		want error
	}{
		{"a file", []any{uint32(0), uri("file:///home/li/Pictures/Screenshot%20from%20noon.png")}, "/home/li/Pictures/Screenshot from noon.png", nil},
		{"Chinese", []any{uint32(0), uri("file:///tmp/%E6%88%AA%E5%9B%BE.png")}, "/tmp/截图.png", nil},
		{"refused", []any{uint32(1), map[string]dbus.Variant{}}, "", screenshot.ErrRefused},
		{"gone wrong", []any{uint32(2), map[string]dbus.Variant{}}, "", screenshot.ErrRefused},
		{"no file", []any{uint32(0), map[string]dbus.Variant{}}, "", nil},
		{"elsewhere", []any{uint32(0), uri("http://example.org/a.png")}, "", nil},
		{"on another machine", []any{uint32(0), uri("file://other/a.png")}, "", nil},
		{"a number", []any{uint32(0), uri(uint32(7))}, "", nil},
		{"no address", []any{uint32(0), uri("file://%zz")}, "", nil},
		{"nothing", nil, "", nil},
		{"something else", []any{"0", "uri"}, "", nil},
	} {
		path, err := screenshot.PathIn(c.body)
		if path != c.path || (err == nil) != (c.path != "") || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %q, %v", c.name, path, err)
		}
	}
}

// Whoever is on the bus can send anything to anybody.
func TestOnlyThePortalAnswers(t *testing.T) {
	const portal, other, bus, request = ":1.7", ":1.8", "org.freedesktop.DBus", dbus.ObjectPath("/r/1")
	answer := func(sender string, path dbus.ObjectPath, name, file string) *dbus.Signal {
		return &dbus.Signal{Sender: sender, Path: path, Name: "org.freedesktop.portal.Request." + name,
			Body: []any{uint32(0), map[string]dbus.Variant{"uri": dbus.MakeVariant("file://" + file)}}}
	}
	changed := func(sender, name, before, after string) *dbus.Signal {
		return &dbus.Signal{Sender: sender, Path: "/org/freedesktop/DBus", Name: bus + ".NameOwnerChanged", Body: []any{name, before, after}}
	}
	const name = "org.freedesktop.portal.Desktop"
	good := answer(portal, request, "Response", "/good.png")
	for _, c := range []struct {
		what  string
		heard []*dbus.Signal
		path  string
	}{
		{"the answer", []*dbus.Signal{good}, "/good.png"},
		{"another's", []*dbus.Signal{answer(other, request, "Response", "/bad.png"), good}, "/good.png"},
		{"to another request", []*dbus.Signal{answer(portal, "/r/2", "Response", "/bad.png"), good}, "/good.png"},
		{"no answer", []*dbus.Signal{answer(portal, request, "Other", "/bad.png"), good}, "/good.png"},
		{"another has gone", []*dbus.Signal{changed(bus, "org.example", portal, ""), changed(bus, name, other, ""), good}, "/good.png"},
		{"another says that it has gone", []*dbus.Signal{changed(other, name, portal, ""), good}, "/good.png"},
		{"nonsense of the bus", []*dbus.Signal{{Sender: bus, Name: bus + ".NameOwnerChanged", Body: []any{uint32(1)}}, good}, "/good.png"},
		{"the portal has gone", []*dbus.Signal{changed(bus, name, portal, ""), good}, ""},
		{"the bus has gone", nil, ""},
	} {
		heard := make(chan *dbus.Signal, len(c.heard))
		for _, s := range c.heard {
			heard <- s
		}
		close(heard)
		if path, err := screenshot.AnswerIn(t.Context(), portal, request, heard); path != c.path || (err == nil) != (c.path != "") {
			t.Errorf("%s: %q, %v", c.what, path, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := screenshot.AnswerIn(ctx, portal, request, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("at the end: %v", err)
	}
}

func TestFilesAreReadAndRemoved(t *testing.T) {
	p := image.NewNRGBA(image.Rect(0, 0, 3, 2))
	p.SetNRGBA(2, 1, color.NRGBA{1, 2, 3, 255})
	var good bytes.Buffer
	if err := png.Encode(&good, p); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"good": good.Bytes(), "cut": good.Bytes()[:40], "no picture": []byte("hello"), "nothing": nil} {
		path := filepath.Join(t.TempDir(), "screen.png")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		taken, err := screenshot.ReadAway(path)
		if (err == nil) != (name == "good") {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil && (taken.Bounds() != p.Rect || taken.At(2, 1) != color.Color(color.RGBA{1, 2, 3, 255})) {
			t.Errorf("%s: %v", name, taken)
		}
		if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) != (name == "good") {
			t.Errorf("%s: whether the file is there: %v", name, err)
		}
	}
	if _, err := screenshot.ReadAway(filepath.Join(t.TempDir(), "missing.png")); err == nil {
		t.Error("a file that is not there is read")
	}
}
