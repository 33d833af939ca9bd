// Package profile is one profile folder: one person on this machine, with
// their identity key, settings, database and received files.
//
// A folder belongs to one process at a time, which holds its lock. Paths are
// made here and nowhere else.
package profile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"feihong/transport/identity"
)

// DefaultName is the profile used when none is named.
const DefaultName = "default"

// maxNameBytes keeps profile names far below the limits of file systems.
const maxNameBytes = 64

// Location is a profile that may or may not exist, and may be in use by
// another process.
type Location struct {
	Name string
	Dir  string
	// Given says that the user chose the place, with --data or FEIHONG_DATA:
	// then nothing is kept elsewhere, unless they choose that too.
	Given bool
}

// Locate finds the folder of a profile. An empty root is the user's data
// folder, or FEIHONG_DATA if that is set; an empty name is DefaultName.
func Locate(root, name string) (Location, error) {
	if name == "" {
		name = DefaultName
	}
	if err := checkName(name); err != nil {
		return Location{}, err
	}
	if root == "" {
		root = os.Getenv("FEIHONG_DATA")
	}
	given := root != ""
	if !given {
		base, err := dataHome()
		if err != nil {
			return Location{}, fmt.Errorf("find the data folder: %w; name one with --data", err)
		}
		root = filepath.Join(base, "feihong")
	}
	dir, err := filepath.Abs(filepath.Join(root, name))
	if err != nil {
		return Location{}, fmt.Errorf("find the data folder %s: %w", root, err)
	}
	return Location{Name: name, Dir: dir, Given: given}, nil
}

func checkName(name string) error {
	allowed := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_.", r)
	}
	bad := strings.TrimLeftFunc(name, allowed)
	if bad != "" || !utf8.ValidString(name) || len(name) > maxNameBytes || strings.HasPrefix(name, ".") || strings.HasSuffix(name, ".") {
		return &NameError{Name: name}
	}
	return nil
}

// Database is the path of the message database.
func (l Location) Database() string { return filepath.Join(l.Dir, "feihong.db") }

func (l Location) identityPath() string { return filepath.Join(l.Dir, "identity.key") }
func (l Location) settingsPath() string { return filepath.Join(l.Dir, "settings.json") }
func (l Location) picturePath() string  { return filepath.Join(l.Dir, "picture") }
func (l Location) lockPath() string     { return filepath.Join(l.Dir, "lock") }

// Profile is a profile that this process holds.
type Profile struct {
	Location
	Identity *identity.Identity
	// Created says that the identity was made just now: the first start.
	Created bool

	lock     *os.File
	settings atomic.Pointer[Settings] // what it points to never changes
	picture  atomic.Pointer[[]byte]   // nil: there is none
	updating sync.Mutex               // held by the one that changes settings
}

// Open takes the lock of a profile and reads it; a new one is made if there
// is none. A folder that others could read is closed to them. It fails with
// LockedError if another process holds the profile.
func Open(at Location) (*Profile, error) {
	if err := os.MkdirAll(at.Dir, 0o700); err != nil {
		return nil, folderError(at.Dir, err)
	}
	if err := makePrivate(at.Dir); err != nil {
		return nil, folderError(at.Dir, err)
	}
	lock, err := takeLock(at.lockPath())
	if errors.Is(err, errLocked) {
		return nil, &LockedError{Profile: at.Name, Dir: at.Dir}
	}
	if err != nil {
		return nil, folderError(at.Dir, err)
	}
	p := &Profile{Location: at, lock: lock}
	if err := p.read(); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return p, nil
}

func (p *Profile) read() error {
	var err error
	if p.Identity, p.Created, err = identity.LoadOrCreate(p.identityPath()); err != nil {
		return err
	}
	settings, err := readSettings(p.settingsPath())
	p.settings.Store(&settings)
	p.readPicture()
	return err
}

// Close gives the profile back. The lock file stays: removing it would let two
// processes lock two files of the same name.
func (p *Profile) Close() error { return p.lock.Close() }

func folderError(dir string, err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return &FolderError{Dir: dir, Err: err}
}
