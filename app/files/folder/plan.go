package folder

import (
	"slices"
	"strconv"

	"feihong/protocol"
)

// plan says under which names the entries of a manifest are stored. It follows
// from the manifest alone, so that it is the same after a restart.
type plan struct {
	manifest *protocol.Manifest
	names    []string // of entry n: names[n-1]
	tops     []uint32 // of entry n: the entry at the top that it lies in, or is
	sorted   []uint32 // all entries, those of one at the top together and ascending
	starts   []uint32 // of entry n at the top: where in sorted those begin that lie in it
}

// newPlan gives every entry a safe name that no other one in the same folder
// has, nor one that some system takes for the same. The first keeps its name.
// It ends with ErrInterrupted as soon as stop says so.
func newPlan(m *protocol.Manifest, stop func() bool) (*plan, error) {
	p := &plan{manifest: m, names: make([]string, len(m.Entries)), tops: make([]uint32, len(m.Entries))}
	taken := make(map[spot]bool, len(m.Entries))
	numbers := make(numbering)
	for i := range m.Entries {
		if stop() {
			return nil, ErrInterrupted
		}
		e := &m.Entries[i]
		name := SafeFileName(e.Name)
		p.tops[i] = uint32(i + 1)
		if e.Parent == 0 {
			name = visibleFileName(e.Name)
		} else {
			p.tops[i] = p.tops[e.Parent-1]
		}
		p.names[i] = distinct(taken, numbers, e.Parent, name, i+1)
	}
	p.sort()
	return p, nil
}

// sort puts together what lies in each entry at the top.
func (p *plan) sort() {
	p.starts = make([]uint32, len(p.tops)+1)
	for _, top := range p.tops {
		p.starts[top]++
	}
	for i := range p.tops {
		p.starts[i+1] += p.starts[i]
	}
	next := slices.Clone(p.starts)
	p.sorted = make([]uint32, len(p.tops))
	for i, top := range p.tops {
		p.sorted[next[top-1]] = uint32(i + 1)
		next[top-1]++
	}
}

// spot is a name in a folder, as far as names are told apart.
type spot struct {
	parent uint32
	folded string
}

// numbering is the number from which on to look for a free name, by what all
// names have in common that get the same ones with a number. So thousands of
// them do not take millions of steps.
type numbering map[spot]int

// widest stands for every number.
const widest = " (000000)"

// family is what the name at a spot is counted under.
func family(at spot, name string) spot {
	if len(name)+len(widest) <= MaxNameBytes {
		return at // it is never cut
	}
	return spot{at.parent, foldName(cutName(name, widest))}
}

// maxMisses is how many taken names are passed over before the number of the
// entry is taken, which no other name ever gets. Names that are made to clash
// can get further than a family knows.
const maxMisses = 16

// distinct gives name, or name with a number that nothing in taken has.
func distinct(taken map[spot]bool, numbers numbering, parent uint32, name string, entry int) string {
	at := spot{parent, foldName(name)}
	if !taken[at] {
		taken[at] = true
		return name
	}
	of := family(at, name)
	for misses := 0; ; misses++ {
		var number int
		if misses < maxMisses {
			numbers[of]++
			number = numbers[of]
		} else {
			number = entry + (misses-maxMisses)*protocol.MaxEntries
		}
		candidate := numbered(name, number)
		if at := (spot{parent, foldName(candidate)}); !taken[at] {
			taken[at] = true
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

// under gives the entries that lie in the one at the top with this number,
// which is the first of them, in ascending order.
func (p *plan) under(top uint32) []uint32 { return p.sorted[p.starts[top-1]:p.starts[top]] }
