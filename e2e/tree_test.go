//go:build e2e

package e2e

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// Files and folders to send, and how to compare what arrived. Everything is
// random but comes from a seed, so that a failure can be repeated.

// sown is a source of random bytes.
func sown(seed uint64) *rand.ChaCha8 {
	return rand.NewChaCha8(sha256.Sum256(fmt.Append(nil, seed)))
}

// writeFile makes a file of random bytes. Folders on the way are made too.
func writeFile(t *testing.T, path string, size int64, seed uint64) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.CopyN(f, sown(seed), size)
	if err2 := f.Close(); err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
}

// manyFiles makes a folder of files of one size, a hundred in each subfolder.
func manyFiles(t *testing.T, folder string, count int, size int64) {
	t.Helper()
	for i := range count {
		writeFile(t, filepath.Join(folder, fmt.Sprintf("%02d", i/100), fmt.Sprintf("file %02d.bin", i%100)), size, uint64(i))
	}
}

// mixedFiles makes a folder of files of all sizes up to 64 MiB, many small and
// few large as people have them, of so many bytes on average. Some are empty,
// some can be executed, and names are in several scripts.
func mixedFiles(t *testing.T, folder string, count int, average int64, seed uint64) {
	t.Helper()
	const widest = 64 << 20
	const sigma = 2.6
	random := rand.New(sown(seed))
	median := float64(average) / math.Exp(sigma*sigma/2)
	names := []string{"报告", "Протокол", "photo", "data set", "表格"}
	for i := range count {
		size := int64(math.Exp(random.NormFloat64()*sigma) * median)
		if i%50 == 0 {
			size = 0
		}
		name := names[i%len(names)]
		path := filepath.Join(folder, fmt.Sprintf("%s %d", name, i/40), fmt.Sprintf("%s %d.dat", name, i))
		writeFile(t, path, min(size, widest), seed+uint64(i))
		if i%10 == 0 {
			if err := os.Chmod(path, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		modified := time.Unix(1_500_000_000+random.Int64N(200_000_000), random.Int64N(1_000_000_000))
		if err := os.Chtimes(path, modified, modified); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(folder, "empty folder", "空"), 0o755); err != nil {
		t.Fatal(err)
	}
}

// leaf is what a file or folder is like.
type leaf struct {
	folder     bool
	size       int64
	modified   time.Time // of files
	executable bool
	hash       [sha256.Size]byte
}

// forest lists everything below a folder, by its path within. Links and
// devices fail the test: there should be none.
func forest(t *testing.T, folder string) map[string]leaf {
	t.Helper()
	found := make(map[string]leaf)
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if path == folder {
			return err
		}
		var is leaf
		if err == nil {
			is, err = examine(path)
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil // it was removed meanwhile
		}
		if err != nil {
			return err
		}
		name, err := filepath.Rel(folder, path)
		found[name] = is
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// examine reads one file or folder.
func examine(path string) (leaf, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return leaf{}, err
	}
	if info.IsDir() {
		return leaf{folder: true}, nil
	}
	if !info.Mode().IsRegular() {
		return leaf{}, fmt.Errorf("%s is neither file nor folder: %v", path, info.Mode())
	}
	found := leaf{size: info.Size(), modified: info.ModTime(), executable: info.Mode()&0o100 != 0}
	found.hash, err = hashFile(path)
	return found, err
}

func hashFile(path string) (sum [sha256.Size]byte, err error) {
	f, err := os.Open(path)
	if err != nil {
		return sum, err
	}
	defer f.Close()
	h := sha256.New()
	_, err = io.Copy(h, f)
	return [sha256.Size]byte(h.Sum(nil)), err
}

// sameForest compares two folders. Other programs do not keep everything, so
// that for them the content is enough.
func sameForest(t *testing.T, want, got map[string]leaf, contentOnly bool) bool {
	t.Helper()
	differences := 0
	say := func(format string, args ...any) {
		if differences++; differences <= 10 {
			t.Errorf(format, args...)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		w, g := want[name], got[name]
		if contentOnly {
			w.modified, w.executable = g.modified, g.executable
		}
		if _, there := got[name]; !there {
			say("%q is missing", name)
		} else if !w.modified.Equal(g.modified) {
			say("%q was modified %v, not %v", name, g.modified, w.modified)
		} else if w.modified = g.modified; w != g {
			say("%q is %+v, want %+v", name, g, w)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if _, there := want[name]; !there {
			say("%q should not be there", name)
		}
	}
	return differences == 0
}
