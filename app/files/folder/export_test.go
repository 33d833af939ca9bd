package folder

import (
	"errors"
	"io/fs"
	"os"
	"sync"
	"time"

	"feihong/protocol"
)

// ErrKilled is what everything fails with after a Killer has struck.
var ErrKilled = errors.New("killed")

// Killer ends a Folder before one of the changes that it makes, as kill -9
// would: that change and all after it do not happen.
type Killer struct {
	mu     sync.Mutex
	After  int  // so many changes are still made
	Torn   bool // a write that does not happen is half made
	Change string
	Dead   bool
}

func (k *Killer) step(change string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.Dead {
		return ErrKilled
	}
	if k.After--; k.After >= 0 {
		return nil
	}
	k.Dead, k.Change = true, change
	return ErrKilled
}

// Ways to reach folders, each of which passes all tests.
var Ways = map[string]func(path string) (place, error){"system": openPlace, "root": openRooted}

// By makes a Config use one of the Ways.
func (c Config) By(way string) Config {
	c.openPlace = Ways[way]
	return c
}

// Killed makes a Config be at the mercy of a killer.
func (c Config) Killed(k *Killer) Config {
	open := c.openPlace
	if open == nil {
		open = openPlace
	}
	c.openPlace = func(path string) (place, error) {
		p, err := open(path)
		if err != nil {
			return nil, err
		}
		return &mortal{p, k}, nil
	}
	c.probe = k.step
	return c
}

// WithRoom makes a Config see a disk with so much room.
func (c Config) WithRoom(room func() (free, total int64)) Config {
	c.capacity = func(string) (int64, int64, bool) {
		free, total := room()
		return free, total, true
	}
	return c
}

// FailingWrites makes writing fail with the error that fail gives, if any.
func (c Config) FailingWrites(fail func() error) Config {
	c.openPlace = func(path string) (place, error) {
		p, err := openPlace(path)
		if err != nil {
			return nil, err
		}
		return &refusing{p, fail}, nil
	}
	return c
}

type refusing struct {
	place
	fail func() error
}

func (p *refusing) sub(name string) (place, error) {
	inner, err := p.place.sub(name)
	if err != nil {
		return nil, err
	}
	return &refusing{inner, p.fail}, nil
}

func (p *refusing) write(name string, executable bool, data []byte, modified time.Time) error {
	if err := p.fail(); err != nil {
		return err
	}
	return p.place.write(name, executable, data, modified)
}

func (p *refusing) move(name string, to place, newName string) error {
	return p.place.move(name, to.(*refusing).place, newName)
}

// mortal is a place that is used until the killer strikes.
type mortal struct {
	place
	killer *Killer
}

func (m *mortal) write(name string, executable bool, data []byte, modified time.Time) error {
	err := m.killer.step("write")
	if err == nil {
		return m.place.write(name, executable, data, modified)
	}
	if m.killer.Torn && m.killer.Change == "write" {
		m.killer.Torn = false
		return errors.Join(err, m.place.write(name, executable, data[:len(data)/2], time.Now()))
	}
	return err
}

func (m *mortal) create(name string, executable bool) (*os.File, error) {
	if err := m.killer.step("create"); err != nil {
		return nil, err
	}
	return m.place.create(name, executable)
}

func (m *mortal) mkdir(name string, mode fs.FileMode) error {
	if err := m.killer.step("mkdir"); err != nil {
		return err
	}
	return m.place.mkdir(name, mode)
}

func (m *mortal) sub(name string) (place, error) {
	inner, err := m.place.sub(name)
	if err != nil {
		return nil, err
	}
	return &mortal{inner, m.killer}, nil
}

func (m *mortal) stamp(name string, modified time.Time) error {
	if err := m.killer.step("stamp"); err != nil {
		return err
	}
	return m.place.stamp(name, modified)
}

func (m *mortal) remove(name string) error {
	if err := m.killer.step("remove"); err != nil {
		return err
	}
	return m.place.remove(name)
}

func (m *mortal) removeTree(name string) error {
	if err := m.killer.step("removeTree"); err != nil {
		return err
	}
	return m.place.removeTree(name)
}

func (m *mortal) move(name string, to place, newName string) error {
	if err := m.killer.step("move"); err != nil {
		return err
	}
	return m.place.move(name, to.(*mortal).place, newName)
}

func (m *mortal) flush() error {
	if err := m.killer.step("flush"); err != nil {
		return err
	}
	return m.place.flush()
}

// PlanNames gives the names of a plan.
func PlanNames(m *protocol.Manifest) []string {
	p, err := newPlan(m, func() bool { return false })
	if err != nil {
		panic(err)
	}
	return p.names
}

// PlanUnder gives what a plan has under each entry.
func PlanUnder(m *protocol.Manifest) [][]uint32 {
	p, err := newPlan(m, func() bool { return false })
	if err != nil {
		panic(err)
	}
	var all [][]uint32
	for i := range p.tops {
		all = append(all, p.under(uint32(i+1)))
	}
	return all
}

// FoldName is foldName.
func FoldName(name string) string { return foldName(name) }

// ParseJournal tells how much of a journal is of use.
func ParseJournal(data []byte) int {
	_, whole := parseJournal(data)
	return whole
}
