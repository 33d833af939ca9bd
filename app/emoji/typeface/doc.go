// Package typeface draws the emoji of a typeface whose glyphs are SVG pictures,
// each in its whole em square.
//
// What draws texts scales such a picture into the box of the glyph's fallback
// outline, which is another one for each glyph and often no picture's box at
// all. Only glyphs of the typeface are ever drawn: what people write chooses
// among them, and is never read as SVG.
package typeface
