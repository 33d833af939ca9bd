package bulk_test

import (
	"bytes"
	"io"
	"net"
	"testing"

	"feihong/protocol"
	"feihong/transport/bulk"
)

// FuzzAttach gives a receiver whatever bytes, as if the sender had sent them.
func FuzzAttach(f *testing.F) {
	seed, err := protocol.AppendBulk(nil, &protocol.Fault{Entry: 2, Code: protocol.BulkSourceMissing})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed)
	f.Add([]byte{0, 0, 0, 141, 0, byte(protocol.BulkChunk), 0, 0, 0, 0, 0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		p := pack(t, 100, 5000)
		config := p.config()
		config.Manifest = p.source.Manifest()
		near, far := net.Pipe()
		go func() { _, _ = io.Copy(io.Discard, near) }()
		go func() {
			_, _ = io.Copy(near, bytes.NewReader(data))
			_ = near.Close()
		}()
		if bulk.NewReceiver(config).Attach(t.Context(), far) == nil && len(p.sink.Failed()) < 2 {
			t.Error("done without the files")
		}
	})
}

// FuzzAccept gives whatever bytes as an opening.
func FuzzAccept(f *testing.F) {
	good, err := protocol.AppendBulk(nil, &protocol.BulkOpenMessage{Transfer: someTransfer, Token: someToken})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte{0, 0, 0, 1, 0, 1, 0xff})
	f.Fuzz(func(t *testing.T, data []byte) {
		near, far := net.Pipe()
		go func() { _, _ = io.Copy(io.Discard, near) }()
		go func() {
			_, _ = io.Copy(near, bytes.NewReader(data))
			_ = near.Close()
		}()
		m, err := bulk.Accept(t.Context(), far, func(*protocol.BulkOpenMessage) *protocol.RefusedOpen { return nil })
		if err == nil && (m.Transfer == protocol.MessageID{} || m.Token == [32]byte{}) {
			t.Error("an opening without transfer or token")
		}
		_ = far.Close()
	})
}
