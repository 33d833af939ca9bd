package screenshot

import (
	"context"
	"encoding/binary"
	"fmt"
	"image"
	"runtime"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	user32 = windows.NewLazySystemDLL("user32.dll")
	gdi32  = windows.NewLazySystemDLL("gdi32.dll")

	getSystemMetrics   = user32.NewProc("GetSystemMetrics")
	getDC              = user32.NewProc("GetDC")
	releaseDC          = user32.NewProc("ReleaseDC")
	createCompatibleDC = gdi32.NewProc("CreateCompatibleDC")
	createDIBSection   = gdi32.NewProc("CreateDIBSection")
	selectObject       = gdi32.NewProc("SelectObject")
	bitBlt             = gdi32.NewProc("BitBlt")
	gdiFlush           = gdi32.NewProc("GdiFlush")
	deleteObject       = gdi32.NewProc("DeleteObject")
	deleteDC           = gdi32.NewProc("DeleteDC")
)

// Numbers of the Windows interface.
const (
	virtualLeft, virtualTop, virtualWidth, virtualHeight = 76, 77, 78, 79 // of all monitors

	copySource     = 0x00CC0020
	captureLayered = 0x40000000 // windows that let others shine through too
)

// bitmapHeader is BITMAPINFOHEADER.
type bitmapHeader struct {
	size                         uint32
	width, height                int32
	planes, bits                 uint16
	compression, bytes           uint32
	perMeterX, perMeterY         int32
	colorsUsed, colorsThatMatter uint32
}

func take(context.Context) (image.Image, error) {
	// Windows wants a screen back from the thread that asked for it.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	left, top := metric(virtualLeft), metric(virtualTop)
	width, height := int(metric(virtualWidth)), int(metric(virtualHeight))
	if width <= 0 || height <= 0 || width*height > maxPixels {
		return nil, errSize
	}
	screen, _, err := getDC.Call(0)
	if screen == 0 {
		return nil, fmt.Errorf("look at the screen: %w", err)
	}
	defer releaseDC.Call(0, screen)
	memory, _, err := createCompatibleDC.Call(screen)
	if memory == 0 {
		return nil, fmt.Errorf("make room for the screen: %w", err)
	}
	defer deleteDC.Call(memory)
	header := bitmapHeader{width: int32(width), height: -int32(height), planes: 1, bits: 32} // the first row on top
	header.size = uint32(unsafe.Sizeof(header))
	var pixels unsafe.Pointer
	bitmap, _, err := createDIBSection.Call(screen, uintptr(unsafe.Pointer(&header)), 0, uintptr(unsafe.Pointer(&pixels)), 0, 0)
	if bitmap == 0 || pixels == nil {
		return nil, fmt.Errorf("make room for the screen: %w", err)
	}
	defer deleteObject.Call(bitmap)
	before, _, _ := selectObject.Call(memory, bitmap)
	defer selectObject.Call(memory, before)
	done, _, err := bitBlt.Call(memory, 0, 0, uintptr(width), uintptr(height), screen, uintptr(left), uintptr(top), copySource|captureLayered)
	if done == 0 {
		return nil, fmt.Errorf("copy the screen: %w", err)
	}
	gdiFlush.Call()
	form := pixelForm{order: binary.LittleEndian, red: 0xff0000, green: 0xff00, blue: 0xff}
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	form.fill(picture, 0, unsafe.Slice((*byte)(pixels), 4*width*height))
	return picture, nil
}

func metric(number uintptr) int32 {
	value, _, _ := getSystemMetrics.Call(number)
	return int32(value)
}
