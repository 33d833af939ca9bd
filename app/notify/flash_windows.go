package notify

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

var flashWindow = windows.NewLazySystemDLL("user32.dll").NewProc("FlashWindowEx")

// flashInfo is FLASHWINFO.
type flashInfo struct {
	size    uint32
	window  uintptr
	flags   uint32
	count   uint32
	timeout uint32
}

const (
	flashStop       = 0
	flashTray       = 2
	flashUntilFront = 12
)

// Flash lets the window with a handle blink in the task bar until it is in
// front, or no longer.
func Flash(window uintptr, on bool) error {
	if err := flashWindow.Find(); err != nil {
		return err
	}
	info := flashInfo{size: uint32(unsafe.Sizeof(flashInfo{})), window: window, flags: flashStop}
	if on {
		info.flags = flashTray | flashUntilFront
	}
	_, _, _ = flashWindow.Call(uintptr(unsafe.Pointer(&info))) // tells what the window looked like before
	return nil
}
