package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"feihong/app/control"
)

func TestExport(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a b.html")
	h := &host{answer: "the page"}
	run(t, h, "export", "Bob", path, "--lang", "zh").want(t, 0, "", "")
	if h.asked() != "GET /v1/export?form=html&lang=zh&with=Bob" {
		t.Errorf("asked %q", h.asked())
	}
	holds := func(what, want string) {
		t.Helper()
		if got, err := os.ReadFile(path); err != nil || string(got) != want {
			t.Errorf("%s: the file has %q, %v", what, got, err)
		}
		if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
			t.Errorf("%s: %v, %v", what, entries, err)
		}
	}
	holds("new", "the page")
	h.answer = "another page"
	run(t, h, "export", "Bob", path).want(t, 2, "", "feihong: "+path+" exists already; --force replaces it\n"+
		"feihong: \"feihong --help\" lists the commands and flags\n")
	holds("exists", "the page")
	run(t, h, "export", "Bob", path, "--force").want(t, 0, "", "")
	holds("replaced", "another page")

	h.status, h.answer = 404, control.Error{Code: control.CodeUnknown, Message: "nobody is called that"}
	run(t, h, "export", "Bob", path, "--force").want(t, 5, "", "feihong: nobody is called that\n")
	holds("nobody", "another page")
	run(t, h, "export", "Bob", filepath.Join(dir, "new.txt")).want(t, 5, "", "feihong: nobody is called that\n")
	holds("nobody, new", "another page")
}

func TestExportWhere(t *testing.T) {
	h := &host{answer: "the page"}
	for _, name := range []string{"a.pdf", "a", ""} {
		if r := run(t, h, "export", "Bob", name); r.code != 2 || !strings.Contains(r.err, ".html") {
			t.Errorf("%q: %+v", name, r)
		}
	}
	if len(h.called) != 0 {
		t.Errorf("called %q", h.called)
	}
	missing := filepath.Join(t.TempDir(), "none", "a.txt")
	if r := run(t, h, "export", "Bob", missing); r.code != 1 || !strings.Contains(r.err, missing) {
		t.Errorf("no folder: %+v", r)
	}
}
