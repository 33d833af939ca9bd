package emoji

import (
	_ "embed"
	"strings"
	"sync"
)

// Group is what emoji have in common.
type Group uint8

// The groups, in the order in which they are shown.
const (
	Faces Group = iota
	People
	Hearts
	Nature
	Food
	Activities
	Travel
	Objects
	Symbols
	Groups // how many there are
)

var groupNames = [Groups]string{"faces", "people", "hearts", "nature", "food", "activities", "travel", "objects", "symbols"}

// String gives the name of the group in the table.
func (g Group) String() string { return groupNames[g] }

// Emoji is one of them.
type Emoji struct {
	Text  string // as it stands in a message
	Group Group
	// English and Chinese are words for it; the first one is its name.
	English, Chinese []string
}

// Name returns the name in a language, "zh" or else English.
func (e *Emoji) Name(language string) string {
	if language == "zh" {
		return e.Chinese[0]
	}
	return e.English[0]
}

//go:embed table.txt
var table string

// All returns all emoji, group by group. They belong to the package.
var All = sync.OnceValue(func() []Emoji {
	var all []Emoji
	group := Groups
	for line := range strings.Lines(table) {
		line = strings.TrimSpace(line)
		if name, heading := strings.CutPrefix(line, "# "); heading {
			group = groupOf(name)
			continue
		}
		text, words, _ := strings.Cut(line, " ")
		english, chinese, _ := strings.Cut(words, "|")
		all = append(all, Emoji{Text: text, Group: group, English: strings.Split(english, ", "), Chinese: strings.Split(chinese, ", ")})
	}
	return all
})

func groupOf(name string) Group {
	for g, known := range groupNames {
		if known == name {
			return Group(g)
		}
	}
	return Groups
}

// byText finds emoji, with and without the mark that asks for the coloured form.
var byText = sync.OnceValue(func() map[string]*Emoji {
	found := make(map[string]*Emoji)
	for i := range All() {
		e := &All()[i]
		found[e.Text], found[plain(e.Text)] = e, e
	}
	return found
})

// Find returns the emoji with a text, nil if it is not in the table.
func Find(text string) *Emoji { return byText()[plain(text)] }

func plain(text string) string { return strings.ReplaceAll(text, "\uFE0F", "") }
