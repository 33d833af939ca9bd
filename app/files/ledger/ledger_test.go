package ledger_test

import (
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"feihong/app/files/ledger"
	"feihong/protocol"
	"feihong/transport/bulk/tree"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var manifest = [32]byte{1, 2, 3}

func open(t testing.TB, path string, chunks uint64) (*ledger.Ledger, bool) {
	t.Helper()
	l, sameBoot, err := ledger.Open(path, manifest, chunks)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l, sameBoot
}

func value(chunk uint64) (v tree.Value) {
	v[31] = 1
	binary.BigEndian.PutUint64(v[:], chunk)
	return v
}

func set(t testing.TB, l *ledger.Ledger, chunks ...uint64) {
	t.Helper()
	for _, chunk := range chunks {
		if err := l.Set(chunk, value(chunk)); err != nil {
			t.Fatal(err)
		}
	}
}

func run(first, count uint64) protocol.ChunkRun { return protocol.ChunkRun{First: first, Count: count} }

// Whatever was set is there again when the file is opened, though nobody has
// closed it.
func TestSetSurvivesTheEndOfTheProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger")
	l, sameBoot := open(t, path, 10)
	if !sameBoot {
		t.Error("a new ledger is said to be of another boot")
	}
	set(t, l, 0, 3, 4, 9)
	again, sameBoot := open(t, path, 10)
	if !sameBoot {
		t.Error("the boot is another one")
	}
	for chunk := range uint64(12) {
		want := slices.Contains([]uint64{0, 3, 4, 9}, chunk)
		got, known, err := again.Get(chunk)
		if err != nil || known != want || known && got != value(chunk) || again.Has(chunk) != want {
			t.Errorf("chunk %d: %x, %v, %v", chunk, got, known, err)
		}
	}
	if got, want := again.Missing(), []protocol.ChunkRun{run(1, 2), run(5, 4)}; !slices.Equal(got, want) {
		t.Errorf("missing: %v, want %v", got, want)
	}
	if runtime.GOOS == "windows" {
		return
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func TestWhatCannotBeSet(t *testing.T) {
	l, _ := open(t, filepath.Join(t.TempDir(), "ledger"), 4)
	if l.Set(4, value(4)) == nil {
		t.Error("a chunk beyond the end was set")
	}
	if l.Set(1, tree.Value{}) == nil {
		t.Error("an empty value was set")
	}
	if l.Clear(3, 2) == nil || l.Clear(5, 0) == nil || l.Clear(1, ^uint64(0)) == nil {
		t.Error("chunks beyond the end were cleared")
	}
	if _, err := l.Values(3, 2); err == nil {
		t.Error("values beyond the end were read")
	}
	if _, err := l.Values(1, ^uint64(0)); err == nil {
		t.Error("values beyond the end were read")
	}
	if _, err := l.Root(1, 0); err == nil {
		t.Error("a file of no chunks has a hash")
	}
	if got := l.Missing(); !slices.Equal(got, []protocol.ChunkRun{run(0, 4)}) {
		t.Errorf("missing: %v", got)
	}
	if _, _, err := ledger.Open(filepath.Join(t.TempDir(), "ledger"), manifest, 1<<40); err == nil {
		t.Error("a ledger of any size can be made")
	}
}

func TestValuesAndRoot(t *testing.T) {
	const chunks = 10_000 // more than are read at once
	l, _ := open(t, filepath.Join(t.TempDir(), "ledger"), chunks)
	var want []tree.Value
	for chunk := range uint64(chunks) {
		set(t, l, chunk)
		want = append(want, value(chunk))
	}
	for _, part := range [][2]uint64{{0, chunks}, {1, chunks - 1}, {4096, 1}, {4095, 4098}, {7, 0}} {
		got, err := l.Values(part[0], part[1])
		if err != nil || !slices.Equal(got, want[part[0]:part[0]+part[1]]) {
			t.Errorf("values of %v: %d, %v", part, len(got), err)
		}
	}
	if root, err := l.Root(5, 9000); err != nil || root != tree.Root(want[5:9005]) {
		t.Errorf("root: %x, %v", root, err)
	}
	if root, err := l.Root(7, 1); err != nil || root != want[7] {
		t.Errorf("root of one chunk: %x, %v", root, err)
	}
	if err := l.Clear(6000, 1); err != nil {
		t.Fatal(err)
	}
	var missing *ledger.MissingError
	if _, err := l.Root(5, 9000); !errors.As(err, &missing) || missing.Chunk != 6000 {
		t.Errorf("root without a value: %v", err)
	}
}

// The runs and the bits behind them are compared with a slice of booleans.
func TestAgainstAModel(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, chunks := range []uint64{0, 1, 63, 64, 65, 200, 9000} {
		path := filepath.Join(t.TempDir(), "ledger")
		l, _ := open(t, path, chunks)
		model := make([]bool, chunks)
		for range 60 {
			if chunks == 0 {
				break
			}
			first := random.Uint64N(chunks)
			count := random.Uint64N(min(chunks-first, 5000) + 1)
			if random.IntN(3) > 0 {
				for chunk := first; chunk < first+count; chunk++ {
					set(t, l, chunk)
					model[chunk] = true
				}
			} else {
				if err := l.Clear(first, count); err != nil {
					t.Fatal(err)
				}
				clear(model[first : first+count])
			}
			compare(t, l, model, first, count)
		}
		again, _ := open(t, path, chunks)
		compare(t, again, model, 0, chunks)
	}
}

func compare(t *testing.T, l *ledger.Ledger, model []bool, first, count uint64) {
	t.Helper()
	if got, want := l.Missing(), missingIn(model, 0, uint64(len(model))); !slices.Equal(got, want) {
		t.Fatalf("missing of %d: %v, want %v", len(model), got, want)
	}
	if got, want := l.MissingIn(first, count), missingIn(model, first, count); !slices.Equal(got, want) {
		t.Fatalf("missing in %d+%d of %d: %v, want %v", first, count, len(model), got, want)
	}
}

func missingIn(model []bool, first, count uint64) (runs []protocol.ChunkRun) {
	for chunk := first; chunk < first+count; chunk++ {
		if model[chunk] {
			continue
		}
		if last := len(runs) - 1; last >= 0 && runs[last].First+runs[last].Count == chunk {
			runs[last].Count++
		} else {
			runs = append(runs, run(chunk, 1))
		}
	}
	return runs
}

func TestUselessFilesAreBegunAnew(t *testing.T) {
	const chunks = 8
	tests := []struct {
		name   string
		damage func(content []byte) []byte
		chunks uint64
	}{
		{"empty", func([]byte) []byte { return nil }, chunks},
		{"half a header", func(content []byte) []byte { return content[:50] }, chunks},
		{"too short", func(content []byte) []byte { return content[:len(content)-1] }, chunks},
		{"too long", func(content []byte) []byte { return append(content, 0) }, chunks},
		{"another version", func(content []byte) []byte { content[15]++; return content }, chunks},
		{"another manifest", func(content []byte) []byte { content[20]++; return content }, chunks},
		{"another number in the header", func(content []byte) []byte { content[55]++; return content }, chunks},
		{"something behind the header", func(content []byte) []byte { content[100]++; return content }, chunks},
		{"another number of chunks", func(content []byte) []byte { return content }, chunks + 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "ledger")
			l, _ := open(t, path, chunks)
			set(t, l, 2)
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, test.damage(content), 0o600); err != nil {
				t.Fatal(err)
			}
			again, sameBoot := open(t, path, test.chunks)
			if got := again.Missing(); !sameBoot || !slices.Equal(got, []protocol.ChunkRun{run(0, test.chunks)}) {
				t.Errorf("missing: %v, same boot: %v", got, sameBoot)
			}
			set(t, again, 3)
			if third, _ := open(t, path, test.chunks); !third.Has(3) || third.Has(2) {
				t.Error("the new ledger is not kept")
			}
		})
	}
}

func TestAnotherBootIsTold(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger")
	tests := []struct {
		boot          string
		same, confirm bool
	}{
		{"first", true, false},
		{"first", true, false},
		{"second", false, false},
		{"second", false, true}, // whoever was killed before he confirmed, begins once more
		{"second", true, false},
		{"", false, true},
		{"", false, false}, // not knowing is never the same
		{"third", false, false},
	}
	for i, test := range tests {
		ledger.Boot(t, test.boot)
		l, same := open(t, path, 5)
		if same != test.same {
			t.Errorf("step %d, boot %q: %v", i, test.boot, same)
		}
		if i == 0 {
			set(t, l, 1)
		}
		if !l.Has(1) {
			t.Errorf("step %d: the other boot has taken a value with it", i)
		}
		if test.confirm {
			if err := l.Confirm(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestThisSystemTellsItsBoot(t *testing.T) {
	switch runtime.GOOS {
	case "linux", "darwin", "windows":
	default:
		t.Skip("not known how")
	}
	if first, second := ledger.ReadBoot(), ledger.ReadBoot(); first == "" || first != second {
		t.Errorf("%q, then %q", first, second)
	}
}

func TestConcurrentUse(t *testing.T) {
	const workers, each = 4, 500
	path := filepath.Join(t.TempDir(), "ledger")
	l, _ := open(t, path, workers*each)
	var all sync.WaitGroup
	for worker := range uint64(workers) {
		all.Go(func() {
			for i := range uint64(each) {
				chunk := i*workers + worker
				if err := l.Set(chunk, value(chunk)); err != nil {
					t.Error(err)
				}
				if i%5 == 0 {
					if err := l.Clear(chunk, 1); err != nil {
						t.Error(err)
					}
				}
				if v, known, err := l.Get(chunk); err != nil || known == (i%5 == 0) || known && v != value(chunk) {
					t.Errorf("chunk %d: %x, %v, %v", chunk, v, known, err)
				}
				_ = l.MissingIn(chunk, 100)
			}
		})
	}
	all.Wait()
	if err := errors.Join(l.Sync(), l.Close()); err != nil {
		t.Fatal(err)
	}
	again, _ := open(t, path, workers*each)
	if got := again.Missing(); len(got) != each/5 || got[1] != run(5*workers, workers) {
		t.Errorf("missing: %v", got)
	}
}

// Whatever is in the file, a ledger comes of it that is consistent in itself.
func FuzzOpen(f *testing.F) {
	path := filepath.Join(f.TempDir(), "seed")
	l, _ := open(f, path, 3)
	set(f, l, 1)
	content, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(content)
	f.Add(content[:len(content)-32])
	f.Add([]byte("feihong ledger 1"))
	f.Fuzz(func(t *testing.T, content []byte) {
		path := filepath.Join(t.TempDir(), "ledger")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		l, _ := open(t, path, 3)
		for chunk := range uint64(3) {
			v, known, err := l.Get(chunk)
			if err != nil || known == v.IsZero() {
				t.Fatalf("chunk %d: %x, %v, %v", chunk, v, known, err)
			}
		}
		set(t, l, 0, 1, 2)
		if missing := l.Missing(); len(missing) > 0 {
			t.Fatalf("missing: %v", missing)
		}
	})
}

func BenchmarkSet(b *testing.B) {
	l, _ := open(b, filepath.Join(b.TempDir(), "ledger"), 1<<16)
	v := value(7)
	for i := range b.N {
		if err := l.Set(uint64(i)%(1<<16), v); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen1TiB(b *testing.B) {
	path := filepath.Join(b.TempDir(), "ledger")
	l, _ := open(b, path, 1<<20)
	for chunk := uint64(0); chunk < 1<<20; chunk += 2 {
		set(b, l, chunk)
	}
	b.SetBytes(32 << 20)
	for b.Loop() {
		l, _, err := ledger.Open(path, manifest, 1<<20)
		if err != nil {
			b.Fatal(err)
		}
		_ = l.Close()
	}
}
