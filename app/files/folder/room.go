package folder

import (
	"fmt"

	"feihong/transport/bulk"
)

// footprint is what so many bytes of content take on a disk.
func footprint(length int64) int64 { return (length + block - 1) / block * block }

// takeRoom counts what is about to be written, and looks now and then whether
// there is room for it.
func (f *Folder) takeRoom(length int64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.credit -= length; f.credit >= 0 {
		return nil
	}
	return f.checkRoom(length)
}

// checkRoom fails if so many bytes more would take what is left to others.
// f.mu is held.
func (f *Folder) checkRoom(length int64) error {
	f.credit = spaceInterval
	free, total, ok := f.cfg.capacity(f.cfg.Target)
	if !ok {
		return nil
	}
	spare := free - min(reserve, total/20)
	f.credit = min(spaceInterval, spare/spaceShare)
	if length > 0 && spare < length {
		return fmt.Errorf("%w: %d bytes are needed and %d free", bulk.ErrNoSpace, length, free)
	}
	return nil
}
