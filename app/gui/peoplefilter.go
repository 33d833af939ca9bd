package gui

import (
	"strings"

	"feihong/app/chat"
)

// filter is what the user typed to find somebody: words that must all occur in
// what is known about a person, or be how a name is read.
type filter struct {
	words  []string
	state  *wording
	reader *pinyinReader
}

func newFilter(text string, state *wording, reader *pinyinReader) *filter {
	return &filter{words: strings.Fields(strings.ToLower(text)), state: state, reader: reader}
}

func (f *filter) empty() bool { return len(f.words) == 0 }

func (f *filter) takes(s *chat.Summary) bool {
	if f.empty() {
		return true
	}
	word := ""
	if s.Online {
		word, _ = f.state.statusWord(s.Status)
	}
	known := strings.ToLower(strings.Join([]string{s.Name, s.Remark, s.Department, s.Host, s.Address, word, s.StatusText}, "\n"))
	for _, word := range f.words {
		if !strings.Contains(known, word) && !f.reads(s, word) {
			return false
		}
	}
	return true
}

// reads says that a word is how a name of somebody is read.
func (f *filter) reads(s *chat.Summary, word string) bool {
	for _, name := range []string{s.Remark, s.Name, s.Department} {
		if f.reader.finds(name, word) {
			return true
		}
	}
	return false
}
