package chat

import (
	"errors"
	"time"

	"feihong/protocol"
)

// maxSigning bounds the receipts that are countersigned at the same time: a
// carrier may have to read files again for that, which can take hours. So one
// person has one place.
const maxSigning = 8

// signAgain is after how long a receipt is tried to be countersigned again first;
// then it takes longer and longer.
const (
	signAgain    = time.Second
	maxSignPause = time.Minute
)

var errReceipt = errors.New("the receipt is about something else, or not signed by the two people")

// checkReceipt decodes a receipt of a transfer. It fails unless the receipt is
// about just this transfer, between these two people, and signed by the
// receiver; it tells whether the sender has signed too.
func (l *loop) checkReceipt(f *transfer, raw []byte) (r *protocol.Receipt, both bool, err error) {
	r, err = protocol.DecodeReceipt(raw)
	if err != nil {
		return nil, false, err
	}
	sender, receiver := l.self, f.person.Peer
	if f.Direction == In {
		sender, receiver = receiver, sender
	}
	byReceiver, bySender := r.Verify()
	switch {
	case r.Transfer != f.ID || r.Manifest != f.Manifest,
		r.Sender != sender || r.Receiver != receiver,
		int(r.Files) != f.Files || r.Bytes != uint64(f.Bytes),
		!byReceiver:
		return nil, false, errReceipt
	}
	return r, bySender, nil
}

// hearReceipt takes a receipt: the receiver's, which is countersigned, or the
// one with both signatures, with which a transfer is done.
func (l *loop) hearReceipt(p *person, m *protocol.TransferReceipt) {
	f, ok := l.lookUp(p, m.ID)
	if !ok {
		return
	}
	if f == nil {
		l.countUseless(p, p.session)
		return
	}
	r, both, err := l.checkReceipt(f, m.Receipt)
	switch {
	case err != nil || both && !l.agrees(f, r):
		l.log.Warn("bad receipt", "peer", p.Peer.Short(), "transfer", f.ID, "error", err)
		l.countUseless(p, p.session)
	case f.State == TransferDone:
		l.countUseless(p, p.session)
	case both:
		l.finish(f, m.Receipt)
	case f.Direction == Out && f.State == TransferFinishing:
		f.receipt = m.Receipt
		if !f.stirred && f.pause == 0 { // else in its time
			l.countersign(f)
		}
	default:
		l.countUseless(p, p.session)
	}
}

// agrees says that a receipt with both signatures says what we have signed.
func (l *loop) agrees(f *transfer, r *protocol.Receipt) bool {
	if f.Direction == Out || len(f.Receipt) == 0 {
		return true // our own signature is in it
	}
	ours, err := protocol.DecodeReceipt(f.Receipt)
	return err == nil && ours.Listing == r.Listing && ours.Started == r.Started && ours.Finished == r.Finished
}

// finish settles that both people have signed.
func (l *loop) finish(f *transfer, receipt []byte) {
	f.Receipt = receipt
	f.Done, f.FilesDone = f.Bytes, f.Files
	l.end(f, TransferDone, "", "")
	if f.Direction == In {
		l.confirm(f) // the sender was done before
	}
}

// countersign lets the carrier compare and sign what the receiver has signed, if
// that has come, beside the loop. The carrier has been told of the transfer.
func (l *loop) countersign(f *transfer) {
	if f.signing || f.receipt == nil || f.State != TransferFinishing {
		return
	}
	f.signing = true
	receipt, places := f.receipt, []chan struct{}{f.person.signing, l.signing}
	l.dials.Go(func() {
		for _, place := range places {
			select {
			case place <- struct{}{}:
				defer func() { <-place }()
			case <-l.ctx.Done():
				return
			}
		}
		signed, err := l.carrier.Countersign(l.ctx, f.ID, receipt)
		l.post(func(l *loop) { l.countersigned(f, signed, err) })
	})
}

func (l *loop) countersigned(f *transfer, signed []byte, err error) {
	f.signing = false
	if l.transfers[f.ID] != f || f.State != TransferFinishing || l.ctx.Err() != nil {
		return
	}
	if err != nil && !errors.Is(err, ErrDisagree) {
		l.log.Warn("a receipt cannot be countersigned for now", "transfer", f.ID, "error", err)
		l.countersignLater(f)
		return
	}
	both := false
	if err == nil {
		_, both, err = l.checkReceipt(f, signed)
	}
	if err != nil || !both {
		l.log.Warn("receipt not countersigned", "transfer", f.ID, "error", err)
		l.end(f, TransferFailed, ReasonReceipt, "")
		return
	}
	l.finish(f, signed)
}

// countersignLater tries again when the trouble may be over. What takes longer
// than a moment is shown.
func (l *loop) countersignLater(f *transfer) {
	if f.pause > signAgain && f.Reason != ReasonOther {
		f.Reason = ReasonOther
		l.display(f, TransferFinishing)
	}
	f.pause = min(max(2*f.pause, signAgain), maxSignPause)
	l.after(f.pause, func(l *loop) {
		if l.transfers[f.ID] == f {
			l.countersign(f)
		}
	})
}
