package folder

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"

	"feihong/protocol"
	"feihong/transport/atomicfile"
)

// journalName is the file in the state folder that says where things are. Each
// line is a record; the last one of a kind counts.
const journalName = "journal"

// maxJournalBytes bounds what is read back. A record for every entry, twice,
// is less.
const maxJournalBytes = 512 << 20

// record is one line of the journal, with one of its parts.
type record struct {
	Place    *placement `json:"place,omitempty"`
	Intend   *naming    `json:"intend,omitempty"`
	Named    *naming    `json:"named,omitempty"`
	Failed   *failing   `json:"failed,omitempty"`
	Finished uint32     `json:"finished,omitempty"` // a file of several chunks was found to be whole
	// Unfinished: a file that was whole is not any more. Gone: neither, because it
	// vanished from the staging folder.
	Unfinished uint32 `json:"unfinished,omitempty"`
	Gone       uint32 `json:"gone,omitempty"`
	Lost       uint32 `json:"lost,omitempty"`  // an entry at the top that had its name is received once more
	Doubt      *bool  `json:"doubt,omitempty"` // what was written may not be there: all of it is to be hashed again
}

// placement says where the data is put together. It is on the disk before
// anything is made there.
type placement struct {
	Target  string `json:"target"`
	Staging string `json:"staging"` // name in the target
	ID      string `json:"id"`      // what the marker in the staging folder says
}

// naming says that the entry at the top is about to get its name (intend), or
// has it (named).
type naming struct {
	Entry uint32 `json:"entry"`
	Name  string `json:"name"` // in the target
	// Inode is that of what gets the name, so that after a crash it is known
	// whether what has the name is that; 0 where there is nothing of the kind.
	Inode  uint64 `json:"inode,omitempty"`
	Target string `json:"target"`
}

// failing says that an entry cannot be had.
type failing struct {
	Entry uint32            `json:"entry"`
	Code  protocol.BulkCode `json:"code"`
	Text  string            `json:"text,omitempty"`
}

// journal is the open file. Safe for concurrent use.
type journal struct {
	mu   sync.Mutex
	file *os.File
	size int64
}

// history is what the journal says.
type history struct {
	place    *placement
	intended map[uint32]naming // that have no name yet
	named    map[uint32]naming
	failed   map[uint32]failing
	finished map[uint32]bool
	gone     map[uint32]int // how often it vanished
	doubt    bool
}

// openJournal reads the journal in the state folder, and creates it if there is
// none. What a crash left half written at its end is cut off.
func openJournal(state string) (*journal, *history, error) {
	path := filepath.Join(state, journalName)
	for {
		file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
		if err != nil {
			return nil, nil, err
		}
		j := &journal{file: file}
		past, lines, err := j.read()
		if err != nil {
			return nil, nil, errors.Join(err, file.Close())
		}
		records := past.records()
		if lines <= 2*len(records)+spareLines {
			return j, past, nil
		}
		// Most of it was overtaken by what came later.
		text, err := encodeRecords(records)
		if err = errors.Join(err, file.Close()); err == nil {
			err = atomicfile.Write(path, text)
		}
		if err != nil {
			return nil, nil, err
		}
	}
}

// spareLines is how many lines more than twice what it says a journal may have
// before it is written anew.
const spareLines = 1000

// records says in as few records as there can be what h says.
func (h *history) records() []record {
	var all []record
	if h.place != nil {
		all = append(all, record{Place: h.place})
	}
	for _, n := range slices.Sorted(maps.Keys(h.intended)) {
		all = append(all, record{Intend: new(h.intended[n])})
	}
	for _, n := range slices.Sorted(maps.Keys(h.named)) {
		all = append(all, record{Named: new(h.named[n])})
	}
	for _, n := range slices.Sorted(maps.Keys(h.gone)) {
		all = append(all, slices.Repeat([]record{{Gone: n}}, h.gone[n])...)
	}
	for _, n := range slices.Sorted(maps.Keys(h.failed)) {
		all = append(all, record{Failed: new(h.failed[n])})
	}
	for _, n := range slices.Sorted(maps.Keys(h.finished)) {
		all = append(all, record{Finished: n})
	}
	if h.doubt {
		all = append(all, record{Doubt: &h.doubt})
	}
	return all
}

func encodeRecords(records []record) (lines []byte, err error) {
	for _, r := range records {
		line, err := json.Marshal(r)
		if err != nil {
			return nil, err
		}
		lines = append(append(lines, line...), '\n')
	}
	return lines, nil
}

func (j *journal) read() (past *history, lines int, err error) {
	data, err := io.ReadAll(io.LimitReader(j.file, maxJournalBytes+1))
	if err != nil {
		return nil, 0, err
	}
	if len(data) > maxJournalBytes {
		return nil, 0, fmt.Errorf("the journal %s is too long", j.file.Name())
	}
	past, whole := parseJournal(data)
	j.size = int64(whole)
	return past, bytes.Count(data[:whole], []byte{'\n'}), j.file.Truncate(j.size)
}

// parseJournal tells what the journal says, and how much of it is of use: all
// lines before the first that is damaged.
func parseJournal(data []byte) (past *history, whole int) {
	past = &history{
		intended: make(map[uint32]naming), named: make(map[uint32]naming),
		failed: make(map[uint32]failing), finished: make(map[uint32]bool), gone: make(map[uint32]int),
	}
	for rest := data; ; {
		line, after, ended := bytes.Cut(rest, []byte{'\n'})
		var r record
		if !ended || json.Unmarshal(line, &r) != nil {
			return past, len(data) - len(rest)
		}
		past.add(r)
		rest = after
	}
}

func (h *history) add(r record) {
	switch {
	case r.Place != nil && stagingName.MatchString(r.Place.Staging):
		h.place = r.Place
	case r.Intend != nil:
		h.intended[r.Intend.Entry] = *r.Intend
	case r.Named != nil:
		delete(h.intended, r.Named.Entry)
		h.named[r.Named.Entry] = *r.Named
	case r.Failed != nil:
		h.failed[r.Failed.Entry] = *r.Failed
	case r.Finished != 0:
		h.finished[r.Finished] = true
	case r.Unfinished != 0:
		delete(h.finished, r.Unfinished)
	case r.Gone != 0:
		delete(h.finished, r.Gone)
		h.gone[r.Gone]++
	case r.Lost != 0:
		delete(h.named, r.Lost)
	case r.Doubt != nil:
		h.doubt = *r.Doubt
	}
}

// stagingName is what a staging folder may be called; whatever the journal
// says, nothing else is taken for one.
var stagingName = regexp.MustCompile(`^\.feihong-[0-9a-f]{8}$`)

// append adds records in one piece. They survive the death of the process; with
// durable that of the system too.
func (j *journal) append(durable bool, records ...record) error {
	lines, err := encodeRecords(records)
	if err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if _, err := j.file.Write(lines); err != nil {
		// Half a line would hide all that come after it.
		return errors.Join(err, j.file.Truncate(j.size))
	}
	j.size += int64(len(lines))
	if !durable {
		return nil
	}
	return j.file.Sync()
}

func (j *journal) Close() error { return j.file.Close() }

// Abandon removes what is left of a receiving that nobody has open: its staging
// folder in the target, and nothing else. Files that have their final names
// stay. It does nothing if there is nothing.
func Abandon(state string) error {
	data, err := os.ReadFile(filepath.Join(state, journalName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	past, _ := parseJournal(data)
	if past.place == nil {
		return nil
	}
	return removeStaging(past.place)
}

// removeStaging removes a staging folder. That it, or the target, is not there
// is fine.
func removeStaging(at *placement) error {
	target, err := openPlace(at.Target)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(target.removeTree(at.Staging), target.Close())
}
