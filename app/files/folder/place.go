package folder

import (
	"errors"
	"io/fs"
	"os"
	"time"
)

// place is an open folder. All steps in it take one name, which is a safe one,
// so nothing that is not in this folder can be reached by it. Links are never
// followed. Safe for concurrent use.
type place interface {
	// write makes a new file with all of its content. fs.ErrExist if there is
	// something of that name; a *stampError if all but its time is right.
	write(name string, executable bool, data []byte, modified time.Time) error
	// create makes a new file. fs.ErrExist if there is something of that name.
	create(name string, executable bool) (*os.File, error)
	// open opens a regular file for reading and writing. errIrregular if it is
	// anything else.
	open(name string) (*os.File, error)
	// mkdir makes a folder. fs.ErrExist if there is something of that name.
	mkdir(name string, mode fs.FileMode) error
	// sub opens a folder. errIrregular if it is anything else.
	sub(name string) (place, error)
	// look tells what is there. fs.ErrNotExist if nothing is.
	look(name string) (sight, error)
	// stamp sets when something was changed last. A *stampError if it cannot.
	stamp(name string, modified time.Time) error
	// remove takes away a file, a link or an empty folder.
	remove(name string) error
	// removeTree takes away whatever is there, with all in it.
	removeTree(name string) error
	// move gives something in this place a name in another one, on the same
	// file system. fs.ErrExist if there is something of that name: it never
	// replaces anything.
	move(name string, to place, newName string) error
	// names lists what there is.
	names() ([]string, error)
	// flush puts on the disk which names there are in this place.
	flush() error
	// flushAll puts on the disk whatever was written to its file system;
	// errors.ErrUnsupported where the system has no such call.
	flushAll() error
	Close() error
}

// sight is what can be seen of something without opening it.
type sight struct {
	folder  bool
	regular bool
	size    int64
	// inode names it within its file system, also after it got another name.
	// 0 where the system has nothing of the kind.
	inode uint64
}

// errIrregular is returned where something else is than was put there.
var errIrregular = errors.New("something else is in its place")

// Modes of what is made; the user's mask takes from them.
const (
	plainMode      fs.FileMode = 0o644
	executableMode fs.FileMode = 0o755
	folderMode     fs.FileMode = 0o755
	stagingMode    fs.FileMode = 0o700
)

func fileMode(executable bool) fs.FileMode {
	if executable {
		return executableMode
	}
	return plainMode
}

// notThere tells whether something is not there, or not any more what it was.
func notThere(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, errIrregular)
}
