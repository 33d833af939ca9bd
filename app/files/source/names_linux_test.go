package source_test

import (
	"path/filepath"
	"testing"
)

// Here a name is any bytes. It is sent as the next best text, and still found.
func TestNamesThatAreNoText(t *testing.T) {
	dir := folder(t)
	top := filepath.Join(dir, "\xff\xfetop")
	write(t, filepath.Join(top, "f\xf0lder", "a\x80"), []byte("1st"))
	write(t, filepath.Join(top, "f\xf0lder", "b\x80\nc"), []byte("2nd"))
	s, state := create(t, top)
	for range 2 {
		for name, content := range map[string]string{"a\uFFFD": "1st", "b\uFFFD\nc": "2nd"} {
			number := entry(t, s, "\uFFFDtop", "f\uFFFDlder", name)
			buf := make([]byte, 3)
			if err := s.Read(t.Context(), number, 0, buf); err != nil || string(buf) != content {
				t.Errorf("%q: %q, %v", name, buf, err)
			}
		}
		s = reopen(t, s, state)
	}
}
