package clipboard

import (
	"context"
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	user32                  = windows.NewLazySystemDLL("user32.dll")
	openClipboard           = user32.NewProc("OpenClipboard")
	closeClipboard          = user32.NewProc("CloseClipboard")
	getClipboardData        = user32.NewProc("GetClipboardData")
	registerClipboardFormat = user32.NewProc("RegisterClipboardFormatW")

	kernel32     = windows.NewLazySystemDLL("kernel32.dll")
	globalLock   = kernel32.NewProc("GlobalLock")
	globalUnlock = kernel32.NewProc("GlobalUnlock")
	globalSize   = kernel32.NewProc("GlobalSize")
)

// formatDIB is CF_DIB.
const formatDIB = 8

// fetchImage takes a PNG if a program has left one, which browsers do, else the
// bitmap that Windows makes of every picture.
func fetchImage(ctx context.Context) ([]byte, error) {
	runtime.LockOSThread() // the clipboard is open for one thread
	defer runtime.UnlockOSThread()
	if err := open(ctx); err != nil {
		return nil, err
	}
	data, dib, err := fetch()
	closeClipboard.Call()
	if err != nil || data != nil || dib == nil {
		return data, err
	}
	return fromDIB(dib)
}

// open waits until no other program has the clipboard.
func open(ctx context.Context) error {
	for {
		if done, _, _ := openClipboard.Call(0); done != 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ErrNoAnswer
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func fetch() (png, dib []byte, err error) {
	name, err := windows.UTF16PtrFromString("PNG")
	if err != nil {
		return nil, nil, err
	}
	if format, _, _ := registerClipboardFormat.Call(uintptr(unsafe.Pointer(name))); format != 0 {
		if png, err = copyOf(format); png != nil || err != nil {
			return png, nil, err
		}
	}
	dib, err = copyOf(formatDIB)
	return nil, dib, err
}

// copyOf returns what the clipboard has in a format, nil if nothing. The memory
// belongs to the clipboard.
func copyOf(format uintptr) ([]byte, error) {
	handle, _, _ := getClipboardData.Call(format)
	if handle == 0 {
		return nil, nil
	}
	size, _, _ := globalSize.Call(handle)
	if size == 0 {
		return nil, nil
	}
	if size > maxMemory {
		return nil, ErrTooLarge
	}
	at, _, err := globalLock.Call(handle)
	if at == 0 {
		return nil, err
	}
	defer globalUnlock.Call(handle)
	held := make([]byte, size)
	var read uintptr
	if err := windows.ReadProcessMemory(windows.CurrentProcess(), at, &held[0], size, &read); err != nil {
		return nil, err
	}
	return held[:read], nil
}

// maxMemory bounds a bitmap, which is not compressed.
const maxMemory = 4*maxDIBPixels + 1<<10
