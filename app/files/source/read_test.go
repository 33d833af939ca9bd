package source_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"feihong/app/files/source"
	"feihong/protocol"
	"feihong/transport/bulk"
	"feihong/transport/bulk/tree"
)

var sizes = []int{0, 1, 4096, mib - 1, mib, mib + 1, 2*mib + 17, 5 * mib}

func sized(t testing.TB, dir string) (paths []string, contents [][]byte) {
	t.Helper()
	for i, size := range sizes {
		path, content := filepath.Join(dir, fmt.Sprintf("%d-%d", i, size)), bytesOf(uint64(i), size)
		write(t, path, content)
		paths, contents = append(paths, path), append(contents, content)
	}
	return paths, contents
}

func TestReadGivesEveryChunk(t *testing.T) {
	paths, contents := sized(t, folder(t))
	s, state := create(t, paths...)
	for range 2 {
		m, err := protocol.DecodeManifest(s.Manifest())
		if err != nil {
			t.Fatal(err)
		}
		for i, content := range contents {
			number := uint32(i + 1)
			first, count := m.ChunksOf(number)
			var got []byte
			for chunk := first; chunk < first+count; chunk++ {
				_, offset, length := m.Locate(chunk)
				buf := bytes.Repeat([]byte{0xaa}, length)
				if err := s.Read(t.Context(), number, offset, buf); err != nil {
					t.Fatal(err)
				}
				got = append(got, buf...)
			}
			if !bytes.Equal(got, content) {
				t.Errorf("%s came out as something else", paths[i])
			}
		}
		s = reopen(t, s, state)
	}
}

// The hash is the same whether all, some or none of the chunks were sent.
func TestRootIsTheHashOfTheFile(t *testing.T) {
	paths, contents := sized(t, folder(t))
	for _, every := range []uint64{1, 2, 100} {
		s, state := create(t, paths...)
		for i := range contents {
			_, count := s.Decoded().ChunksOf(uint32(i + 1))
			for chunk := every - 1; chunk < count; chunk += every {
				if err := send(t.Context(), s, uint32(i+1), chunk); err != nil {
					t.Fatal(err)
				}
			}
		}
		for range 2 {
			for i, content := range contents {
				root, err := s.Root(t.Context(), uint32(i+1))
				if err != nil || root != tree.Sum(content) {
					t.Errorf("%s, every %d: %x, %v", paths[i], every, root, err)
				}
			}
			s = reopen(t, s, state)
		}
	}
}

func TestReadRefusesWhatIsNotInTheManifest(t *testing.T) {
	dir := folder(t)
	write(t, filepath.Join(dir, "top", "file"), []byte("12345"))
	s, _ := create(t, filepath.Join(dir, "top"))
	tests := []struct {
		entry  uint32
		offset int64
		length int
	}{{0, 0, 1}, {1, 0, 0}, {3, 0, 1}, {1 << 31, 0, 1}, {2, -1, 1}, {2, 0, 6}, {2, 5, 1}, {2, 6, 0}, {2, 1 << 62, 1}}
	for _, test := range tests {
		err := s.Read(t.Context(), test.entry, test.offset, make([]byte, test.length))
		var fault *bulk.Fault
		if err == nil || errors.As(err, &fault) {
			t.Errorf("%+v: %v", test, err)
		}
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Read(cancelled, 2, 0, make([]byte, 5)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// A file of 20 GiB that is almost nothing but a hole is read where there is
// something, and where there is nothing.
func TestSparseFile(t *testing.T) {
	const size = 20 << 30
	path := filepath.Join(folder(t), "disk.img")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(file.Truncate(size), file.Close()); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip("there are no sparse files here: ", err)
	}
	island := bytesOf(1, 8192)
	const at = 10<<30 + 700_000
	if file, err = os.OpenFile(path, os.O_WRONLY, 0); err != nil {
		t.Fatal(err)
	}
	_, err = file.WriteAt(island, at)
	if err := errors.Join(err, file.Close()); err != nil {
		t.Fatal(err)
	}
	s, _ := create(t, path)
	for _, offset := range []int64{0, 10<<30 - mib, 10 << 30, 10<<30 + mib, size - mib} {
		got := bytes.Repeat([]byte{0xaa}, mib)
		if err := s.Read(t.Context(), 1, offset, got); err != nil {
			t.Fatal(err)
		}
		want := make([]byte, mib)
		if offset == 10<<30 {
			copy(want[at-offset:], island)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("other content at %d", offset)
		}
	}
}

// However many files are read at once, few of them are open, and closing the
// source closes those.
func TestFewFilesAreOpen(t *testing.T) {
	if _, err := os.ReadDir("/proc/self/fd"); err != nil && runtime.GOOS == "linux" {
		t.Fatal(err)
	} else if err != nil {
		t.Skip("it cannot be seen here how many files are open")
	}
	const files, readers = 200, 100
	dir := folder(t)
	for i := range files {
		path := filepath.Join(dir, "top", fmt.Sprintf("%03d", i))
		write(t, path, nil)
		if err := os.Truncate(path, mib+1); err != nil {
			t.Fatal(err)
		}
	}
	s, _ := create(t, filepath.Join(dir, "top"))
	before := openFiles(t, dir)
	if before != 0 {
		t.Fatalf("%d files are open after the walk", before)
	}
	var all sync.WaitGroup
	for reader := range readers {
		all.Go(func() {
			for i := range files {
				number := uint32((i*7+reader)%files) + 2
				if err := s.Read(t.Context(), number, mib, make([]byte, 1)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	most := 0
	for range 20 {
		most = max(most, openFiles(t, dir))
	}
	all.Wait()
	if most = max(most, openFiles(t, dir)); most > source.MostOpen || most == 0 {
		t.Errorf("%d files are open", most)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if left := openFiles(t, dir); left != 0 {
		t.Errorf("%d files are open after the end", left)
	}
}

// openFiles counts the files below dir that this process has open.
func openFiles(t *testing.T, dir string) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, entry := range entries {
		target, err := os.Readlink(filepath.Join("/proc/self/fd", entry.Name()))
		if err == nil && strings.HasPrefix(target, dir+"/") {
			count++
		}
	}
	return count
}

// Files of one chunk are closed at once: nothing of a thousand of them is
// open, but the kept ones of several chunks.
func TestOpenFilesAreKeptAndDropped(t *testing.T) {
	if _, err := os.ReadDir("/proc/self/fd"); err != nil && runtime.GOOS == "linux" {
		t.Fatal(err)
	} else if err != nil {
		t.Skip("it cannot be seen here how many files are open")
	}
	dir := folder(t)
	write(t, filepath.Join(dir, "small"), []byte("12"))
	write(t, filepath.Join(dir, "large"), bytesOf(1, mib+1))
	s, _ := create(t, filepath.Join(dir, "small"), filepath.Join(dir, "large"))
	if err := errors.Join(send(t.Context(), s, 1, 0), send(t.Context(), s, 2, 0)); err != nil {
		t.Fatal(err)
	}
	if open := openFiles(t, dir); open != 1 {
		t.Errorf("%d files are open while the large one is sent", open)
	}
	if _, err := s.Root(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	if open := openFiles(t, dir); open != 0 {
		t.Errorf("%d files are open when all is sent", open)
	}
}

func BenchmarkReadSmall(b *testing.B) {
	const files = 10_000
	dir := folder(b)
	content := bytesOf(1, 4096)
	for i := range files {
		write(b, filepath.Join(dir, "top", fmt.Sprint(i/100), fmt.Sprint(i)), content)
	}
	m, roots := walk(b, filepath.Join(dir, "top"))
	var numbers []uint32
	for i := range m.Entries {
		if m.Entries[i].Kind == protocol.EntryFile {
			numbers = append(numbers, uint32(i+1))
		}
	}
	b.Run("walk", func(b *testing.B) {
		for b.Loop() {
			walk(b, filepath.Join(dir, "top"))
		}
	})
	b.Run("os", func(b *testing.B) {
		b.SetBytes(files * 4096)
		for b.Loop() {
			for _, number := range numbers {
				path := filepath.Join(append([]string{dir}, m.Path(number)...)...)
				if _, err := os.ReadFile(path); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	s, err := source.Create(filepath.Join(b.TempDir(), "state"), m, roots)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	b.Run("source", func(b *testing.B) {
		b.SetBytes(files * 4096)
		b.ReportAllocs()
		buf := make([]byte, 4096)
		for b.Loop() {
			for _, number := range numbers {
				if err := s.Read(b.Context(), number, 0, buf); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	b.Run("keep", func(b *testing.B) {
		b.SetBytes(files * 4096)
		for b.Loop() {
			for i := range numbers {
				s.Keep(uint64(i), tree.Value{1})
			}
		}
	})
}

func BenchmarkReadLarge(b *testing.B) {
	const size = 256 * mib
	path := filepath.Join(folder(b), "large")
	write(b, path, bytesOf(1, size))
	s, _ := create(b, path)
	file, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	buf := make([]byte, mib)
	b.Run("pread", func(b *testing.B) {
		b.SetBytes(size)
		for b.Loop() {
			for offset := int64(0); offset < size; offset += mib {
				if _, err := file.ReadAt(buf, offset); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	b.Run("source", func(b *testing.B) {
		b.SetBytes(size)
		b.ReportAllocs()
		for b.Loop() {
			for offset := int64(0); offset < size; offset += mib {
				if err := s.Read(b.Context(), 1, offset, buf); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}
