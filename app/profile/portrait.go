package profile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"feihong/protocol"
	"feihong/transport/atomicfile"
)

// Picture is what the user shows others, as PNG or JPEG; nil if nothing. It
// belongs to the caller, and is safe for concurrent use.
func (p *Profile) Picture() []byte {
	held := p.picture.Load()
	if held == nil {
		return nil
	}
	return bytes.Clone(*held)
}

// SetPicture keeps another picture; nil for none. It is safe for concurrent
// use. Nothing has changed if it fails.
func (p *Profile) SetPicture(data []byte) error {
	if len(data) > protocol.MaxPictureBytes {
		return fmt.Errorf("a picture of %d bytes is too large; %d are possible", len(data), protocol.MaxPictureBytes)
	}
	p.updating.Lock()
	defer p.updating.Unlock()
	if len(data) == 0 {
		if err := os.Remove(p.picturePath()); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return folderError(p.Dir, err)
		}
		p.picture.Store(nil)
		return nil
	}
	if err := atomicfile.Write(p.picturePath(), data); err != nil {
		return folderError(p.Dir, err)
	}
	held := bytes.Clone(data)
	p.picture.Store(&held)
	return nil
}

// readPicture takes over the picture that was kept. One that is not there, or
// too large to be ours, is none: a picture is no reason not to begin.
func (p *Profile) readPicture() {
	f, err := os.Open(p.picturePath())
	if err != nil {
		return
	}
	defer func() { _ = f.Close() }() // only read from
	data, err := io.ReadAll(io.LimitReader(f, protocol.MaxPictureBytes+1))
	if err == nil && len(data) > 0 && len(data) <= protocol.MaxPictureBytes {
		p.picture.Store(&data)
	}
}
