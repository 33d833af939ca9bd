package emoji

import (
	"cmp"
	"slices"
	"strings"
)

// maxQuery bounds how much of a search is heeded, in bytes.
const maxQuery = 64

// Search returns the emoji that have every word of a query: in English a word
// that begins with it, in Chinese one that has it inside. Those whose name is
// meant come first. An empty query finds nothing.
func Search(query string) []*Emoji {
	if len(query) > maxQuery {
		query = strings.ToValidUTF8(query[:maxQuery], "")
	}
	wanted := strings.Fields(strings.ToLower(query))
	if len(wanted) == 0 {
		return nil
	}
	if e := Find(wanted[0]); e != nil && len(wanted) == 1 {
		return []*Emoji{e}
	}
	type hit struct {
		emoji *Emoji
		rank  int
	}
	var hits []hit
	for i := range All() {
		e := &All()[i]
		if rank := e.rank(wanted); rank > 0 {
			hits = append(hits, hit{e, rank})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(b.rank, a.rank) })
	found := make([]*Emoji, len(hits))
	for i, h := range hits {
		found[i] = h.emoji
	}
	return found
}

// rank says how well the emoji fits all words; 0 is not at all.
func (e *Emoji) rank(wanted []string) int {
	total := 0
	for _, word := range wanted {
		best := 0
		for i, words := range e.English {
			best = max(best, rankEnglish(words, word)*2+first(i))
		}
		for i, words := range e.Chinese {
			best = max(best, rankChinese(words, word)*2+first(i))
		}
		if best < 2 {
			return 0
		}
		total += best
	}
	return total
}

// first prefers the name a little to the other words.
func first(i int) int {
	if i == 0 {
		return 1
	}
	return 0
}

func rankEnglish(words, wanted string) int {
	if words == wanted {
		return 3
	}
	rank := 0
	for i, word := range strings.FieldsFunc(words, func(r rune) bool { return r == ' ' || r == '-' }) {
		switch {
		case word == wanted:
			rank = max(rank, 2)
		case i == 0 && strings.HasPrefix(words, wanted), strings.HasPrefix(word, wanted):
			rank = max(rank, 1)
		}
	}
	return rank
}

func rankChinese(words, wanted string) int {
	switch {
	case strings.EqualFold(words, wanted):
		return 3
	case strings.HasPrefix(strings.ToLower(words), wanted):
		return 2
	case strings.Contains(strings.ToLower(words), wanted):
		return 1
	}
	return 0
}
