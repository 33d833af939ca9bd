package profile_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"feihong/app/profile"
)

func TestPrivate(t *testing.T) {
	root := t.TempDir()
	at := func(name string) string { return filepath.Join(root, name) }
	for _, name := range []string{"default", "other", "holiday pictures"} {
		if err := os.Mkdir(at(name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, key := range []string{"default/identity.key", "other/identity.key"} {
		if err := os.WriteFile(at(key), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	l := profile.Location{Name: "default", Dir: at("default"), Given: true}
	got := l.Private()
	slices.Sort(got)
	if want := []string{at("default"), at("other")}; !slices.Equal(got, want) {
		t.Errorf("in a given place %q, want %q", got, want)
	}
	l.Given = false
	if got := l.Private(); !slices.Contains(got, root) {
		t.Errorf("in the usual place %q, want %q too", got, root)
	}
}
