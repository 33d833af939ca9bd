package source

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"golang.org/x/sys/windows"
)

// file is a file that is open for reading.
type file struct {
	file   *os.File
	sparse bool // may have holes
}

// openFile opens what is at path and tells its state.
func openFile(path string) (file, state, error) {
	opened, err := os.Open(path)
	if err != nil {
		return file{}, state{}, cause(err)
	}
	f := file{file: opened}
	s, err := f.state()
	if err != nil {
		f.close()
		return file{}, state{}, err
	}
	f.sparse = s.sparse
	return f, s, nil
}

func (f file) state() (state, error) {
	var info windows.ByHandleFileInformation
	if err := windows.GetFileInformationByHandle(windows.Handle(f.file.Fd()), &info); err != nil {
		return state{}, err
	}
	s := state{
		kind:     kindFile,
		sparse:   info.FileAttributes&windows.FILE_ATTRIBUTE_SPARSE_FILE != 0,
		size:     int64(info.FileSizeHigh)<<32 | int64(info.FileSizeLow),
		modified: info.LastWriteTime.Nanoseconds(),
		identity: identify(uint64(info.VolumeSerialNumber), uint64(info.FileIndexHigh)<<32|uint64(info.FileIndexLow)),
	}
	if info.FileAttributes&windows.FILE_ATTRIBUTE_DIRECTORY != 0 {
		s.kind = kindFolder
	}
	return s, nil
}

// readAt reads until buf is full or the file ends.
func (f file) readAt(buf []byte, offset int64) (int, error) {
	n, err := f.file.ReadAt(buf, offset)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return n, cause(err)
}

// close closes the file. Nothing was written, so nothing can be lost.
func (f file) close() { _ = f.file.Close() }

// replaced tells whether the error of openFile says that something else is at
// the path than a file.
func replaced(error) bool { return false }

// exhausted tells whether an error is about this program or the machine and
// not about the file that was to be read.
func exhausted(err error) bool {
	return errors.Is(err, windows.ERROR_TOO_MANY_OPEN_FILES) || errors.Is(err, windows.ERROR_NOT_ENOUGH_MEMORY)
}

// gone tells whether an error says that nothing is at the path.
func gone(err error) bool { return errors.Is(err, fs.ErrNotExist) }
