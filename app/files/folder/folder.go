package folder

import (
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"

	"feihong/app/files/ledger"
	"feihong/protocol"
	"feihong/transport/bulk"
	"feihong/transport/bulk/tree"
)

// Config says what is received where.
type Config struct {
	// State is an existing folder of the profile, for this transfer alone.
	State string
	// Target is the absolute path of the folder in which the files are to
	// appear. It is made if it is not there when a receiving begins.
	Target string
	// Manifest is the hash of the manifest.
	Manifest [32]byte
	Logger   *slog.Logger

	// For tests: how a folder is opened, what room there is, and what is told
	// of each change of the state before it is made, which an error prevents.
	openPlace func(path string) (place, error)
	capacity  func(dir string) (free, total int64, ok bool)
	probe     func(change string) error
}

const (
	// reserve is how many bytes are left to the others on a disk, except on
	// small ones, where it is a twentieth.
	reserve = 64 << 20

	// spaceInterval is after how many bytes written, at most, the room is
	// looked at again. Where little is left it is the spaceShare-th part of
	// that, so that many receivings at once cannot use up the reserve unseen.
	spaceInterval = 32 << 20
	spaceShare    = 16

	// block is what a file system gives room in, and entryBytes about what it
	// needs to know of a file.
	block      = 4 << 10
	entryBytes = 1 << 10

	maxRooms = 128 // folders kept open
	maxParts = 64  // large files kept open
)

// mark is what is known of an entry.
type mark uint8

const (
	markDone   mark = 1 << iota // a file that is whole and verified
	markFailed                  // a file that cannot be had
	markNamed                   // something at the top that has its final name, or will never get one
	markMade                    // a large file or a folder that was made, or known again, by this Folder; of a file, what is not written is zero
)

// Folder receives the files of one manifest into one target folder. It
// implements bulk.Sink; Begin comes before everything else. Safe for concurrent
// use, Begin and Close excepted.
type Folder struct {
	cfg     Config
	journal *journal
	past    *history
	closing atomic.Bool

	plan    *plan
	ledger  *ledger.Ledger
	where   placement
	target  place
	staging place
	rooms   *shelf[place] // open folders below staging
	parts   *shelf[*part] // large files
	locks   [64]sync.RWMutex

	publishing sync.Mutex // held by the one who gives names
	numbers    numbering  // of names in the target that were taken; of the one who gives names

	making sync.Mutex                 // held by who makes a folder, or takes away what is in the way
	listed map[uint32]map[string]bool // by number of a folder: names that were in it when something was in the way

	untimedOnce sync.Once

	mu     sync.Mutex
	marks  []mark   // of entry n: marks[n-1]
	left   []uint32 // of a file: how many chunks are missing
	open   []uint32 // of an entry at the top: how many files are neither done nor failed
	ready  []uint32 // entries at the top that can get their names
	bytes  int64    // verified
	files  int      // done
	credit int64    // bytes that may be written before the room is looked at again
}

var _ bulk.Sink = (*Folder)(nil)

// Open opens what is known of a receiving, or begins one. It changes nothing in
// the target.
func Open(cfg Config) (*Folder, error) {
	if cfg.openPlace == nil {
		cfg.openPlace = openPlace
	}
	if cfg.capacity == nil {
		cfg.capacity = capacity
	}
	if cfg.probe == nil {
		cfg.probe = func(string) error { return nil }
	}
	journal, past, err := openJournal(cfg.State)
	if err != nil {
		return nil, err
	}
	return &Folder{
		cfg: cfg, journal: journal, past: past,
		rooms: newShelf[place](maxRooms), parts: newShelf[*part](maxParts),
		numbers: make(numbering), listed: make(map[uint32]map[string]bool),
	}, nil
}

// Interrupt makes a Begin that takes long return soon. It may be
// called at any time, from any goroutine.
func (f *Folder) Interrupt() { f.closing.Store(true) }

// Close closes all files. Everything is kept for the next Open.
func (f *Folder) Close() error {
	err := errors.Join(f.parts.clear(), f.rooms.clear(), f.journal.Close())
	if f.ledger != nil {
		err = errors.Join(err, f.ledger.Close())
	}
	for _, p := range []place{f.staging, f.target} {
		if p != nil {
			err = errors.Join(err, p.Close())
		}
	}
	return err
}

// note adds records to the journal.
func (f *Folder) note(durable bool, records ...record) error {
	if err := f.cfg.probe("journal"); err != nil {
		return err
	}
	return f.journal.append(durable, records...)
}

// Missing gives the chunks that are neither on the disk nor impossible to have,
// in ascending order.
func (f *Folder) Missing() []protocol.ChunkRun {
	f.mu.Lock()
	defer f.mu.Unlock()
	runs := f.ledger.Missing()
	if len(f.past.failed) == 0 {
		return runs
	}
	kept := runs[:0:0]
	for _, run := range runs {
		kept = f.withoutFailed(kept, run)
	}
	return kept
}

// withoutFailed appends run to kept, without the chunks of failed files.
func (f *Folder) withoutFailed(kept []protocol.ChunkRun, run protocol.ChunkRun) []protocol.ChunkRun {
	for end := run.First + run.Count; run.First < end; {
		n, _, _ := f.plan.manifest.Locate(run.First)
		first, count := f.plan.manifest.ChunksOf(n)
		stop := min(end, first+count)
		if f.marks[n-1]&markFailed != 0 {
			run.First = stop
			continue
		}
		if last := len(kept) - 1; last >= 0 && kept[last].First+kept[last].Count == run.First {
			kept[last].Count += stop - run.First
		} else {
			kept = append(kept, protocol.ChunkRun{First: run.First, Count: stop - run.First})
		}
		run.First = stop
	}
	return kept
}

// Values gives the values of all chunks of a file that only lacks Finish, and
// nil for every other one.
func (f *Folder) Values(entry uint32) []tree.Value {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.isFile(entry) || f.marks[entry-1]&(markDone|markFailed) != 0 || f.left[entry-1] > 0 {
		return nil
	}
	values, err := f.ledger.Values(f.plan.manifest.ChunksOf(entry))
	if err != nil {
		return nil
	}
	return values
}

func (f *Folder) isFile(n uint32) bool {
	return n > 0 && uint64(n) <= uint64(len(f.plan.names)) && !f.plan.isFolder(n)
}

// Done tells how many bytes and whole files are verified.
func (f *Folder) Done() (bytes int64, files int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.bytes, f.files
}

// Name gives the name under which an entry is stored, which is safe to show,
// and "" if there is no such entry.
func (f *Folder) Name(entry uint32) string {
	if entry == 0 || uint64(entry) > uint64(len(f.plan.names)) {
		return ""
	}
	return f.plan.final(entry)
}

// Paths gives the absolute paths of everything that has its final name, in the
// order of the manifest.
func (f *Folder) Paths() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var paths []string
	for i := range f.plan.names {
		if named, is := f.past.named[uint32(i+1)]; is {
			paths = append(paths, filepath.Join(named.Target, named.Name))
		}
	}
	return paths
}

// Failure is a file that could not be had.
type Failure struct {
	Name string // with the names of its folders, '/' between, safe to show
	Code protocol.BulkCode
}

// Failures gives what could not be had, in the order of the manifest.
func (f *Folder) Failures() []Failure {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []Failure
	for i := range f.plan.names {
		if failed, is := f.past.failed[uint32(i+1)]; is {
			all = append(all, Failure{Name: f.safePath(failed.Entry), Code: failed.Code})
		}
	}
	return all
}

func (f *Folder) safePath(n uint32) string {
	path := f.plan.final(n)
	for n = f.plan.entry(n).Parent; n != 0; n = f.plan.entry(n).Parent {
		path = f.plan.final(n) + "/" + path
	}
	return strings.ToValidUTF8(path, "_")
}
