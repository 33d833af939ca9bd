package gui

import (
	"bytes"
	"image"
	"image/png"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"feihong/assets"
)

// programPicture is the picture of the program. It is decoded once: the toolkit
// would do so again for each place where it stands, before the first frame.
var programPicture = sync.OnceValues(func() (image.Image, error) { return png.Decode(bytes.NewReader(assets.Icon)) })

// newProgramIcon makes the picture of the program as something to look at.
func newProgramIcon(size float32) *canvas.Image {
	icon := &canvas.Image{FillMode: canvas.ImageFillContain}
	if picture, err := programPicture(); err == nil {
		icon.Image = picture
	}
	icon.SetMinSize(fyne.NewSquareSize(size))
	return icon
}
