package memstore

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"
	"time"

	"feihong/app/chat"
	"feihong/protocol"
)

// amend applies the amendments that were inserted, and returns what they
// changed, each once.
func (s *Store) amend(list []chat.Message, seqs []int64) (changed []identity) {
	for i, m := range list {
		if seqs[i] == 0 || !m.Kind.Amendment() {
			continue
		}
		target := identity{m.Contact, m.Target.Direction, m.Target.ID}
		if s.apply(m, target) && !slices.Contains(changed, target) {
			changed = append(changed, target)
		}
	}
	return changed
}

// apply changes the target of an amendment and tells if that had effect.
func (s *Store) apply(a chat.Message, target identity) bool {
	i, ok := s.index[target]
	if !ok || s.messages[i].Kind.Amendment() {
		return false
	}
	m := &s.messages[i]
	if m.Recalled {
		s.forgetEdits(target)
		return false
	}
	own := a.Direction == m.Direction
	switch {
	case a.Kind == chat.KindEdit && own && m.Kind == chat.KindText && a.Time.After(m.Edited):
		m.Text, m.Edited = a.Text, a.Time
	case a.Kind == chat.KindRecall && own:
		m.Text, m.Names, m.ReplyTo, m.Edited, m.Reactions = "", "", chat.Ref{}, time.Time{}, [2]string{}
		m.Recalled = true
		s.forgetEdits(target)
	case a.Kind == chat.KindReaction && m.Reactions[a.Direction] != a.Text:
		m.Reactions[a.Direction] = a.Text
	default:
		return false
	}
	return true
}

// thin deletes amendments that are too old to come again, from where new ones
// were inserted.
func (s *Store) thin(list []chat.Message, seqs []int64) {
	for i, inserted := range list {
		if seqs[i] == 0 || !inserted.Kind.Amendment() {
			continue
		}
		n := 0
		like := func(m chat.Message) bool { return m.Contact == inserted.Contact && m.Kind == inserted.Kind }
		for _, m := range s.messages {
			if like(m) {
				n++
			}
		}
		if n <= chat.KeptAmendments {
			continue
		}
		s.messages = slices.DeleteFunc(s.messages, func(m chat.Message) bool {
			if !like(m) {
				return false
			}
			n--
			return n >= chat.KeptAmendments && !waiting(m)
		})
		s.reindex()
	}
}

// forgetOffers removes from transfers what was recalled by then: from those of
// a batch, and from those whose offers it recalls.
func (s *Store) forgetOffers(batch chat.Batch) {
	var ids []protocol.MessageID
	for _, m := range batch.Messages {
		if m.Kind == chat.KindRecall {
			ids = append(ids, m.Target.ID)
		}
	}
	for _, t := range batch.Transfers {
		ids = append(ids, t.ID)
	}
	for _, id := range ids {
		t := s.transfers[id]
		i, ok := s.index[identity{t.Contact, t.Direction, id}]
		if ok && s.messages[i].Kind == chat.KindFiles && s.messages[i].Recalled {
			t.Forget()
			s.transfers[id] = t
		}
	}
}

// forgetEdits removes the texts of the edits of a message.
func (s *Store) forgetEdits(target identity) {
	for i := range s.messages {
		m := &s.messages[i]
		if m.Kind == chat.KindEdit && (identity{m.Contact, m.Target.Direction, m.Target.ID}) == target {
			m.Text = ""
		}
	}
}

// clear deletes the messages and transfers of a conversation that are over.
func (s *Store) clear(id chat.ContactID) {
	s.discard(func(m chat.Message) bool { return m.Contact == id })
	s.discardTransfers(func(t chat.Transfer) bool { return t.Contact == id })
}

// expire deletes what was read and written before a moment, of the next messages
// after one. It returns how far it came, 0 if that is everything.
func (s *Store) expire(before time.Time, after int64) (upTo int64) {
	i, _ := slices.BinarySearchFunc(s.messages, after+1, func(m chat.Message, seq int64) int { return cmp.Compare(m.Seq, seq) })
	last := int64(math.MaxInt64)
	if end := i + chat.ExpireStep; end < len(s.messages) {
		last, upTo = s.messages[end-1].Seq, s.messages[end-1].Seq
	}
	s.discard(func(m chat.Message) bool {
		return m.Seq > after && m.Seq <= last && m.Time.Before(before) && !(m.Direction == chat.In && m.State < chat.Read)
	})
	if upTo == 0 {
		s.discardTransfers(func(t chat.Transfer) bool { return t.Created.Before(before) })
	}
	return upTo
}

// discard deletes the messages that are wanted, unless they are still to be
// delivered.
func (s *Store) discard(wanted func(chat.Message) bool) {
	s.messages = slices.DeleteFunc(s.messages, func(m chat.Message) bool {
		t, ok := s.transfers[m.ID]
		offers := ok && m.Kind == chat.KindFiles && t.Contact == m.Contact && t.Direction == m.Direction && unsettled(t)
		return wanted(m) && !waiting(m) && !offers
	})
	s.reindex()
}

func (s *Store) discardTransfers(wanted func(chat.Transfer) bool) {
	maps.DeleteFunc(s.transfers, func(_ protocol.MessageID, t chat.Transfer) bool { return wanted(t) && !unsettled(t) })
}

func unsettled(t chat.Transfer) bool { return !t.Final() || !t.Confirmed }

// show replaces a picture.
func (s *Store) show(p chat.Picture) {
	if len(p.Data) == 0 {
		delete(s.pictures, p.Contact)
		return
	}
	s.pictures[p.Contact] = slices.Clone(p.Data)
}

// Picture returns the picture of a contact, nil if there is none.
func (s *Store) Picture(ctx context.Context, contact chat.ContactID) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.pictures[contact]), ctx.Err()
}
