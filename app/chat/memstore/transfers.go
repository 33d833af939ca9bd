package memstore

import (
	"bytes"
	"cmp"
	"context"
	"encoding/hex"
	"maps"
	"slices"
	"strings"

	"feihong/app/chat"
	"feihong/protocol"
)

// kept is what is kept of a transfer.
func kept(t chat.Transfer) chat.Transfer {
	t.Current, t.Rate, t.Left = "", 0, -1
	return t
}

// Transfers returns the transfers that match the query, the newest first.
func (s *Store) Transfers(ctx context.Context, q chat.TransferQuery) ([]chat.Transfer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []chat.Transfer
	for _, t := range s.transfers {
		if selects(q, t) {
			found = append(found, t)
		}
	}
	slices.SortFunc(found, func(a, b chat.Transfer) int {
		return cmp.Or(b.Created.Compare(a.Created), bytes.Compare(b.ID[:], a.ID[:]))
	})
	if q.Limit > 0 && len(found) > q.Limit {
		found = found[:q.Limit]
	}
	return slices.Clip(found), ctx.Err()
}

func selects(q chat.TransferQuery, t chat.Transfer) bool {
	id := hex.EncodeToString(t.ID[:])
	open := !t.Final()
	if q.Token != [32]byte{} && q.Token != t.Token {
		return false
	}
	return (q.Contact == 0 || t.Contact == q.Contact) &&
		(!q.Open || open) && (!q.Unsettled || open || !t.Confirmed) &&
		(strings.HasPrefix(id, q.Match) || strings.HasSuffix(id, q.Match) ||
			strings.HasPrefix(id[len(id)-chat.ListedDigits:], q.Match))
}

// Transfer finds a transfer by ID.
func (s *Store) Transfer(ctx context.Context, id protocol.MessageID) (chat.Transfer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.transfers[id]
	if !ok {
		return chat.Transfer{}, cmp.Or(ctx.Err(), chat.ErrNoTransfer)
	}
	return t, ctx.Err()
}

// PathsInUse returns the paths of transfers that contain a text, in large or
// small letters.
func (s *Store) PathsInUse(ctx context.Context, part string) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	used := map[string]bool{}
	for _, t := range s.transfers {
		for _, path := range t.Paths {
			if strings.Contains(strings.ToLower(path), strings.ToLower(part)) {
				used[path] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(used)), ctx.Err()
}
