package bulktest_test

import (
	"maps"
	"slices"
	"testing"

	"go.uber.org/goleak"

	"feihong/protocol"
	"feihong/transport/bulk"
	"feihong/transport/bulk/bulktest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestMemorySource(t *testing.T) {
	bulktest.TestSource(t, func(t *testing.T, files map[string][]byte) bulktest.SourceCase {
		numbers, content := make(map[string]uint32), make(map[uint32][]byte)
		var entries []protocol.Entry
		for _, name := range slices.Sorted(maps.Keys(files)) {
			entries = append(entries, protocol.Entry{Kind: protocol.EntryFile, Name: name, Size: uint64(len(files[name]))})
			numbers[name] = uint32(len(entries))
			content[numbers[name]] = files[name]
		}
		m, err := protocol.NewManifest(entries)
		if err != nil {
			t.Fatal(err)
		}
		s, err := bulktest.NewMemorySource(m, content)
		if err != nil {
			t.Fatal(err)
		}
		return bulktest.SourceCase{
			Source: s,
			Change: func(name string, data []byte) { s.Change(numbers[name], data) },
			Remove: func(name string) { s.Remove(numbers[name]) },
		}
	})
}

func TestMemorySink(t *testing.T) {
	bulktest.TestSink(t, func(_ *testing.T, m *protocol.Manifest) bulktest.SinkCase {
		s := bulktest.NewMemorySink()
		return bulktest.SinkCase{
			Sink:   s,
			Reopen: func() bulk.Sink { return s },
			Content: func(name string) []byte {
				i := slices.IndexFunc(m.Entries, func(e protocol.Entry) bool { return e.Name == name })
				return s.Content(uint32(i + 1))
			},
		}
	})
}
