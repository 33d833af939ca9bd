package gui

import (
	"strings"
	"unicode"

	"github.com/mozillazg/go-pinyin"
)

// pinyinReader knows how Chinese characters are read, so that a name is found
// by the letters of its reading and stands where those letters put it.
type pinyinReader struct {
	args     pinyin.Args
	readings map[rune][]string // of characters asked about so far
	orders   map[string]string // of names asked about so far
}

const (
	maxReadRunes  = 64   // of a name that are read
	maxReadOrders = 8192 // names remembered
)

func newPinyinReader() *pinyinReader {
	args := pinyin.NewArgs()
	args.Heteronym = true
	args.Fallback = func(rune, pinyin.Args) []string { return nil }
	return &pinyinReader{args: args, readings: make(map[rune][]string), orders: make(map[string]string)}
}

// of returns the readings of a character, without tones, the usual one first;
// none if it is not a Chinese one.
func (p *pinyinReader) of(r rune) []string {
	if !unicode.Is(unicode.Han, r) {
		return nil
	}
	if known, ok := p.readings[r]; ok {
		return known
	}
	var found []string
	for _, reading := range pinyin.SinglePinyin(r, p.args) {
		found = append(found, reading)
		if strings.Contains(reading, "v") { // ü is typed as v, or as u
			found = append(found, strings.ReplaceAll(reading, "v", "u"))
		}
	}
	p.readings[r] = found
	return found
}

// order returns what a name is sorted by: Chinese stands where its reading in
// letters would.
func (p *pinyinReader) order(name string) string {
	if order, ok := p.orders[name]; ok {
		return order
	}
	var order strings.Builder
	for i, r := range []rune(name) {
		if i == maxReadRunes {
			break
		}
		if readings := p.of(r); len(readings) > 0 {
			order.WriteString(readings[0])
			order.WriteByte(' ') // 西安 stands before 先
			continue
		}
		order.WriteRune(unicode.ToLower(r))
	}
	if len(p.orders) >= maxReadOrders {
		clear(p.orders)
	}
	p.orders[name] = order.String()
	return p.orders[name]
}

// finds says whether typed letters are the reading of characters of a name that
// stand side by side: each whole, or only how it begins ("xm", "xiaom", "shx").
// Any of several readings will do.
func (p *pinyinReader) finds(name, typed string) bool {
	if typed == "" || len(typed) > maxReadRunes || !isLetters(typed) {
		return false
	}
	reached := make([]bool, len(typed)+1) // how much of typed is read so far
	next := make([]bool, len(typed)+1)
	for i, r := range []rune(name) {
		if i == maxReadRunes {
			break
		}
		clear(next)
		reached[0] = true // a match may begin at any character
		for from, ok := range reached {
			if ok && p.read(r, typed, from, next) {
				return true
			}
		}
		reached, next = next, reached
	}
	return false
}

// read notes in next how far typed is read after a character that begins at
// from. It returns whether all of it is.
func (p *pinyinReader) read(r rune, typed string, from int, next []bool) bool {
	rest := typed[from:]
	if from > 0 && (unicode.IsSpace(r) || unicode.IsPunct(r)) {
		next[from] = true // what parts a name needs not be typed
	}
	if unicode.ToLower(r) == rune(rest[0]) {
		next[from+1] = true
	}
	for _, reading := range p.of(r) {
		if strings.HasPrefix(reading, rest) {
			return true
		}
		if strings.HasPrefix(rest, reading) {
			next[from+len(reading)] = true
		}
		if rest[0] == reading[0] {
			next[from+1] = true
		}
		if len(rest) > 1 && len(reading) > 1 && reading[1] == 'h' && rest[:2] == reading[:2] {
			next[from+2] = true
		}
	}
	return next[len(typed)]
}

func isLetters(s string) bool {
	for i := range len(s) {
		if s[i] < 'a' || s[i] > 'z' {
			return false
		}
	}
	return true
}
