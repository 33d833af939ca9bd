package chat

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"feihong/protocol"
)

// ListedDigits is how many digits of an ID are shown in lists: the last ones,
// because the IDs of one minute begin alike.
const ListedDigits = 8

// minMatch is how many digits of an ID must be given at least.
const minMatch = 4

// maxMatches bounds the transfers listed with an error.
const maxMatches = 10

// PathsInUse returns the paths that contain a text, in large or small letters of
// ASCII, and that a transfer refers to: of what is sent, and of what was
// received.
func (s *Service) PathsInUse(ctx context.Context, part string) ([]string, error) {
	return s.store.PathsInUse(ctx, part)
}

// Transfers returns the transfers that match the query, the newest first.
func (s *Service) Transfers(ctx context.Context, query TransferQuery) ([]Transfer, error) {
	stored, err := s.store.Transfers(ctx, query)
	if err != nil {
		return nil, err
	}
	return ask(ctx, s, func(l *loop) ([]Transfer, error) {
		for i := range stored {
			l.overlayTransfer(&stored[i])
		}
		if query.Open {
			stored = slices.DeleteFunc(stored, func(t Transfer) bool { return t.Final() })
		}
		return stored, nil
	})
}

// overlayTransfer gives a transfer read from the store what is newer in memory.
func (l *loop) overlayTransfer(t *Transfer) {
	if f := l.transfers[t.ID]; f != nil && !f.stirred {
		*t = f.Transfer
	}
}

// Transfer finds a transfer by ID: ErrNoTransfer if there is none.
func (s *Service) Transfer(ctx context.Context, id protocol.MessageID) (Transfer, error) {
	t, err := s.store.Transfer(ctx, id)
	if err != nil {
		return Transfer{}, err
	}
	return ask(ctx, s, func(l *loop) (Transfer, error) {
		l.overlayTransfer(&t)
		return t, nil
	})
}

// FindTransfer finds a transfer by its ID, or by four hexadecimal digits or
// more with which one ID alone begins or ends. It fails with ErrNoTransfer or
// an *AmbiguousTransferError.
func (s *Service) FindTransfer(ctx context.Context, part string) (Transfer, error) {
	part = strings.TrimSpace(part)
	if id, err := uuid.Parse(part); err == nil {
		return s.Transfer(ctx, id)
	}
	part = strings.ToLower(strings.ReplaceAll(part, "-", ""))
	if len(part) < minMatch || strings.Trim(part, "0123456789abcdef") != "" {
		return Transfer{}, ErrNoTransfer
	}
	found, err := s.Transfers(ctx, TransferQuery{Match: part, Limit: maxMatches})
	switch {
	case err != nil:
		return Transfer{}, err
	case len(found) == 0:
		return Transfer{}, ErrNoTransfer
	case len(found) > 1:
		return Transfer{}, &AmbiguousTransferError{Part: part, Candidates: found}
	}
	return found[0], nil
}
