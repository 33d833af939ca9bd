package chat_test

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"feihong/app/chat"
	"feihong/protocol"
)

// signed adds a signature to a receipt and encodes it.
func signed(r *protocol.Receipt, name string, asReceiver bool) []byte {
	key := keyOf(name)
	public := key.Public().(ed25519.PublicKey)
	sign := func(message []byte) []byte { return ed25519.Sign(key, message) }
	var err error
	if asReceiver {
		err = r.SignReceiver(public, sign)
	} else {
		err = r.SignSender(public, sign)
	}
	if err != nil {
		panic(err)
	}
	raw, err := protocol.EncodeReceipt(r)
	if err != nil {
		panic(err)
	}
	return raw
}

// receiptOf is an unsigned receipt of everything in a job.
func receiptOf(job chat.Job, sender, receiver string) *protocol.Receipt {
	return &protocol.Receipt{
		Transfer: job.ID,
		Sender:   signerOf(sender),
		Receiver: signerOf(receiver),
		Manifest: job.Offer.Manifest,
		Listing:  [32]byte{1, 2, 3},
		Files:    job.Offer.Files,
		Bytes:    job.Offer.Bytes,
		Started:  1,
		Finished: 2,
	}
}

func TestBadReceipts(t *testing.T) {
	type forge func(r *protocol.Receipt) []byte
	good := func(r *protocol.Receipt) []byte { return signed(r, "Bob", true) }
	tests := []struct {
		name  string
		forge forge
		want  chat.TransferState
	}{
		{"good", good, chat.TransferDone},
		{"no receipt", func(*protocol.Receipt) []byte { return []byte{0xff} }, chat.TransferFinishing},
		{"not signed", func(r *protocol.Receipt) []byte {
			raw, _ := protocol.EncodeReceipt(r)
			return raw
		}, chat.TransferFinishing},
		{"another transfer", func(r *protocol.Receipt) []byte { r.Transfer[0] ^= 1; return good(r) }, chat.TransferFinishing},
		{"another manifest", func(r *protocol.Receipt) []byte { r.Manifest[0] ^= 1; return good(r) }, chat.TransferFinishing},
		{"fewer files", func(r *protocol.Receipt) []byte { r.Files--; return good(r) }, chat.TransferFinishing},
		{"more bytes", func(r *protocol.Receipt) []byte { r.Bytes++; return good(r) }, chat.TransferFinishing},
		{"somebody else's", func(r *protocol.Receipt) []byte { r.Receiver = signerOf("Mallory"); return signed(r, "Mallory", true) }, chat.TransferFinishing},
		{"from somebody else", func(r *protocol.Receipt) []byte { r.Sender = signerOf("Mallory"); return good(r) }, chat.TransferFinishing},
		{"changed after signing", func(r *protocol.Receipt) []byte {
			good(r)
			r.Listing[0] ^= 1
			raw, _ := protocol.EncodeReceipt(r)
			return raw
		}, chat.TransferFinishing},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				alice, company := besieged(t, "Bob")
				defer alice.leave()
				bob := company[0]
				alice.id = alice.who("Bob").ID
				id := alice.offer("/src/a").ID
				synctest.Wait()
				bob.says(t, alice, &protocol.TransferState{ID: id, Phase: protocol.PhaseAccepted})
				bob.says(t, alice, &protocol.TransferState{ID: id, Phase: protocol.PhaseReceived})
				r := receiptOf(chat.Job{ID: id, Offer: offerOf([]string{"/src/a"})}, "Alice", "Bob")
				bob.says(t, alice, &protocol.TransferReceipt{ID: id, Receipt: test.forge(r)})
				pass(time.Minute)
				synctest.Wait()
				if state := alice.transfer(id).State; state != test.want {
					t.Errorf("%v, want %v", state, test.want)
				}
			})
		})
	}
}

// TestReceiptThatComesBackChanged lets the sender sign something else than the
// receiver has, and the receiver's carrier be asked for nothing.
func TestReceiptThatComesBackChanged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		alice, company := besieged(t, "Bob")
		defer alice.leave()
		bob := company[0]
		id := bob.offers(t, alice, nil)
		synctest.Wait()
		must(t, alice.Accept(t.Context(), id, ""))
		r := receiptOf(chat.Job{ID: id, Offer: offerOf([]string{"/src/a"})}, "Bob", "Alice")
		ours := signed(r, "Alice", true)
		alice.Finished(id, chat.Outcome{Paths: []string{"/got/a"}, Receipt: ours})
		synctest.Wait()
		told := bob.told()
		expect(t, "Bob was told", told, "accepted", "received", "receipt")

		other := *r
		other.Listing[0] ^= 1
		signed(&other, "Alice", true) // as if it had been ours once
		for name, raw := range map[string][]byte{
			"ours alone":       ours,
			"another listing":  signed(&other, "Bob", false),
			"signed by nobody": {0xa0},
		} {
			bob.says(t, alice, &protocol.TransferReceipt{ID: id, Receipt: raw}, &protocol.TransferState{ID: id, Phase: protocol.PhaseDone})
			if state := alice.transfer(id).State; state != chat.TransferFinishing {
				t.Errorf("%s: %v", name, state)
			}
		}
		bob.says(t, alice, &protocol.TransferReceipt{ID: id, Receipt: signed(r, "Bob", false)})
		if end := alice.transfer(id); end.State != chat.TransferDone || !end.Confirmed {
			t.Errorf("at the end: %+v", end)
		}
	})
}

// TestCountersigningAgain has the carrier fail for a while, or for good.
func TestCountersigningAgain(t *testing.T) {
	tests := []struct {
		name  string
		err   error
		state chat.TransferState // while it fails
		end   chat.TransferState
	}{
		{"trouble that passes", errors.New("the disk is full"), chat.TransferFinishing, chat.TransferDone},
		{"they do not agree", fmt.Errorf("the hashes: %w", chat.ErrDisagree), chat.TransferFailed, chat.TransferFailed},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				alice, bob := couple(t, newYard(nil))
				defer alice.leave()
				defer bob.leave()
				id := alice.offer("/src/a").ID
				synctest.Wait()
				must(t, bob.Accept(t.Context(), id, ""))
				refuse := func(err error) {
					alice.porter.yard.mu.Lock()
					defer alice.porter.yard.mu.Unlock()
					alice.porter.refuse = err
				}
				refuse(test.err)
				alice.porter.told()
				pass(10 * time.Minute)
				synctest.Wait()
				expect(t, "while it fails", states(id, alice, bob), string(test.state), string(test.state))
				if tries := len(alice.porter.told()); tries > 30 {
					t.Errorf("%d tries in ten minutes", tries)
				}
				if reason := alice.transfer(id).Reason; reason == "" {
					t.Error("no reason is given")
				}
				refuse(nil)
				pass(2 * time.Minute)
				synctest.Wait()
				expect(t, "at the end", states(id, alice, bob), string(test.end), string(test.end))
			})
		})
	}
}

// TestReceiptAfterPausedRestart has everything arrive while the sender, who was
// paused, is away.
func TestReceiptAfterPausedRestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		alice, bob := couple(t, newYard(nil))
		defer func() { alice.leave() }()
		defer bob.leave()
		id := alice.offer("/src/a").ID
		synctest.Wait()
		must(t, bob.Accept(t.Context(), id, ""))
		synctest.Wait()
		must(t, bob.Pause(t.Context(), id))
		synctest.Wait()
		alice.leave()
		r := receiptOf(chat.Job{ID: id, Offer: offerOf([]string{"/src/a"})}, "Alice", "Bob")
		bob.porter.yard.mu.Lock()
		bob.porter.finished[id] = chat.Outcome{Paths: []string{"/got/a"}, Receipt: signed(r, "Bob", true)}
		bob.porter.yard.mu.Unlock()
		must(t, bob.Resume(t.Context(), id))
		synctest.Wait()
		alice.restartAfterLeaving(t)
		pass(time.Minute)
		synctest.Wait()
		expect(t, "at the end", states(id, alice, bob), "done", "done")
	})
}
