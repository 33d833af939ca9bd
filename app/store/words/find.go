package words

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Span is a piece of a text: its bytes from Start up to End.
type Span struct{ Start, End int }

// Find returns where the terms of the query stand in a text as it was written,
// in order and never overlapping, at most limit of them. It is for showing what
// Matches has found.
func (q Query) Find(text string, limit int) []Span {
	if q.Empty() || limit <= 0 {
		return nil
	}
	f := foldTraced(text)
	var found []Span
	for _, t := range q.terms {
		for at, n := 0, 0; n < limit; n++ {
			start := t.next(f.folded, at)
			if start < 0 {
				break
			}
			at = start + len(t.text)
			found = append(found, Span{f.starts[start], f.ends[at-1]})
		}
	}
	found = joined(found)
	return found[:min(len(found), limit)]
}

// joined sorts spans and makes one of those that overlap.
func joined(spans []Span) []Span {
	slices.SortFunc(spans, func(a, b Span) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End)) })
	var out []Span
	for _, s := range spans {
		if n := len(out); n > 0 && s.Start < out[n-1].End {
			out[n-1].End = max(out[n-1].End, s.End)
			continue
		}
		out = append(out, s)
	}
	return out
}

// traced is a folded text that knows for each of its bytes from which bytes of
// the text it came.
type traced struct {
	folded       string
	starts, ends []int
}

// foldTraced folds a text piece by piece, divided where Unicode says that
// characters do not change one another.
func foldTraced(text string) traced {
	var b strings.Builder
	b.Grow(len(text))
	f := traced{starts: make([]int, 0, len(text)), ends: make([]int, 0, len(text))}
	for at := 0; at < len(text); {
		size := 1
		if text[at] >= utf8.RuneSelf || at+1 < len(text) && text[at+1] >= utf8.RuneSelf {
			size = max(norm.NFKC.NextBoundaryInString(text[at:], true), 1)
		}
		before := b.Len()
		b.WriteString(fold(text[at : at+size]))
		for range b.Len() - before {
			f.starts, f.ends = append(f.starts, at), append(f.ends, at+size)
		}
		at += size
	}
	f.folded = b.String()
	return f
}
