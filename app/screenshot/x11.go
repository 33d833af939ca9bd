//go:build unix && !darwin

package screenshot

import (
	"context"
	"encoding/binary"
	"fmt"
	"image"
	"io"
	"log"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// The library writes its complaints to the error stream of the process. What
// matters comes as errors.
func init() { xgb.Logger = log.New(io.Discard, "", 0) }

// stripBytes is how much of the screen is asked for at a time, so that other
// programs are drawn between.
const stripBytes = 1 << 20

func takeFromX11(ctx context.Context) (image.Image, error) {
	conn, err := xgb.NewConn()
	if err != nil {
		return nil, fmt.Errorf("connect with the X server: %w", err)
	}
	defer conn.Close()
	setup := xproto.Setup(conn)
	screen := setup.DefaultScreen(conn)
	form, err := formOf(setup, screen)
	if err != nil {
		return nil, err
	}
	root := xproto.Drawable(screen.Root)
	size, err := xproto.GetGeometry(conn, root).Reply()
	if err != nil {
		return nil, fmt.Errorf("ask for the size of the screen: %w", err)
	}
	width, height := int(size.Width), int(size.Height)
	if width == 0 || height == 0 || width*height > maxPixels {
		return nil, errSize
	}
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	step := max(1, stripBytes/(4*width))
	for y := 0; y < height; y += step {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		rows := min(step, height-y)
		strip, err := xproto.GetImage(conn, xproto.ImageFormatZPixmap, root, 0, int16(y), size.Width, uint16(rows), ^uint32(0)).Reply()
		if err != nil {
			return nil, fmt.Errorf("copy the screen: %w", err)
		}
		if len(strip.Data) < 4*width*rows || !form.fill(picture, y, strip.Data[:4*width*rows]) {
			return nil, errSize
		}
	}
	return picture, nil
}

// formOf finds out how the server stores the pixels of a screen.
func formOf(setup *xproto.SetupInfo, screen *xproto.ScreenInfo) (pixelForm, error) {
	form := pixelForm{order: binary.LittleEndian}
	if setup.ImageByteOrder == xproto.ImageOrderMSBFirst {
		form.order = binary.BigEndian
	}
	for _, f := range setup.PixmapFormats {
		if f.Depth == screen.RootDepth && f.BitsPerPixel != 32 {
			return form, fmt.Errorf("screenshot: pixels of %d bits are not known", f.BitsPerPixel)
		}
	}
	for _, depth := range screen.AllowedDepths {
		for _, visual := range depth.Visuals {
			if visual.VisualId == screen.RootVisual {
				form.red, form.green, form.blue = visual.RedMask, visual.GreenMask, visual.BlueMask
			}
		}
	}
	return form, form.check()
}
