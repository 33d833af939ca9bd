package folder_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"feihong/app/files/folder"
	"feihong/protocol"
	"feihong/transport/bulk"
	"feihong/transport/bulk/bulktest"
	"feihong/transport/bulk/tree"
)

func TestContract(t *testing.T) {
	for way := range folder.Ways {
		t.Run(way, func(t *testing.T) {
			bulktest.TestSink(t, func(t *testing.T, m *protocol.Manifest) bulktest.SinkCase {
				return sinkCase(t, way, m)
			})
		})
	}
}

func sinkCase(t *testing.T, way string, m *protocol.Manifest) bulktest.SinkCase {
	t.Helper()
	encoded, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	cfg := config(t, &parcel{hash: tree.Sum(encoded)}).By(way)
	var f *folder.Folder
	open := func() bulk.Sink {
		if f, err = folder.Open(cfg); err != nil {
			t.Fatal(err)
		}
		return f
	}
	end := func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(func() { end() })
	return bulktest.SinkCase{
		Sink:   open(),
		Reopen: func() bulk.Sink { end(); return open() },
		Content: func(name string) []byte {
			if err := f.Publish(context.Background()); err != nil {
				t.Error(err)
			}
			data, err := os.ReadFile(filepath.Join(cfg.Target, name))
			if err != nil {
				return nil
			}
			return data
		},
	}
}
