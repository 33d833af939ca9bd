//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"slices"

	"feihong/app/control"
)

// offer lets files go between the user and the second colleague, and leaves
// them in all states in which they can stay.
func (s *workday) offer() {
	s.t.Helper()
	clara := s.others[1]
	for i, size := range []int64{720_000, 1_400_000, 0, 8_600_000, 60 << 20, 48 << 20, 2_048} {
		if size > 0 {
			writeFile(s.t, s.path(i), size, uint64(i))
		}
	}
	manyFiles(s.t, s.path(2), 12, 90_000)
	clara.says(s.story.self, s.urgent[0])

	done := s.comes(0)
	s.self.must(0, "files", "accept", done)
	clara.reaches(done, patience, "done")
	s.self.must(0, "files", "reject", s.comes(1))
	gone := s.comes(6)
	if err := os.Remove(s.path(6)); err != nil {
		s.t.Fatal(err)
	}
	s.self.must(0, "files", "accept", gone)
	clara.reaches(gone, patience, "failed")
	s.comes(2)
	s.self.must(0, "files", "send", clara.name, s.path(3))
}

// travel lets more files come, slowly: one of them comes, and one is paused.
func (s *workday) travel() {
	s.t.Helper()
	clara := s.others[1]
	clara.must(0, "files", "limit", "3MB/s")
	paused, running := s.comes(5), s.comes(4)
	for _, id := range []string{paused, running} {
		s.self.must(0, "files", "accept", id)
		clara.moves(id, 1<<20)
	}
	s.self.must(0, "files", "pause", paused)
	clara.moves(running, 20<<20)
}

// arrive lets them come to their end.
func (s *workday) arrive() {
	s.t.Helper()
	s.others[1].must(0, "files", "limit", "off")
}

// comes lets the second colleague offer a file or folder to the user, and gives
// the ID of the transfer.
func (s *workday) comes(i int) string {
	s.t.Helper()
	id := s.others[1].offers(s.story.self, s.path(i))
	eventually(s.t, "the offer is there", func() bool {
		list := parseLines[control.Transfer](s.t, s.self.must(0, "files", "list", "--json", "--open").out)
		return slices.ContainsFunc(list, func(t control.Transfer) bool { return t.ID == id })
	})
	return id
}

// path is where a file of the story is before it is sent.
func (s *workday) path(i int) string { return filepath.Join(s.folder, s.files[i]) }
