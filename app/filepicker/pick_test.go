//go:build !windows && !darwin

package filepicker_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"feihong/app/filepicker"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// program puts a program of a name where programs are looked for, and nothing
// else. It returns the file into which it writes its arguments, one a line.
func program(t *testing.T, name, then string) (notes string) {
	t.Helper()
	dir := t.TempDir()
	notes = filepath.Join(dir, "notes")
	script := "#!/bin/sh\nfor a in \"$@\"; do printf '%s\\n' \"$a\"; done > '" + notes + "'\n" + then + "\n"
	if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	return notes
}

func noted(t *testing.T, notes string) []string {
	t.Helper()
	text, err := os.ReadFile(notes)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}

func TestFiles(t *testing.T) {
	// The separator is the second argument after --separator.
	program(t, "zenity", `while [ "$1" != --separator ]; do shift; done
printf '/tmp/a b.txt%s/tmp/报告.pdf%srecent:///x\n' "$2" "$2"`)
	got, err := filepicker.Files(t.Context())
	if want := []string{"/tmp/a b.txt", "/tmp/报告.pdf"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v; want %q", got, err, want)
	}
}

func TestFolder(t *testing.T) {
	notes := program(t, "zenity", `printf '/srv/in box/\n'`)
	got, err := filepicker.Folder(t.Context(), "/home/me")
	if err != nil || got != "/srv/in box" {
		t.Errorf("%q, %v", got, err)
	}
	if args := noted(t, notes); !slices.Contains(args, "/home/me/") || !slices.Contains(args, "--directory") {
		t.Errorf("the dialog was asked with %q", args)
	}
}

func TestNothingIsChosen(t *testing.T) {
	program(t, "zenity", "exit 1")
	if got, err := filepicker.Files(t.Context()); err != nil || len(got) > 0 {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := filepicker.Folder(t.Context(), ""); err != nil || got != "" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestWithoutDialogs(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := filepicker.Files(t.Context()); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("files: %v", err)
	}
	if _, err := filepicker.Folder(t.Context(), ""); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("folder: %v", err)
	}
}

func TestDialogEndsWithTheProgram(t *testing.T) {
	program(t, "zenity", "while :; do :; done")
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := filepicker.Files(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

func TestOpenAndReveal(t *testing.T) {
	const path = "/srv/in/$(touch x); -o.pdf"
	for _, c := range []struct {
		act  func(context.Context, string) error
		want string
	}{
		{filepicker.Open, path},
		{filepicker.Reveal, "/srv/in"},
	} {
		notes := program(t, "xdg-open", "")
		if err := c.act(t.Context(), path); err != nil {
			t.Error(err)
		}
		if got := noted(t, notes); !slices.Equal(got, []string{c.want}) {
			t.Errorf("the system was asked for %q, want %q", got, c.want)
		}
	}
}

func TestOpenSaysWhatWentWrong(t *testing.T) {
	program(t, "xdg-open", "exit 3")
	if err := filepicker.Open(t.Context(), "/srv/in"); err == nil {
		t.Error("a program that fails is no error")
	}
	t.Setenv("PATH", t.TempDir())
	if err := filepicker.Reveal(t.Context(), "/srv/in"); err == nil {
		t.Error("no program is no error")
	}
	for _, act := range []func(context.Context, string) error{filepicker.Open, filepicker.Reveal} {
		if err := act(t.Context(), "-o.pdf"); err == nil {
			t.Error("what looks like an option was opened")
		}
	}
}
