package source

import (
	"feihong/protocol"
	"feihong/transport/bulk"
)

// resembles tells whether what was seen at the place of an entry looks as the
// file of the manifest does.
func (s *Source) resembles(entry uint32, now state) bool {
	was := &s.m.Entries[entry-1]
	return now.kind == kindFile && now.size == int64(was.Size) && now.modified == was.Modified
}

// is tells the same of an open file that is read from, and doubts the file if
// it is another than before.
func (s *Source) is(entry uint32, now state) bool {
	if !s.resembles(entry, now) {
		return false
	}
	if before := s.touched[entry-1].Swap(now.touched); before != now.touched && before != 0 {
		s.doubt(entry)
	}
	if now.identity == 0 {
		return true
	}
	if before := s.identities[entry-1].Swap(now.identity); before != now.identity && before != 0 {
		s.doubt(entry)
	}
	return true
}

// doubt notes that another file has come to the place of an entry, or that it
// was changed, though it has the same size and time. It may be a copy that
// somebody has put back, or the same file on a disk that was connected again, or
// only its name or mode has changed; so this is no fault. But no
// file may be sent that is a mixture of two: before the hash of the whole is
// told, all chunks that were sent before are read again.
func (s *Source) doubt(entry uint32) {
	if _, count := s.m.ChunksOf(entry); count < 2 {
		return // sent in one piece
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.doubted[entry] = 0
}

// doubtedFrom gives the first chunk of a file, counted within it, that is to be
// read again; all before it are as they were.
func (s *Source) doubtedFrom(entry uint32) (chunk uint64, any bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	chunk, any = s.doubted[entry]
	return chunk, any
}

// believe notes that the chunks of a file before this one are as they were.
func (s *Source) believe(entry uint32, chunk uint64) {
	_, count := s.m.ChunksOf(entry)
	s.mu.Lock()
	defer s.mu.Unlock()
	if chunk < count {
		s.doubted[entry] = chunk
		return
	}
	delete(s.doubted, entry)
}

func (s *Source) isChanged(entry uint32) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changed[entry]
}

// change notes that the file of an entry is no longer the one of the manifest,
// which stays so, and gives the fault that says it.
func (s *Source) change(entry uint32) error {
	s.mu.Lock()
	s.changed[entry] = true
	s.mu.Unlock()
	s.handles.drop(entry)
	return s.fault(entry, protocol.BulkSourceChanged)
}

// failure gives the fault that says what err means for the file of an entry,
// or err itself if it is not about the file.
func (s *Source) failure(entry uint32, err error) error {
	switch {
	case exhausted(err):
		return err
	case replaced(err):
		return s.change(entry)
	}
	s.handles.drop(entry)
	if gone(err) {
		return s.fault(entry, protocol.BulkSourceMissing)
	}
	return s.fault(entry, protocol.BulkSourceUnreadable)
}

// fault names the file as the other side knows it: its place on this machine
// is nobody else's matter.
func (s *Source) fault(entry uint32, code protocol.BulkCode) error {
	return &bulk.Fault{Code: code, Text: protocol.SafeName(s.m.Entries[entry-1].Name)}
}
