package gui

import (
	"cmp"
	"slices"
	"strings"

	"feihong/app/chat"
)

// section is a part of the list of people. What the user pinned stands on top,
// conversations below it, both without a heading. Those nobody has written with
// follow: in a folder for each department, then the present before the absent
// of those who tell of none. Blocked people are last, but for what was found in
// messages.
type section uint8

const (
	sectionPinned section = iota
	sectionTalks
	sectionFolder
	sectionNearby
	sectionOffline
	sectionBlocked
	sectionHits
)

func sectionOf(s *chat.Summary) section {
	switch {
	case s.Blocked:
		return sectionBlocked
	case s.Pinned:
		return sectionPinned
	case s.Last != nil || s.Pending() || s.Draft != "":
		return sectionTalks
	case folderOf(s) != "":
		return sectionFolder
	case s.Online:
		return sectionNearby
	}
	return sectionOffline
}

// folderOf is the folder for somebody without a conversation, "" if they tell
// of no department.
func folderOf(s *chat.Summary) string { return strings.Join(strings.Fields(s.Department), " ") }

// heading is the key of the text above a section, "" if it has none.
func (s section) heading() string {
	switch s {
	case sectionNearby:
		return "gui.people.nearby"
	case sectionOffline:
		return "gui.people.offline"
	case sectionBlocked:
		return "gui.people.blocked"
	case sectionFolder:
		return "gui.people.folder"
	case sectionHits:
		return "gui.people.hits"
	}
	return ""
}

// entry is one row of the list: a person, or the heading above a section.
type entry struct {
	person  *chat.Summary // nil in a heading, and in a message that was found
	hit     *chat.Message // that was found
	whose   *chat.Summary // with whom it was exchanged
	seen    chat.Summary  // what the row showed: persons change in place
	section section
	folder  string // the department, in a folder
	folded  bool   // only its heading is shown
	count   int    // people in the section, in a heading
	online  int    // of them are present
	more    bool   // than are counted
}

// same says that a row showing one entry shows the other too.
func (e *entry) same(other *entry) bool {
	return e.sits(other) && e.count == other.count && e.online == other.online && e.folded == other.folded && e.more == other.more && e.seen == other.seen
}

// sits says that two entries are of one person, or headings of one section.
func (e *entry) sits(other *entry) bool {
	return (e.person == nil) == (other.person == nil) && e.seen.ID == other.seen.ID &&
		e.section == other.section && e.folder == other.folder && e.hitSeq() == other.hitSeq()
}

// hitSeq names the message of a row, 0 if it shows none.
func (e *entry) hitSeq() int64 {
	if e.hit == nil {
		return 0
	}
	return e.hit.Seq
}

// head says that the row is the heading above a section.
func (e *entry) head() bool { return e.person == nil && e.hit == nil }

// ranked is a person with what decides their place, found once for all
// comparisons.
type ranked struct {
	person  *chat.Summary
	section section
	folder  string // as it is sorted
	status  int
	name    string
}

// inOrder sorts people for the list. Conversations stand in the order of
// arrival here, so that nobody's wrong clock holds the top; all others by
// status and name.
func inOrder(people map[chat.ContactID]*chat.Summary, reader *pinyinReader) []ranked {
	all := make([]ranked, 0, len(people))
	for _, s := range people {
		r := ranked{person: s, section: sectionOf(s), status: statusRank(s), name: reader.order(s.DisplayName())}
		if r.section == sectionFolder {
			r.folder = reader.order(folderOf(s))
		}
		all = append(all, r)
	}
	slices.SortFunc(all, compareRanked)
	return all
}

func compareRanked(a, b ranked) int {
	if a.section != b.section {
		return cmp.Compare(a.section, b.section)
	}
	if a.section <= sectionTalks {
		if order := cmp.Compare(lastSeq(b.person), lastSeq(a.person)); order != 0 {
			return order
		}
	}
	return cmp.Or(
		cmp.Compare(a.folder, b.folder),
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
// Folders that the user closed show their heading only, but for a search.
func entriesOf(sorted []ranked, filter *filter, folded []string) []entry {
	entries := make([]entry, 0, len(sorted)+3)
	head, section, folder := -1, sectionPinned, ""
	for _, r := range sorted {
		if !filter.takes(r.person) {
			continue
		}
		if r.section > sectionTalks && (r.section != section || r.folder != folder) {
			section, folder, head = r.section, r.folder, len(entries)
			heading := entry{section: section}
			if section == sectionFolder {
				heading.folder = folderOf(r.person)
				heading.folded = filter.empty() && slices.Contains(folded, heading.folder)
			}
			entries = append(entries, heading)
		}
		if head >= 0 {
			entries[head].count++
			if r.person.Online {
				entries[head].online++
			}
			if entries[head].folded {
				continue
			}
		}
		seen := *r.person
		seen.Problem = nil // is not shown, and may be of a type that cannot be compared
		entries = append(entries, entry{person: r.person, seen: seen, section: r.section})
	}
	return entries
}
