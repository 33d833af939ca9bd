package gui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Colours that the default theme has no name for.
const (
	colorPane       fyne.ThemeColorName = "feihongPane"       // list of people, header, input bar
	colorField      fyne.ThemeColorName = "feihongField"      // text fields and quiet cards on a pane
	colorLine       fyne.ThemeColorName = "feihongLine"       // hair lines between panes
	colorRowHover   fyne.ThemeColorName = "feihongRowHover"   // a row under the pointer
	colorRowOpen    fyne.ThemeColorName = "feihongRowOpen"    // the row of the open conversation
	colorMuted      fyne.ThemeColorName = "feihongMuted"      // second-rank text
	colorBubbleIn   fyne.ThemeColorName = "feihongBubbleIn"   // behind what others wrote
	colorBubbleOut  fyne.ThemeColorName = "feihongBubbleOut"  // behind what the user wrote
	colorMetaOut    fyne.ThemeColorName = "feihongMetaOut"    // time and ticks on the user's bubbles
	colorOnline     fyne.ThemeColorName = "feihongOnline"     // the dot of somebody present
	colorAway       fyne.ThemeColorName = "feihongAway"       // the mark of somebody who is away
	colorBusy       fyne.ThemeColorName = "feihongBusy"       // the mark of somebody who is busy
	colorOffline    fyne.ThemeColorName = "feihongOffline"    // the mark of somebody who is not there
	colorWarnBack   fyne.ThemeColorName = "feihongWarnBack"   // behind a warning
	colorWarnText   fyne.ThemeColorName = "feihongWarnText"   // a warning
	colorInfoBack   fyne.ThemeColorName = "feihongInfoBack"   // behind a plain remark
	colorOnAvatar   fyne.ThemeColorName = "feihongOnAvatar"   // the initial on an avatar
	colorSelectText fyne.ThemeColorName = "feihongSelectText" // selected text in a bubble
	colorMark       fyne.ThemeColorName = "feihongMark"       // behind words that were searched for
	colorFlash      fyne.ThemeColorName = "feihongFlash"      // behind a message that the user was led to
	colorPill       fyne.ThemeColorName = "feihongPill"       // a tint for quiet buttons and icons on a card
	colorCode       fyne.ThemeColorName = "feihongCode"       // a tint behind code in a bubble
	colorTip        fyne.ThemeColorName = "feihongTip"        // behind the explanation of what the pointer is on
	colorOnTip      fyne.ThemeColorName = "feihongOnTip"      // such an explanation
	colorShade      fyne.ThemeColorName = "feihongShade"      // behind text on a picture
	colorOnShade    fyne.ThemeColorName = "feihongOnShade"    // text on a picture
	colorReadShade  fyne.ThemeColorName = "feihongReadShade"  // the tick of a picture that was seen
	colorQuietShade fyne.ThemeColorName = "feihongQuietShade" // second-rank text in the viewer
	colorViewer     fyne.ThemeColorName = "feihongViewer"     // behind a picture that fills the window
	colorDim        fyne.ThemeColorName = "feihongDim"        // over what is left out of a picture of the screen
	colorNone       fyne.ThemeColorName = "feihongNone"       // nothing at all
)

type palette map[fyne.ThemeColorName]color.NRGBA

// Contrast of each text colour against every background that it stands on is
// at least 4.5:1; a test computes it.
var lightPalette = palette{
	theme.ColorNameBackground:        rgb(0xEDF2F3),
	theme.ColorNameForeground:        rgb(0x17252A),
	theme.ColorNamePrimary:           rgb(0x0B7680),
	theme.ColorNameForegroundOnError: rgb(0xFFFFFF),
	theme.ColorNameHyperlink:         rgb(0x09656E),
	theme.ColorNameButton:            rgb(0xE3EAEC),
	theme.ColorNameInputBackground:   rgb(0xF1F5F6),
	theme.ColorNameInputBorder:       rgba(0xDCE5E7, 0),
	theme.ColorNameMenuBackground:    rgb(0xFFFFFF),
	theme.ColorNameOverlayBackground: rgb(0xFFFFFF),
	theme.ColorNamePlaceHolder:       rgb(0x5F6F75),
	theme.ColorNameDisabled:          rgb(0x8A989D),
	theme.ColorNameDisabledButton:    rgb(0xE9EEEF),
	theme.ColorNameError:             rgb(0xB3261E),
	theme.ColorNameWarning:           rgb(0x7A5200),
	theme.ColorNameSuccess:           rgb(0x1B7F4B),
	theme.ColorNameSeparator:         rgb(0xE1E8EA),
	theme.ColorNameHover:             rgba(0x0E7C86, 0x14),
	theme.ColorNamePressed:           rgba(0x0E7C86, 0x28),
	theme.ColorNameFocus:             rgba(0x0E7C86, 0x30),
	theme.ColorNameSelection:         rgba(0x0E7C86, 0x40),
	theme.ColorNameScrollBar:         rgba(0x35484E, 0x60),
	theme.ColorNameShadow:            rgba(0x0C1A1D, 0x40),

	theme.ColorNameForegroundOnPrimary:       rgb(0xFFFFFF),
	theme.ColorNameForegroundOnWarning:       rgb(0xFFFFFF),
	theme.ColorNameForegroundOnSuccess:       rgb(0xFFFFFF),
	theme.ColorNameHeaderBackground:          rgb(0xFFFFFF),
	theme.ColorNameScrollBarBackground:       rgba(0, 0),
	theme.ColorNameInnerWindowBorder:         rgb(0xE1E8EA),
	theme.ColorNameInnerWindowBorderInactive: rgb(0xE1E8EA),

	colorPane:       rgb(0xFFFFFF),
	colorField:      rgb(0xF1F5F6),
	colorLine:       rgb(0xE1E8EA),
	colorRowHover:   rgb(0xF1F6F7),
	colorRowOpen:    rgb(0xDDF0F0),
	colorMuted:      rgb(0x5A6A70),
	colorBubbleIn:   rgb(0xFFFFFF),
	colorBubbleOut:  rgb(0xCFEBEA),
	colorMetaOut:    rgb(0x3F6468),
	colorOnline:     rgb(0x14945A),
	colorAway:       rgb(0xB97700),
	colorBusy:       rgb(0xD13438),
	colorOffline:    rgb(0x76858A),
	colorWarnBack:   rgb(0xFFF3D6),
	colorWarnText:   rgb(0x6E4A00),
	colorInfoBack:   rgb(0xE2EFF0),
	colorOnAvatar:   rgb(0xFFFFFF),
	colorSelectText: rgba(0x0E7C86, 0x4C),
	colorMark:       rgb(0xFFE08A),
	colorFlash:      rgba(0x0E7C86, 0x30),
	colorPill:       rgba(0x0E7C86, 0x1C),
	colorCode:       rgba(0x17252A, 0x12),
	colorTip:        rgb(0x22343A),
	colorOnTip:      rgb(0xFFFFFF),
	colorShade:      rgba(0x0B1416, 0xB8),
	colorOnShade:    rgb(0xFFFFFF),
	colorReadShade:  rgb(0x7FE3EA),
	colorQuietShade: rgb(0xB9C6CA),
	colorViewer:     rgb(0x10181B),
	colorDim:        rgba(0x0B1416, 0x80),
	colorNone:       rgba(0, 0),
}

var darkPalette = palette{
	theme.ColorNameBackground:        rgb(0x0F1619),
	theme.ColorNameForeground:        rgb(0xE5ECEE),
	theme.ColorNamePrimary:           rgb(0x38B2BB),
	theme.ColorNameForegroundOnError: rgb(0x2B0B08),
	theme.ColorNameHyperlink:         rgb(0x4CC2CA),
	theme.ColorNameButton:            rgb(0x26343A),
	theme.ColorNameInputBackground:   rgb(0x202C31),
	theme.ColorNameInputBorder:       rgba(0x2D3B41, 0),
	theme.ColorNameMenuBackground:    rgb(0x202C31),
	theme.ColorNameOverlayBackground: rgb(0x1B262A),
	theme.ColorNamePlaceHolder:       rgb(0x96A5AA),
	theme.ColorNameDisabled:          rgb(0x6C7B80),
	theme.ColorNameDisabledButton:    rgb(0x202B30),
	theme.ColorNameError:             rgb(0xFF958A),
	theme.ColorNameWarning:           rgb(0xF0C36A),
	theme.ColorNameSuccess:           rgb(0x5FD38F),
	theme.ColorNameSeparator:         rgb(0x263237),
	theme.ColorNameHover:             rgba(0x7FD6DC, 0x14),
	theme.ColorNamePressed:           rgba(0x7FD6DC, 0x28),
	theme.ColorNameFocus:             rgba(0x38B2BB, 0x40),
	theme.ColorNameSelection:         rgba(0x38B2BB, 0x50),
	theme.ColorNameScrollBar:         rgba(0xB5C4C8, 0x60),
	theme.ColorNameShadow:            rgba(0x000000, 0x80),

	theme.ColorNameForegroundOnPrimary:       rgb(0x04262A),
	theme.ColorNameForegroundOnWarning:       rgb(0x2B1D00),
	theme.ColorNameForegroundOnSuccess:       rgb(0x04220F),
	theme.ColorNameHeaderBackground:          rgb(0x172125),
	theme.ColorNameScrollBarBackground:       rgba(0, 0),
	theme.ColorNameInnerWindowBorder:         rgb(0x26323A),
	theme.ColorNameInnerWindowBorderInactive: rgb(0x26323A),

	colorPane:       rgb(0x172125),
	colorField:      rgb(0x202C31),
	colorLine:       rgb(0x243137),
	colorRowHover:   rgb(0x1D292E),
	colorRowOpen:    rgb(0x1C3A3F),
	colorMuted:      rgb(0x9EADB2),
	colorBubbleIn:   rgb(0x212D32),
	colorBubbleOut:  rgb(0x124A50),
	colorMetaOut:    rgb(0xA5CFD2),
	colorOnline:     rgb(0x3CCB7F),
	colorAway:       rgb(0xE9B23C),
	colorBusy:       rgb(0xF26A63),
	colorOffline:    rgb(0x84939A),
	colorWarnBack:   rgb(0x3A2F16),
	colorWarnText:   rgb(0xF3D08A),
	colorInfoBack:   rgb(0x1B2E32),
	colorOnAvatar:   rgb(0xFFFFFF),
	colorSelectText: rgba(0x38B2BB, 0x66),
	colorMark:       rgb(0x6B5300),
	colorFlash:      rgba(0x38B2BB, 0x3C),
	colorPill:       rgba(0x9FE0E5, 0x1C),
	colorCode:       rgba(0x000000, 0x48),
	colorTip:        rgb(0x33464D),
	colorOnTip:      rgb(0xF2F7F8),
	colorShade:      rgba(0x0B1416, 0xB8),
	colorOnShade:    rgb(0xFFFFFF),
	colorReadShade:  rgb(0x7FE3EA),
	colorQuietShade: rgb(0xB9C6CA),
	colorViewer:     rgb(0x10181B),
	colorDim:        rgba(0x0B1416, 0x80),
	colorNone:       rgba(0, 0),
}

// avatarColors stand behind a white initial, in both variants.
var avatarColors = []color.NRGBA{
	rgb(0x0E7C86), rgb(0x3D6FB4), rgb(0x6A5BB5), rgb(0xA04A8C),
	rgb(0xB04A5A), rgb(0xA85A2A), rgb(0x7A6A1E), rgb(0x3E7D4B),
}

func rgb(hex uint32) color.NRGBA { return rgba(hex, 0xFF) }

func rgba(hex uint32, alpha uint8) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: alpha}
}
