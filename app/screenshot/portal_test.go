//go:build unix && !darwin

package screenshot_test

import (
	"bytes"
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
		if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: the file is still there: %v", name, err)
		}
	}
	if _, err := screenshot.ReadAway(filepath.Join(t.TempDir(), "missing.png")); err == nil {
		t.Error("a file that is not there is read")
	}
}
