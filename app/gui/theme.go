package gui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Theme is the look of the program: calm colours around an accent in a light
// and a dark variant, and a typeface with Simplified Chinese forms, so that no
// other machine's fallback decides how Chinese looks.
type Theme struct {
	fyne.Theme
	font        fyne.Resource
	choice      string // one of the themes of Preferences
	light, dark palette
}

// NewTheme returns the usual theme, which follows the desktop. font is the
// typeface for all running text, as a TrueType or OpenType file with one face;
// without one the default is used.
func NewTheme(font []byte) *Theme { return newTheme(font, ThemeSystem, "") }

// newTheme returns the theme that the user chose, with an accent.
func newTheme(font []byte, choice, accent string) *Theme {
	a := accentOf(accent)
	t := &Theme{Theme: theme.DefaultTheme(), choice: choice, light: a.palette(false), dark: a.palette(true)}
	if len(font) > 0 {
		t.font = fyne.NewStaticResource("feihong-sc.otf", font)
	}
	return t
}

// variant is the one to be seen, if the desktop has another.
func (t *Theme) variant(desktop fyne.ThemeVariant) fyne.ThemeVariant {
	switch t.choice {
	case ThemeLight:
		return theme.VariantLight
	case ThemeDark:
		return theme.VariantDark
	}
	return desktop
}

// Color implements fyne.Theme.
func (t *Theme) Color(name fyne.ThemeColorName, desktop fyne.ThemeVariant) color.Color {
	variant, colors := t.variant(desktop), t.light
	if variant == theme.VariantDark {
		colors = t.dark
	}
	if found, ok := colors[name]; ok {
		return found
	}
	return t.Theme.Color(name, variant)
}

// Font implements fyne.Theme. One face serves regular and bold; lines that
// must stand out are drawn twice by textLine.
func (t *Theme) Font(style fyne.TextStyle) fyne.Resource {
	if t.font == nil || style.Monospace || style.Symbol {
		return t.Theme.Font(style)
	}
	return t.font
}

// Size implements fyne.Theme.
func (t *Theme) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case theme.SizeNameText:
		return textSize
	case theme.SizeNameCaptionText:
		return captionSize
	case theme.SizeNameInputRadius, theme.SizeNameButtonRadius, theme.SizeNameSelectionRadius, theme.SizeNameMenuRadius:
		return 10
	case theme.SizeNamePopupRadius, theme.SizeNameDialogRadius, theme.SizeNameCardRadius:
		return 14
	case theme.SizeNameInputBorder:
		return 1
	case theme.SizeNameScrollBar:
		return 10
	case theme.SizeNameScrollBarSmall:
		return 4
	case theme.SizeNameModalBlurRadius:
		return 0
	}
	return t.Theme.Size(name)
}

// Sizes of text.
const (
	textSize    = 14
	smallSize   = 12.5
	captionSize = 11.5
	nameSize    = 14.5
	titleSize   = 16
	heroSize    = 22
)

// recolored is the current theme with some colours and sizes replaced. It tames
// widgets that have no setting for them, such as the hover tint of lists.
type recolored struct {
	names map[fyne.ThemeColorName]fyne.ThemeColorName
	sizes map[fyne.ThemeSizeName]float32
}

// current returns the theme at this moment: it may change while widgets live.
func (r *recolored) current() fyne.Theme { return fyne.CurrentApp().Settings().Theme() }

func (r *recolored) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	if other, ok := r.names[name]; ok {
		name = other
	}
	return r.current().Color(name, variant)
}

func (r *recolored) Font(style fyne.TextStyle) fyne.Resource { return r.current().Font(style) }

func (r *recolored) Icon(name fyne.ThemeIconName) fyne.Resource { return r.current().Icon(name) }

func (r *recolored) Size(name fyne.ThemeSizeName) float32 {
	if size, ok := r.sizes[name]; ok {
		return size
	}
	return r.current().Size(name)
}

// colorFor returns the colour that name has now for the widget.
func colorFor(w interface{ Theme() fyne.Theme }, name fyne.ThemeColorName) color.Color {
	return w.Theme().Color(name, fyne.CurrentApp().Settings().ThemeVariant())
}
