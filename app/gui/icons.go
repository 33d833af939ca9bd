package gui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"feihong/app/chat"
)

// The marks beside an outgoing message, drawn on a canvas of 18×12.
var (
	iconQueued = mark("queued", ring+`<path d="M9.45 3.4h1.1v2.4l1.9 1.1-.55.95-2.45-1.4z"/>`)
	iconSent   = mark("sent", `<path d="M12.9 2.2l-5.6 6.2-2.4-2.3-.9.95 3.4 3.2 6.5-7.2z"/>`)
	iconTwice  = mark("twice", `<path d="M11.4 2.2L5.8 8.4 3.4 6.1l-.9.95 3.4 3.2 6.5-7.2zM16.2 2.2l-5.6 6.2-.9-.85-.9 1 1.85 1.7 6.5-7.2z"/>`)
	iconFailed = mark("failed", ring+`<path d="M9.35 3.3h1.3v3.4h-1.3z"/><path d="M9.35 7.5h1.3v1.3h-1.3z"/>`)
	iconSend   = shape("send", `<path d="M3.4 20.4L21.6 12 3.4 3.6 3.4 10.1 15.6 12 3.4 13.9z"/>`)
	iconDown   = shape("down", `<path d="M12 16.4L4.6 9 6 7.6l6 6 6-6L19.4 9z"/>`)
)

// The statuses in the menu, in the shapes of the presence marks.
var (
	iconOnline  = shape("online", `<path d="M12 5a7 7 0 1 0 0 14a7 7 0 1 0 0 -14z"/>`)
	iconAway    = shape("away", `<path d="M13.5 5.2A7 7 0 1 1 5.2 13.5A6.2 6.2 0 0 0 13.5 5.2z"/>`)
	iconBusy    = shape("busy", `<path fill-rule="evenodd" d="M12 5a7 7 0 1 0 0 14a7 7 0 1 0 0 -14zM8 11h8v2H8z"/>`)
	iconOffline = shape("offline", `<path fill-rule="evenodd" d="M12 5a7 7 0 1 0 0 14a7 7 0 1 0 0 -14zM12 7a5 5 0 1 1 0 10a5 5 0 1 1 0 -10z"/>`)
)

// The marks of people in the list.
var (
	iconShield = shape("shield", `<path fill-rule="evenodd" d="M12 2L20 5V11C20 16 16.6 20.3 12 22C7.4 20.3 4 16 4 11V5z`+
		`M10.9 16.3L17 10.2L15.6 8.8L10.9 13.5L8.4 11L7 12.4z"/>`)
	iconMuted = shape("muted", `<path d="M3 9H7L12.5 4.5V19.5L7 15H3z"/>`+
		`<path d="M16 8.5L22 14.5L20.7 15.8L14.7 9.8z"/><path d="M20.7 8.5L22 9.8L16 15.8L14.7 14.5z"/>`)
	iconPin = shape("pin", `<path d="M8 3H16V5H15V11L18 14V16H13V21L12 22L11 21V16H6V14L9 11V5H8z"/>`)
)

func shape(name, path string) fyne.Resource {
	return drawn(name, `width="24" height="24" viewBox="0 0 24 24"`, path)
}

// drawn returns an icon of areas without a colour of their own. Menus and
// buttons show an icon as it comes, so it comes in the colour of text.
func drawn(name, canvas, path string) fyne.Resource {
	return theme.NewThemedResource(fyne.NewStaticResource("feihong-"+name+".svg",
		fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" %s>%s</svg>`, canvas, path)))
}

// statusIcon returns the shape and colour of a status.
func statusIcon(status chat.Status) fyne.Resource {
	d := dotOf(status)
	icon := iconOnline
	switch d {
	case dotAway:
		icon = iconAway
	case dotBusy:
		icon = iconBusy
	case dotOffline:
		icon = iconOffline
	}
	return colored(icon, d.color())
}

// ring is a circle as an area between two curves: Fyne colours areas, not
// strokes.
const ring = `<path d="M10 1.1C12.706 1.1 14.9 3.294 14.9 6S12.706 10.9 10 10.9 5.1 8.706 5.1 6 7.294 1.1 10 1.1z` +
	`M10 2.2C7.901 2.2 6.2 3.901 6.2 6S7.901 9.8 10 9.8 13.8 8.099 13.8 6 12.099 2.2 10 2.2z"/>`

// markSize is the size of the marks on the screen.
var markSize = fyne.NewSize(18, 12)

func mark(name, path string) fyne.Resource {
	return drawn(name, `width="36" height="24" viewBox="0 0 18 12"`, path)
}

// colored returns the icon in a colour of the theme.
func colored(icon fyne.Resource, name fyne.ThemeColorName) fyne.Resource {
	return theme.NewColoredResource(icon, name)
}

func newImage(icon fyne.Resource) *canvas.Image {
	image := canvas.NewImageFromResource(icon)
	image.FillMode = canvas.ImageFillContain
	return image
}

// Icons of sections of the settings.
var (
	iconBell    = shape("bell", `<path d="M12 3a6 6 0 0 0 -6 6v4.2L4.4 16v1.4h15.2V16L18 13.200V9a6 6 0 0 0 -6 -6zM9.6 18.600a2.4 2.4 0 0 0 4.8 0z"/>`)
	iconNetwork = shape("network", `<path d="M9 3h6v6h-2v2h6v4h2v6h-6v-6h2v-2H7v2h2v6H3v-6h2v-4h6V9H9z"/>`)
	iconKey     = shape("key", `<path fill-rule="evenodd" d="M8 7a5 5 0 1 0 4.600 7H15v3h4v-3h3v-4h-9.400A5 5 0 0 0 8 7zM8 10a2 2 0 1 1 0 4a2 2 0 1 1 0 -4z"/>`)
)
