package source

// Identify gives so many entries an identity, as Walk does.
func Identify(roots *Roots, entries int) {
	roots.identities, roots.touched = make([]uint64, entries), make([]int64, entries)
}

// MostOpen is how many files a source has open at a time.
const MostOpen = mostKept + mostBrief

// DecodeRoots reads a sources.json.
var DecodeRoots = decodeRoots

// EncodeRoots writes one.
var EncodeRoots = (*Roots).encode

// BreakLedger has nothing be written to the ledger any more, as on a full disk.
func BreakLedger(s *Source) { _ = s.values.ledger.Close() }

// DropAll closes the files that a source keeps open, as it does when others
// need their places.
func DropAll(s *Source) {
	for i := range s.m.Entries {
		s.handles.drop(uint32(i + 1))
	}
}
