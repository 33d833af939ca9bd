package folder_test

import (
	"fmt"
	"os"
	"testing"

	"feihong/app/files/folder"
	"feihong/protocol"
)

// BenchmarkSmallFiles stores 10,000 files of 4 KiB in a folder, durably.
func BenchmarkSmallFiles(b *testing.B) {
	items := []item{{path: "many/"}}
	for i := range 10_000 {
		items = append(items, item{path: fmt.Sprintf("many/%d", i), data: random(uint64(i), 4096)})
	}
	benchmark(b, pack(b, items...))
}

// BenchmarkLargeFile stores a file of 256 MiB, durably.
func BenchmarkLargeFile(b *testing.B) {
	benchmark(b, pack(b, item{path: "big", data: random(1, 256<<20)}))
}

// benchmark does not remove what it has made before the end: making files is
// much slower on some file systems while others were just removed.
func benchmark(b *testing.B, p *parcel) {
	b.SetBytes(int64(p.manifest.Bytes()))
	for b.Loop() {
		b.StopTimer()
		dir := b.TempDir()
		cfg := configIn(dir, p)
		if err := os.Mkdir(cfg.State, 0o700); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		if err := p.receive(cfg); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPlan finds names for a great many entries, and what lies
// under each of them.
func BenchmarkPlan(b *testing.B) {
	for name, entries := range map[string][]protocol.Entry{
		"equal":     equal(protocol.MaxEntries),
		"cut alike": alike(50_000),
		"tops":      tops(),
	} {
		b.Run(name, func(b *testing.B) {
			p := (&parcel{}).of(b, entries)
			for b.Loop() {
				folder.PlanUnder(p.manifest)
			}
		})
	}
}
