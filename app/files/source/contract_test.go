package source_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"feihong/transport/bulk/bulktest"
)

func TestContract(t *testing.T) {
	bulktest.TestSource(t, func(t *testing.T, files map[string][]byte) bulktest.SourceCase {
		dir := folder(t)
		var paths []string
		for _, name := range slices.Sorted(maps.Keys(files)) {
			path := filepath.Join(dir, name)
			write(t, path, files[name])
			paths = append(paths, path)
		}
		s, _ := create(t, paths...)
		return bulktest.SourceCase{
			Source: s,
			Change: func(name string, content []byte) { write(t, filepath.Join(dir, name), content) },
			Remove: func(name string) {
				if err := os.Remove(filepath.Join(dir, name)); err != nil {
					t.Fatal(err)
				}
			},
		}
	})
}
