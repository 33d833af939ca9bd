package protocol_test

import (
	"bytes"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"feihong/protocol"
)

func FuzzFiles(f *testing.F) {
	for _, v := range filesTable(f) {
		if body := v.Bytes.bytes(f); len(body) < 2000 {
			f.Add(body)
		}
	}
	c := codecs(f)["files"]
	f.Fuzz(func(t *testing.T, body []byte) {
		m, err := protocol.DecodeFiles(body)
		if err != nil {
			checkDecodeError(t, err)
			return
		}
		again := checkAgain(t, c, m)
		state, told := m.(*protocol.TransferState)
		if !told {
			checkCanonical(t, body, again)
		} else {
			checkCanonicalText(t, body, again, state.Detail)
			checkVisible(t, state.Detail)
			checkVisible(t, state.Reason)
		}
	})
}

// FuzzOffer puts any name and any sums into an offer.
func FuzzOffer(f *testing.F) {
	f.Add("照片", uint32(3), uint32(2), uint64(5_000_000_010), uint32(2), uint64(5_000_000_000))
	f.Add(strings.Repeat("\u0301", 300)+".exe", uint32(1), uint32(1), uint64(0), uint32(1), uint64(0))
	f.Add(strings.Repeat("👩\u200D", 80)+"\u202Efdp.exe", uint32(1), uint32(1), uint64(1), uint32(1), uint64(1<<63))
	f.Fuzz(func(t *testing.T, name string, files, folders uint32, bytes uint64, topFiles uint32, topBytes uint64) {
		o := &protocol.Offer{
			ID: messageID(1), Token: hash(1), ManifestBytes: 1, Files: files, Folders: folders, Bytes: bytes,
			Tops: []protocol.OfferTop{{Name: name, Folder: true, Files: topFiles, Bytes: topBytes}},
		}
		body, err := protocol.EncodeChat(o)
		if err != nil {
			checkDecodeError(t, err)
			return
		}
		m, err := protocol.DecodeChat(body)
		if err != nil {
			t.Fatal(err)
		}
		got := m.(*protocol.Offer)
		checkVisible(t, got.Tops[0].Name)
		if got.Tops[0].Name == "" || got.Files != topFiles || got.Bytes != topBytes || bytes > protocol.MaxFileBytes || uint64(files)+uint64(folders) > protocol.MaxEntries {
			t.Errorf("%v was taken", got)
		}
		if again := mustEncodeChat(t, got); !slices.Equal(again, body) {
			t.Errorf("%x encodes to %x", body, again)
		}
	})
}

func FuzzManifest(f *testing.F) {
	for _, v := range manifestTable(f) {
		if raw := v.Bytes.bytes(f); len(raw) < 2000 {
			f.Add(raw)
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := protocol.DecodeManifest(raw)
		if err != nil {
			if m != nil {
				t.Errorf("a manifest beside %v", err)
			}
			checkDecodeError(t, err)
			return
		}
		checkManifest(t, m)
		again := mustEncodeManifest(t, m)
		checkCanonical(t, raw, again)
		if second, err := protocol.DecodeManifest(again); err != nil || !reflect.DeepEqual(second, m) {
			t.Errorf("%x encodes to %x, which is %v, %v", raw, again, second, err)
		}
		o := offer()
		m.Summarize(o)
		decoded, err := protocol.DecodeChat(mustEncodeChat(t, o))
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Matches(decoded.(*protocol.Offer)); err != nil {
			t.Error(err)
		}
	})
}

// checkManifest makes sure that no entry can lead out of its folder, and that
// the sums are those of the entries.
func checkManifest(t *testing.T, m *protocol.Manifest) {
	t.Helper()
	var files, folders int
	var size, chunks uint64
	for i, e := range m.Entries {
		n := uint32(i + 1)
		if e.Parent >= n || e.Parent > 0 && m.Entries[e.Parent-1].Kind != protocol.EntryFolder {
			t.Errorf("entry %d lies in %d", n, e.Parent)
		}
		if e.Name == "" || e.Name == "." || e.Name == ".." || strings.ContainsAny(e.Name, "/\x00") || !utf8.ValidString(e.Name) {
			t.Errorf("entry %d is named %q", n, e.Name)
		}
		path := m.Path(n)
		if len(path) == 0 || len(path) > protocol.MaxDepth+1 || path[len(path)-1] != e.Name {
			t.Errorf("the path of entry %d is %q", n, path)
		}
		first, count := m.ChunksOf(n)
		if first != chunks {
			t.Errorf("the chunks of entry %d begin at %d, want %d", n, first, chunks)
		}
		if e.Kind == protocol.EntryFile {
			files, size, chunks = files+1, size+e.Size, chunks+count
			checkLastChunk(t, m, n, e.Size)
			continue
		}
		folders++
		if e.Kind != protocol.EntryFolder || count != 0 {
			t.Errorf("entry %d of kind %d has %d chunks", n, e.Kind, count)
		}
	}
	if m.Files() != files || m.Folders() != folders || m.Bytes() != size || m.Chunks() != chunks || size > protocol.MaxFileBytes {
		t.Errorf("%d files, %d folders, %d bytes, %d chunks", m.Files(), m.Folders(), m.Bytes(), m.Chunks())
	}
}

func checkLastChunk(t *testing.T, m *protocol.Manifest, n uint32, size uint64) {
	t.Helper()
	first, count := m.ChunksOf(n)
	if count == 0 {
		t.Fatalf("file %d has no chunks", n)
	}
	at, offset, length := m.Locate(first + count - 1)
	if at != n || uint64(offset)+uint64(length) != size || length > protocol.ChunkSize || length == 0 && size > 0 {
		t.Errorf("the last chunk of %d, of %d bytes, is %d bytes at %d of %d", n, size, length, offset, at)
	}
}

func FuzzReceipt(f *testing.F) {
	for _, v := range receiptTable(f) {
		f.Add(v.Bytes.bytes(f))
	}
	signed := mustEncodeReceipt(f, receipt(f))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := protocol.DecodeReceipt(raw)
		if err != nil {
			checkDecodeError(t, err)
			return
		}
		if again := mustEncodeReceipt(t, r); !bytes.Equal(again, raw) {
			t.Errorf("%x encodes to %x", raw, again)
		}
		// Who has none of the keys cannot make a receipt of the two.
		receiver, sender := r.Verify()
		if receiver && sender && r.Receiver == peerID(1) && r.Sender == peerID(2) &&
			!bytes.Equal(raw, signed) && r.Files != protocol.MaxEntries {
			t.Errorf("%x is signed by both", raw)
		}
	})
}

// FuzzBulkReader reads any stream whole and in two parts.
func FuzzBulkReader(f *testing.F) {
	for _, v := range bulkTable(f) {
		if stream := v.Bytes.bytes(f); len(stream) < 2000 {
			f.Add(stream, uint(len(stream)/2))
		}
	}
	small := bulkStream(f)
	f.Add(small[:2000], uint(999))
	f.Fuzz(func(t *testing.T, stream []byte, split uint) {
		whole := readStream(t, bytes.NewReader(stream))
		n := int(split % uint(len(stream)+1))
		parts := readStream(t, io.MultiReader(bytes.NewReader(stream[:n]), bytes.NewReader(stream[n:])))
		if !slices.Equal(whole, parts) {
			t.Errorf("whole: %v; split at %d: %v", whole, n, parts)
		}
		if last := whole[len(whole)-1]; last != "end" && last != "cut-off" && last != "limit" {
			t.Errorf("ended with %s", last)
		}
	})
}

// FuzzBulk decodes any body as a message of any kind.
func FuzzBulk(f *testing.F) {
	for _, v := range bulkTable(f) {
		if raw := v.Bytes.bytes(f); len(raw) >= protocol.HeaderBytes && len(raw) < 6000 {
			f.Add(uint16(raw[5]), raw[protocol.HeaderBytes:])
		}
	}
	f.Add(uint16(protocol.BulkStop), []byte("\xa3\x00\v\x01\x01\x02f0\n0\u201a")) // a line feed becomes a space
	f.Fuzz(func(t *testing.T, number uint16, body []byte) {
		kind := protocol.BulkKind(number)
		m, err := protocol.DecodeBulk(kind, body)
		if err != nil {
			checkDecodeError(t, err)
			return
		}
		again, err := protocol.AppendBulk(nil, m)
		if err != nil || again[5] != byte(kind) {
			t.Fatalf("%v of kind %v encodes to %x, %v", m, kind, again, err)
		}
		text := bulkText(m)
		checkCanonicalText(t, body, again[protocol.HeaderBytes:], text)
		if second, err := decodeBulk(again); err != nil || !reflect.DeepEqual(second, m) {
			t.Errorf("%v encodes to %x, which is %v, %v", m, again, second, err)
		}
		checkVisible(t, text)
	})
}

// bulkText is what a message says to people.
func bulkText(m protocol.BulkMessage) string {
	switch m := m.(type) {
	case *protocol.RefusedOpen:
		return m.Text
	case *protocol.Fault:
		return m.Text
	case *protocol.Stop:
		return m.Text
	}
	return ""
}

func FuzzChunk(f *testing.F) {
	for _, v := range bulkTable(f) {
		if raw := v.Bytes.bytes(f); len(raw) > protocol.HeaderBytes && raw[5] == byte(protocol.BulkChunk) && len(raw) < 2000 {
			f.Add(raw[protocol.HeaderBytes:])
		}
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		c, err := protocol.ParseChunk(body)
		if err != nil {
			checkDecodeError(t, err)
			return
		}
		if c.Zero != (c.Data == nil) || !c.Zero && c.Length != len(c.Data) || c.Length > protocol.ChunkSize {
			t.Errorf("chunk %+v", c)
		}
		raw, err := encodeBulk(&c)
		if err != nil || !bytes.Equal(raw[protocol.HeaderBytes:], body) {
			t.Errorf("%x is written %x, %v", body, raw, err)
		}
	})
}
