// Package assets holds what the program shows but does not say: its icon and
// its font. The texts are in assets/translations.
//
// Both are plain bytes, so that the package depends on no toolkit. They are
// made by scripts/icon and scripts/font, and must not be changed at run time.
package assets

import _ "embed" // for the files

// Icon is the picture of the program: a PNG of 256 by 256 pixels that still
// reads at 16.
//
//go:embed icon.png
var Icon []byte

// FontSC is the font for everything but code: an OpenType font with the
// Simplified Chinese shapes of all characters of GB 2312, and with Latin,
// Greek, Cyrillic, kana and the signs in use, among them the control pictures
// U+2400 to U+2421. Its licence is in font/OFL.txt.
//
//go:embed font/FeihongSC-Regular.otf
var FontSC []byte
