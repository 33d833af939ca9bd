// Package emoji knows the emoji that a person can choose, in groups, with
// names and other words for them in English and Chinese.
//
// The table in table.txt is our own. It leaves out what the typeface of the
// window does not draw, skin tones, and what is used too seldom to be looked
// for. A test of package gui checks it against the typeface.
package emoji
