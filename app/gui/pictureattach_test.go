package gui_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"

	"feihong/app/chat"
	"feihong/app/gui"
	"feihong/protocol"
)

// album is a clipboard with a picture, and a place where pictures are kept.
type album struct {
	mu        sync.Mutex
	clipboard []byte
	err       error
	keepErr   error
	kept      []string
}

func (a *album) image(context.Context) ([]byte, error) { return a.clipboard, a.err }

func (a *album) keep(_ context.Context, name string, _ []byte) (string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.keepErr != nil {
		return "", a.keepErr
	}
	a.kept = append(a.kept, name)
	return "/profile/pictures/" + name, nil
}

func (a *album) all() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return strings.Join(a.kept, "|")
}

func drawn(width, height int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for i := range width * height {
		img.SetNRGBA(i%width, i/width, color.NRGBA{uint8(i), uint8(i / width), 90, 255})
	}
	return img
}

func pngOf(t *testing.T, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func officeWithAlbum(t *testing.T, a *album) (s *screen, files *fakeFiles, wang, anna chat.ContactID) {
	t.Helper()
	f, wang, anna, _, _ := office()
	files = newFakeFiles(f)
	s = open(t, "en", f, withFiles(files, &fakeSystem{}), func(cfg *gui.Config) { cfg.ClipboardImage, cfg.Keep = a.image, a.keep })
	s.openTalk(wang)
	return s, files, wang, anna
}

// paste presses Ctrl+V with a text in the clipboard.
func (s *screen) paste(text string) {
	clipboard := test.NewClipboard()
	clipboard.SetContent(text)
	s.Composer().TypedShortcut(&fyne.ShortcutPaste{Clipboard: clipboard})
}

func TestPastedPictureWaitsForSend(t *testing.T) {
	a := &album{clipboard: pngOf(t, drawn(900, 600))}
	s, files, _, anna := officeWithAlbum(t, a)
	s.paste("")
	s.until("it is shown", func() bool { return s.sees("Picture 2026-11-22 12-00-00.png") && s.TrayFace() != nil })
	if size := s.TrayFace().Bounds().Size(); size.X > 320 || size.Y > 200 {
		t.Errorf("%v are given to the screen", size)
	}
	if a.all() != "" {
		t.Errorf("on the disk without Send: %q", a.all())
	}
	s.write("look")
	s.press(fyne.KeyReturn)
	s.until("it is offered", func() bool { return len(files.called("offer")) == 1 && s.sees("offered.txt") })
	if got := files.called("offer")[0]; got != `offer ["/profile/pictures/Picture 2026-11-22 12-00-00.png"] "look"` {
		t.Errorf("the service was told %s", got)
	}
	preview := files.onlyTransfer(t).Preview
	if info, err := png.DecodeConfig(bytes.NewReader(preview)); len(preview) > protocol.MaxPreviewBytes || err == nil && info.Width > 320 {
		t.Errorf("a preview of %d bytes, %v", len(preview), info)
	}
	if len(preview) == 0 {
		t.Error("there is no preview")
	}
	if s.TrayFace() != nil {
		t.Error("it still waits to be sent")
	}
	s.openTalk(anna)
}

// onlyTransfer returns the one that there is.
func (f *fakeFiles) onlyTransfer(t *testing.T) chat.Transfer {
	t.Helper()
	f.files.Lock()
	defer f.files.Unlock()
	for _, one := range f.transfers {
		return one
	}
	t.Fatal("there is no transfer")
	return chat.Transfer{}
}

func TestPastedTextIsNoPicture(t *testing.T) {
	s, _, _, _ := officeWithAlbum(t, &album{err: errors.New("asked in vain")})
	s.paste("cells of a table")
	if got := s.Composer().Text(); got != "cells of a table" || s.sees("cannot be read") {
		t.Errorf("the input box has %q", got)
	}
}

func TestClipboardWithoutAPicture(t *testing.T) {
	for name, c := range map[string]struct {
		album *album
		told  bool
	}{
		"empty":      {&album{}, false},
		"unreadable": {&album{err: errDisk}, true},
		"no picture": {&album{clipboard: []byte("<html>")}, true},
		"a bomb":     {&album{clipboard: bombHeader(t)}, true},
	} {
		s, _, _, _ := officeWithAlbum(t, c.album)
		s.paste("")
		s.stop() // waits for what is under way
		s.work()
		if got := s.sees("cannot be read, or is too large"); got != c.told {
			t.Errorf("%s: told: %v", name, got)
		}
		if s.TrayFace() != nil || s.sees("Do not send") || s.sees(".png") {
			t.Errorf("%s: something would be sent", name)
		}
	}
}

// bombHeader says that a picture has 60,000 × 60,000 pixels.
func bombHeader(t *testing.T) []byte {
	data := pngOf(t, drawn(1, 1))
	copy(data[16:], []byte{0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60})
	return data
}

func TestScreenshotGoesToWhomItWasTakenFor(t *testing.T) {
	a := &album{}
	s, files, wang, anna := officeWithAlbum(t, a)
	s.openTalk(anna)
	s.AttachPicture(wang, drawn(30, 20))
	s.until("it is prepared", func() bool { return s.Attached(wang) == 1 })
	if s.sees("Screenshot") {
		t.Error("Anna would get what is for 王小明")
	}
	s.openTalk(wang)
	s.mustSee("Screenshot 2026-11-22 12-00-00.png")
	a.keepErr = errDisk
	s.write("look")
	s.press(fyne.KeyReturn)
	s.until("it is back", func() bool {
		return s.Composer().Text() == "look" && s.sees("Screenshot") && s.sees("the disk is full")
	})
	if got := files.called("offer"); len(got) > 0 {
		t.Errorf("offered: %q", got)
	}
}

func TestDroppedPictureIsShown(t *testing.T) {
	s, files, _, _ := officeWithAlbum(t, &album{})
	path := filepath.Join(t.TempDir(), "holiday.png")
	if err := os.WriteFile(path, pngOf(t, drawn(400, 300)), 0o644); err != nil {
		t.Fatal(err)
	}
	s.Drop(fyne.NewPos(600, 300), storage.NewFileURI(path))
	s.until("it is shown", func() bool { return s.sees("holiday.png") && s.TrayFace() != nil })
	file, _ := desk(t)
	s.Drop(fyne.NewPos(600, 300), storage.NewFileURI(file))
	s.until("both are counted", func() bool { return s.sees("2 files") })
	if s.TrayFace() != nil {
		t.Error("of two things one is shown as if it were the only one")
	}
	s.press(fyne.KeyReturn)
	s.until("they are offered", func() bool {
		return len(files.called("offer")) == 1 && len(files.called("offer")[0]) > 0 && s.sees("offered.txt")
	})
	if files.onlyTransfer(t).Preview != nil {
		t.Error("two files have a preview")
	}
}

func TestPicturesNeedFiles(t *testing.T) {
	f, wang, _, _, _ := office()
	a := &album{clipboard: pngOf(t, drawn(9, 9))}
	s := open(t, "en", f, func(cfg *gui.Config) { cfg.ClipboardImage, cfg.Keep = a.image, a.keep })
	s.openTalk(wang)
	s.paste("")
	s.AttachPicture(wang, drawn(9, 9))
	s.stop()
	s.work()
	if s.sees(".png") {
		t.Error("it would be sent")
	}
}
