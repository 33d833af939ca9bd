package source

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"feihong/protocol"
)

// Limits bounds what Walk takes. A limit of zero is that of the protocol.
type Limits struct {
	Entries   int    // files and folders together
	Depth     int    // folders in each other
	Bytes     uint64 // all files together
	PathBytes int64  // the paths of all entries together, within the offer

	// Private are folders (absolute paths) that are never sent, with all that
	// is in them: they are passed over in a folder that holds them, and
	// refused if they are given. Public are folders in them that may be given
	// all the same.
	Private, Public []string
}

func (l Limits) orProtocol() Limits {
	return Limits{
		Entries:   cmp.Or(l.Entries, protocol.MaxEntries),
		Depth:     cmp.Or(l.Depth, protocol.MaxDepth),
		Bytes:     cmp.Or(l.Bytes, protocol.MaxFileBytes),
		PathBytes: cmp.Or(l.PathBytes, protocol.MaxPathsBytes),
		Private:   l.Private,
		Public:    l.Public,
	}
}

// skippedNames is how many of the things that are not sent are named.
const skippedNames = 8

// Skipped is what lies in the folders and is not sent.
type Skipped struct {
	Links  int // symbolic links
	Others int // sockets, pipes and devices
	Own    int // folders of this program: profiles, and what is being received

	// Names are the paths of the first few of them, beginning with the name
	// of the folder that was given. They are not made safe for display.
	Names []string
}

// Count is how many things they are.
func (s *Skipped) Count() int { return s.Links + s.Others + s.Own }

// Walk finds everything at the paths, which are absolute files and folders, in
// their order and each of them once; folders with all that is in them, sorted
// by name. A symbolic link is followed only if it is one of the paths itself.
// Two paths may have the same name at their end.
//
// It returns a *NothingError, a *PathError, a *LimitError, or the error of ctx.
func Walk(ctx context.Context, paths []string, limits Limits) (*protocol.Manifest, *Roots, error) {
	if len(paths) == 0 {
		return nil, nil, &NothingError{}
	}
	w := &walker{
		ctx: ctx, limits: limits.orProtocol(), roots: newRoots(),
		private: newGuards(limits.Private), public: newGuards(limits.Public),
	}
	given := make(map[string]bool, len(paths))
	for _, path := range paths {
		path = filepath.Clean(path)
		if given[path] {
			continue
		}
		given[path] = true
		if err := w.top(path); err != nil {
			return nil, nil, err
		}
	}
	m, err := protocol.NewManifest(w.entries)
	if err != nil {
		return nil, nil, tooMuch(err)
	}
	return m, w.roots, nil
}

type walker struct {
	ctx       context.Context
	limits    Limits
	entries   []protocol.Entry
	roots     *Roots
	private   guards
	public    guards
	bytes     uint64
	pathBytes int64
}

// child is something in a folder.
type child struct {
	name  string
	state state
}

// place is where something lies.
type place struct {
	parent uint32 // number of the folder's entry; 0: at the top
	depth  int    // of the folder; 0: at the top
	path   string // of the thing itself on this machine
	shown  string // the same within the offer
}

// top adds what the user gave.
func (w *walker) top(path string) error {
	if !filepath.IsAbs(path) {
		return &PathError{Path: path, Err: errRelative}
	}
	real, s, err := follow(path)
	if err != nil {
		return &PathError{Path: path, Err: cause(err)}
	}
	if s.kind != kindFile && s.kind != kindFolder {
		return &PathError{Path: path, Err: errKind}
	}
	if w.private.hold(real, w.public) {
		return &PathError{Path: path, Err: errPrivate}
	}
	name := topName(path)
	w.roots.Paths = append(w.roots.Paths, real)
	return w.add(place{path: real, shown: valid(name)}, child{name: name, state: s})
}

// follow tells what is at path, and where if that is a link.
func follow(path string) (string, state, error) {
	s, err := look(path)
	if err == nil && s.kind == kindLink {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			s, err = look(path)
		}
	}
	if err == nil && s.kind == kindFile {
		err = readable(path)
	}
	return path, s, err
}

// topName gives the name under which a path is sent.
func topName(path string) string {
	name := filepath.Base(path)
	if strings.ContainsRune(name, filepath.Separator) { // the root of a disk has no name
		name = strings.Trim(filepath.VolumeName(path), `\/:.?`)
		name = strings.NewReplacer(`\`, " ", "/", " ", ":", "").Replace(name)
	}
	return cmp.Or(name, "disk")
}

// add appends an entry for c, and for all that is in it.
func (w *walker) add(at place, c child) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	name := valid(c.name)
	if name != c.name && at.parent > 0 { // the path of what is at the top is kept anyway
		w.roots.names[uint32(len(w.entries)+1)] = c.name
	}
	entry := protocol.Entry{Kind: protocol.EntryFolder, Parent: at.parent, Name: name, Modified: c.state.modified}
	if c.state.kind == kindFile {
		entry.Kind, entry.Size, entry.Executable = protocol.EntryFile, uint64(c.state.size), c.state.executable
	}
	if err := w.count(at, entry); err != nil {
		return err
	}
	w.entries = append(w.entries, entry)
	w.roots.identities = append(w.roots.identities, c.state.identity)
	w.roots.touched = append(w.roots.touched, c.state.touched)
	if c.state.kind == kindFile {
		return nil
	}
	return w.folder(at, uint32(len(w.entries)))
}

// valid makes a name UTF-8, as manifests want it.
func valid(name string) string { return strings.ToValidUTF8(name, string(utf8.RuneError)) }

// count makes sure that one more entry is within the limits.
func (w *walker) count(at place, entry protocol.Entry) error {
	w.bytes += entry.Size
	w.pathBytes += int64(len(at.shown))
	switch {
	case len(w.entries) >= w.limits.Entries:
		return &LimitError{Limit: LimitEntries, Path: at.path, Most: int64(w.limits.Entries)}
	case entry.Kind == protocol.EntryFolder && at.depth >= w.limits.Depth:
		return &LimitError{Limit: LimitDepth, Path: at.path, Most: int64(w.limits.Depth)}
	case entry.Size > w.limits.Bytes || w.bytes > w.limits.Bytes:
		return &LimitError{Limit: LimitBytes, Path: at.path, Most: int64(w.limits.Bytes)}
	case w.pathBytes > w.limits.PathBytes:
		return &LimitError{Limit: LimitNames, Path: at.path, Most: w.limits.PathBytes}
	}
	return nil
}

// skip tells whether c, in the folder at a place, is nothing to send, and
// counts it then.
func (w *walker) skip(folder place, c child) bool {
	skipped := &w.roots.Skipped
	switch c.state.kind {
	case kindFile:
		return false
	case kindFolder:
		if !w.ours(join(folder.path, c.name), c) {
			return false
		}
		skipped.Own++
	case kindLink:
		skipped.Links++
	default:
		skipped.Others++
	}
	if len(skipped.Names) < skippedNames {
		skipped.Names = append(skipped.Names, folder.shown+"/"+c.name)
	}
	return true
}

// folder adds what is in the folder at a place, whose entry has this number.
func (w *walker) folder(at place, number uint32) error {
	var children []child
	err := readFolder(at.path, func(c child) error {
		if w.skip(at, c) {
			return w.ctx.Err()
		}
		if children = append(children, c); len(children)+len(w.entries) > w.limits.Entries {
			return &LimitError{Limit: LimitEntries, Path: at.path, Most: int64(w.limits.Entries)}
		}
		return w.ctx.Err()
	})
	if err != nil {
		return err
	}
	slices.SortFunc(children, func(a, b child) int { return strings.Compare(a.name, b.name) })
	for _, c := range children {
		inside := place{parent: number, depth: at.depth + 1, path: join(at.path, c.name), shown: at.shown + "/" + valid(c.name)}
		if err := w.add(inside, c); err != nil {
			return err
		}
	}
	return nil
}

// join puts a name behind a folder. Unlike filepath.Join it changes neither.
func join(folder, name string) string {
	if os.IsPathSeparator(folder[len(folder)-1]) {
		return folder + name
	}
	return folder + string(filepath.Separator) + name
}

// endOfFolder is what reading a folder to its end comes to.
func endOfFolder(path string, err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return nil
	}
	return &PathError{Path: path, Err: cause(err)}
}

// cause takes the path off an error that is about to get one.
func cause(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}
