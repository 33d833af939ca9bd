package words

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// maxTokens bounds each half of the expression given to the index. The words
// beyond it are compared by Matches.
const maxTokens = 32

// Query is what somebody searches for: a message must have every term.
// The zero Query asks for nothing.
type Query struct{ terms []term }

type term struct {
	class class
	text  string // folded
}

// Parse reads a search as it was typed. No input is an error: there is no
// syntax, every character stands for itself.
func Parse(input string) Query {
	var q, marks Query
	pieces(fold(input), func(c class, piece string) {
		t := term{c, piece}
		if c == punctuation {
			marks.add(t)
			return
		}
		q.add(t)
	})
	if q.Empty() {
		return marks
	}
	return q
}

func (q *Query) add(t term) {
	if !slices.Contains(q.terms, t) {
		q.terms = append(q.terms, t)
	}
}

// Empty says that the query asks for nothing.
func (q Query) Empty() bool { return len(q.terms) == 0 }

// Matches decides whether the text has every term of the query.
func (q Query) Matches(text string) bool {
	if q.Empty() {
		return true
	}
	folded := fold(text)
	for _, t := range q.terms {
		if !t.in(folded) {
			return false
		}
	}
	return true
}

func (t term) in(folded string) bool { return t.next(folded, 0) >= 0 }

// next returns where the term stands in a folded text at or behind a byte, or
// -1.
func (t term) next(folded string, from int) int {
	for {
		i := strings.Index(folded[from:], t.text)
		if i < 0 {
			return -1
		}
		i += from
		if t.class != letter {
			return i
		}
		before, size := utf8.DecodeLastRuneInString(folded[:i])
		if size == 0 || classOf(before) != letter {
			return i
		}
		_, size = utf8.DecodeRuneInString(folded[i:])
		from = i + size
	}
}

// Filter selects messages by their labels.
type Filter struct {
	Owner  int64   // 0: any
	Kinds  []uint8 // empty: any
	Writer *uint8  // nil: any
}

// Expression returns the query in the language of FTS5 over what Index gives,
// limited to the messages that the filter selects: what a short text must
// have, or what a long one must have, or anything for one that is too much to
// index. Every token is quoted and none contains a quotation mark. The query
// must not be empty.
func (q Query) Expression(f Filter) string {
	either := "(" + q.all(term.tokens) + ") OR (" + q.all(term.coarseTokens) + ") OR " + quote(denseToken)
	labels := f.labels()
	if labels == "" {
		return either
	}
	return labels + "(" + either + ")"
}

// labels asks for the labels, each followed by AND.
func (f Filter) labels() string {
	var b strings.Builder
	if f.Owner != 0 {
		b.WriteString(quote(label(ownerMark, uint64(f.Owner))) + " AND ")
	}
	var kinds []string
	for _, kind := range f.Kinds {
		kinds = append(kinds, quote(label(kindMark, uint64(kind))))
	}
	if len(kinds) > 0 {
		b.WriteString("(" + strings.Join(kinds, " OR ") + ") AND ")
	}
	if f.Writer != nil {
		b.WriteString(quote(label(writerMark, uint64(*f.Writer))) + " AND ")
	}
	return b.String()
}

// all asks for the tokens of every term, as far as there is room.
func (q Query) all(of func(term) []string) string {
	var tokens []string
	for _, t := range q.terms {
		for _, token := range of(t) {
			if len(tokens) == maxTokens {
				return strings.Join(tokens, " AND ")
			}
			if !slices.Contains(tokens, token) {
				tokens = append(tokens, token)
			}
		}
	}
	return strings.Join(tokens, " AND ")
}

// tokens returns what a short text that has the term has in the index.
func (t term) tokens() []string {
	switch t.class {
	case ideograph:
		return runTokens(t.text)
	case letter:
		if len(firstRunes(t.text, shortPrefix)) == len(t.text) {
			return []string{quote(t.text)}
		}
		return []string{quote(firstRunes(t.text, longestToken)) + "*"}
	}
	return []string{quote(mark(t.text))}
}

// coarseTokens returns what a long text that has the term has in the index.
func (t term) coarseTokens() []string {
	switch t.class {
	case ideograph:
		var tokens []string
		for _, r := range firstRunes(t.text, maxTokens) {
			tokens = append(tokens, quote(coarseToken(string(r))))
		}
		return tokens
	case letter:
		return []string{quote(coarseToken(firstRunes(t.text, coarsePrefix)))}
	}
	return []string{quote(coarseToken(mark(t.text)))}
}

// runTokens returns the pairs of neighbours in a run, or the only character.
func runTokens(run string) []string {
	_, first := utf8.DecodeRuneInString(run)
	if first == len(run) {
		return []string{quote(run)}
	}
	var tokens []string
	for first < len(run) && len(tokens) < maxTokens {
		_, second := utf8.DecodeRuneInString(run[first:])
		tokens = append(tokens, quote(run[:first+second]))
		run = run[first:]
		first = second
	}
	return tokens
}

func quote(token string) string { return `"` + token + `"` }
