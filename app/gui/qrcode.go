package gui

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
	"rsc.io/qr"
)

// qrCode is a QR symbol: always dark on light, whatever the theme, because many
// cameras read nothing else.
type qrCode struct {
	widget.BaseWidget
	text   string // what it says
	side   float32
	symbol *qr.Code // nil if the text is too long for one
}

// Measures of a symbol.
const (
	qrQuiet  = 4 // empty modules around it, as the standard asks
	qrModule = 8 // pixels of a module in the picture that is scaled
)

func newQRCode(text string, side float32) *qrCode {
	q := &qrCode{text: text, side: side}
	q.symbol, _ = qr.Encode(text, qr.M)
	q.ExtendBaseWidget(q)
	return q
}

// picture draws the symbol with the empty edge around it.
func (q *qrCode) picture() image.Image {
	if q.symbol == nil {
		return image.NewUniform(color.White)
	}
	modules := q.symbol.Size + 2*qrQuiet
	drawn := image.NewPaletted(image.Rect(0, 0, modules*qrModule, modules*qrModule), color.Palette{color.White, color.Black})
	for y := range modules * qrModule {
		for x := range modules * qrModule {
			if q.symbol.Black(x/qrModule-qrQuiet, y/qrModule-qrQuiet) {
				drawn.SetColorIndex(x, y, 1)
			}
		}
	}
	return drawn
}

// CreateRenderer implements fyne.Widget.
func (q *qrCode) CreateRenderer() fyne.WidgetRenderer {
	ground := canvas.NewRectangle(color.White)
	ground.CornerRadius = 10
	symbol := canvas.NewImageFromImage(q.picture())
	symbol.FillMode, symbol.ScaleMode = canvas.ImageFillContain, canvas.ImageScalePixels
	return &drawing{
		objects: []fyne.CanvasObject{ground, symbol},
		layout: func(size fyne.Size) {
			x, y := (size.Width-q.side)/2, (size.Height-q.side)/2
			place(ground, x, y, q.side, q.side)
			place(symbol, x, y, q.side, q.side)
		},
		minSize: func() fyne.Size { return fyne.NewSquareSize(q.side) },
	}
}

// AccessibilityLabel and AccessibilityRole implement fyne.Accessible.
func (q *qrCode) AccessibilityLabel() string             { return q.text }
func (q *qrCode) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }
