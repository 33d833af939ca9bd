//go:build unix

package source

import (
	"errors"

	"golang.org/x/sys/unix"
)

// file is a file that is open for reading. It is a bare descriptor: a small
// file costs the five system calls that it needs and nothing else.
type file struct {
	descriptor int
	sparse     bool // had holes when it was opened, perhaps
}

// openFile opens what is at path and tells its state. A link is not followed,
// and a pipe is not waited for.
func openFile(path string) (file, state, error) {
	const flags = unix.O_RDONLY | unix.O_CLOEXEC | unix.O_NOFOLLOW | unix.O_NONBLOCK | unix.O_NOCTTY
	var f file
	err := patiently(func() (err error) {
		f.descriptor, err = unix.Open(path, flags, 0)
		return err
	})
	if err != nil {
		return file{}, state{}, err
	}
	s, err := f.state()
	if err != nil {
		f.close()
		return file{}, state{}, err
	}
	f.sparse = s.sparse
	return f, s, nil
}

func (f file) state() (state, error) {
	var st unix.Stat_t
	if err := patiently(func() error { return unix.Fstat(f.descriptor, &st) }); err != nil {
		return state{}, err
	}
	return stateOf(&st), nil
}

// readAt reads until buf is full or the file ends.
func (f file) readAt(buf []byte, offset int64) (int, error) {
	done := 0
	for done < len(buf) {
		n, err := unix.Pread(f.descriptor, buf[done:], offset+int64(done))
		if err == unix.EINTR {
			continue
		}
		if err != nil || n <= 0 {
			return done, err
		}
		done += n
	}
	return done, nil
}

// close closes the file. Nothing was written, so nothing can be lost.
func (f file) close() { _ = unix.Close(f.descriptor) }

// replaced tells whether the error of openFile says that something else is at
// the path than a file: a link, or a socket.
func replaced(err error) bool {
	return errors.Is(err, unix.ELOOP) || errors.Is(err, unix.EMLINK) || errors.Is(err, unix.ENXIO)
}

// exhausted tells whether an error is about this program or the machine and
// not about the file that was to be read.
func exhausted(err error) bool {
	return errors.Is(err, unix.EMFILE) || errors.Is(err, unix.ENFILE) || errors.Is(err, unix.ENOMEM)
}

// gone tells whether an error says that nothing is at the path.
func gone(err error) bool {
	return errors.Is(err, unix.ENOENT) || errors.Is(err, unix.ENOTDIR) || errors.Is(err, unix.ESTALE)
}
