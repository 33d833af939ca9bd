//go:build e2e

package e2e

import (
	"path/filepath"
	"testing"
	"time"
)

// TestFilesLimit sets how fast files may be, changes it in the middle, and
// reads what the daemon tells meanwhile.
func TestFilesLimit(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	from := filepath.Join(p.data, "from")
	const size = 24 << 20
	writeFile(t, filepath.Join(from, "large.bin"), size, 1)
	p.alice.must(0, "files", "limit", "4MiB")
	id := p.alice.offers("Bob", filepath.Join(from, "large.bin"))
	p.bob.accepts(id, p.received)
	p.bob.moves(id, 1)
	begin, before := time.Now(), p.bob.transfer(id).Done
	p.bob.moves(id, 12<<20)
	rate := float64(p.bob.transfer(id).Done-before) / time.Since(begin).Seconds() / (4 << 20)
	t.Logf("%.2f of the limit", rate)
	if rate > 1.5 || rate < 0.4 {
		t.Errorf("%.2f of the limit", rate)
	}
	p.alice.must(0, "files", "limit", "off")
	p.complete(id, patience, forest(t, from))
	took := time.Since(begin)

	for _, d := range []*process{p.alice, p.bob} {
		count := make(map[string]int)
		told, _ := d.log.read()
		var last string
		for _, e := range told {
			if e.ID != id {
				continue
			}
			count[e.Event.Event]++
			if e.Event.Event == "file" {
				last = e.State
			}
			if (e.Event.Event == "file" || e.Event.Event == "progress") && (e.TransferFacts == nil || e.Size != size || e.Done > size) {
				t.Errorf("%s is told %+v", d.name, e.Event)
			}
		}
		t.Logf("%s in %v: %v", d.name, took, count)
		if most := int(took/time.Second) + 2; count["progress"] == 0 || count["progress"] > most {
			t.Errorf("%s is told of progress %d times in %v", d.name, count["progress"], took)
		}
		if last != "done" || (count["offer"] == 1) != (d == p.bob) {
			t.Errorf("%s is told %v, at last %q", d.name, count, last)
		}
	}
}
