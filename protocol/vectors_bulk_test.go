package protocol_test

import (
	"bytes"
	"encoding/hex"
	"math"
	"strconv"
	"strings"
	"testing"

	"feihong/protocol"
)

// describeBulk has chunk numbers as decimal text, as not every JSON reader has
// numbers of 64 bits.
func describeBulk(m any) any {
	switch m := m.(type) {
	case *protocol.BulkOpenMessage:
		return map[string]any{"kind": "open", "transfer": m.Transfer, "token": hex.EncodeToString(m.Token[:]), "sending": m.Sending}
	case *protocol.Opened:
		return map[string]any{"kind": "opened"}
	case *protocol.RefusedOpen:
		return map[string]any{"kind": "refused", "code": m.Code.String(), "text": m.Text}
	case *protocol.WantManifest:
		return map[string]any{"kind": "want-manifest", "offset": m.Offset}
	case *protocol.Want:
		runs := []any{}
		for _, run := range m.Runs {
			runs = append(runs, []any{strconv.FormatUint(run.First, 10), strconv.FormatUint(run.Count, 10)})
		}
		return map[string]any{"kind": "want", "runs": runs}
	case *protocol.WantRoot:
		return map[string]any{"kind": "want-root", "entry": m.Entry}
	case *protocol.Root:
		return map[string]any{"kind": "root", "entry": m.Entry, "hash": hex.EncodeToString(m.Hash[:])}
	case *protocol.Fault:
		return map[string]any{"kind": "fault", "entry": m.Entry, "code": m.Code.String(), "text": m.Text}
	case *protocol.Stop:
		return map[string]any{"kind": "stop", "code": m.Code.String(), "text": m.Text}
	case *protocol.Alive:
		return map[string]any{"kind": "alive"}
	case *protocol.Chunk:
		return map[string]any{
			"kind": "chunk", "number": strconv.FormatUint(m.Number, 10), "value": hex.EncodeToString(m.Value[:]), "zero": m.Zero,
			"length": m.Length, "data": hex.EncodeToString(m.Data),
		}
	case []byte:
		return map[string]any{"kind": "manifest", "part": hex.EncodeToString(m)}
	}
	return nil
}

// bulkMessages has messages, *Chunk and, for parts of a manifest, []byte.
func bulkMessages() map[string]any {
	runs := make([]protocol.ChunkRun, protocol.MaxRuns)
	for i := range runs {
		runs[i] = protocol.ChunkRun{First: math.MaxUint64 - 1, Count: 1}
	}
	data := []byte("ten bytes.")
	return map[string]any{
		"open to fetch":         &protocol.BulkOpenMessage{Transfer: messageID(6), Token: hash(0x70)},
		"open to send":          &protocol.BulkOpenMessage{Transfer: messageID(6), Token: hash(0x70), Sending: true},
		"opened":                &protocol.Opened{},
		"refused":               &protocol.RefusedOpen{Code: protocol.BulkNotAccepted, Text: "not yet"},
		"refused, unknown code": &protocol.RefusedOpen{Code: 999},
		"want manifest":         &protocol.WantManifest{},
		"want rest of manifest": &protocol.WantManifest{Offset: protocol.MaxManifestBytes - 1},
		"manifest part":         data,
		"want":                  &protocol.Want{Runs: []protocol.ChunkRun{{First: 0, Count: 16}, {First: 1 << 30, Count: 1}}},
		"want, all limits":      &protocol.Want{Runs: runs},
		"chunk":                 &protocol.Chunk{Number: 1 << 30, Value: hash(0xC4), Length: len(data), Data: data},
		"chunk of no bytes":     &protocol.Chunk{Number: math.MaxUint64, Value: hash(0xC4), Data: []byte{}},
		"chunk of a zero":       &protocol.Chunk{Number: 1, Value: hash(0xC4), Zero: true, Length: 1},
		"chunk of zeros":        &protocol.Chunk{Number: 1, Value: hash(0xC4), Zero: true, Length: protocol.ChunkSize},
		"want root":             &protocol.WantRoot{Entry: protocol.MaxEntries},
		"root":                  &protocol.Root{Entry: 1, Hash: hash(0xB3)},
		"fault":                 &protocol.Fault{Entry: 3, Code: protocol.BulkSourceChanged, Text: "size"},
		"stop":                  &protocol.Stop{Code: protocol.BulkFinished},
		"stop, longest text":    &protocol.Stop{Code: math.MaxUint16, Text: strings.Repeat("t", protocol.MaxErrorTextBytes)},
		"alive":                 &protocol.Alive{},
	}
}

func encodeBulk(m any) ([]byte, error) {
	switch m := m.(type) {
	case *protocol.Chunk:
		raw, err := protocol.AppendChunkHeader(nil, m)
		if err != nil {
			return nil, err
		}
		return append(raw, m.Data...), nil
	case []byte:
		return protocol.AppendManifestPart(nil, m)
	}
	message, _ := m.(protocol.BulkMessage)
	return protocol.AppendBulk(nil, message)
}

// decodeBulk reads one frame that is all of raw.
func decodeBulk(raw []byte) (any, error) {
	r := protocol.NewBulkReader(bytes.NewReader(raw))
	m, err := readBulk(r)
	if err != nil {
		return nil, err
	}
	if _, _, err := r.Next(); outcome(err) != "end" {
		return nil, &protocol.FormatError{What: "bulk frame", Err: protocol.ErrTrailing}
	}
	return m, nil
}

// readBulk reads the next frame, whatever it is.
func readBulk(r *protocol.BulkReader) (any, error) {
	kind, _, err := r.Next()
	if err != nil {
		return nil, err
	}
	switch kind {
	case protocol.BulkChunk:
		body, err := r.Body(nil)
		if err != nil {
			return nil, err
		}
		c, err := protocol.ParseChunk(body)
		if err != nil {
			return nil, err
		}
		return &c, nil
	case protocol.BulkManifest:
		return r.Body(nil)
	}
	m, err := r.Message()
	if err != nil {
		return nil, err
	}
	return m, nil
}

func bulkTable(tb testing.TB) []bodyVector {
	var table []bodyVector
	for name, m := range sorted(bulkMessages()) {
		raw, err := encodeBulk(m)
		if err != nil {
			tb.Fatal(err)
		}
		table = append(table, accepted(name, raw, describeBulk(m)))
	}
	table = append(table, bulkAltered(tb)...)
	return append(table, bulkRejected(tb)...)
}

// bulkFrame puts a header before a body.
func bulkFrame(tb testing.TB, kind protocol.BulkKind, body octets) octets {
	raw := body.bytes(tb)
	header := []byte{byte(len(raw) >> 24), byte(len(raw) >> 16), byte(len(raw) >> 8), byte(len(raw)), byte(kind >> 8), byte(kind)}
	return append(octets{hex.EncodeToString(header)}, body...)
}

func bulkAltered(tb testing.TB) []bodyVector {
	unknown := func(kind protocol.BulkKind, f fields, m any) bodyVector {
		return altered(kind.String()+" with an unknown field", bulkFrame(tb, kind, f.with(40, "f5").octets()), describeBulk(m))
	}
	forms := bulkFields()
	return []bodyVector{
		unknown(protocol.BulkOpen, forms[protocol.BulkOpen], &protocol.BulkOpenMessage{Transfer: messageID(1), Token: hash(7), Sending: true}),
		unknown(protocol.BulkOpened, forms[protocol.BulkOpened], &protocol.Opened{}),
		unknown(protocol.BulkWant, forms[protocol.BulkWant], &protocol.Want{Runs: []protocol.ChunkRun{{First: 5, Count: 2}}}),
		unknown(protocol.BulkAlive, forms[protocol.BulkAlive], &protocol.Alive{}),
		altered("stop, text to be made safe", bulkFrame(tb, protocol.BulkStop, forms[protocol.BulkStop].with(2, textItem("a\nb\u202E")).octets()),
			describeBulk(&protocol.Stop{Code: 1, Text: "a b"})),
	}
}

// bulkFields has a body of each kind of message.
func bulkFields() map[protocol.BulkKind]fields {
	return map[protocol.BulkKind]fields{
		protocol.BulkOpen:         {0: "01", 1: idItem(1), 2: "58 20" + strings.Repeat("07", 32), 3: "f5"},
		protocol.BulkOpened:       {0: "02"},
		protocol.BulkRefused:      {0: "03", 1: "01", 2: "60"},
		protocol.BulkWantManifest: {0: "04", 1: "05"},
		protocol.BulkWant:         {0: "06", 1: "81 82 05 02"},
		protocol.BulkWantRoot:     {0: "08", 1: "01"},
		protocol.BulkRoot:         {0: "09", 1: "01", 2: "58 20" + strings.Repeat("07", 32)},
		protocol.BulkFault:        {0: "0a", 1: "01", 2: "01", 3: "60"},
		protocol.BulkStop:         {0: "0b", 1: "01", 2: "60"},
		protocol.BulkAlive:        {0: "0c"},
	}
}

func bulkRejected(tb testing.TB) []bodyVector {
	const chunk = "00 00 00 00 00 00 00 01" // its number
	value := strings.Repeat("c4", 32)
	reject := func(name, expect string, kind protocol.BulkKind, body ...string) bodyVector {
		return rejected(name, expect, bulkFrame(tb, kind, body))
	}
	table := []bodyVector{
		reject("kind of a later version", "unknown-kind", 13, "a1 00 0d"),
		reject("kind zero", "unknown-kind", 0, "a1 00 00"),
		reject("body of another kind", "field", protocol.BulkOpened, "a1 00 0c"),
		reject("body without kind", "no-kind", protocol.BulkOpened, "a0"),
		reject("empty body", "truncated", protocol.BulkOpened, ""),
		reject("body cut off", "truncated", protocol.BulkOpened, "a2 00 02"),
		reject("one byte behind the body", "trailing", protocol.BulkOpened, "a1 00 02 00"),
		reject("message over its limit", "limit", protocol.BulkStop, "00*8193"),
		reject("unknown kind over its limit", "limit", 99, "00*65537"),
		reject("manifest part over its limit", "limit", protocol.BulkManifest, "00*262145"),
		reject("chunk over its limit", "limit", protocol.BulkChunk, "00*1048618"),
		reject("chunk without a whole header", "truncated", protocol.BulkChunk, chunk, "00", value[2:]),
		reject("chunk with unknown flags", "field", protocol.BulkChunk, chunk, "02", value),
		reject("chunk of zeros without length", "truncated", protocol.BulkChunk, chunk, "01", value, "00 00 01"),
		reject("chunk of zeros with data", "trailing", protocol.BulkChunk, chunk, "01", value, "00 00 00 01 00"),
		reject("chunk of no zeros", "field", protocol.BulkChunk, chunk, "01", value, "00 00 00 00"),
		reject("chunk of too many zeros", "field", protocol.BulkChunk, chunk, "01", value, "00 10 00 01"),
		reject("chunk of 4 GiB of zeros", "field", protocol.BulkChunk, chunk, "01", value, "ff ff ff ff"),
		reject("257 runs", "field", protocol.BulkWant, "a2 00 06 01 99 01 01", "82 05 02*257"),
		reject("1025 runs", "too-many", protocol.BulkWant, "a2 00 06 01 99 04 01", "82 05 02*1025"),
		rejected("4 GiB declared", "limit", octets{"ff ff ff ff 00 07"}),
		rejected("header cut off", "cut-off", octets{"00 00 00"}),
		rejected("frame cut off", "cut-off", octets{"00 00 00 03 00 02 a1 00"}),
	}
	forms := bulkFields()
	for kind := protocol.BulkOpen; kind <= protocol.BulkAlive; kind++ {
		for key := uint(1); key < uint(len(forms[kind])); key++ {
			table = append(table, reject(kind.String()+" without key "+strconv.Itoa(int(key)), "missing", kind, forms[kind].without(key).octets()...))
		}
	}
	for _, v := range []struct {
		kind  protocol.BulkKind
		name  string
		key   uint
		value string
	}{
		{protocol.BulkOpen, "transfer zero", 1, bytesItem(make([]byte, 16))},
		{protocol.BulkOpen, "token zero", 2, bytesItem(make([]byte, 32))},
		{protocol.BulkOpen, "token of 33 bytes", 2, bytesItem(make([]byte, 33))},
		{protocol.BulkOpen, "direction as a number", 3, "01"},
		{protocol.BulkRefused, "code zero", 1, "00"},
		{protocol.BulkRefused, "text of 513 bytes", 2, textItem(strings.Repeat("t", 513))},
		{protocol.BulkWantManifest, "behind 32 MiB", 1, "1a 02 00 00 00"},
		{protocol.BulkWantManifest, "negative", 1, "20"},
		{protocol.BulkWant, "nothing", 1, "80"},
		{protocol.BulkWant, "run as a number", 1, "81 05"},
		{protocol.BulkWant, "run without count", 1, "81 81 05"},
		{protocol.BulkWant, "run with three numbers", 1, "81 83 05 02 01"},
		{protocol.BulkWant, "run as a map", 1, "81 a2 00 05 01 02"},
		{protocol.BulkWant, "run of none", 1, "81 82 05 00"},
		{protocol.BulkWant, "run from a negative number", 1, "81 82 20 02"},
		{protocol.BulkWant, "run behind all numbers", 1, "81 82 1b ff ff ff ff ff ff ff ff 01"},
		{protocol.BulkWantRoot, "entry zero", 1, "00"},
		{protocol.BulkWantRoot, "entry 200001", 1, "1a 00 03 0d 41"},
		{protocol.BulkRoot, "entry zero", 1, "00"},
		{protocol.BulkRoot, "hash of 31 bytes", 2, bytesItem(make([]byte, 31))},
		{protocol.BulkFault, "entry zero", 1, "00"},
		{protocol.BulkFault, "code zero", 2, "00"},
		{protocol.BulkFault, "code over 16 bits", 2, "1a 00 01 00 00"},
		{protocol.BulkFault, "text of 513 bytes", 3, textItem(strings.Repeat("t", 513))},
		{protocol.BulkStop, "code zero", 1, "00"},
	} {
		table = append(table, reject(v.kind.String()+", "+v.name, "field", v.kind, forms[v.kind].with(v.key, v.value).octets()...))
	}
	return table
}

const aboutBulk = "Frames of file connections. See docs/protocol.md#golden-vectors."

func TestBulkVectors(t *testing.T) {
	for _, v := range loadGolden(t, "bulk.json", aboutBulk, bulkTable(t)) {
		t.Run(v.Name, func(t *testing.T) {
			m, err := decodeBulk(v.Bytes.bytes(t))
			if err != nil {
				checkBody(t, v, nil, nil, err)
				return
			}
			again, err := encodeBulk(m)
			checkBody(t, v, describeBulk(m), again, err)
		})
	}
}
