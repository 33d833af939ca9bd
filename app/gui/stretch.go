package gui

import (
	"slices"
	"sort"
	"time"

	"feihong/app/chat"
)

// stretch is the part of a conversation that is loaded: messages in order and
// without a gap, of which there may be more on either side. It never holds more
// than maxLoaded for long, however far the user scrolls.
type stretch struct {
	messages     []chat.Message
	older, newer bool // there is more before, behind
}

// maxLoaded bounds how many messages are held at once.
const maxLoaded = 1500

// index returns where a message is, or would be, and whether it is there.
func (s *stretch) index(seq int64) (at int, found bool) {
	at = sort.Search(len(s.messages), func(i int) bool { return s.messages[i].Seq >= seq })
	return at, at < len(s.messages) && s.messages[at].Seq == seq
}

// find returns the message that is named, nil if it is not loaded.
func (s *stretch) find(ref chat.Ref) *chat.Message {
	for i := range s.messages {
		if s.messages[i].Ref() == ref {
			return &s.messages[i]
		}
	}
	return nil
}

// last returns the Seq of the newest message that is loaded, 0 if there is none.
func (s *stretch) last() int64 {
	if len(s.messages) == 0 {
		return 0
	}
	return s.messages[len(s.messages)-1].Seq
}

// covers says that a message belongs to what is loaded. All others are loaded
// as they are then.
func (s *stretch) covers(seq int64) bool {
	if len(s.messages) == 0 {
		return !s.older && !s.newer
	}
	return (!s.older || seq >= s.messages[0].Seq) && (!s.newer || seq <= s.last())
}

// take puts in a new message, or what has become of one that is there. It
// returns the first place that is not as it was; none if the message belongs
// elsewhere or nothing changed.
func (s *stretch) take(m chat.Message) (from int, changed bool) {
	if !s.covers(m.Seq) {
		return 0, false
	}
	at, found := s.index(m.Seq)
	if !found {
		s.messages = slices.Insert(s.messages, at, m)
		return at, true
	}
	m = newest(s.messages[at], m)
	if m == s.messages[at] {
		return 0, false
	}
	s.messages[at] = m
	return at, true
}

// newest returns a message as it was told later, but for its state, when that
// came about, and that it was taken back: those never go back, whatever order
// news come in.
func newest(before, after chat.Message) chat.Message {
	after.Sent = later(before.Sent, after.Sent)
	after.Delivered = later(before.Delivered, after.Delivered)
	after.Read = later(before.Read, after.Read)
	if after.State < before.State {
		after.State, after.Reason = before.State, before.Reason
	}
	if before.Recalled && !after.Recalled {
		before.State, before.Reason = after.State, after.Reason
		before.Sent, before.Delivered, before.Read = after.Sent, after.Delivered, after.Read
		return before
	}
	return after
}

// later returns the later of two moments; zero is unknown.
func later(a, b time.Time) time.Time {
	if b.Before(a) {
		return a
	}
	return b
}

// before puts a page in front. Messages at the end that are too many then are
// dropped.
func (s *stretch) before(page []chat.Message, more bool) {
	s.messages = slices.Concat(page, s.messages)
	s.older = more
	if len(s.messages) > maxLoaded {
		s.messages = slices.Clone(s.messages[:maxLoaded])
		s.newer = true
	}
}

// behind puts a page at the end.
func (s *stretch) behind(page []chat.Message, more bool) {
	s.messages = append(s.messages, page...)
	s.newer = more
	s.trim()
}

// trim drops messages at the beginning if they are too many. It returns whether
// it did.
func (s *stretch) trim() bool {
	if len(s.messages) <= maxLoaded {
		return false
	}
	// Room is made for a while, so that this is rare however many come.
	s.messages = slices.Clone(s.messages[len(s.messages)-maxLoaded*3/4:])
	s.older = true
	return true
}
