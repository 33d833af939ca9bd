package translations_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// source is what the program's own Go files say about texts.
type source struct {
	asked    map[string]token.Position // keys given to Text or returned by UserText
	literals map[string]bool           // every string in the code
	args     []givenArgs
}

// givenArgs is a place where a key and its arguments stand side by side.
type givenArgs struct {
	at    token.Position
	key   string
	names map[string]bool // "{name}"
}

func TestEveryKeyOfTheCodeExists(t *testing.T) {
	en, code := load(t, "en.json"), scan(t)
	for _, key := range slices.Sorted(maps.Keys(code.asked)) {
		if _, ok := en[key]; !ok {
			t.Errorf("%v: there is no text for %q", code.asked[key], key)
		}
	}
}

func TestEveryPlaceholderHasItsArgument(t *testing.T) {
	en := load(t, "en.json")
	for _, given := range scan(t).args {
		for placeholder := range placeholders(en[given.key]) {
			if !given.names[placeholder] {
				t.Errorf("%v: %q needs the argument %s", given.at, given.key, placeholder)
			}
		}
	}
}

// A text that nothing asks for is dead. A key may be put together in the code,
// as "address." + code: then every key with that beginning counts as used.
func TestEveryTextIsUsed(t *testing.T) {
	en, code := load(t, "en.json"), scan(t)
	var beginnings []string
	for literal := range code.literals {
		beginning, _, _ := strings.Cut(literal, "%")
		stem := strings.TrimRight(beginning, ".-")
		if stem != beginning && keyPattern.MatchString(stem+".x") {
			beginnings = append(beginnings, beginning)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(en)) {
		used := code.literals[key] || slices.ContainsFunc(beginnings, func(beginning string) bool {
			return strings.HasPrefix(key, beginning)
		})
		if !used {
			t.Errorf("no Go code uses the text %q", key)
		}
	}
}

// scan reads all Go files of the program but its tests.
func scan(t *testing.T) source {
	t.Helper()
	found := source{asked: make(map[string]token.Position), literals: make(map[string]bool)}
	files := token.NewFileSet()
	err := filepath.WalkDir(filepath.Join("..", ".."), func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name := entry.Name(); name == "testdata" || name == "build" || len(name) > 2 && name[0] == '.' {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		found.read(files, file)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func (s *source) read(files *token.FileSet, file *ast.File) {
	ast.Inspect(file, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.BasicLit:
			if text, ok := literal(node); ok {
				s.literals[text] = true
			}
		case *ast.CallExpr:
			if called(node) == "Text" {
				s.ask(files, node.Args)
			}
		case *ast.FuncDecl:
			if node.Name.Name == "UserText" && node.Body != nil {
				s.readUserText(files, node.Body)
			}
		}
		return true
	})
}

// readUserText notes all keys of a method UserText, and those that are
// returned together with their arguments once more with these.
func (s *source) readUserText(files *token.FileSet, body *ast.BlockStmt) {
	ast.Inspect(body, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.ReturnStmt:
			s.ask(files, node.Results)
		case *ast.BasicLit:
			if key, ok := literal(node); ok && keyPattern.MatchString(key) {
				s.asked[key] = files.Position(node.Pos())
			}
		}
		return true
	})
}

// ask notes a key and its arguments, if that is what pair is.
func (s *source) ask(files *token.FileSet, pair []ast.Expr) {
	if len(pair) == 0 {
		return
	}
	key, ok := literal(pair[0])
	if !ok || !keyPattern.MatchString(key) {
		return
	}
	at := files.Position(pair[0].Pos())
	s.asked[key] = at
	if len(pair) != 2 {
		return
	}
	if names, ok := argumentNames(pair[1]); ok {
		s.args = append(s.args, givenArgs{at: at, key: key, names: names})
	}
}

// argumentNames returns the keys of a map written out in the code, as
// placeholders; nil counts as an empty map.
func argumentNames(expr ast.Expr) (map[string]bool, bool) {
	names := make(map[string]bool)
	if ident, ok := expr.(*ast.Ident); ok {
		return names, ident.Name == "nil"
	}
	written, ok := expr.(*ast.CompositeLit)
	if !ok {
		return nil, false
	}
	for _, element := range written.Elts {
		pair, ok := element.(*ast.KeyValueExpr)
		if !ok {
			return nil, false
		}
		name, ok := literal(pair.Key)
		if !ok {
			return nil, false
		}
		names["{"+name+"}"] = true
	}
	return names, true
}

func called(call *ast.CallExpr) string {
	switch fun := call.Fun.(type) {
	case *ast.SelectorExpr:
		return fun.Sel.Name
	case *ast.Ident:
		return fun.Name
	}
	return ""
}

func literal(expr ast.Expr) (string, bool) {
	lit, ok := expr.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}
