package chat

import "slices"

// acceptAlone accepts an offer that has come if the user has chosen that for
// its person or for pictures, or lets it wait for a place.
func (l *loop) acceptAlone(f *transfer) {
	switch {
	case !l.automatic(f):
	case f.person.crowded():
		f.Reason = ReasonQueued
	default:
		f.Folder = l.receiveFolder()
		f.State = TransferAccepted
	}
}

// automatic says that the user wants an offer without being asked.
func (l *loop) automatic(f *transfer) bool {
	if l.receiveFolder == nil || l.receiveFolder() == "" {
		return false
	}
	limit := f.person.AutoAccept
	return limit < 0 || limit > 0 && f.Bytes <= limit || l.wantedPictures(f)
}

// crowded says that so much of a person is under way that nothing more is
// accepted without asking. What they have paused themselves counts: else they
// could have it all go on at once.
func (p *person) crowded() bool {
	running := 0
	for _, f := range p.transfers {
		if f.Direction == In && (f.active() && !f.PausedHere || f.State == TransferFinishing) {
			running++
		}
	}
	return running >= maxAutomatic
}

// queued says that an offer waits for a place, not for the user.
func (t *Transfer) queued() bool { return t.undecided() && t.Reason == ReasonQueued }

// acceptQueued accepts the offers of a person that wait for a place, the oldest
// first, as far as there are places, and leaves to the user those that the user
// does not want without being asked any more.
func (l *loop) acceptQueued(p *person) {
	var queue []*transfer
	for _, f := range p.transfers {
		if f.queued() {
			queue = append(queue, f)
		}
	}
	slices.SortFunc(queue, func(a, b *transfer) int { return newestTransfers(b.Transfer, a.Transfer) })
	for _, f := range queue {
		switch {
		case !l.automatic(f):
			f.Reason = ""
			l.move(f, TransferOffered)
		case p.crowded():
			return
		default:
			f.Folder, f.Reason = l.receiveFolder(), ""
			l.move(f, TransferAccepted)
		}
	}
}
