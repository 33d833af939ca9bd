package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"feihong/app/files/ledger"
	"feihong/protocol"
	"feihong/transport/bulk"
)

// Begin prepares to receive the files of the manifest, whose hash is that of
// the Config: it makes the staging folder, or finds out what of it is of use.
// After another boot of the system it hashes again what is there, which can
// take long. It fails with bulk.ErrNoSpace if what is missing has no room, and
// with a *TargetError if the target folder cannot be used.
func (f *Folder) Begin(m *protocol.Manifest) error {
	if f.plan != nil {
		return errors.New("begun already")
	}
	plan, err := newPlan(m, f.closing.Load)
	if err != nil {
		return err
	}
	f.plan = plan
	f.marks = make([]mark, len(m.Entries))
	f.left = make([]uint32, len(m.Entries))
	f.open = make([]uint32, len(m.Entries))
	return f.refused(f.begin(m))
}

func (f *Folder) begin(m *protocol.Manifest) error {
	if err := f.locate(m); err != nil {
		return err
	}
	// The ledger is as large as the manifest says; before it is made, the
	// disk was seen to be larger than that.
	slots, sameBoot, err := ledger.Open(filepath.Join(f.cfg.State, "ledger"), f.cfg.Manifest, m.Chunks())
	if err != nil {
		return err
	}
	f.ledger = slots
	if err := f.recall(); err != nil {
		return err
	}
	if err := f.inspect(sameBoot && !f.past.doubt); err != nil {
		return err
	}
	if err := f.tally(m); err != nil {
		return err
	}
	return f.saveManifest(m)
}

// locate opens the target folder and the staging folder in it.
func (f *Folder) locate(m *protocol.Manifest) error {
	if err := f.resolve(); err != nil {
		return err
	}
	known := f.past.place != nil && f.past.place.Target == f.cfg.Target
	if !known {
		if err := os.MkdirAll(f.cfg.Target, 0o755); err != nil {
			return err
		}
	}
	var err error
	if f.target, err = f.cfg.openPlace(f.cfg.Target); err != nil {
		return f.absent(err)
	}
	if _, total, ok := f.cfg.capacity(f.cfg.Target); ok && m.Bytes() > uint64(total) {
		return fmt.Errorf("%w: %d bytes on a disk of %d", bulk.ErrNoSpace, m.Bytes(), total)
	}
	if !known {
		return f.stage()
	}
	f.where = *f.past.place
	return f.rejoin()
}

// absent notes that the target has gone: if that was a disk which was pulled
// out, not all may be on it that was written.
func (f *Folder) absent(err error) error {
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return errors.Join(err, f.distrust())
}

// distrust notes that what was written may not be there.
func (f *Folder) distrust() error {
	if f.past.doubt {
		return nil
	}
	doubt := true
	f.past.doubt = true
	return f.note(false, record{Doubt: &doubt})
}

// stage chooses a staging folder in a target that has none yet.
func (f *Folder) stage() error {
	if before := f.past.place; before != nil {
		if err := removeStaging(before); err != nil {
			f.cfg.Logger.Warn("an old staging folder remains", "in", before.Target, "err", err)
		}
	}
	for range 8 {
		f.where = placement{Target: f.cfg.Target, Staging: stagingPrefix + randomHex(4), ID: randomHex(16)}
		if _, err := f.target.look(f.where.Staging); !errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := f.note(true, record{Place: &f.where}); err != nil {
			return err
		}
		return f.makeStaging()
	}
	return errors.New("no name for the staging folder is free")
}

func (f *Folder) makeStaging() error {
	if err := f.target.mkdir(f.where.Staging, stagingMode); err != nil {
		return err
	}
	var err error
	if f.staging, err = f.target.sub(f.where.Staging); err != nil {
		return err
	}
	return f.leaveMarker()
}

// resolve finds out of everything that was about to get its name whether it
// has it.
func (f *Folder) resolve() error {
	for n, intent := range f.past.intended {
		if n == 0 || uint64(n) > uint64(len(f.plan.names)) {
			continue
		}
		has, err := f.hasName(intent)
		if err != nil {
			return err
		}
		if !has {
			continue
		}
		if err := f.note(false, record{Named: &intent}); err != nil {
			return err
		}
		f.past.add(record{Named: &intent})
	}
	return nil
}

// hasName tells whether an intent was carried out.
func (f *Folder) hasName(intent naming) (bool, error) {
	if f.past.place == nil || f.past.place.Target != intent.Target {
		return false, nil
	}
	target, err := f.cfg.openPlace(intent.Target)
	if err != nil {
		return false, f.absent(err)
	}
	defer func() { _ = target.Close() }() // nothing was written to it
	final, err := target.look(intent.Name)
	if notThere(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	staging, err := target.sub(f.past.place.Staging)
	if errors.Is(err, fs.ErrNotExist) {
		return f.isIt(intent, final), nil
	}
	if err != nil {
		return false, err
	}
	defer func() { _ = staging.Close() }() // nothing was written to it
	staged, err := staging.look(f.plan.staged(intent.Entry))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return f.isIt(intent, final), nil
	case err != nil:
		return false, err
	case staged.inode != 0 && staged.inode == final.inode:
		// It has both names, where moving takes two steps.
		return true, staging.remove(f.plan.staged(intent.Entry))
	}
	return false, nil
}

// isIt tells whether what has the name is what was to get it.
func (f *Folder) isIt(intent naming, final sight) bool {
	if intent.Inode != 0 {
		return intent.Inode == final.inode
	}
	if f.plan.isFolder(intent.Entry) {
		return final.folder
	}
	return final.regular && uint64(final.size) == f.plan.entry(intent.Entry).Size
}

// recall marks what the journal says.
func (f *Folder) recall() error {
	for i := range f.marks {
		// Where a folder cannot be, nothing in it can.
		_, failed := f.past.failed[uint32(i+1)]
		if outer := f.plan.entry(uint32(i + 1)).Parent; outer != 0 {
			failed = failed || f.marks[outer-1]&markFailed != 0
		}
		if failed {
			f.marks[i] |= markFailed
		}
	}
	for n := range f.past.named {
		if n == 0 || uint64(n) > uint64(len(f.plan.names)) {
			continue
		}
		if f.complete(n) {
			f.marks[n-1] |= markNamed
			continue
		}
		// Without the values of its chunks there can be no receipt, so it
		// comes once more. What has the name may be the user's work by now.
		if err := f.note(false, record{Lost: n}); err != nil {
			return err
		}
		delete(f.past.named, n)
	}
	return nil
}

// complete tells whether the ledger has all of what lies under an entry at the
// top, as far as it can be had.
func (f *Folder) complete(top uint32) bool {
	for _, n := range f.plan.under(top) {
		if first, count := f.plan.manifest.ChunksOf(n); count > 0 && f.marks[n-1]&markFailed == 0 && len(f.ledger.MissingIn(first, count)) > 0 {
			return false
		}
	}
	return true
}

// tally counts what is there and what is missing, and whether there is room for
// that.
func (f *Folder) tally(m *protocol.Manifest) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	missing := int64(0)
	for i := range m.Entries {
		n := uint32(i + 1)
		if f.plan.isFolder(n) {
			continue
		}
		missing += f.count(m, n)
	}
	for i := range m.Entries {
		if m.Entries[i].Parent == 0 && f.open[i] == 0 && f.marks[i]&markNamed == 0 {
			f.ready = append(f.ready, uint32(i+1))
		}
	}
	return f.checkRoom(missing)
}

// count counts one file, and gives how many bytes of it are missing.
func (f *Folder) count(m *protocol.Manifest, n uint32) (missing int64) {
	first, count := m.ChunksOf(n)
	for _, run := range f.ledger.MissingIn(first, count) {
		f.left[n-1] += uint32(run.Count)
		_, from, _ := m.Locate(run.First)
		_, last, length := m.Locate(run.First + run.Count - 1)
		missing += last + int64(length) - from
	}
	if f.marks[n-1]&markFailed != 0 {
		return 0
	}
	f.bytes += int64(m.Entries[n-1].Size) - missing
	top := f.plan.tops[n-1]
	named := f.marks[top-1]&markNamed != 0
	if f.left[n-1] == 0 && (count == 1 || named || f.past.finished[n]) {
		f.marks[n-1] |= markDone
		f.files++
		return 0
	}
	f.open[top-1]++
	return footprint(missing) + entryBytes
}
