package sound

import (
	"context"
	"unsafe"

	"golang.org/x/sys/windows"
)

var playSound = windows.NewLazySystemDLL("winmm.dll").NewProc("PlaySoundW")

const (
	playNoDefault = 0x2 // silence, not a sound of the system, if something is wrong
	playMemory    = 0x4
)

// device plays from memory.
type device struct{}

func newDevice(string) device { return device{} }

// play waits until the sound is over.
func (device) play(_ context.Context, name Name) error {
	if err := playSound.Find(); err != nil {
		return err
	}
	data := WAV(name)
	if done, _, err := playSound.Call(uintptr(unsafe.Pointer(&data[0])), 0, playMemory|playNoDefault); done == 0 {
		return err
	}
	return nil
}
