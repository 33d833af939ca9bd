//go:build unix

package folder

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// descriptor is a place by the descriptor of a folder: each call is one or a
// few system calls relative to it, without a path that somebody could change
// meanwhile.
type descriptor struct {
	fd   int
	path string // for errors
}

// openPlace opens the folder at path, which comes from the user and may lead
// over links.
func openPlace(path string) (place, error) {
	fd, err := retry(func() (int, error) {
		return unix.Open(path, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	})
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	return &descriptor{fd: fd, path: path}, nil
}

// retry repeats a call that a signal interrupted.
func retry(call func() (int, error)) (int, error) {
	for {
		n, err := call()
		if err != unix.EINTR {
			return n, err
		}
	}
}

func (d *descriptor) fail(op, name string, err error) error {
	if err == nil {
		return nil
	}
	return &fs.PathError{Op: op, Path: filepath.Join(d.path, name), Err: err}
}

const newFile = unix.O_CREAT | unix.O_EXCL | unix.O_RDWR | unix.O_NOFOLLOW | unix.O_CLOEXEC

func (d *descriptor) make(name string, executable bool) (int, error) {
	return retry(func() (int, error) {
		return unix.Openat(d.fd, name, newFile, uint32(fileMode(executable)))
	})
}

// write goes without os.File: with thousands of small files, registering each
// with the runtime would be much of the time.
func (d *descriptor) write(name string, executable bool, data []byte, modified time.Time) error {
	fd, err := d.make(name, executable)
	if err != nil {
		return d.fail("create", name, err)
	}
	for rest := data; len(rest) > 0 && err == nil; {
		var n int
		n, err = retry(func() (int, error) { return unix.Write(fd, rest) })
		if n == 0 && err == nil {
			err = io.ErrShortWrite
		}
		rest = rest[max(n, 0):]
	}
	if closeErr := unix.Close(fd); err == nil && closeErr != unix.EINTR {
		err = closeErr
	}
	if err != nil {
		return d.fail("write", name, err)
	}
	return d.stamp(name, modified)
}

func (d *descriptor) create(name string, executable bool) (*os.File, error) {
	fd, err := d.make(name, executable)
	if err != nil {
		return nil, d.fail("create", name, err)
	}
	return os.NewFile(uintptr(fd), filepath.Join(d.path, name)), nil
}

func (d *descriptor) open(name string) (*os.File, error) {
	// Not blocking, in case that it is a pipe by now.
	fd, err := retry(func() (int, error) {
		return unix.Openat(d.fd, name, unix.O_RDWR|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	})
	if errors.Is(err, unix.ELOOP) || errors.Is(err, unix.EISDIR) || errors.Is(err, unix.ENXIO) {
		err = errIrregular
	}
	if err != nil {
		return nil, d.fail("open", name, err)
	}
	file := os.NewFile(uintptr(fd), filepath.Join(d.path, name))
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = d.fail("open", name, errIrregular)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

func (d *descriptor) mkdir(name string, mode fs.FileMode) error {
	_, err := retry(func() (int, error) { return 0, unix.Mkdirat(d.fd, name, uint32(mode)) })
	return d.fail("mkdir", name, err)
}

func (d *descriptor) sub(name string) (place, error) {
	fd, err := retry(func() (int, error) {
		return unix.Openat(d.fd, name, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	})
	if errors.Is(err, unix.ELOOP) || errors.Is(err, unix.ENOTDIR) {
		err = errIrregular
	}
	if err != nil {
		return nil, d.fail("open", name, err)
	}
	return &descriptor{fd: fd, path: filepath.Join(d.path, name)}, nil
}

func (d *descriptor) look(name string) (sight, error) {
	var stat unix.Stat_t
	_, err := retry(func() (int, error) { return 0, unix.Fstatat(d.fd, name, &stat, unix.AT_SYMLINK_NOFOLLOW) })
	if err != nil {
		return sight{}, d.fail("stat", name, err)
	}
	kind := stat.Mode & unix.S_IFMT
	return sight{
		folder: kind == unix.S_IFDIR, regular: kind == unix.S_IFREG,
		size: stat.Size, inode: uint64(stat.Ino),
	}, nil
}

func (d *descriptor) stamp(name string, modified time.Time) error {
	at, err := unix.TimeToTimespec(modified)
	if err != nil {
		return stamped(d.fail("stamp", name, err))
	}
	times := [2]unix.Timespec{at, at}
	_, err = retry(func() (int, error) {
		return 0, unix.UtimesNanoAt(d.fd, name, times[:], unix.AT_SYMLINK_NOFOLLOW)
	})
	return stamped(d.fail("stamp", name, err))
}

func (d *descriptor) remove(name string) error {
	_, err := retry(func() (int, error) { return 0, unix.Unlinkat(d.fd, name, 0) })
	if err == unix.EISDIR || err == unix.EPERM {
		if _, dirErr := retry(func() (int, error) { return 0, unix.Unlinkat(d.fd, name, unix.AT_REMOVEDIR) }); dirErr == nil {
			return nil
		}
	}
	return d.fail("remove", name, err)
}

func (d *descriptor) removeTree(name string) error {
	first := d.remove(name)
	if first == nil || errors.Is(first, fs.ErrNotExist) {
		return nil
	}
	opened, err := d.sub(name)
	if err != nil {
		return first
	}
	inside := opened.(*descriptor)
	names, err := inside.names()
	for _, each := range names {
		err = errors.Join(err, inside.removeTree(each))
	}
	if err := errors.Join(err, inside.Close()); err != nil {
		return err
	}
	return d.remove(name)
}

// names lists what is in the folder.
func (d *descriptor) names() ([]string, error) {
	fd, err := retry(func() (int, error) {
		return unix.Openat(d.fd, ".", unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	})
	if err != nil {
		return nil, d.fail("open", "", err)
	}
	list := os.NewFile(uintptr(fd), d.path)
	names, err := list.Readdirnames(-1)
	return names, errors.Join(err, list.Close())
}

func (d *descriptor) move(name string, to place, newName string) error {
	other, ok := to.(*descriptor)
	if !ok {
		return d.fail("move", name, errors.ErrUnsupported)
	}
	err := renameNew(d.fd, name, other.fd, newName)
	if err == nil {
		return nil
	}
	if !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, unix.EINVAL) {
		return d.fail("move", name, err)
	}
	what, err := d.look(name)
	if err != nil {
		return err
	}
	if what.folder {
		return d.moveFolder(name, other, newName)
	}
	return d.moveFile(name, other, newName)
}

// moveFolder is for file systems that cannot rename without replacing. What it
// replaces is the empty folder that it made itself.
func (d *descriptor) moveFolder(name string, to *descriptor, newName string) error {
	if err := to.mkdir(newName, stagingMode); err != nil {
		return err
	}
	if err := unix.Renameat(d.fd, name, to.fd, newName); err != nil {
		_ = unix.Unlinkat(to.fd, newName, unix.AT_REMOVEDIR) // the first error says more
		return d.fail("move", name, err)
	}
	return nil
}

// moveFile is for file systems that cannot rename without replacing. A second
// name is never given to something that has one; without links, an empty file
// keeps the name.
func (d *descriptor) moveFile(name string, to *descriptor, newName string) error {
	err := unix.Linkat(d.fd, name, to.fd, newName, 0)
	if err == nil {
		return d.remove(name)
	}
	if errors.Is(err, fs.ErrExist) {
		return d.fail("move", name, err)
	}
	holder, err := to.create(newName, false)
	if err != nil {
		return err
	}
	if err := errors.Join(holder.Close(), unix.Renameat(d.fd, name, to.fd, newName)); err != nil {
		_ = unix.Unlinkat(to.fd, newName, 0) // the first error says more
		return d.fail("move", name, err)
	}
	return nil
}

func (d *descriptor) flush() error {
	_, err := retry(func() (int, error) { return 0, unix.Fsync(d.fd) })
	if errors.Is(err, unix.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		return nil // some network file systems cannot
	}
	return d.fail("sync", "", err)
}

func (d *descriptor) flushAll() error { return d.fail("sync", "", syncFileSystem(d.fd)) }

func (d *descriptor) Close() error { return d.fail("close", "", unix.Close(d.fd)) }
