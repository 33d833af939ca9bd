package source

import (
	"os"
)

func stateOf(info os.FileInfo) state {
	s := state{size: info.Size(), modified: info.ModTime().UnixNano()}
	switch mode := info.Mode(); {
	case mode.IsRegular():
		s.kind = kindFile
	case mode.IsDir():
		s.kind = kindFolder
	case mode&os.ModeSymlink != 0:
		s.kind = kindLink
	default:
		s.kind = kindOther
	}
	return s
}

// look tells what is at path; a link is not followed.
func look(path string) (state, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return state{}, cause(err)
	}
	return stateOf(info), nil
}

// readable would make sure that the file at path may be read. Windows tells it
// only when the file is opened, which takes long when a scanner looks on.
func readable(string) error { return nil }

// readFolder gives everything in a folder, each with its state, in no order.
// It stops when visit returns an error. What goes away meanwhile is left out.
func readFolder(path string, visit func(child) error) error {
	dir, err := os.Open(path)
	if err != nil {
		return &PathError{Path: path, Err: cause(err)}
	}
	defer func() { _ = dir.Close() }() // only read from
	for {
		infos, err := dir.Readdir(1024)
		for _, info := range infos {
			if err := visit(child{name: info.Name(), state: stateOf(info)}); err != nil {
				return err
			}
		}
		if len(infos) == 0 {
			return endOfFolder(path, err)
		}
	}
}
