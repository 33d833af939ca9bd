package gui

import (
	"maps"

	"golang.org/x/text/unicode/bidi"

	"feihong/protocol"
)

// The characters that keep a piece of text apart from the direction of what
// stands around it. Nothing is drawn for them.
const (
	firstStrongIsolate = "\u2068"
	popIsolate         = "\u2069"
)

// isolate keeps text that has anything written from right to left apart, so that
// a name neither swaps sides with what follows nor takes its spaces along.
func isolate(text string) string {
	for _, r := range text {
		if p, _ := bidi.LookupRune(r); p.Class() == bidi.R || p.Class() == bidi.AL {
			return firstStrongIsolate + text + popIsolate
		}
	}
	return text
}

// Text returns the text of a key, with every argument kept apart from the
// direction of the sentence.
func (w *wording) Text(key string, args map[string]any) string {
	apart := maps.Clone(args)
	for name, arg := range args {
		switch arg := arg.(type) {
		case string:
			apart[name] = isolate(arg)
		case error:
			apart[name] = isolate(w.Error(arg))
		}
	}
	return w.Catalog.Text(key, apart)
}

// Error tells an error to the user. It may have names of files in it, which are
// made safe to show.
func (w *wording) Error(err error) string {
	return protocol.VisibleText(w.Catalog.Error(err))
}
