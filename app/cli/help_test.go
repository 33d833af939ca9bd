package cli_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

var names = []string{"daemon", "send", "edit", "recall", "react", "nudge", "files", "peers", "history", "export", "status", "doctor", "ranges", "search", "id", "version", "help"}

var subnames = []string{
	"ranges list", "ranges add", "ranges remove",
	"files send", "files list", "files accept", "files reject", "files pause", "files resume", "files cancel", "files again",
	"files auto", "files limit", "files folder", "files receipt",
}

func TestHelp(t *testing.T) {
	for _, lang := range []string{"en", "zh"} {
		t.Run(lang, func(t *testing.T) {
			var all strings.Builder
			for _, command := range slices.Concat([]string{""}, names, subnames) {
				r := run(t, &host{}, strings.Fields(command+" --help --lang "+lang)...)
				if r.code != 0 || r.err != "" {
					t.Errorf("%s --help: exit %d, %q", command, r.code, r.err)
				}
				all.WriteString("=== " + strings.TrimSpace("feihong "+command) + " --help\n" + r.out)
			}
			golden(t, "help-"+lang+".txt", all.String())
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (go test -update writes it anew); got\n%s", path, got)
	}
}

func TestHelpListsTheCommands(t *testing.T) {
	help := run(t, &host{}, "help").out
	for _, name := range names {
		if !strings.Contains(help, "\n  "+name+" ") {
			t.Errorf("the help does not list %s:\n%s", name, help)
		}
	}
}

func TestWaysToTheHelp(t *testing.T) {
	for _, args := range []string{"help send", "send --help", "send -h", "--help send", "send Bob hi -h"} {
		r := run(t, &host{}, strings.Fields(args)...)
		r.want(t, 0, run(t, &host{}, "help", "send").out, "")
	}
	h := &host{}
	for _, args := range []string{"help nobody", "help send nobody"} {
		r := run(t, h, strings.Fields(args)...)
		if r.code != 2 || r.out != "" || !strings.Contains(r.err, "nobody") {
			t.Errorf("%s: %+v", args, r)
		}
	}
	if len(h.called) != 0 {
		t.Errorf("help did %v", h.called)
	}
}
