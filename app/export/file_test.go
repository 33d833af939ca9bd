package export_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"feihong/app/export"
	"feihong/assets/translations"
)

func TestFile(t *testing.T) {
	good := func(w io.Writer) error {
		_, err := io.WriteString(w, "new")
		return err
	}
	bad := func(w io.Writer) error {
		_, _ = io.WriteString(w, "half")
		return errFailed
	}
	tests := []struct {
		name    string
		before  string // "" if there is no file
		replace bool
		write   func(io.Writer) error
		after   string
		fails   func(error) bool
	}{
		{"new", "", false, good, "new", nil},
		{"new, may replace", "", true, good, "new", nil},
		{"exists", "old", false, good, "old", isExists},
		{"replaced", "old", true, good, "new", nil},
		{"fails", "", false, bad, "", isFailed},
		{"fails to replace", "old", true, bad, "old", isFailed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "a.txt")
			if tt.before != "" {
				if err := os.WriteFile(path, []byte(tt.before), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			err := export.File(path, tt.replace, tt.write)
			if (err == nil) != (tt.fails == nil) || err != nil && !tt.fails(err) {
				t.Errorf("error %v", err)
			}
			if got, _ := os.ReadFile(path); string(got) != tt.after {
				t.Errorf("the file has %q", got)
			}
			entries, err := os.ReadDir(dir)
			if err != nil || len(entries) != min(1, len(tt.after)) {
				t.Errorf("files left: %v, %v", entries, err)
			}
			info, err := os.Stat(path)
			if tt.after == "new" && runtime.GOOS != "windows" && (err != nil || info.Mode().Perm() != 0o600) {
				t.Errorf("mode %v, %v", info, err)
			}
		})
	}
}

func isFailed(err error) bool { return errors.Is(err, errFailed) }

func isExists(err error) bool {
	var exists *export.ExistsError
	return errors.As(err, &exists)
}

func TestFileNowhere(t *testing.T) {
	dir := t.TempDir()
	for _, replace := range []bool{false, true} {
		for _, path := range []string{filepath.Join(dir, "none", "a.txt"), dir} {
			err := export.File(path, replace, func(io.Writer) error { return nil })
			text := translations.New("zh").Error(err)
			if err == nil || strings.Count(text, path) != 1 {
				t.Errorf("%s: %v; %s", path, err, text)
			}
		}
	}
}
