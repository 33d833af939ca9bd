package folder

import (
	"io/fs"
	"os"
	"strings"
	"time"
)

// Faults are errors that a file system gives; each may be nil. They get the
// name that something is about to have.
type Faults struct {
	Stamp error
	Make  func(name string) error // of files and folders
	Move  func(name string) error
}

// Faulty makes a Config have such a file system.
func (c Config) Faulty(faults *Faults) Config {
	return c.wrapped(func(p place) place { return &faulty{p, faults} })
}

func (c Config) wrapped(wrap func(place) place) Config {
	c.openPlace = func(path string) (place, error) {
		p, err := openPlace(path)
		if err != nil {
			return nil, err
		}
		return wrap(p), nil
	}
	return c
}

type faulty struct {
	place
	faults *Faults
}

func (f *faulty) sub(name string) (place, error) {
	inner, err := f.place.sub(name)
	if err != nil {
		return nil, err
	}
	return &faulty{inner, f.faults}, nil
}

func fault(op, name string, of func(string) error) error {
	if of == nil {
		return nil
	}
	if err := of(name); err != nil {
		return &fs.PathError{Op: op, Path: name, Err: err}
	}
	return nil
}

func (f *faulty) write(name string, executable bool, data []byte, modified time.Time) error {
	if err := fault("create", name, f.faults.Make); err != nil {
		return err
	}
	if err := f.place.write(name, executable, data, modified); err != nil || f.faults.Stamp == nil {
		return err
	}
	return stamped(f.faults.Stamp)
}

func (f *faulty) create(name string, executable bool) (*os.File, error) {
	if err := fault("create", name, f.faults.Make); err != nil {
		return nil, err
	}
	return f.place.create(name, executable)
}

func (f *faulty) mkdir(name string, mode fs.FileMode) error {
	if err := fault("mkdir", name, f.faults.Make); err != nil {
		return err
	}
	return f.place.mkdir(name, mode)
}

func (f *faulty) stamp(name string, modified time.Time) error {
	if f.faults.Stamp != nil {
		return stamped(f.faults.Stamp)
	}
	return f.place.stamp(name, modified)
}

func (f *faulty) move(name string, to place, newName string) error {
	if err := fault("move", newName, f.faults.Move); err != nil {
		return err
	}
	return f.place.move(name, to.(*faulty).place, newName)
}

// Ignoring makes a Config have a file system that takes names for the same
// that differ in cut only.
func (c Config) Ignoring(cut string) Config {
	return c.wrapped(func(p place) place { return &folding{p, cut} })
}

type folding struct {
	place
	cut string
}

// at gives the name of what is there, if something is.
func (f *folding) at(name string) string {
	names, _ := f.place.names()
	for _, each := range names {
		if strings.ReplaceAll(each, f.cut, "") == strings.ReplaceAll(name, f.cut, "") {
			return each
		}
	}
	return name
}

func (f *folding) sub(name string) (place, error) {
	inner, err := f.place.sub(f.at(name))
	if err != nil {
		return nil, err
	}
	return &folding{inner, f.cut}, nil
}

func (f *folding) write(name string, executable bool, data []byte, modified time.Time) error {
	return f.place.write(f.at(name), executable, data, modified)
}

func (f *folding) create(name string, executable bool) (*os.File, error) {
	return f.place.create(f.at(name), executable)
}

func (f *folding) mkdir(name string, mode fs.FileMode) error { return f.place.mkdir(f.at(name), mode) }
func (f *folding) open(name string) (*os.File, error)        { return f.place.open(f.at(name)) }
func (f *folding) look(name string) (sight, error)           { return f.place.look(f.at(name)) }
func (f *folding) stamp(name string, at time.Time) error     { return f.place.stamp(f.at(name), at) }
func (f *folding) remove(name string) error                  { return f.place.remove(f.at(name)) }
func (f *folding) removeTree(name string) error              { return f.place.removeTree(f.at(name)) }
func (f *folding) move(name string, to place, newName string) error {
	return f.place.move(f.at(name), to.(*folding).place, newName)
}
