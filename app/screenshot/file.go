//go:build unix

package screenshot

import (
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"os"
)

// readAway reads the file of a picture and removes it: it was made for this
// program only. What is no picture stays.
func readAway(path string) (image.Image, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	config, err := png.DecodeConfig(file)
	if err != nil {
		return nil, fmt.Errorf("screenshot: the picture cannot be read: %w", err)
	}
	if config.Width < 1 || config.Height < 1 || config.Width > maxPixels/config.Height {
		return nil, errSize
	}
	if _, err := file.Seek(0, 0); err != nil {
		return nil, err
	}
	decoded, err := png.Decode(file)
	if err != nil {
		return nil, fmt.Errorf("screenshot: the picture cannot be read: %w", err)
	}
	_ = os.Remove(path) // at worst it stays where the desktop put it
	picture := image.NewRGBA(image.Rectangle{Max: decoded.Bounds().Size()})
	draw.Draw(picture, picture.Rect, decoded, decoded.Bounds().Min, draw.Src)
	return picture, nil
}
