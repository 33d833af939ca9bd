package folder

import (
	"strconv"

	"feihong/protocol"
)

// plan says under which names the entries of a manifest are stored. It follows
// from the manifest alone, so that it is the same after a restart.
type plan struct {
	manifest *protocol.Manifest
	names    []string // of entry n: names[n-1]
	tops     []uint32 // of entry n: the entry at the top that it lies in, or is
}

// newPlan gives every entry a safe name that no other one in the same folder
// has, nor one that some system takes for the same. The first keeps its name.
func newPlan(m *protocol.Manifest) *plan {
	p := &plan{manifest: m, names: make([]string, len(m.Entries)), tops: make([]uint32, len(m.Entries))}
	taken := make(map[spot]uint32, len(m.Entries))
	for i := range m.Entries {
		e := &m.Entries[i]
		name := SafeFileName(e.Name)
		p.tops[i] = uint32(i + 1)
		if e.Parent == 0 {
			name = visibleFileName(e.Name)
		} else {
			p.tops[i] = p.tops[e.Parent-1]
		}
		p.names[i] = distinct(taken, e.Parent, name)
	}
	return p
}

// spot is a name in a folder, as far as names are told apart.
type spot struct {
	parent uint32
	folded string
}

// distinct gives name, or name with a number that nothing in taken has. What
// taken holds for a name is the number from which on to look, so that thousands
// of equal names do not take millions of steps.
func distinct(taken map[spot]uint32, parent uint32, name string) string {
	at := spot{parent, foldName(name)}
	next, is := taken[at]
	if !is {
		taken[at] = 1
		return name
	}
	for number := next; ; number++ {
		candidate := numbered(name, int(number))
		other := spot{parent, foldName(candidate)}
		if _, is := taken[other]; !is {
			taken[other], taken[at] = 1, number+1
			return candidate
		}
	}
}

// numbered gives "name (1).ext".
func numbered(name string, number int) string {
	if number == 0 {
		return name
	}
	return cutName(name, " ("+strconv.Itoa(number)+")")
}

// entry gives entry n.
func (p *plan) entry(n uint32) *protocol.Entry { return &p.manifest.Entries[n-1] }

// isFolder tells whether entry n is a folder.
func (p *plan) isFolder(n uint32) bool { return p.entry(n).Kind == protocol.EntryFolder }

// final gives the name that entry n is to have in the end.
func (p *plan) final(n uint32) string { return p.names[n-1] }

// staged gives the name of entry n in the folder it is put together in. What
// lies at the top does not have its own one there: no part of a file is ever
// seen under the name of the whole.
func (p *plan) staged(n uint32) string {
	if p.entry(n).Parent != 0 {
		return p.names[n-1]
	}
	if p.isFolder(n) {
		return strconv.FormatUint(uint64(n), 10) + ".folder"
	}
	return strconv.FormatUint(uint64(n), 10) + ".part"
}

// under gives the entries that lie in the one at the top with this number, with
// itself, as a range of numbers that may have others in between.
func (p *plan) under(top uint32, visit func(n uint32)) {
	for i, of := range p.tops[top-1:] {
		if of == top {
			visit(top + uint32(i))
		}
	}
}
