// Package memstore is a chat.Store that keeps everything in memory: the fake
// in tests of what stands upon a store, and the plain statement of what a
// store does, with which the real one is compared. Nothing survives Close.
package memstore

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"feihong/app/chat"
	"feihong/protocol"
)

// Store implements chat.Store. It is safe for concurrent use.
type Store struct {
	mu        sync.Mutex
	contacts  map[chat.ContactID]chat.Contact
	drafts    map[chat.ContactID]string
	pictures  map[chat.ContactID][]byte
	transfers map[protocol.MessageID]chat.Transfer
	messages  []chat.Message   // by Seq
	index     map[identity]int // into messages
	last      int64
}

type identity struct {
	contact   chat.ContactID
	direction chat.Direction
	id        protocol.MessageID
}

var _ chat.Store = (*Store)(nil)

// New returns an empty store.
func New() *Store {
	return &Store{
		contacts:  map[chat.ContactID]chat.Contact{},
		drafts:    map[chat.ContactID]string{},
		pictures:  map[chat.ContactID][]byte{},
		transfers: map[protocol.MessageID]chat.Transfer{},
		index:     map[identity]int{},
	}
}

// Commit applies the batch, unless it names an unknown contact.
func (s *Store) Commit(ctx context.Context, batch chat.Batch) (done chat.Committed, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := cmp.Or(ctx.Err(), s.check(batch)); err != nil {
		return chat.Committed{}, err
	}
	for _, c := range batch.Contacts {
		s.contacts[c.ID] = c
	}
	for _, m := range batch.Merges {
		s.merge(m)
	}
	for _, m := range batch.Messages {
		done.Seq = append(done.Seq, s.insert(m))
	}
	changed := s.amend(batch.Messages, done.Seq)
	s.thin(batch.Messages, done.Seq)
	for _, t := range batch.Transfers {
		s.transfers[t.ID] = kept(t)
	}
	s.forgetOffers(batch)
	for _, p := range batch.Pictures {
		s.show(p)
	}
	for _, id := range batch.Clears {
		s.clear(id)
	}
	if !batch.Expire.IsZero() {
		done.ExpiredUpTo = s.expire(batch.Expire, batch.ExpireAfter)
	}
	for _, c := range batch.States {
		done.Changed = append(done.Changed, s.change(c))
	}
	done.Read = map[chat.ContactID][]protocol.MessageID{}
	for _, mark := range batch.ReadUpTo {
		s.readUpTo(mark, done.Read)
	}
	for _, d := range batch.Drafts {
		s.drafts[d.Contact] = d.Text
		if d.Text == "" {
			delete(s.drafts, d.Contact)
		}
	}
	for _, id := range batch.Removals {
		s.remove(id)
	}
	for _, target := range changed {
		if i, ok := s.index[target]; ok {
			done.Amended = append(done.Amended, s.messages[i])
		}
	}
	return done, nil
}

func (s *Store) remove(id chat.ContactID) {
	s.messages = slices.DeleteFunc(s.messages, func(m chat.Message) bool { return m.Contact == id })
	s.reindex()
	maps.DeleteFunc(s.transfers, func(_ protocol.MessageID, t chat.Transfer) bool { return t.Contact == id })
	delete(s.drafts, id)
	delete(s.pictures, id)
	delete(s.contacts, id)
}

// check fails if the batch names a contact that is not there by then.
func (s *Store) check(batch chat.Batch) error {
	known := maps.Clone(s.contacts)
	var used []chat.ContactID
	for _, c := range batch.Contacts {
		known[c.ID] = c
	}
	for _, m := range batch.Merges {
		if _, ok := known[m.From]; !ok || m.From == m.Into {
			continue
		}
		if _, ok := known[m.Into]; !ok {
			used = append(used, m.Into)
		}
		delete(known, m.From)
	}
	for _, m := range batch.Messages {
		used = append(used, m.Contact)
	}
	for _, t := range batch.Transfers {
		used = append(used, t.Contact)
	}
	for _, p := range batch.Pictures {
		if len(p.Data) > 0 {
			used = append(used, p.Contact)
		}
	}
	for _, d := range batch.Drafts {
		if d.Text != "" {
			used = append(used, d.Contact)
		}
	}
	for _, id := range used {
		if _, ok := known[id]; !ok {
			return fmt.Errorf("no contact %d", id)
		}
	}
	return nil
}

func (s *Store) merge(m chat.Merge) {
	if _, ok := s.contacts[m.From]; !ok || m.From == m.Into {
		return
	}
	old := s.messages
	s.messages = nil
	for _, message := range old {
		if message.Contact == m.From {
			message.Contact = m.Into
			if _, ok := s.index[identityOf(message)]; ok {
				continue
			}
		}
		s.messages = append(s.messages, message)
	}
	s.reindex()
	for id, t := range s.transfers {
		if t.Contact == m.From {
			t.Contact = m.Into
			s.transfers[id] = t
		}
	}
	if draft, ok := s.drafts[m.From]; ok {
		s.drafts[m.Into] = strings.TrimPrefix(s.drafts[m.Into]+"\n"+draft, "\n")
	}
	delete(s.drafts, m.From)
	delete(s.pictures, m.From)
	delete(s.contacts, m.From)
}

func (s *Store) reindex() {
	clear(s.index)
	for i, message := range s.messages {
		s.index[identityOf(message)] = i
	}
}

func identityOf(m chat.Message) identity { return identity{m.Contact, m.Direction, m.ID} }

// insert adds a message with the next number, which stays unused if the
// message is there.
func (s *Store) insert(m chat.Message) int64 {
	s.last++
	if _, ok := s.index[identityOf(m)]; ok {
		return 0
	}
	m.Seq = s.last
	m.Edited, m.Recalled, m.Reactions = time.Time{}, false, [2]string{}
	m.Sent, m.Delivered, m.Read = time.Time{}, time.Time{}, time.Time{}
	if m.Kind == chat.KindEdit && m.Direction == chat.In {
		m.Text = ""
	}
	s.index[identityOf(m)] = len(s.messages)
	s.messages = append(s.messages, m)
	return m.Seq
}

func (s *Store) change(c chat.StateChange) bool {
	i, ok := s.index[identity{c.Contact, chat.Out, c.ID}]
	if !ok {
		return false
	}
	return c.Apply(&s.messages[i])
}

func (s *Store) readUpTo(mark chat.ReadMark, read map[chat.ContactID][]protocol.MessageID) {
	for i := range s.messages {
		if m := &s.messages[i]; m.Contact == mark.Contact && m.Seq <= mark.UpTo && unread(*m) {
			m.State = chat.Read
			read[m.Contact] = append(read[m.Contact], m.ID)
		}
	}
}

func unread(m chat.Message) bool {
	return m.Direction == chat.In && m.State < chat.Read && !m.Kind.Amendment()
}

func waiting(m chat.Message) bool { return m.Direction == chat.Out && m.State < chat.Delivered }

// Contacts returns every contact, by ID.
func (s *Store) Contacts(ctx context.Context) ([]chat.Contact, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.SortedFunc(maps.Values(s.contacts), func(a, b chat.Contact) int { return cmp.Compare(a.ID, b.ID) }), ctx.Err()
}

// Overview returns unread count, newest message and draft of each contact that
// has any of them.
func (s *Store) Overview(ctx context.Context) (map[chat.ContactID]chat.Overview, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	overview := map[chat.ContactID]chat.Overview{}
	for id, draft := range s.drafts {
		overview[id] = chat.Overview{Draft: draft}
	}
	for _, m := range s.messages {
		if m.Kind.Amendment() {
			continue
		}
		o := overview[m.Contact]
		o.Last = &m
		if unread(m) {
			o.Unread++
		}
		overview[m.Contact] = o
	}
	return overview, ctx.Err()
}

// Outbox returns the first limit queued or sent messages to the contact after
// the given one.
func (s *Store) Outbox(ctx context.Context, contact chat.ContactID, after int64, limit int) ([]chat.Message, error) {
	return s.filtered(ctx, limit, func(m chat.Message) bool {
		return m.Contact == contact && waiting(m) && m.Seq > after
	})
}

// OutboxContacts returns the contacts for which Outbox is not empty.
func (s *Store) OutboxContacts(ctx context.Context) ([]chat.ContactID, error) {
	found, err := s.filtered(ctx, -1, waiting)
	ids := map[chat.ContactID]bool{}
	for _, m := range found {
		ids[m.Contact] = true
	}
	return slices.Sorted(maps.Keys(ids)), err
}

// History returns messages that match the query, oldest first. It knows words
// of Han characters and words of Latin letters; other characters but spaces
// belong to the latter.
func (s *Store) History(ctx context.Context, q chat.HistoryQuery) ([]chat.Message, error) {
	found, err := s.filtered(ctx, -1, func(m chat.Message) bool {
		return (q.Contact == 0 || m.Contact == q.Contact) && m.Seq > q.After &&
			(q.Before <= 0 || m.Seq < q.Before) && asked(q, m) && matches(m.Text+" "+strings.ReplaceAll(m.Names, "\n", " "), q.Search)
	})
	if q.Limit <= 0 || len(found) <= q.Limit {
		return found, err
	}
	if q.After != 0 && q.Before <= 0 {
		return found[:q.Limit], err
	}
	return found[len(found)-q.Limit:], err
}

// asked decides by what a message is, not by what it says.
func asked(q chat.HistoryQuery, m chat.Message) bool {
	if len(q.Kinds) == 0 && m.Kind.Amendment() || len(q.Kinds) > 0 && !slices.Contains(q.Kinds, m.Kind) {
		return false
	}
	return (q.From == nil || *q.From == m.Direction) &&
		!m.Time.Before(q.Since) && (q.Until.IsZero() || m.Time.Before(q.Until))
}

func matches(text, search string) bool {
	text = " " + divided(text)
	for _, word := range strings.Fields(divided(search)) {
		if r, _ := utf8.DecodeRuneInString(word); !unicode.Is(unicode.Han, r) {
			word = " " + word
		}
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// divided is s in lower case, with a space where Han characters meet others.
func divided(s string) string {
	var b strings.Builder
	before := false
	for _, r := range strings.ToLower(s) {
		if han := unicode.Is(unicode.Han, r); han != before {
			b.WriteByte(' ')
			before = han
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Message finds a message by direction and ID.
func (s *Store) Message(ctx context.Context, direction chat.Direction, id protocol.MessageID) (chat.Message, error) {
	found, err := s.filtered(ctx, -1, func(m chat.Message) bool { return m.Direction == direction && m.ID == id })
	if err == nil && len(found) == 0 {
		err = chat.ErrNoMessage
	}
	if err != nil {
		return chat.Message{}, err
	}
	return slices.MinFunc(found, func(a, b chat.Message) int { return cmp.Compare(a.Contact, b.Contact) }), nil
}

// MessageOf finds a message of one conversation.
func (s *Store) MessageOf(ctx context.Context, contact chat.ContactID, ref chat.Ref) (chat.Message, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, ok := s.index[identity{contact, ref.Direction, ref.ID}]
	if !ok {
		return chat.Message{}, cmp.Or(ctx.Err(), chat.ErrNoMessage)
	}
	return s.messages[i], ctx.Err()
}

// Close does nothing.
func (s *Store) Close() error { return nil }

// filtered returns the first limit messages that are wanted; all if negative.
func (s *Store) filtered(ctx context.Context, limit int, wanted func(chat.Message) bool) ([]chat.Message, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []chat.Message
	for _, m := range s.messages {
		if len(found) == limit {
			break
		}
		if wanted(m) {
			found = append(found, m)
		}
	}
	return found, ctx.Err()
}
