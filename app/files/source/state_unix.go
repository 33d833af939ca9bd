//go:build unix

package source

import (
	"errors"
	"io/fs"
	"math"
	"os"

	"golang.org/x/sys/unix"
)

func stateOf(st *unix.Stat_t) state {
	s := state{
		size:     st.Size,
		modified: nanoseconds(int64(st.Mtim.Sec), int64(st.Mtim.Nsec)),
		touched:  nanoseconds(int64(st.Ctim.Sec), int64(st.Ctim.Nsec)),
		sparse:   int64(st.Blocks)*512 < st.Size,
		identity: identify(uint64(st.Dev), uint64(st.Ino)),
	}
	switch st.Mode & unix.S_IFMT {
	case unix.S_IFREG:
		s.kind = kindFile
		s.executable = st.Mode&0o111 != 0
	case unix.S_IFDIR:
		s.kind = kindFolder
	case unix.S_IFLNK:
		s.kind = kindLink
	default:
		s.kind = kindOther
	}
	return s
}

// patiently repeats a system call that a signal has ended, as happens on some
// network file systems.
func patiently(call func() error) error {
	for {
		if err := call(); err != unix.EINTR {
			return err
		}
	}
}

// look tells what is at path; a link is not followed.
func look(path string) (state, error) {
	var st unix.Stat_t
	if err := patiently(func() error { return unix.Lstat(path, &st) }); err != nil {
		return state{}, err
	}
	return stateOf(&st), nil
}

// readable makes sure that the file at path may be read.
func readable(path string) error { return access(unix.AT_FDCWD, path) }

func access(dir int, name string) error {
	return patiently(func() error { return unix.Faccessat(dir, name, unix.R_OK, unix.AT_EACCESS) })
}

// readFolder gives everything in a folder, each with its state, in no order.
// It stops when visit returns an error. What goes away meanwhile is left out.
func readFolder(path string, visit func(child) error) error {
	dir, err := os.OpenFile(path, os.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW, 0)
	if err != nil {
		return &PathError{Path: path, Err: cause(err)}
	}
	defer func() { _ = dir.Close() }() // only read from
	fd := int(dir.Fd())
	for {
		names, err := dir.Readdirnames(1024)
		for _, name := range names {
			if err := visitChild(fd, path, name, visit); err != nil {
				return err
			}
		}
		if len(names) == 0 {
			return endOfFolder(path, err)
		}
	}
}

func visitChild(dir int, folder, name string, visit func(child) error) error {
	var st unix.Stat_t
	err := patiently(func() error { return unix.Fstatat(dir, name, &st, unix.AT_SYMLINK_NOFOLLOW) })
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	c := child{name: name, state: stateOf(&st)}
	if err == nil && c.state.kind == kindFile {
		err = access(dir, name)
	}
	if err != nil {
		return &PathError{Path: join(folder, name), Err: err}
	}
	return visit(c)
}

// nanoseconds gives a time in nanoseconds, the nearest one that there is.
func nanoseconds(seconds, rest int64) int64 {
	const second = int64(1_000_000_000)
	switch {
	case seconds > math.MaxInt64/second-1:
		return math.MaxInt64
	case seconds < math.MinInt64/second+1:
		return math.MinInt64
	}
	return seconds*second + rest
}
