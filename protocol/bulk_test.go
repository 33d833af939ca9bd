package protocol_test

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"feihong/protocol"
)

// bulkStream has frames of all sorts, some greater than the buffer of a reader.
func bulkStream(tb testing.TB) []byte {
	messages := bulkMessages()
	var stream []byte
	for _, name := range slices.Sorted(maps.Keys(messages)) {
		raw, err := encodeBulk(messages[name])
		if err != nil {
			tb.Fatal(err)
		}
		stream = append(stream, raw...)
	}
	unknown := bulkFrame(tb, 99, octets{"00*40000"}).bytes(tb)
	broken := bulkFrame(tb, protocol.BulkStop, octets{"ff"}).bytes(tb)
	chunk, err := encodeBulk(&protocol.Chunk{Number: 7, Length: 70_000, Data: bytes.Repeat([]byte{7}, 70_000)})
	if err != nil {
		tb.Fatal(err)
	}
	return append(append(append(stream, unknown...), broken...), chunk...)
}

// readStream is what a reader makes of a stream: a line for each frame, and the
// name of the error that ends it.
func readStream(tb testing.TB, r io.Reader) []string {
	tb.Helper()
	frames := protocol.NewBulkReader(r)
	var lines []string
	for {
		m, err := readBulk(frames)
		var kind *protocol.UnknownKindError
		var format *protocol.FormatError
		switch {
		case err == nil:
			lines = append(lines, string(marshalGolden(tb, describeBulk(m))))
		case errors.As(err, &kind), errors.As(err, &format):
			lines = append(lines, err.Error())
		default:
			return append(lines, outcome(err))
		}
	}
}

func TestBulkStreamHoweverCut(t *testing.T) {
	stream := bulkStream(t)
	want := readStream(t, bytes.NewReader(stream))
	if n := len(bulkMessages()) + 4; len(want) != n || want[n-1] != "end" {
		t.Fatalf("gave %d lines, want %d; at last %s", len(want), n, want[len(want)-1])
	}
	for name, r := range map[string]io.Reader{
		"byte by byte":      iotest.OneByteReader(bytes.NewReader(stream)),
		"half":              iotest.HalfReader(bytes.NewReader(stream)),
		"data with the end": iotest.DataErrReader(bytes.NewReader(stream)),
	} {
		if got := readStream(t, r); !slices.Equal(got, want) {
			t.Errorf("%s: gave %v", name, got)
		}
	}
	for n := 0; n <= len(stream); n += 1 + n/5 {
		parts := io.MultiReader(bytes.NewReader(stream[:n]), bytes.NewReader(stream[n:]))
		if got := readStream(t, parts); !slices.Equal(got, want) {
			t.Fatalf("split at %d: gave %v", n, got)
		}
	}
}

// TestBulkBodiesNeedNotBeRead: Next reads past what nobody wanted, all of it or
// the rest.
func TestBulkBodiesNeedNotBeRead(t *testing.T) {
	stream := bulkStream(t)
	r := protocol.NewBulkReader(bytes.NewReader(stream))
	total, skipped := 0, 0
	for {
		_, length, err := r.Next()
		var kind *protocol.UnknownKindError
		if errors.As(err, &kind) {
			skipped += protocol.HeaderBytes + 40000
			continue
		}
		if err != nil {
			if err != io.EOF {
				t.Fatal(err)
			}
			break
		}
		total += protocol.HeaderBytes + length
	}
	if total+skipped != len(stream) || skipped == 0 {
		t.Errorf("%d bytes were read and %d skipped, of %d", total, skipped, len(stream))
	}
}

// TestBulkBodiesComeInParts: the parts are the body, what is left of it is read
// past or by Body, and there is no part behind its end.
func TestBulkBodiesComeInParts(t *testing.T) {
	var stream []byte
	for _, part := range []string{"one and two", "three", "four"} {
		var err error
		if stream, err = protocol.AppendManifestPart(stream, []byte(part)); err != nil {
			t.Fatal(err)
		}
	}
	r := protocol.NewBulkReader(bytes.NewReader(stream[:len(stream)-1]))
	next := func() {
		t.Helper()
		if _, _, err := r.Next(); err != nil {
			t.Fatal(err)
		}
	}
	next()
	part := make([]byte, 3)
	if err := r.Part(part); err != nil || string(part) != "one" {
		t.Fatalf("%q, %v", part, err)
	}
	if body, err := r.Body(nil); err != nil || string(body) != " and two" {
		t.Fatalf("%q, %v", body, err)
	}
	next()
	var format *protocol.FormatError
	if err := r.Part(make([]byte, 6)); !errors.As(err, &format) {
		t.Fatalf("a part behind the end: %v", err)
	}
	if err := r.Part(part); err != nil || string(part) != "thr" {
		t.Fatalf("%q, %v", part, err)
	}
	next()
	if err := r.Part(make([]byte, 4)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatalf("a part that is cut off: %v", err)
	}
	if _, _, err := r.Next(); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatalf("after that: %v", err)
	}
}

// TestBulkCutAnywhere: an end is a proper one only between two frames.
func TestBulkCutAnywhere(t *testing.T) {
	var stream []byte
	between := map[int]bool{0: true}
	for _, m := range bulkMessages() {
		raw, err := encodeBulk(m)
		if err != nil {
			t.Fatal(err)
		}
		stream = append(stream, raw...)
		between[len(stream)] = true
	}
	for n := range len(stream) + 1 {
		want := "cut-off"
		if between[n] {
			want = "end"
		}
		var err error
		for r := protocol.NewBulkReader(bytes.NewReader(stream[:n])); err == nil; {
			_, err = readBulk(r)
		}
		if got := outcome(err); got != want {
			t.Errorf("cut at %d ended with %q, want %q", n, got, want)
		}
	}
}

// TestBulkBodyUsesTheBuffer: chunks are read into memory that is there.
func TestBulkBodyUsesTheBuffer(t *testing.T) {
	data := make([]byte, protocol.ChunkSize)
	raw, err := encodeBulk(&protocol.Chunk{Length: len(data), Data: data})
	if err != nil {
		t.Fatal(err)
	}
	r := protocol.NewBulkReader(&repeating{data: raw})
	buf := make([]byte, 0, protocol.BulkChunk.Limit())
	if n := testing.AllocsPerRun(20, func() {
		if _, _, err := r.Next(); err != nil {
			t.Fatal(err)
		}
		body, err := r.Body(buf)
		if err != nil {
			t.Fatal(err)
		}
		c, err := protocol.ParseChunk(body)
		if err != nil || len(c.Data) != len(data) || &c.Data[0] != &buf[:cap(buf)][protocol.ChunkHeaderBytes] {
			t.Fatal("the chunk is somewhere else")
		}
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestBulkDeclaredLengthAllocatesNothing: a length over the limit of its kind
// costs no memory but the reader's own.
func TestBulkDeclaredLengthAllocatesNothing(t *testing.T) {
	for name, header := range map[string][]byte{
		"4 GiB chunk":        {0xff, 0xff, 0xff, 0xff, 0, 7},
		"chunk, a byte more": {0, 16, 0, 42, 0, 7},
		"1 MiB message":      {0, 16, 0, 0, 0, 6},
		"4 GiB of unknown":   {0xff, 0xff, 0xff, 0xff, 0, 99},
		"unknown, cut":       {0, 1, 0, 0, 0, 99},
	} {
		least := uint64(math.MaxUint64)
		for range 3 {
			least = min(least, allocated(func() {
				if _, _, err := protocol.NewBulkReader(bytes.NewReader(header)).Next(); err == nil || err == io.EOF {
					t.Errorf("%s gave %v", name, err)
				}
			}))
		}
		if least > 40<<10 {
			t.Errorf("%s: %d bytes allocated", name, least)
		}
	}
}

// TestBulkErrorsAreFinal: after one the stream has lost its order.
func TestBulkErrorsAreFinal(t *testing.T) {
	broken := errors.New("broken")
	stream := bulkStream(t)
	for name, r := range map[string]io.Reader{
		"header over the limit": bytes.NewReader(append([]byte{0xff, 0xff, 0xff, 0xff, 0, 7}, stream...)),
		"broken in a header":    io.MultiReader(bytes.NewReader(stream[:3]), failing{broken}, bytes.NewReader(stream)),
		"broken in a body":      io.MultiReader(bytes.NewReader(stream[:8]), failing{broken}, bytes.NewReader(stream)),
	} {
		frames := protocol.NewBulkReader(r)
		var first error
		for first == nil {
			_, first = readBulk(frames)
		}
		_, _, second := frames.Next()
		body, third := frames.Body(nil)
		if first != second || first != third || body != nil {
			t.Errorf("%s gave %v, then %v, then %v", name, first, second, third)
		}
		if strings.HasPrefix(name, "broken") && !errors.Is(first, broken) {
			t.Errorf("%s gave %v", name, first)
		}
	}
}

// TestBulkEncoderRefuses: what a decoder would refuse is not encoded, and what
// was there stays.
func TestBulkEncoderRefuses(t *testing.T) {
	id, token := messageID(1), hash(7)
	for name, m := range map[string]any{
		"open without transfer":        &protocol.BulkOpenMessage{Token: token},
		"open without token":           &protocol.BulkOpenMessage{Transfer: id},
		"refused without code":         &protocol.RefusedOpen{},
		"manifest from behind its end": &protocol.WantManifest{Offset: protocol.MaxManifestBytes},
		"want nothing":                 &protocol.Want{},
		"want a run of none":           &protocol.Want{Runs: []protocol.ChunkRun{{First: 1}}},
		"want more than there is":      &protocol.Want{Runs: []protocol.ChunkRun{{First: 2, Count: math.MaxUint64 - 1}}},
		"want 257 runs":                &protocol.Want{Runs: make([]protocol.ChunkRun, 257)},
		"want root of nothing":         &protocol.WantRoot{},
		"root of nothing":              &protocol.Root{},
		"fault of nothing":             &protocol.Fault{Code: protocol.BulkStorage},
		"fault without code":           &protocol.Fault{Entry: 1},
		"stop without code":            &protocol.Stop{},
		"chunk too long":               &protocol.Chunk{Length: protocol.ChunkSize + 1},
		"chunk of negative length":     &protocol.Chunk{Length: -1},
		"chunk of no zeros":            &protocol.Chunk{Zero: true},
		"chunk of too many zeros":      &protocol.Chunk{Zero: true, Length: protocol.ChunkSize + 1},
	} {
		if raw, err := encodeBulk(m); outcome(err) != "field" || len(raw) > 0 {
			t.Errorf("%s gave %x, %v", name, raw, err)
		}
	}
	for _, size := range []int{0, protocol.MaxManifestPartBytes + 1} {
		if dst, err := protocol.AppendManifestPart([]byte{1}, make([]byte, size)); outcome(err) != "limit" || len(dst) != 1 {
			t.Errorf("a part of %d bytes gave %x, %v", size, dst, err)
		}
	}
	if dst, err := protocol.AppendBulk([]byte{1}, &protocol.Stop{}); err == nil || !bytes.Equal(dst, []byte{1}) {
		t.Errorf("what was there became %x, %v", dst, err)
	}
}

// TestBulkWithoutReader: the functions for bodies hold limits of their own.
func TestBulkWithoutReader(t *testing.T) {
	if _, err := protocol.DecodeBulk(protocol.BulkStop, make([]byte, protocol.MaxBulkBytes+1)); outcome(err) != "limit" {
		t.Errorf("a long message gave %v", err)
	}
	if _, err := protocol.ParseChunk(make([]byte, protocol.BulkChunk.Limit()+1)); outcome(err) != "limit" {
		t.Errorf("a long chunk gave %v", err)
	}
	for _, kind := range []protocol.BulkKind{0, protocol.BulkManifest, protocol.BulkChunk, protocol.BulkAlive + 1, math.MaxUint16} {
		if m, err := protocol.DecodeBulk(kind, []byte{0xA1, 0, byte(kind)}); outcome(err) != "unknown-kind" || m != nil {
			t.Errorf("%v gave %v, %v", kind, m, err)
		}
	}
}

// TestBulkNames: names are in logs, in states of transfers and in translations.
func TestBulkNames(t *testing.T) {
	codes := []string{
		"code-0", "unknown-transfer", "bad-token", "not-accepted", "paused", "too-many-connections", "source-changed", "source-missing",
		"source-unreadable", "bad-message", "too-many", "overload", "finished", "cancelled", "bad-chunk", "bad-manifest", "storage",
		"timeout", "closing", "wrong-side", "code-20",
	}
	for n, want := range codes {
		if got := protocol.BulkCode(n).String(); got != want {
			t.Errorf("code %d is %q, want %q", n, got, want)
		}
		state := &protocol.TransferState{ID: messageID(1), Phase: protocol.PhaseFailed, Reason: want}
		if _, err := protocol.EncodeFiles(state); err != nil {
			t.Errorf("%q as a reason: %v", want, err)
		}
	}
	kinds := []string{
		"kind(0)", "open", "opened", "refused", "want-manifest", "manifest", "want", "chunk", "want-root", "root", "fault", "stop", "alive", "kind(13)",
	}
	for n, want := range kinds {
		kind := protocol.BulkKind(n)
		if known := n > 0 && n < len(kinds)-1; kind.String() != want || kind.Known() != known {
			t.Errorf("kind %d is %q, %v; want %q", n, kind, kind.Known(), want)
		}
	}
	phases := []string{"phase-0", "offered", "accepted", "rejected", "paused", "cancelled", "failed", "received", "done", "unknown", "phase-10"}
	for n, want := range phases {
		if got := protocol.TransferPhase(n).String(); got != want {
			t.Errorf("phase %d is %q, want %q", n, got, want)
		}
	}
}

// TestTextsOfPeersAreSafe: what is shown or logged is one safe line, whoever
// wrote it.
func TestTextsOfPeersAreSafe(t *testing.T) {
	const nasty = "a\x1b[31m\n\u202Egpj.exe"
	raw, err := protocol.AppendBulk(nil, &protocol.Stop{Code: 1, Text: nasty + strings.Repeat("x", 1000)})
	if err != nil {
		t.Fatal(err)
	}
	m, err := decodeBulk(raw)
	if err != nil {
		t.Fatal(err)
	}
	checkVisible(t, m.(*protocol.Stop).Text)
	for name, want := range map[string]string{
		nasty: "a[31m gpj.exe",
		strings.Repeat("长", 200) + "\u202Efdp.exe": strings.Repeat("长", 73) + "…" + strings.Repeat("长", 8) + "fdp.exe",
		strings.Repeat("a", 400) + ".exe":          strings.Repeat("a", 220) + "…" + strings.Repeat("a", 28) + ".exe",
		"\u200B":                                   "_",
	} {
		o := changedOffer(func(o *protocol.Offer) { o.Tops[0].Name = name })
		decoded, err := protocol.DecodeChat(mustEncodeChat(t, o))
		if err != nil {
			t.Fatal(err)
		}
		if got := decoded.(*protocol.Offer).Tops[0].Name; got != want {
			t.Errorf("%s is offered as %q, want %q", strconv.QuoteToASCII(name), got, want)
		}
		state := &protocol.TransferState{ID: messageID(1), Phase: 1, Detail: name}
		body, err := protocol.EncodeFiles(state)
		if err != nil {
			t.Fatal(err)
		}
		got, err := protocol.DecodeFiles(body)
		if want == "_" {
			want = ""
		}
		if state.Detail = want; err != nil || !reflect.DeepEqual(got, state) {
			t.Errorf("detail %q became %v, %v", name, got, err)
		}
	}
}
