package gui

import (
	"cmp"
	"slices"
	"strings"

	"feihong/app/chat"
)

// section is a part of the list of people. Conversations stand on top, without
// a heading of their own; those nobody has written with follow, the present
// before the absent; blocked people are last.
type section uint8

const (
	sectionTalks section = iota
	sectionNearby
	sectionOffline
	sectionBlocked
)

func sectionOf(s *chat.Summary) section {
	switch {
	case s.Blocked:
		return sectionBlocked
	case s.Last != nil || s.Pending():
		return sectionTalks
	case s.Online:
		return sectionNearby
	}
	return sectionOffline
}

// heading is the key of the text above a section, "" if it has none.
func (s section) heading() string {
	switch s {
	case sectionNearby:
		return "gui.people.nearby"
	case sectionOffline:
		return "gui.people.offline"
	case sectionBlocked:
		return "gui.people.blocked"
	}
	return ""
}

// entry is one row of the list: a person, or the heading above a section.
type entry struct {
	person  *chat.Summary // nil in a heading
	seen    chat.Summary  // what the row showed: persons change in place
	section section
	count   int // people in the section, in a heading
}

// same says that a row showing one entry shows the other too.
func (e *entry) same(other *entry) bool {
	return e.sits(other) && e.count == other.count && e.seen == other.seen
}

// sits says that two entries are of one person, or headings of one section.
func (e *entry) sits(other *entry) bool {
	return (e.person == nil) == (other.person == nil) && e.seen.ID == other.seen.ID && e.section == other.section
}

// ranked is a person with what decides their place, found once for all
// comparisons.
type ranked struct {
	person  *chat.Summary
	section section
	status  int
	name    string
}

// inOrder sorts people for the list. Conversations stand in the order of
// arrival here, so that nobody's wrong clock holds the top; all others by
// status and name.
func inOrder(people map[chat.ContactID]*chat.Summary) []ranked {
	all := make([]ranked, 0, len(people))
	for _, s := range people {
		all = append(all, ranked{person: s, section: sectionOf(s), status: statusRank(s), name: strings.ToLower(s.DisplayName())})
	}
	slices.SortFunc(all, compareRanked)
	return all
}

func compareRanked(a, b ranked) int {
	if a.section != b.section {
		return cmp.Compare(a.section, b.section)
	}
	if a.section == sectionTalks {
		if order := cmp.Compare(lastSeq(b.person), lastSeq(a.person)); order != 0 {
			return order
		}
	}
	return cmp.Or(
		cmp.Compare(a.status, b.status),
		cmp.Compare(a.name, b.name),
		cmp.Compare(a.person.ID, b.person.ID),
	)
}

func statusRank(s *chat.Summary) int {
	switch {
	case !s.Online:
		return 3
	case s.Status == chat.StatusBusy:
		return 2
	case s.Status == chat.StatusAway:
		return 1
	}
	return 0
}

func lastSeq(s *chat.Summary) int64 {
	if s.Last == nil {
		return 0
	}
	return s.Last.Seq
}

// entriesOf makes the rows for those of the sorted people who match a filter.
func entriesOf(sorted []ranked, filter *filter) []entry {
	entries := make([]entry, 0, len(sorted)+3)
	head, section := -1, sectionTalks
	for _, r := range sorted {
		if !filter.takes(r.person) {
			continue
		}
		if r.section != section {
			section, head = r.section, len(entries)
			entries = append(entries, entry{section: section})
		}
		if head >= 0 {
			entries[head].count++
		}
		seen := *r.person
		seen.Problem = nil // is not shown, and may be of a type that cannot be compared
		entries = append(entries, entry{person: r.person, seen: seen, section: r.section})
	}
	return entries
}

// filter is what the user typed to find somebody: words that must all occur in
// what is known about a person.
type filter struct {
	words []string
	state *wording
}

func newFilter(text string, state *wording) *filter {
	return &filter{words: strings.Fields(strings.ToLower(text)), state: state}
}

func (f *filter) takes(s *chat.Summary) bool {
	if len(f.words) == 0 {
		return true
	}
	word := ""
	if s.Online {
		word, _ = f.state.statusWord(s.Status)
	}
	known := strings.ToLower(strings.Join([]string{s.Name, s.Remark, s.Department, s.Host, s.Address, word, s.StatusText}, "\n"))
	for _, word := range f.words {
		if !strings.Contains(known, word) {
			return false
		}
	}
	return true
}
