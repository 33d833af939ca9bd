package profile_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"feihong/protocol"
)

func TestPictureIsKept(t *testing.T) {
	at := locate(t, t.TempDir(), "")
	p := open(t, at)
	if p.Picture() != nil {
		t.Error("a new profile has a picture")
	}
	largest := bytes.Repeat([]byte{7}, protocol.MaxPictureBytes)
	if err := p.SetPicture(largest); err != nil {
		t.Fatal(err)
	}
	if err := p.SetPicture(append(largest, 7)); err == nil {
		t.Error("a picture that is too large is kept")
	}
	p.Picture()[0] = 8
	if !bytes.Equal(p.Picture(), largest) {
		t.Error("the picture has changed")
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	p = open(t, at)
	if !bytes.Equal(p.Picture(), largest) {
		t.Error("the picture is not there after the next start")
	}
	for range 2 { // none instead of none is fine
		if err := p.SetPicture(nil); err != nil || p.Picture() != nil {
			t.Errorf("the picture stays: %v", err)
		}
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if p = open(t, at); p.Picture() != nil {
		t.Error("the picture is back")
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(at.Dir, "picture"), append(largest, 7), 0o600); err != nil {
		t.Fatal(err)
	}
	if p = open(t, at); p.Picture() != nil {
		t.Error("a file that is too large is taken for a picture")
	}
}
