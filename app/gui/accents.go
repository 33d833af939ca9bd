package gui

import (
	"image/color"
	"maps"

	"fyne.io/fyne/v2/theme"
)

// accent is a colour that the user may choose for what stands out.
type accent struct {
	name        string
	light, dark color.NRGBA // text and buttons in the two variants
}

// accents are the choices. The first is the usual one, of which the palettes
// are drawn by hand; what else the others colour follows from them.
var accents = []accent{
	{"", rgb(0x0B7680), rgb(0x38B2BB)},
	{"blue", rgb(0x1F5FBF), rgb(0x7DB0FF)},
	{"violet", rgb(0x6A4BBC), rgb(0xB9A3FF)},
	{"rose", rgb(0xAD2F5E), rgb(0xFF9BB8)},
	{"amber", rgb(0x875300), rgb(0xF2BB5C)},
	{"green", rgb(0x27723A), rgb(0x6FD28C)},
	{"graphite", rgb(0x47555F), rgb(0xB4C3CE)},
}

// accentOf returns the accent of a name, the usual one if there is none.
func accentOf(name string) accent {
	for _, a := range accents {
		if a.name == name {
			return a
		}
	}
	return accents[0]
}

// color is how the accent shows itself.
func (a accent) color(dark bool) color.NRGBA {
	if dark {
		return a.dark
	}
	return a.light
}

// palette returns all colours with this accent.
func (a accent) palette(dark bool) palette {
	colors := lightPalette
	if dark {
		colors = darkPalette
	}
	if a.name == "" {
		return colors
	}
	colors = maps.Clone(colors)
	main := a.color(dark)
	colors[theme.ColorNamePrimary] = main
	colors[theme.ColorNameHyperlink] = mix(main, colors[theme.ColorNameForeground], 0.25) // readable on the user's bubbles
	colors[theme.ColorNameHover] = through(main, 0x14)
	colors[theme.ColorNamePressed] = through(main, 0x28)
	colors[theme.ColorNameFocus] = through(main, 0x38)
	colors[theme.ColorNameSelection] = through(main, 0x48)
	colors[colorSelectText] = through(main, 0x54)
	colors[colorPill] = through(main, 0x1C)
	white, pane := rgb(0xFFFFFF), colors[colorPane]
	if dark {
		colors[theme.ColorNameForegroundOnPrimary] = mix(rgb(0x000000), main, 0.12)
		colors[colorBubbleOut] = mix(pane, a.light, 0.46)
		colors[colorRowOpen] = mix(pane, a.light, 0.30)
		colors[colorInfoBack] = mix(pane, a.light, 0.16)
		colors[colorMetaOut] = mix(main, white, 0.55)
		return colors
	}
	colors[colorBubbleOut] = mix(white, main, 0.15)
	colors[colorRowOpen] = mix(white, main, 0.12)
	colors[colorInfoBack] = mix(white, main, 0.11)
	colors[colorMetaOut] = mix(main, colors[theme.ColorNameForeground], 0.45)
	return colors
}

// through lets what lies behind a colour be seen.
func through(c color.NRGBA, alpha uint8) color.NRGBA {
	c.A = alpha
	return c
}

// mix returns a colour between two, share of the way from the first.
func mix(from, to color.NRGBA, share float32) color.NRGBA {
	part := func(a, b uint8) uint8 { return uint8(float32(a) + (float32(b)-float32(a))*share + 0.5) }
	return color.NRGBA{R: part(from.R, to.R), G: part(from.G, to.G), B: part(from.B, to.B), A: 0xFF}
}
