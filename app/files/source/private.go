package source

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// guard is a folder that is not sent, as it was found at the beginning.
type guard struct {
	name     string
	identity uint64
	info     os.FileInfo
}

// guards recognizes folders, whatever path leads to them.
type guards []guard

// newGuards looks at folders. Those that are not there need no guard.
func newGuards(paths []string) guards {
	var all guards
	for _, path := range paths {
		real, err := filepath.EvalSymlinks(path)
		if err != nil {
			continue
		}
		s, err := look(real)
		if err != nil {
			continue
		}
		info, err := os.Lstat(real)
		if err != nil {
			continue
		}
		all = append(all, guard{name: filepath.Base(real), identity: s.identity, info: info})
	}
	return all
}

// has tells whether the folder at path is one of them. Only if it could be, the
// system is asked once more.
func (all guards) has(path string, s state) bool {
	for _, g := range all {
		alike := s.identity == g.identity
		if s.identity == 0 || g.identity == 0 {
			alike = strings.EqualFold(filepath.Base(path), g.name)
		}
		if alike && g.is(path) {
			return true
		}
	}
	return false
}

// are tells whether path is one of them, whatever it is called.
func (all guards) are(path string) bool {
	return slices.ContainsFunc(all, func(g guard) bool { return g.is(path) })
}

func (g guard) is(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && os.SameFile(info, g.info)
}

// hold tells whether path is one of the folders, or lies in one and not in one
// of others in it.
func (all guards) hold(path string, but guards) bool {
	if len(all) == 0 {
		return false
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	for {
		if all.are(path) {
			return true
		}
		above := filepath.Dir(path)
		if above == path || but.are(path) {
			return false
		}
		path = above
	}
}

// stagingName is what folders are called in which package folder puts together
// what is being received, and markerName the file in each of them: half of it is
// missing, and soon it is gone.
var stagingName = regexp.MustCompile(`^\.feihong-[0-9a-f]{8}$`)

const markerName = "id"

func isStaging(path, name string) bool {
	if !stagingName.MatchString(name) {
		return false
	}
	marker, err := look(join(path, markerName))
	return err == nil && marker.kind == kindFile
}

// ours tells whether a folder inside of what is sent is the program's own.
func (w *walker) ours(path string, c child) bool {
	return c.state.kind == kindFolder && (isStaging(path, c.name) || w.private.has(path, c.state))
}
