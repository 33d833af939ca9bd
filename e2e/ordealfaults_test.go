//go:build e2e

package e2e

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// faults are what can happen in the middle of a transfer. What is there twice
// happens twice as often.
var faults = []func(*ordeal){
	(*ordeal).kill, (*ordeal).kill, (*ordeal).kill, (*ordeal).kill, (*ordeal).restart,
	(*ordeal).cut, (*ordeal).cut, (*ordeal).unplug, (*ordeal).reset, (*ordeal).reset,
	(*ordeal).standStill, (*ordeal).standStill, (*ordeal).worsen, (*ordeal).worsen,
	(*ordeal).fillDisk, (*ordeal).fillDisk, (*ordeal).fillDisk, (*ordeal).spoil, (*ordeal).pause, (*ordeal).move, (*ordeal).cancel,
}

// victim is one of the two, or both.
func (o *ordeal) victims() []**process {
	both := []**process{&o.alice, &o.bob}
	switch o.random.IntN(5) {
	case 0, 1:
		return both[:1]
	case 2, 3:
		return both[1:]
	}
	return both
}

// kill ends programs as a power cut does, and starts them again.
func (o *ordeal) kill() {
	victims := o.victims()
	for _, victim := range victims {
		(*victim).kill()
		o.note("%s is killed", (*victim).name)
	}
	<-time.After(o.between(0, 500*time.Millisecond))
	for _, victim := range victims {
		*victim = (*victim).again()
		o.note("%s is back", (*victim).name)
	}
}

// restart ends a program as its user does, and starts it again.
func (o *ordeal) restart() {
	for _, victim := range o.victims() {
		if code := (*victim).stop(); code != 0 {
			o.t.Errorf("%s ended with %d", (*victim).name, code)
		}
		*victim = (*victim).again()
		o.note("%s was started anew", (*victim).name)
	}
}

// cut lets nothing through for a while.
func (o *ordeal) cut() {
	now := *o.cable.quality.Load()
	cut := now
	cut.cut = true
	o.cable.is(cut)
	o.note("the line is cut")
	<-time.After(o.between(50*time.Millisecond, 3*time.Second))
	o.later(func() { o.cable.is(now); o.note("the line is not cut any more") })
}

// unplug takes a cable out, which the machine notices.
func (o *ordeal) unplug() {
	h := (*o.victims()[0]).host
	h.ip("link set eth0 down")
	o.note("%s has no cable", h.name)
	<-time.After(o.between(50*time.Millisecond, 2*time.Second))
	h.ip("link set eth0 up")
	o.note("%s has a cable again", h.name)
}

// reset ends all connections of a host at once.
func (o *ordeal) reset() {
	h := (*o.victims()[0]).host
	remove := h.filterAt([]string{"input"}, "meta l4proto tcp reject with tcp reset")
	o.note("connections of %s are reset", h.name)
	<-time.After(o.between(10*time.Millisecond, 500*time.Millisecond))
	remove()
}

// standStill stops programs without ending them, as a machine that sleeps.
func (o *ordeal) standStill() {
	victims := o.victims()
	for _, victim := range victims {
		o.must((*victim).cmd.Process.Signal(syscall.SIGSTOP))
		o.note("%s stands still", (*victim).name)
	}
	<-time.After(o.between(100*time.Millisecond, 4*time.Second))
	for _, victim := range victims {
		o.must((*victim).cmd.Process.Signal(syscall.SIGCONT))
	}
	o.note("they go on")
}

// fillDisk fills Bob's disk, if it is a small one.
func (o *ordeal) fillDisk() {
	if !o.small {
		return
	}
	// Outside the folder, and not part of what is compared.
	filler := filepath.Join(o.guard, "filler")
	fill(o.t, filler)
	o.note("the disk is full")
	<-time.After(o.between(100*time.Millisecond, 2*time.Second))
	o.later(func() {
		if err := os.Remove(filler); err != nil && !errors.Is(err, os.ErrNotExist) {
			o.t.Fatal(err)
		}
		o.note("there is room again")
	})
}

// spoil changes a file that is being sent.
func (o *ordeal) spoil() {
	var files []string
	for name, found := range o.want {
		if !found.folder && found.size > 0 {
			files = append(files, name)
		}
	}
	slices.Sort(files)
	name := files[o.random.IntN(len(files))]
	path := filepath.Join(o.from, name)
	if _, err := os.Lstat(path); err != nil {
		return // removed by the fault before
	}
	size := o.want[name].size
	ways := map[string]func() error{
		"written anew": func() error { writeFile(o.t, path, size, o.random.Uint64()); return nil },
		"made shorter": func() error { return os.Truncate(path, size/2) },
		"made longer":  func() error { return os.Truncate(path, size+1) },
		"removed":      func() error { return os.Remove(path) },
		"replaced": func() error {
			other := path + ".other"
			writeFile(o.t, other, size, o.random.Uint64())
			return os.Rename(other, path)
		},
		"made a link": func() error { return errors.Join(os.Remove(path), os.Symlink("/etc/passwd", path)) },
	}
	way := []string{"written anew", "made shorter", "made longer", "removed", "replaced", "made a link"}[o.random.IntN(len(ways))]
	o.spoiled[name] = true
	o.must(ways[way]())
	o.note("%s is %s", name, way)
}

// pause pauses on one side for a while. It may be over already.
func (o *ordeal) pause() {
	d := *o.victims()[0]
	if _, err := d.control().ChangeTransfer(o.t.Context(), o.id, "pause"); err != nil {
		o.note("%s cannot pause: %v", d.name, err)
		return
	}
	o.note("%s pauses", d.name)
	<-time.After(o.between(0, time.Second))
	who := &o.alice
	if d == o.bob {
		who = &o.bob
	}
	o.later(func() {
		// By then it may be another process.
		_, err := (*who).control().ChangeTransfer(o.t.Context(), o.id, "resume")
		o.note("%s resumes: %v", (*who).name, err)
	})
}

// cancel ends the transfer, seldom, on one side.
func (o *ordeal) cancel() {
	if o.random.IntN(2) > 0 {
		return
	}
	d := *o.victims()[0]
	_, err := d.control().ChangeTransfer(o.t.Context(), o.id, "cancel")
	o.cancelled = o.cancelled || err == nil
	o.note("%s cancels: %v", d.name, err)
}

// move gives Bob another address, as DHCP does.
func (o *ordeal) move() {
	h := o.bob.host
	address := "10.1.0.2/24"
	if !strings.Contains(h.must(o.t, "ip", "-4", "address", "show", "dev", "eth0"), "10.1.0.77") {
		address = "10.1.0.77/24"
	}
	h.ip("address flush dev eth0 scope global")
	h.ip("address add", address, "dev eth0")
	o.note("Bob is at %s", address)
}

func (o *ordeal) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}
