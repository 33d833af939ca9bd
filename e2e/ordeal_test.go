//go:build e2e

package e2e

import (
	"fmt"
	"io/fs"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// ordeals is how many transfers have to go through faults; the environment
// variable FEIHONG_FILE_FAULTS changes it, and FEIHONG_FILE_SEED repeats a run.
var (
	ordeals    = number("FEIHONG_FILE_FAULTS", 12)
	ordealSeed = number("FEIHONG_FILE_SEED", int(time.Now().UnixNano()%1_000_000_000))
)

// ordealTime is how soon a transfer has to be over when the last fault is.
const ordealTime = 4 * patience

// TestFilesThroughFaults lets transfers go through everything that happens to
// them: kills of either side, cables that are cut, bad lines, connections that
// are reset, programs that stand still, full disks, people who change their
// mind, and files that change. Every transfer ends with the same files on both
// sides or with a failure that says what it is about; nothing that is not
// complete ever bears a final name; nothing outside the folder is touched.
func TestFilesThroughFaults(t *testing.T) {
	needRoot(t)
	t.Logf("FEIHONG_FILE_SEED=%d", ordealSeed)
	const together = 4
	var mu sync.Mutex
	ends := make(map[string]int)
	hits := 0
	t.Cleanup(func() {
		for _, end := range slices.Sorted(maps.Keys(ends)) {
			t.Logf("%4d transfers %s", ends[end], end)
		}
		t.Logf("%4d faults in the middle of them", hits)
	})
	for pairing := range min(together, ordeals) {
		t.Run(fmt.Sprint("pair ", pairing), func(t *testing.T) {
			t.Parallel()
			p := newPair(t)
			random := rand.New(sown(uint64(ordealSeed*together + pairing)))
			for n := pairing; n < ordeals; n += together {
				o := &ordeal{pair: p, random: random, number: n, spoiled: make(map[string]bool)}
				end := o.run()
				mu.Lock()
				ends[end]++
				hits += o.hits
				mu.Unlock()
				if t.Failed() {
					t.Fatalf("transfer %d (%s) failed: %s\n%s\nAlice: %s\nBob: %s", n, o.id, end, strings.Join(o.log, "\n"), p.alice.stderr.String(), p.bob.stderr.String())
				}
			}
		})
	}
}

// ordeal is one transfer through faults.
type ordeal struct {
	*pair
	random *rand.Rand
	number int
	log    []string

	from, guard, into string
	small             bool // the disk
	want              map[string]leaf
	size              int64
	hits              int // how many faults happened
	id                string
	began             time.Time
	repairs           []func()
	spoiled           map[string]bool // files that were changed while they were sent
	cancelled         bool
}

func (o *ordeal) note(format string, args ...any) {
	o.log = append(o.log, fmt.Sprintf("%6.2f s: ", time.Since(o.began).Seconds())+fmt.Sprintf(format, args...))
}

func (o *ordeal) between(least, most time.Duration) time.Duration {
	return least + time.Duration(o.random.Int64N(int64(most-least)+1))
}

// run makes a transfer, lets faults happen to it, and says how it ended.
func (o *ordeal) run() string {
	o.t.Helper()
	o.began = time.Now()
	o.prepare()
	defer o.tidy()
	before := census(o.t, o.guard)
	seen := watch(o.t, o.into, o.want)
	defer seen.stop()
	o.worsen()

	var paths []string
	for _, name := range o.tops() {
		paths = append(paths, filepath.Join(o.from, name))
	}
	o.id = o.alice.offers("Bob", paths...)
	o.bob.accepts(o.id, o.into)
	for range 1 + o.random.IntN(5) {
		<-time.After(o.between(0, 900*time.Millisecond))
		if o.bob.transfer(o.id).Over() && o.alice.transfer(o.id).Over() {
			break
		}
		o.hits++
		faults[o.random.IntN(len(faults))](o)
	}
	o.repair()
	return o.judge(before, seen)
}

// prepare makes what is sent, and a place for it with things that have to stay.
func (o *ordeal) prepare() {
	folder := filepath.Join(o.data, fmt.Sprint("ordeal", o.number))
	o.from, o.guard = filepath.Join(folder, "from"), filepath.Join(folder, "guard")
	if o.small = o.random.IntN(5) == 0; o.small {
		o.guard = o.smallDisk("140m")
	}
	o.into = filepath.Join(o.guard, "into")
	seed := o.random.Uint64()
	size := func() int64 { return int64(math.Exp(o.random.Float64() * math.Log(24<<20))) }
	switch o.random.IntN(3) {
	case 0:
		writeFile(o.t, filepath.Join(o.from, "large.bin"), 4<<20+size(), seed)
	case 1:
		mixedFiles(o.t, filepath.Join(o.from, "tree"), 20+o.random.IntN(200), 64<<10, seed)
	case 2:
		for i := range 2 + o.random.IntN(4) {
			writeFile(o.t, filepath.Join(o.from, fmt.Sprintf("文件 %d.bin", i)), size(), seed+uint64(i))
		}
		mixedFiles(o.t, filepath.Join(o.from, "a folder"), 10, 10<<10, seed)
	}
	o.want = forest(o.t, o.from)
	for _, found := range o.want {
		o.size += found.size
	}
	writeFile(o.t, filepath.Join(o.guard, "precious.txt"), 100, 1)
	writeFile(o.t, filepath.Join(o.guard, "neighbour", "precious.txt"), 100, 2)
	if err := os.MkdirAll(o.into, 0o755); err != nil {
		o.t.Fatal(err)
	}
	o.plant()
}

// tops are the names of what is sent, in order, without what is in folders.
func (o *ordeal) tops() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(o.want)), func(name string) bool { return strings.Contains(name, "/") })
}

// plant puts something in the way, by the name of what is sent.
func (o *ordeal) plant() {
	var err error
	for _, name := range o.tops() {
		found, path := o.want[name], filepath.Join(o.into, name)
		switch o.random.IntN(6) {
		case 0:
			err = os.WriteFile(path, []byte("I was here first"), 0o600)
		case 1:
			err = os.Mkdir(path, 0o755)
		case 2:
			aim := "../precious.txt"
			if found.folder {
				aim = "../neighbour"
			}
			err = os.Symlink(aim, path)
		}
		if err != nil {
			o.t.Fatal(err)
		}
	}
}

// tidy makes room for the next one.
func (o *ordeal) tidy() {
	for _, folder := range []string{o.from, o.into} {
		if err := os.RemoveAll(folder); err != nil {
			o.t.Error(err)
		}
	}
	o.cable.is(quality{})
}

// worsen gives the line some quality. It is so slow that faults come in the
// middle.
func (o *ordeal) worsen() {
	slow := o.between(2*time.Second, 6*time.Second).Seconds()
	q := quality{rate: max(256<<10, int64(float64(o.size)/slow)), delay: o.between(0, 15*time.Millisecond)}
	if o.random.IntN(3) == 0 {
		q.loss = o.random.Float64() * 0.03
	}
	o.cable.is(q)
	o.note("the line has %+v", q)
}

// later keeps what undoes a fault, and sometimes does it at once.
func (o *ordeal) later(repair func()) {
	if o.random.IntN(2) == 0 {
		repair()
		return
	}
	o.repairs = append(o.repairs, repair)
}

func (o *ordeal) repair() {
	for _, repair := range slices.Backward(o.repairs) {
		repair()
	}
	o.cable.is(quality{rate: 40 << 20})
	o.note("everything is well again")
}

// judge waits for the end and looks at what is left.
func (o *ordeal) judge(before map[string]string, seen *watcher) string {
	o.t.Helper()
	all := []string{"done", "failed", "cancelled"}
	bob := o.bob.reaches(o.id, ordealTime, all...)
	o.note("Bob: %s %s %s", bob.State, bob.Reason, bob.Detail)
	alice := o.alice.reaches(o.id, ordealTime, all...)
	o.note("Alice: %s %s %s", alice.State, alice.Reason, alice.Detail)
	end := strings.TrimSpace(bob.State + " " + bob.Reason)

	if alice.State != bob.State {
		o.t.Errorf("Alice says %s %s, Bob says %s %s", alice.State, alice.Reason, bob.State, bob.Reason)
	}
	named := bob.Detail != "" && slices.ContainsFunc(slices.Collect(maps.Keys(o.spoiled)), func(name string) bool {
		return strings.Contains(bob.Detail, filepath.Base(name))
	})
	switch {
	case bob.State == "cancelled" && !o.cancelled:
		o.t.Error("nobody cancelled it")
	case bob.State == "failed" && len(o.spoiled) == 0:
		o.t.Errorf("it failed without need: %s", end)
	case bob.State == "failed" && (!strings.HasPrefix(bob.Reason, "source-") || !named):
		o.t.Errorf("it failed because of %v, but names %q %q", slices.Collect(maps.Keys(o.spoiled)), bob.Reason, bob.Detail)
	case bob.State == "done":
		o.receipts()
	}

	eventually(o.t, "no hidden folder is left", func() bool {
		entries, err := os.ReadDir(o.into)
		return err == nil && !slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return strings.HasPrefix(e.Name(), hidden) })
	})
	complaints, _ := seen.said()
	for _, complaint := range complaints {
		o.t.Errorf("in the folder: %s", complaint)
	}
	o.compare(before, bob.State == "done", bob.Paths, seen)
	return end
}

// compare looks at the folder and everything around it: what was there is as it
// was, and what was received is what was sent.
func (o *ordeal) compare(before map[string]string, complete bool, paths []string, seen *watcher) {
	o.t.Helper()
	after := census(o.t, o.guard)
	came := make(map[string]bool) // names that were sent, of what is new
	for name, is := range after {
		top, isTop := strings.CutPrefix(name, "into/")
		isTop = isTop && !strings.Contains(top, "/")
		if was, there := before[name]; there {
			if was != is {
				o.t.Errorf("%s was %s and is %s", name, was, is)
			}
			continue
		}
		if !strings.HasPrefix(name, "into/") {
			o.t.Errorf("%s is new, outside of the folder", name)
		}
		if !isTop {
			continue
		}
		original, err := seen.original(top)
		if err == nil {
			err = seen.check(top)
		}
		if err != nil {
			o.t.Errorf("%s: %v", top, err)
		}
		came[original] = true
		// What was complete before somebody cancelled the rest may stay.
		if !o.cancelled && !slices.Contains(paths, filepath.Join(o.guard, name)) {
			o.t.Errorf("%s is there but not among %q", name, paths)
		}
	}
	for name := range before {
		if _, there := after[name]; !there {
			o.t.Errorf("%s is gone", name)
		}
	}
	for _, name := range o.tops() {
		if complete && !came[name] {
			o.t.Errorf("%s did not come", name)
		}
	}
	if complete {
		o.whole(paths)
	}
}

// whole makes sure that nothing is missing in the folders that came.
func (o *ordeal) whole(paths []string) {
	o.t.Helper()
	count := 0
	for _, path := range paths {
		count++
		if info, err := os.Lstat(path); err == nil && info.IsDir() {
			count += len(forest(o.t, path))
		}
	}
	if count != len(o.want) {
		o.t.Errorf("%d files and folders came, %d were sent", count, len(o.want))
	}
}

// receipts makes sure that both sides can prove the same.
func (o *ordeal) receipts() {
	o.t.Helper()
	for _, d := range []*process{o.alice, o.bob} {
		receipt, err := d.control().Receipt(o.t.Context(), o.id)
		if err != nil || !receipt.SignedByReceiver || !receipt.SignedBySender || !receipt.ListingValid {
			o.t.Errorf("the receipt of %s: %+v, %v", d.name, receipt, err)
		}
	}
}

// census describes everything below a folder, links too.
func census(t *testing.T, folder string) map[string]string {
	t.Helper()
	found := make(map[string]string)
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == folder {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		if entry.Type()&fs.ModeSymlink != 0 {
			aim, err := os.Readlink(path)
			found[name] = "a link to " + aim
			return err
		}
		is, err := examine(path)
		found[name] = fmt.Sprintf("%+v", is)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
