package chat

import (
	"context"
	"errors"

	"feihong/protocol"
)

// Fate is what a carrier has to keep of a transfer.
type Fate uint8

// The fates of transfers.
const (
	FateOpen Fate = iota + 1 // it is not over: all is needed
	FateOver                 // it is done: the listing is needed
	FateGone                 // it came to nothing, or nobody knows it: nothing is needed
)

// sweep has the carrier remove, beside the loop, what an earlier run of the
// program was told to remove, or would have been, and did not come to. What has
// ended for both people is not in memory any more, so no order is given again.
func (l *loop) sweep() {
	if l.carrier == nil {
		return
	}
	ctx := l.ctx
	l.dials.Go(func() {
		if err := l.carrier.Sweep(ctx, l.fate); err != nil && ctx.Err() == nil {
			l.log.Warn("what is left of old transfers was not removed", "error", err)
		}
	})
}

// fate implements what Carrier.Sweep asks for.
func (s *Service) fate(ctx context.Context, id protocol.MessageID) (Fate, error) {
	t, err := s.store.Transfer(ctx, id)
	switch {
	case errors.Is(err, ErrNoTransfer):
		return FateGone, nil
	case err != nil:
		return 0, err
	case t.State == TransferDone:
		return FateOver, nil
	case t.Final():
		return FateGone, nil
	}
	return FateOpen, nil
}
