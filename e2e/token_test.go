//go:build e2e

package e2e

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"feihong/protocol"
)

// TestTwoOffersWithOneToken: the second one is refused.
func TestTwoOffersWithOneToken(t *testing.T) {
	bob := newProfile(t, t.TempDir(), "Bob").daemon()
	m := newMallory(t, "Mallory")
	first, second := honest(t, "first", 10), honest(t, "second", 10)
	second.offer.Token = first.offer.Token
	m.offers(bob, first)
	answered(m, func(d *protocol.Delivered) bool { return slices.Contains(d.IDs, first.offer.ID) })
	m.offers(bob, second)
	refused := answered(m, func(r *protocol.Refused) bool { return r.ID == second.offer.ID })
	t.Logf("refused: %v", refused.Code)
	if refused.Code != protocol.CodeTokenUsed {
		t.Errorf("refused with %v", refused.Code)
	}
	if list := bob.must(0, "files", "list", "--all", "--json").out; strings.Count(list, "\n") != 1 {
		t.Errorf("Bob has %s", list)
	}
}

// TestTokenOfSomebodyElse lets a third person use what two others have agreed
// on, in both directions, and everybody who guesses.
func TestTokenOfSomebodyElse(t *testing.T) {
	data := t.TempDir()
	bob := newProfile(t, data, "Bob").daemon()
	owner, thief := newMallory(t, "Mallory"), newMallory(t, "Thief")
	from := filepath.Join(data, "secret.bin")
	writeFile(t, from, 3<<20, 1)

	// Mallory offers something to Bob, who accepts it but cannot reach her.
	c := honest(t, "gift", 3<<20)
	c.chunk = func(uint64) []byte { return nil }
	owner.offers(bob, c)
	into := filepath.Join(data, "into")
	bob.accepts(c.offer.ID.String(), into)

	// Bob offers something to Mallory, who wants it.
	owner.meets(bob)
	bob.offers(owner.self.PeerID().String(), from)
	gift := answered(owner, func(*protocol.Offer) bool { return true })

	tests := []struct {
		name string
		who  *mallory
		open protocol.BulkOpenMessage
		want []protocol.BulkCode
	}{
		{"fetched by a third person", thief, protocol.BulkOpenMessage{Transfer: gift.ID, Token: gift.Token}, []protocol.BulkCode{protocol.BulkUnknownTransfer, protocol.BulkBadToken}},
		{"given by a third person", thief, protocol.BulkOpenMessage{Transfer: c.offer.ID, Token: c.offer.Token, Sending: true}, []protocol.BulkCode{protocol.BulkUnknownTransfer, protocol.BulkBadToken}},
		{"with another token", owner, protocol.BulkOpenMessage{Transfer: gift.ID, Token: [32]byte{1}}, []protocol.BulkCode{protocol.BulkBadToken}},
		{"with the token of another offer", owner, protocol.BulkOpenMessage{Transfer: gift.ID, Token: c.offer.Token}, []protocol.BulkCode{protocol.BulkBadToken}},
		{"of an unknown transfer", owner, protocol.BulkOpenMessage{Transfer: uuid.Must(uuid.NewV7()), Token: gift.Token}, []protocol.BulkCode{protocol.BulkUnknownTransfer}},
		{"in the wrong direction", owner, protocol.BulkOpenMessage{Transfer: gift.ID, Token: gift.Token, Sending: true}, []protocol.BulkCode{protocol.BulkWrongSide}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			refused := test.who.opens(t, bob, &test.open)
			if refused == nil || !slices.Contains(test.want, refused.Code) {
				t.Errorf("answered %+v, want a refusal with %v", refused, test.want)
			}
		})
	}
	if refused := owner.opens(t, bob, &protocol.BulkOpenMessage{Transfer: gift.ID, Token: gift.Token}); refused != nil {
		t.Errorf("who may have it is refused: %v %s", refused.Code, refused.Text)
	}
	bob.does("cancel", c.offer.ID.String())
	eventually(t, "nothing is left", func() bool { return empty(into) })
}

// opens opens a file connection, and gives nil if it is welcome.
func (m *mallory) opens(t *testing.T, who *process, open *protocol.BulkOpenMessage) *protocol.RefusedOpen {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	conn, err := m.node.DialFiles(ctx, who.address(), mustPeer(t, who.ready.ID))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	if err := sendBulk(conn, open); err != nil {
		t.Fatal(err)
	}
	frames := protocol.NewBulkReader(conn)
	if _, _, err := frames.Next(); err != nil {
		t.Fatalf("no answer: %v", err)
	}
	answer, err := frames.Message()
	if err != nil {
		t.Fatal(err)
	}
	refused, _ := answer.(*protocol.RefusedOpen)
	return refused
}
