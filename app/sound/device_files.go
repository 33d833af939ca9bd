//go:build !windows

package sound

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
)

// device plays files by a program of the system.
type device struct{ folder string }

func newDevice(folder string) device { return device{folder} }

var errSilent = errors.New("there is no program that plays sounds: none of those that come with PipeWire, PulseAudio, ALSA or macOS")

func (d device) play(ctx context.Context, name Name) error {
	for _, program := range [][]string{{"pw-play"}, {"paplay"}, {"aplay", "-q"}, {"afplay"}} {
		path, err := exec.LookPath(program[0])
		if err != nil {
			continue
		}
		file, err := d.file(name)
		if err != nil {
			return err
		}
		return exec.CommandContext(ctx, path, append(program[1:], file)...).Run()
	}
	return errSilent
}

// file returns the path of a sound, and writes it if it is not there.
func (d device) file(name Name) (string, error) {
	if err := os.MkdirAll(d.folder, 0o700); err != nil {
		return "", err
	}
	path := filepath.Join(d.folder, string(name)+".wav")
	if info, err := os.Stat(path); err == nil && info.Size() == int64(len(WAV(name))) {
		return path, nil
	}
	return path, os.WriteFile(path, WAV(name), 0o600)
}
