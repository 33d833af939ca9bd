package source_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"feihong/app/files/source"
	"feihong/protocol"
	"feihong/transport/bulk/tree"
)

// changes are what may happen to a file while it is sent. The content of the
// file is bytesOf(1, …), changed long ago.
type change struct {
	name string
	make func(t *testing.T, path string)
	code protocol.BulkCode
	// away says that the file itself stays as it was, out of sight: whoever
	// has it open reads the right thing until the end.
	away bool
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

func rename(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

var changes = []change{
	{"longer", func(t *testing.T, path string) {
		file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
		if err != nil {
			t.Fatal(err)
		}
		_, err = file.WriteString("x")
		if err := errors.Join(err, file.Close()); err != nil {
			t.Fatal(err)
		}
		setTime(t, path, long)
	}, protocol.BulkSourceChanged, false},
	{"shorter", func(t *testing.T, path string) {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, info.Size()-1); err != nil {
			t.Fatal(err)
		}
		setTime(t, path, long)
	}, protocol.BulkSourceChanged, false},
	{"empty", func(t *testing.T, path string) {
		if err := os.Truncate(path, 0); err != nil {
			t.Fatal(err)
		}
		setTime(t, path, long)
	}, protocol.BulkSourceChanged, false},
	{"touched", func(t *testing.T, path string) {
		setTime(t, path, long.Add(time.Microsecond))
	}, protocol.BulkSourceChanged, false},
	{"written to", func(t *testing.T, path string) {
		file, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		_, err = file.WriteString("x")
		if err := errors.Join(err, file.Close()); err != nil {
			t.Fatal(err)
		}
	}, protocol.BulkSourceChanged, false},
	{"removed", remove, protocol.BulkSourceMissing, true},
	{"removed with its folder", func(t *testing.T, path string) {
		rename(t, filepath.Dir(path), filepath.Dir(path)+".away")
	}, protocol.BulkSourceMissing, true},
	{"in a folder that is a file now", func(t *testing.T, path string) {
		rename(t, filepath.Dir(path), filepath.Dir(path)+".away")
		write(t, filepath.Dir(path), nil)
	}, protocol.BulkSourceMissing, true},
	{"a folder", func(t *testing.T, path string) {
		remove(t, path)
		if err := os.Mkdir(path, 0o755); err != nil {
			t.Fatal(err)
		}
		setTime(t, path, long)
	}, protocol.BulkSourceChanged, true},
}

const (
	smallSize = 5000
	largeSize = 3*mib + 5
)

// changing gives a source of two files, and their paths.
func changing(t *testing.T) (s *source.Source, small, large string) {
	t.Helper()
	top := filepath.Join(folder(t), "top")
	small, large = filepath.Join(top, "small", "s"), filepath.Join(top, "large", "l")
	write(t, small, bytesOf(1, smallSize))
	write(t, large, bytesOf(1, largeSize))
	s, _ = create(t, top)
	return s, small, large
}

func TestChangeBeforeTheFirstRead(t *testing.T) {
	for _, change := range changes {
		t.Run(change.name, func(t *testing.T) {
			s, small, large := changing(t)
			change.make(t, small)
			change.make(t, large)
			wantFault(t, send(t.Context(), s, entry(t, s, "top", "small", "s"), 0), change.code)
			wantFault(t, send(t.Context(), s, entry(t, s, "top", "large", "l"), 3), change.code)
		})
	}
}

func TestChangeBetweenReads(t *testing.T) {
	skipOnWindows(t, "what is open cannot be changed in all of these ways")
	for _, change := range changes {
		t.Run(change.name, func(t *testing.T) {
			s, _, large := changing(t)
			number := entry(t, s, "top", "large", "l")
			if err := send(t.Context(), s, number, 0, 1); err != nil {
				t.Fatal(err)
			}
			change.make(t, large)
			err := send(t.Context(), s, number, 2)
			if !change.away {
				wantFault(t, err, change.code)
			} else if err != nil {
				t.Errorf("what is open cannot be read on: %v", err)
			}
			_, err = s.Root(t.Context(), number)
			wantFault(t, err, change.code)
			wantFault(t, send(t.Context(), s, number, 3), change.code)
		})
	}
}

func TestChangeBeforeTheHashIsTold(t *testing.T) {
	skipOnWindows(t, "what is open cannot be changed in all of these ways")
	for _, change := range changes {
		t.Run(change.name, func(t *testing.T) {
			s, _, large := changing(t)
			number := entry(t, s, "top", "large", "l")
			if err := send(t.Context(), s, number, 0, 1, 2, 3); err != nil {
				t.Fatal(err)
			}
			change.make(t, large)
			_, err := s.Root(t.Context(), number)
			wantFault(t, err, change.code)
		})
	}
}

// A file that has changed stays so, also if somebody takes the change back:
// what was sent meanwhile is not known.
func TestChangeCannotBeTakenBack(t *testing.T) {
	s, small, _ := changing(t)
	number := entry(t, s, "top", "small", "s")
	setTime(t, small, long.Add(time.Hour))
	wantFault(t, send(t.Context(), s, number, 0), protocol.BulkSourceChanged)
	setTime(t, small, long)
	wantFault(t, send(t.Context(), s, number, 0), protocol.BulkSourceChanged)
}

// A file that was away for a while, with the disk that it is on, is sent.
func TestMissingFileComesBack(t *testing.T) {
	s, small, _ := changing(t)
	number := entry(t, s, "top", "small", "s")
	rename(t, small, small+".away")
	wantFault(t, send(t.Context(), s, number, 0), protocol.BulkSourceMissing)
	rename(t, small+".away", small)
	if err := send(t.Context(), s, number, 0); err != nil {
		t.Error(err)
	}
}

// replace puts another file at a path, which has the same size and time.
func replace(t *testing.T, path string, content []byte) {
	t.Helper()
	write(t, path+".new", content)
	rename(t, path+".new", path)
}

// A copy of the same content takes the place of the file: nothing is wrong with
// that, but it is looked at.
func TestCopyTakesThePlace(t *testing.T) {
	skipOnWindows(t, "the copy cannot take the place of what is open")
	s, small, large := changing(t)
	for _, number := range []uint32{entry(t, s, "top", "small", "s"), entry(t, s, "top", "large", "l")} {
		if err := send(t.Context(), s, number, 0); err != nil {
			t.Fatal(err)
		}
	}
	replace(t, small, bytesOf(1, smallSize))
	replace(t, large, bytesOf(1, largeSize))
	source.DropAll(s)
	for path, size := range map[string]int{"small/s": smallSize, "large/l": largeSize} {
		folder, name := filepath.Split(path)
		root, err := s.Root(t.Context(), entry(t, s, "top", filepath.Clean(folder), name))
		if err != nil || root != tree.Sum(bytesOf(1, size)) {
			t.Errorf("%s: %x, %v", path, root, err)
		}
	}
}

// Another file of the same size and time takes the place. What was sent from
// the first one to the end, may be; but there must be no hash of a mixture,
// whether the source was open meanwhile or not.
func TestOtherFileTakesThePlace(t *testing.T) {
	skipOnWindows(t, "the other file cannot take the place of what is open")
	tests := []struct {
		name    string
		between func(t *testing.T, s *source.Source, state string) *source.Source
		mixed   bool
	}{
		{"still open", func(_ *testing.T, s *source.Source, _ string) *source.Source { return s }, false},
		{"closed meanwhile", func(_ *testing.T, s *source.Source, _ string) *source.Source {
			source.DropAll(s)
			return s
		}, true},
		{"after a restart", func(t *testing.T, s *source.Source, state string) *source.Source {
			return reopen(t, s, state)
		}, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			top := filepath.Join(folder(t), "large")
			write(t, top, bytesOf(1, largeSize))
			s, state := create(t, top)
			if err := send(t.Context(), s, 1, 0, 1); err != nil {
				t.Fatal(err)
			}
			replace(t, top, bytesOf(2, largeSize))
			s = test.between(t, s, state)
			if err := send(t.Context(), s, 1, 2, 3); err != nil {
				t.Fatal(err)
			}
			root, err := s.Root(t.Context(), 1)
			if !test.mixed {
				if err != nil || root != tree.Sum(bytesOf(1, largeSize)) {
					t.Errorf("%x, %v", root, err)
				}
				return
			}
			wantFault(t, err, protocol.BulkSourceChanged)
			_, err = s.Listing(t.Context())
			wantFault(t, err, protocol.BulkSourceChanged)
		})
	}
}

// The content changes without a sign, as on a disk that has lost its mind. It
// is noticed when a chunk is sent again.
func TestChunkBecomesAnother(t *testing.T) {
	s, _, _ := changing(t)
	large, small := entry(t, s, "top", "large", "l"), entry(t, s, "top", "small", "s")
	if err := errors.Join(send(t.Context(), s, large, 0, 1, 2, 3), send(t.Context(), s, small, 0)); err != nil {
		t.Fatal(err)
	}
	first, _ := s.Decoded().ChunksOf(large)
	s.Keep(first+1, tree.Value{1})
	wantFault(t, send(t.Context(), s, large, 2), protocol.BulkSourceChanged)
	_, err := s.Root(t.Context(), large)
	wantFault(t, err, protocol.BulkSourceChanged)

	// Of a file of one chunk, that is the file which was sent last.
	first, _ = s.Decoded().ChunksOf(small)
	s.Keep(first, tree.Value{2})
	if root, err := s.Root(t.Context(), small); err != nil || root != (tree.Value{2}) {
		t.Errorf("%x, %v", root, err)
	}
}

// Hashing again takes long for a large file; whoever loses patience, finds it
// further the next time.
func TestRootGoesOnWhereItWas(t *testing.T) {
	for _, doubted := range []bool{false, true} {
		s, _, large := changing(t)
		number := entry(t, s, "top", "large", "l")
		if doubted {
			skipOnWindows(t, "the copy cannot take the place of what is open")
			if err := send(t.Context(), s, number, 0, 1, 2, 3); err != nil {
				t.Fatal(err)
			}
			source.DropAll(s)
			replace(t, large, bytesOf(1, largeSize))
			if err := send(t.Context(), s, number, 0); err != nil {
				t.Fatal(err)
			}
		}
		tries := 1
		for ; tries < 10; tries++ {
			root, err := s.Root(&countedContext{Context: t.Context(), left: 1}, number)
			if err == nil {
				if root != tree.Sum(bytesOf(1, largeSize)) {
					t.Errorf("root %x", root)
				}
				break
			}
			if !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
		}
		if tries != 4 {
			t.Errorf("it took %d tries to hash four chunks one by one, doubted %v", tries, doubted)
		}
	}
}
