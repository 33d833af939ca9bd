package ledger

import (
	"encoding/hex"
	"io"
	"strings"

	"feihong/protocol"
	"feihong/transport/bulk/tree"
)

// WriteListing writes a line for each file of the manifest, in its order, as
// the tool b3sum does, which can check them: the hash, two spaces, and the path
// by the sender's names with '/' between. root gives the hash of a file, by the
// number of its entry. sum is the BLAKE3 of the whole text; both ends of a
// transfer sign it, so they must come to the same.
//
// It takes little memory, however long the listing.
func WriteListing(w io.Writer, m *protocol.Manifest, root func(entry uint32) (tree.Value, error)) (sum [32]byte, err error) {
	text := hasher{to: w, buf: make([]byte, 0, tree.ChunkSize)}
	var line []byte
	for i := range m.Entries {
		if m.Entries[i].Kind != protocol.EntryFile {
			continue
		}
		entry := uint32(i + 1)
		hash, err := root(entry)
		if err != nil {
			return sum, err
		}
		line = appendLine(line[:0], hash, strings.Join(m.Path(entry), "/"))
		if err := text.write(line); err != nil {
			return sum, err
		}
	}
	return text.finish()
}

// escaper takes a path apart as b3sum does since it is able to: what would end
// a line is spelled out.
var escaper = strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\r", `\r`)

// appendLine appends the line of one file. A backslash at its beginning says
// that the path is escaped.
func appendLine(line []byte, hash tree.Value, path string) []byte {
	if strings.ContainsAny(path, "\\\n\r") {
		line, path = append(line, '\\'), escaper.Replace(path)
	}
	line = hex.AppendEncode(line, hash[:])
	line = append(line, "  "...)
	line = append(line, path...)
	return append(line, '\n')
}

// hasher hashes a text while it writes it.
type hasher struct {
	to     io.Writer
	buf    []byte // of one chunk; it is written when something comes after it
	values []tree.Value
}

func (h *hasher) write(data []byte) error {
	for len(data) > 0 {
		if len(h.buf) == cap(h.buf) {
			h.values = append(h.values, tree.Chunk(h.buf, uint64(len(h.values)), false))
			if err := h.flush(); err != nil {
				return err
			}
		}
		part := data[:min(len(data), cap(h.buf)-len(h.buf))]
		h.buf = append(h.buf, part...)
		data = data[len(part):]
	}
	return nil
}

func (h *hasher) flush() error {
	_, err := h.to.Write(h.buf)
	h.buf = h.buf[:0]
	return err
}

// finish writes the rest and gives the hash of everything.
func (h *hasher) finish() (sum [32]byte, err error) {
	index := uint64(len(h.values))
	last := tree.Chunk(h.buf, index, index == 0)
	if err := h.flush(); err != nil {
		return sum, err
	}
	if index == 0 {
		return last, nil
	}
	return tree.Root(append(h.values, last)), nil
}
