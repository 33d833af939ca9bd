package folder

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// MaxNameBytes is the longest name that a received file gets. File systems
// allow 255; the rest is for the number that tells two apart.
const MaxNameBytes = 240

// maxExtensionBytes is the longest ending that is kept whole when a name is
// cut. What is longer is no extension, but a name with a dot in it.
const maxExtensionBytes = 32

const (
	// stagingPrefix begins the hidden folders in which files are put together.
	// No received file may have such a name.
	stagingPrefix = ".feihong-"
	unnamed       = "unnamed"

	zeroWidthNonJoiner = '\u200C'
	zeroWidthJoiner    = '\u200D'
)

// SafeFileName reduces the name that a peer gives to one that can be one
// component of a path on every system: no separators, no characters that
// Windows forbids, nothing invisible that reverses or hides text, no name of a
// device, no dot or blank at the end, normalised (NFC), at most MaxNameBytes
// bytes, never empty. An extension survives. The answer for a safe name is that
// name.
func SafeFileName(name string) string {
	name = norm.NFC.String(printable(name))
	name = trimName(cutName(name, ""))
	if isDevice(name) {
		name = trimName(cutName("_"+name, ""))
	}
	if strings.HasPrefix(foldName(name), stagingPrefix) {
		name = trimName(cutName("_"+name, ""))
	}
	if name == "" {
		return unnamed
	}
	return name
}

// visibleFileName is SafeFileName for what lies in the chosen folder itself: a
// leading dot would hide it from the user, and could make it a start script of
// theirs when that folder is their home.
func visibleFileName(name string) string {
	name = SafeFileName(name)
	if name[0] == '.' {
		return SafeFileName("_" + name)
	}
	return name
}

// printable replaces what no file name may have, and leaves out what cannot be
// seen.
func printable(name string) string {
	var b strings.Builder
	b.Grow(len(name))
	last := rune(0) // of b
	joiner := rune(0)
	for _, r := range name {
		switch {
		case r > ' ' && r < unicode.MaxASCII && !isForbidden(r): // as most are
			b.WriteByte(byte(r))
			last, joiner = r, 0
			continue
		case r == zeroWidthJoiner || r == zeroWidthNonJoiner:
			joiner = r
			continue
		case isForbidden(r):
			r = '_'
		case unicode.Is(unicode.Z, r) || r == '\t' || r == '\n' || r == '\r':
			r = ' '
		case isHidden(r):
			continue
		}
		if unicode.Is(unicode.M, r) && (last == 0 || last == ' ') {
			continue // a mark with nothing to stand on would change what is before the name
		}
		if joiner != 0 && isJoined(last) && isJoined(r) {
			b.WriteRune(joiner)
		}
		b.WriteRune(r)
		last, joiner = r, 0
	}
	return b.String()
}

// isForbidden tells whether r means something to some system. The range is that
// in which some systems keep these characters when others cannot have them.
func isForbidden(r rune) bool {
	return strings.ContainsRune(`/\<>:"|?*`, r) || r >= 0xF000 && r <= 0xF0FF || r == utf8.RuneError
}

// isHidden tells whether r is no part of a text that is seen.
func isHidden(r rune) bool {
	switch r {
	case '\u034F', '\u115F', '\u1160', '\u17B4', '\u17B5', '\u3164', '\uFFA0': // fillers, ignored in display
		return true
	}
	return unicode.In(r, unicode.C, unicode.Other_Default_Ignorable_Code_Point) && !unicode.Is(unicode.Co, r) ||
		r >= 0x180B && r <= 0x180F
}

// isJoined tells whether a joiner beside r can have a meaning: in emoji and in
// scripts whose letters join.
func isJoined(r rune) bool {
	return r > unicode.MaxLatin1 && (unicode.In(r, unicode.L, unicode.M, unicode.S))
}

// trimName takes blanks from both ends, and dots from the end.
func trimName(name string) string {
	return strings.TrimLeft(strings.TrimRight(name, " ."), " ")
}

// splitName divides a name into stem and extension (with its dot, or empty).
// Double extensions such as .tar.gz stay together.
func splitName(name string) (stem, extension string) {
	at := strings.LastIndexByte(name, '.')
	if at <= 0 || len(name)-at > maxExtensionBytes {
		return name, ""
	}
	if before := strings.TrimRight(name[:at], "."); strings.HasSuffix(strings.ToLower(before), ".tar") && len(before) > len(".tar") {
		at = len(before) - len(".tar")
	}
	return name[:at], name[at:]
}

// cutName puts suffix between stem and extension, and shortens the stem until
// the whole has no more than MaxNameBytes.
func cutName(name, suffix string) string {
	stem, extension := splitName(name)
	most := MaxNameBytes - len(suffix) - len(extension)
	if len(stem) > most {
		for most > 0 && !utf8.RuneStart(stem[most]) {
			most--
		}
		stem = strings.TrimRight(stem[:most], " .\u200C\u200D")
	}
	return stem + suffix + extension
}

// isDevice tells whether Windows opens a device for this name, with any
// extension.
func isDevice(name string) bool {
	stem, _, _ := strings.Cut(name, ".")
	stem = strings.ToUpper(strings.TrimRight(stem, " "))
	switch stem {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$":
		return true
	}
	number, ok := strings.CutPrefix(stem, "COM")
	if !ok {
		number, ok = strings.CutPrefix(stem, "LPT")
	}
	return ok && utf8.RuneCountInString(number) == 1 && strings.ContainsAny(number, "0123456789¹²³")
}

// foldName gives what two names have in common that some file system, or a
// reader, takes for the same.
func foldName(name string) string {
	if isPlain(name) {
		return name
	}
	folded := cases.Fold().String(norm.NFC.String(name))
	folded = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) {
			return -1
		}
		return r
	}, folded)
	return norm.NFC.String(folded)
}

// isPlain tells whether name folds to itself, as most names do.
func isPlain(name string) bool {
	for i := range len(name) {
		if name[i] >= utf8.RuneSelf || name[i] >= 'A' && name[i] <= 'Z' {
			return false
		}
	}
	return true
}
