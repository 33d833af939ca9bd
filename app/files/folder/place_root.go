package folder

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// rooted is a place by os.Root, for systems without the calls that place_unix.go
// uses. It is compiled everywhere, so that one set of tests runs on both.
type rooted struct{ root *os.Root }

// openRooted opens the folder at path, which comes from the user and may lead
// over links.
func openRooted(path string) (place, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	return &rooted{root}, nil
}

func (r *rooted) write(name string, executable bool, data []byte, modified time.Time) error {
	file, err := r.create(name, executable)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	return r.stamp(name, modified)
}

func (r *rooted) create(name string, executable bool) (*os.File, error) {
	return r.root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR, fileMode(executable))
}

func (r *rooted) open(name string) (*os.File, error) {
	if err := r.expect(name, sight.isFile); err != nil {
		return nil, err
	}
	file, err := r.root.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	// What was looked at may be something else by now.
	info, err := file.Stat()
	if err == nil {
		var there fs.FileInfo
		if there, err = r.root.Lstat(name); err == nil && !os.SameFile(info, there) {
			err = errIrregular
		}
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

func (s sight) isFile() bool   { return s.regular }
func (s sight) isFolder() bool { return s.folder }

func (r *rooted) expect(name string, is func(sight) bool) error {
	seen, err := r.look(name)
	if err == nil && !is(seen) {
		err = &fs.PathError{Op: "open", Path: filepath.Join(r.root.Name(), name), Err: errIrregular}
	}
	return err
}

func (r *rooted) mkdir(name string, mode fs.FileMode) error { return r.root.Mkdir(name, mode) }

func (r *rooted) sub(name string) (place, error) {
	if err := r.expect(name, sight.isFolder); err != nil {
		return nil, err
	}
	root, err := r.root.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	return &rooted{root}, nil
}

func (r *rooted) look(name string) (sight, error) {
	info, err := r.root.Lstat(name)
	if err != nil {
		return sight{}, err
	}
	return sight{folder: info.IsDir(), regular: info.Mode().IsRegular(), size: info.Size()}, nil
}

func (r *rooted) stamp(name string, modified time.Time) error {
	return stamped(r.root.Chtimes(name, modified, modified))
}

func (r *rooted) remove(name string) error { return r.root.Remove(name) }

func (r *rooted) removeTree(name string) error { return r.root.RemoveAll(name) }

func (r *rooted) move(name string, to place, newName string) error {
	other, ok := to.(*rooted)
	if !ok {
		return errors.ErrUnsupported
	}
	return moveNew(filepath.Join(r.root.Name(), name), filepath.Join(other.root.Name(), newName))
}

func (r *rooted) names() ([]string, error) {
	list, err := r.root.Open(".")
	if err != nil {
		return nil, err
	}
	names, err := list.Readdirnames(-1)
	return names, errors.Join(err, list.Close())
}

func (r *rooted) flush() error { return flushFolder(r.root) }

func (r *rooted) flushAll() error { return errors.ErrUnsupported }

func (r *rooted) Close() error { return r.root.Close() }
