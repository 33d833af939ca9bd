package files

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"feihong/app/chat"
	"feihong/app/files/folder"
	"feihong/protocol"
	"feihong/transport/atomicfile"
)

// Names of files in the folder of a transfer.
const (
	outcomeName = "outcome"
	begunName   = "begun"
	journalName = "journal"
)

// conclude makes the outcome of a receiving that has come to its end, and its
// receipt if everything is there.
func (j *job) conclude(to *folder.Folder, begun time.Time) (*chat.Outcome, error) {
	outcome := &chat.Outcome{Paths: to.Paths()}
	for _, failure := range to.Failures() {
		outcome.Failures = append(outcome.Failures, chat.Failure{Name: failure.Name, Reason: reasonOf(failure.Code)})
	}
	if len(outcome.Failures) > 0 {
		outcome.Reason, outcome.Detail = outcome.Failures[0].Reason, outcome.Failures[0].Name
		return outcome, nil
	}
	listing, err := to.Listing()
	if err != nil {
		return nil, err
	}
	e := j.engine
	receipt := &protocol.Receipt{
		Transfer: j.ID, Sender: j.Peer, Receiver: e.cfg.Self,
		Manifest: j.Offer.Manifest, Listing: listing, Files: j.Offer.Files, Bytes: j.Offer.Bytes,
		Started: begun.UnixMilli(), Finished: max(begun.UnixMilli(), time.Now().UnixMilli()),
	}
	if err := receipt.SignReceiver(e.cfg.Key, e.cfg.Sign); err != nil {
		return nil, err
	}
	outcome.Receipt, err = protocol.EncodeReceipt(receipt)
	return outcome, err
}

// reasonOf is what people are told of why a file could not be had.
func reasonOf(code protocol.BulkCode) chat.TransferReason {
	switch code {
	case protocol.BulkSourceChanged, protocol.BulkSourceMissing, protocol.BulkSourceUnreadable:
		return chat.TransferReason(code.String())
	case protocol.BulkStorage:
		return reasonUnwritable
	}
	return chat.ReasonOther
}

// begun tells when this receiving was begun first.
func (j *job) begun(dir string) (time.Time, error) {
	path := filepath.Join(dir, begunName)
	data, err := os.ReadFile(path)
	if err == nil {
		ms, err := strconv.ParseInt(string(data), 10, 64)
		if err == nil && ms >= 0 && ms <= protocol.MaxTime {
			return time.UnixMilli(ms), nil
		}
	}
	now := time.Now()
	return now, os.WriteFile(path, strconv.AppendInt(nil, now.UnixMilli(), 10), 0o600)
}

// saved is an outcome as it is stored.
type saved struct {
	Paths    []string            `json:"paths"`
	Failures []chat.Failure      `json:"failures,omitempty"`
	Receipt  []byte              `json:"receipt,omitempty"`
	Reason   chat.TransferReason `json:"reason,omitempty"`
	Detail   string              `json:"detail,omitempty"`
}

// tidy removes what was needed to go on with a transfer that is over. The listing
// stays.
func tidy(dir string) {
	for _, name := range []string{"ledger", journalName, "manifest", "sources.json", begunName} {
		_ = os.Remove(filepath.Join(dir, name)) // what remains does no harm
	}
}

// writeOutcome notes, durably, that a receiving is over.
func writeOutcome(dir string, o *chat.Outcome) error {
	data, err := json.Marshal(saved{Paths: o.Paths, Failures: o.Failures, Receipt: o.Receipt, Reason: o.Reason, Detail: o.Detail})
	if err != nil {
		return err
	}
	return atomicfile.Write(filepath.Join(dir, outcomeName), data)
}

// readOutcome gives how a receiving ended, or nil if it is not over.
func readOutcome(dir string) (*chat.Outcome, error) {
	data, err := os.ReadFile(filepath.Join(dir, outcomeName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var s saved
	if err := json.Unmarshal(data, &s); err != nil {
		return nil, fmt.Errorf("the outcome of a transfer: %w", err)
	}
	return &chat.Outcome{Paths: s.Paths, Failures: s.Failures, Receipt: s.Receipt, Reason: s.Reason, Detail: s.Detail}, nil
}
