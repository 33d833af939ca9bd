package main_test

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The rules of docs/architecture.md that a machine can check. They read the
// source of all systems and build tags, and need neither network nor display.

const module = "feihong"

// mayImport says for each package which packages of ours its code (not its
// tests) may import. A name that ends in /... stands for a whole branch. A new
// package is added here, with thought.
var mayImport = map[string][]string{
	".": {"app"},
	// The composition root: it alone plugs things into each other.
	"app":                {"app/...", "assets/...", "protocol/...", "transport/..."},
	"app/chat":           {"protocol"},
	"app/autostart":      {},
	"app/chat/memstore":  {"app/chat", "protocol"},
	"app/chat/storetest": {"app/chat", "protocol"},
	"app/cli":            {"app/chat", "app/control", "app/export", "app/profile", "assets/...", "protocol", "transport/doctor"},
	"app/clipboard":      {},
	"app/control":        {"app/chat", "app/export", "app/profile", "assets/...", "protocol", "transport/bulk/tree", "transport/doctor"},
	"app/emoji":          {},
	"app/emoji/typeface": {},
	"app/export":         {"app/chat", "assets/...", "protocol"},
	"app/filepicker":     {},
	"app/files":          {"app/chat", "app/files/...", "protocol", "transport/atomicfile", "transport/bulk/..."},
	"app/files/folder":   {"app/files/ledger", "protocol", "transport/atomicfile", "transport/bulk/..."},
	"app/files/ledger":   {"protocol", "transport/bulk/tree"},
	"app/files/source":   {"app/files/ledger", "protocol", "transport/atomicfile", "transport/bulk/..."},
	"app/gui":            {"app/chat", "app/emoji/...", "app/picture", "app/profile", "app/store/words", "assets/...", "protocol", "transport/address", "transport/doctor"},
	"app/idle":           {},
	"app/notify":         {},
	"app/picture":        {},
	"app/profile":        {"protocol", "transport/atomicfile", "transport/identity"},
	"app/screenshot":     {},
	"app/sound":          {},
	"app/store":          {"app/chat", "app/store/words", "protocol"},
	"app/store/words":    {},

	"assets":              {},
	"assets/translations": {},

	"e2e": {},

	"protocol": {"protocol/..."},

	"transport":                 {"protocol/...", "transport/address", "transport/identity"},
	"transport/address":         {"protocol"},
	"transport/atomicfile":      {},
	"transport/bulk":            {"protocol", "transport/bulk/tree"},
	"transport/bulk/bulktest":   {"protocol", "transport/bulk/..."},
	"transport/bulk/tree":       {},
	"transport/discovery":       {"protocol", "transport/ether", "transport/identity"},
	"transport/dnssd":           {"protocol", "transport/ether", "transport/ether/socket"},
	"transport/doctor":          {"protocol", "transport", "transport/address", "transport/ether"},
	"transport/ether":           {"protocol", "transport/address", "transport/ether/socket"},
	"transport/ether/ethertest": {"protocol", "transport/ether"},
	"transport/ether/memory":    {"protocol", "transport/ether"},
	"transport/ether/namespace": {"transport/ether"},
	"transport/ether/socket":    {},
	"transport/identity":        {"protocol", "transport/atomicfile"},
}

// onlyIn says in which files, or folders, of ours an import may stand.
var onlyIn = []struct {
	imported string
	allowed  []string
	reason   string
}{
	{"fyne.io/fyne/v2/app", []string{"app/window.go"}, "all else is tested without a display and a C compiler"},
	{"fyne.io/...", []string{"app/window.go", "app/windowattention.go", "app/gui"}, "the program works without a window"},
	{"modernc.org/...", []string{"app/store"}, "SQL lives in one place"},
	{"database/sql", []string{"app/store"}, "SQL lives in one place"},
	{"github.com/spf13/...", []string{"app/cli"}, "the command line lives in one place"},
	{"github.com/brutella/...", []string{"transport/dnssd"}, "DNS-SD lives in one place"},
	{"github.com/jezek/...", []string{"app/idle", "app/clipboard", "app/screenshot", "app/notify"}, "what X11 is asked beside the window, is asked in few places"},
	{"github.com/ncruces/zenity", []string{"app/filepicker"}, "what the system asks the user, is asked in one place"},
	{"lukechampine.com/...", []string{"transport/bulk/tree"}, "how files are hashed, is decided in one place"},
	{"golang.org/x/time/...", []string{"transport/bulk"}, "how fast files travel, is decided in one place"},
	{"crypto/tls", []string{"transport"}, "who somebody is, is decided in one place"},
}

// neverIn says which imports a branch of ours must do without.
var neverIn = []struct {
	branch   string
	imported []string
	reason   string
}{
	{"protocol", []string{"net", "net/http", "os", "os/exec", "log/slog"}, "what bytes mean does not depend on the world"},
	{"app/chat", []string{"net/http", "os", "os/exec"}, "the heart is given its network and its store"},
}

func TestPackagesImportDownwards(t *testing.T) {
	for _, file := range sources(t, parser.ImportsOnly) {
		if file.test {
			continue
		}
		allowed, known := mayImport[file.dir]
		if !known {
			t.Errorf("%s: package %s has no rule in mayImport", file.path, file.dir)
			continue
		}
		for _, imported := range file.imports {
			ours, is := strings.CutPrefix(imported, module+"/")
			if is && !slices.ContainsFunc(allowed, func(pattern string) bool { return matches(ours, pattern) }) {
				t.Errorf("%s must not import %s", file.path, imported)
			}
		}
	}
}

func TestImportsStayInTheirPlace(t *testing.T) {
	for _, file := range sources(t, parser.ImportsOnly) {
		if file.test {
			continue
		}
		for _, imported := range file.imports {
			checkPlace(t, file, imported)
		}
	}
}

func checkPlace(t *testing.T, file source, imported string) {
	t.Helper()
	for _, rule := range onlyIn {
		inside := slices.ContainsFunc(rule.allowed, func(place string) bool {
			return file.path == place || matches(file.dir, place+"/...")
		})
		if matches(imported, rule.imported) && !inside {
			t.Errorf("%s must not import %s: %s", file.path, imported, rule.reason)
		}
	}
	for _, rule := range neverIn {
		if matches(file.dir, rule.branch+"/...") && slices.Contains(rule.imported, imported) {
			t.Errorf("%s must not import %s: %s", file.path, imported, rule.reason)
		}
	}
}

func TestHeadlessProgramIsWithoutFyne(t *testing.T) {
	cmd := exec.Command("go", "list", "-buildvcs=false", "-deps", "-tags", "headless", ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOPROXY=off")
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, complaint.Bytes())
	}
	for imported := range strings.Lines(string(out)) {
		if imported = strings.TrimSpace(imported); matches(imported, "fyne.io/...") {
			t.Errorf("with the tag headless, the program still needs %s", imported)
		}
	}
}

func TestPackagesAreExplained(t *testing.T) {
	docs := make(map[string]string)
	for _, file := range sources(t, parser.ParseComments|parser.PackageClauseOnly) {
		if !file.test {
			docs[file.dir] += file.syntax.Doc.Text()
		}
	}
	for dir, doc := range docs {
		if len(doc) <= 80 {
			t.Errorf("%s: the package comment is missing or says little: %q", dir, doc)
		}
	}
}

// addressParts are what the heart may use of package net: they take strings
// apart and open nothing.
var addressParts = []string{"SplitHostPort", "JoinHostPort"}

// Two calls are banned everywhere. Fyne's SendNotification hands text from
// other people to a shell on Windows. And whoever sleeps, waits too long or
// not long enough; only in a bubble of testing/synctest, where no time passes,
// is sleeping exact.
func TestBannedCalls(t *testing.T) {
	for _, file := range sources(t, parser.SkipObjectResolution) {
		bubble := file.test && slices.Contains(file.imports, "testing/synctest")
		ast.Inspect(file.syntax, func(node ast.Node) bool {
			selector, ok := node.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if selector.Sel.Name == "SendNotification" {
				t.Errorf("%s uses SendNotification", file.at(selector))
			}
			on, _ := selector.X.(*ast.Ident)
			if on != nil && on.Name == "time" && selector.Sel.Name == "Sleep" && !bubble {
				t.Errorf("%s uses time.Sleep", file.at(selector))
			}
			if on != nil && on.Name == "net" && matches(file.dir, "app/chat/...") &&
				!slices.Contains(addressParts, selector.Sel.Name) {
				t.Errorf("%s uses the network itself", file.at(selector))
			}
			return true
		})
	}
}

func TestFilesAreShortAndFormatted(t *testing.T) {
	const most = 450 // lines
	for _, file := range sources(t, parser.PackageClauseOnly) {
		if lines := bytes.Count(file.text, []byte("\n")); lines > most {
			t.Errorf("%s has %d lines: one subject each, %d at most", file.path, lines, most)
		}
		formatted, err := format.Source(file.text)
		if err != nil {
			t.Errorf("%s: %v", file.path, err)
		} else if !bytes.Equal(formatted, file.text) {
			t.Errorf("%s is not formatted by gofmt", file.path)
		}
	}
}

// builders finds paths that exist only where somebody worked on the program.
// (The brackets keep this file from finding itself.)
var builders = regexp.MustCompile(`[/]root/|[/]tmp/(bash|work)|[/]work/[a-z]|[/]home/[a-z]+/(go|src)|[C]:\\Users\\`)

func TestNoPathsOfOneMachine(t *testing.T) {
	walk(t, func(name string) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.IndexByte(text, 0) >= 0 {
			return // not a text
		}
		if found := builders.Find(text); found != nil {
			t.Errorf("%s mentions %s", name, found)
		}
	})
}

// source is a Go file of the program.
type source struct {
	path    string // with slashes, from the root of the module
	dir     string // its folder; "." is the root
	test    bool
	text    []byte
	imports []string
	syntax  *ast.File
	files   *token.FileSet
}

func (s source) at(node ast.Node) string {
	return s.path + ":" + strconv.Itoa(s.files.Position(node.Pos()).Line)
}

// sources parses all Go files.
func sources(t *testing.T, mode parser.Mode) []source {
	t.Helper()
	var all []source
	files := token.NewFileSet()
	walk(t, func(name string) {
		if !strings.HasSuffix(name, ".go") {
			return
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		syntax, err := parser.ParseFile(files, name, text, mode)
		if err != nil {
			t.Fatal(err)
		}
		file := source{path: name, dir: path.Dir(name), test: strings.HasSuffix(name, "_test.go"),
			text: text, syntax: syntax, files: files}
		for _, spec := range syntax.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			file.imports = append(file.imports, imported)
		}
		all = append(all, file)
	})
	if len(all) == 0 {
		t.Fatal("no Go files found")
	}
	return all
}

// walk calls visit with every file of the checkout that somebody wrote.
func walk(t *testing.T, visit func(name string)) {
	t.Helper()
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !entry.IsDir() {
			if entry.Type().IsRegular() && name != ".git" { // a file where there are several checkouts
				visit(filepath.ToSlash(name))
			}
			return nil
		}
		if name == "build" || name == ".git" || entry.Name() == "testdata" {
			return filepath.SkipDir
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// matches tells whether a path is that of the pattern or, if the pattern ends
// in /..., lies in that branch.
func matches(name, pattern string) bool {
	branch, whole := strings.CutSuffix(pattern, "/...")
	return name == branch || whole && strings.HasPrefix(name, branch+"/")
}
