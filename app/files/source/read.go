package source

import (
	"context"
	"fmt"

	"feihong/protocol"
)

// Read fills buf with what is at offset in the file of an entry. It returns a
// *bulk.Fault if the file is not the one of the manifest any more, is gone or
// cannot be read; any other error is not about the file.
func (s *Source) Read(ctx context.Context, entry uint32, offset int64, buf []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	_, count := s.m.ChunksOf(entry)
	if count == 0 {
		return fmt.Errorf("entry %d of %d is not a file", entry, len(s.m.Entries))
	}
	if size := int64(s.m.Entries[entry-1].Size); offset < 0 || offset > size || int64(len(buf)) > size-offset {
		return fmt.Errorf("entry %d has %d bytes, and not %d at %d", entry, size, len(buf), offset)
	}
	if s.isChanged(entry) {
		return s.fault(entry, protocol.BulkSourceChanged)
	}
	if kept := s.handles.take(entry); kept != nil {
		defer s.handles.release(kept)
		return s.readOpen(entry, kept.file, offset, buf)
	}
	return s.handles.briefly(ctx, func() error { return s.readClosed(entry, count > 1, offset, buf) })
}

// readClosed opens a file, reads from it, and keeps it open if it is to be
// kept and there is a place for it.
func (s *Source) readClosed(entry uint32, keep bool, offset int64, buf []byte) error {
	f, now, err := openFile(s.path(entry))
	if err != nil {
		return s.failure(entry, err)
	}
	if !s.is(entry, now) {
		f.close()
		return s.change(entry)
	}
	if keep {
		f.ahead()
		if kept, ok := s.handles.keep(entry, f); ok {
			defer s.handles.release(kept)
			return s.readOpen(entry, kept.file, offset, buf)
		}
	}
	defer f.close()
	return s.readOpen(entry, f, offset, buf)
}

// mostReads is how often a piece is read that somebody changes meanwhile.
const mostReads = 3

// readOpen reads from an open file, and looks afterwards whether it was still
// the one of the manifest. If anything was changed meanwhile, it reads again.
func (s *Source) readOpen(entry uint32, f file, offset int64, buf []byte) error {
	for range mostReads {
		before := s.touched[entry-1].Load()
		n, err := s.fill(f, offset, buf)
		if err != nil {
			return s.failure(entry, err)
		}
		now, err := f.state()
		if err != nil {
			return s.failure(entry, err)
		}
		if n < len(buf) || !s.is(entry, now) {
			return s.change(entry)
		}
		if now.touched == before {
			return nil
		}
	}
	return s.change(entry)
}

func (s *Source) fill(f file, offset int64, buf []byte) (int, error) {
	if f.sparse && f.hole(offset, len(buf)) {
		clear(buf)
		return len(buf), nil
	}
	return f.readAt(buf, offset)
}
