package protocol_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"feihong/protocol"
)

func document(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestCitedSectionsExist: comments cite sections of the specification, and it
// cites itself.
func TestCitedSectionsExist(t *testing.T) {
	text := document(t)
	sections := map[string]bool{}
	for _, heading := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(text, -1) {
		anchor := regexp.MustCompile(`[^a-z0-9 -]`).ReplaceAllString(strings.ToLower(heading[1]), "")
		sections[strings.ReplaceAll(anchor, " ", "-")] = true
	}
	cited := regexp.MustCompile(`\]\(#([a-z0-9-]+)\)`).FindAllStringSubmatch(text, -1)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		cited = append(cited, regexp.MustCompile(`docs/protocol\.md#([a-z0-9-]+)`).FindAllStringSubmatch(string(source), -1)...)
	}
	for _, citation := range cited {
		if !sections[citation[1]] {
			t.Errorf("there is no section #%s", citation[1])
		}
	}
}

// TestDocumentedNumbers: the tables of limits and codes have the numbers of
// the code.
func TestDocumentedNumbers(t *testing.T) {
	text := document(t)
	for name, value := range map[string]int{
		"HeaderBytes":       protocol.HeaderBytes,
		"MaxLinkBytes":      protocol.MaxLinkBytes,
		"MaxChatBytes":      protocol.MaxChatBytes,
		"UnknownLimit":      protocol.UnknownLimit,
		"MaxUnknownFrames":  protocol.MaxUnknownFrames,
		"MaxNesting":        protocol.MaxNesting,
		"MaxArrayElements":  protocol.MaxArrayElements,
		"MaxMapPairs":       protocol.MaxMapPairs,
		"MaxMapKey":         protocol.MaxMapKey,
		"MaxTextBytes":      protocol.MaxTextBytes,
		"MaxReceiptIDs":     protocol.MaxReceiptIDs,
		"MaxNameRunes":      protocol.MaxNameRunes,
		"MaxNameBytes":      protocol.MaxNameBytes,
		"MaxProgramBytes":   protocol.MaxProgramBytes,
		"MaxFeatures":       protocol.MaxFeatures,
		"MaxFeatureBytes":   protocol.MaxFeatureBytes,
		"MaxErrorTextBytes": protocol.MaxErrorTextBytes,
	} {
		if row := fmt.Sprintf("| `%s` | %d |", name, value); !strings.Contains(text, row) {
			t.Errorf("there is no row %s", row)
		}
	}
	if row := fmt.Sprintf("| `MaxTime` | %d |", int64(protocol.MaxTime)); !strings.Contains(text, row) {
		t.Errorf("there is no row %s", row)
	}
	for code := protocol.CodeUnsupported; code <= protocol.CodeClosing; code++ {
		if row := fmt.Sprintf("| %d | `%s` |", code, code); !strings.Contains(text, row) {
			t.Errorf("there is no row %s", row)
		}
	}
	if !strings.Contains(text, countingID().String()) {
		t.Errorf("the example of a peer ID is not %s", countingID())
	}
	if !strings.Contains(text, "`"+protocol.ALPN+"`") {
		t.Errorf("ALPN %s is not told", protocol.ALPN)
	}
}

// TestDocumentedLookAlikes: the letters in the table are those of the code.
func TestDocumentedLookAlikes(t *testing.T) {
	rows := make(map[string][]string)
	for _, row := range regexp.MustCompile(`(?m)^\| (Latin|Cyrillic|Greek) \|(.*)\|$`).FindAllStringSubmatch(document(t), -1) {
		rows[row[1]] = strings.Split(strings.ReplaceAll(row[2], "`", ""), "|")
	}
	for _, script := range []string{"Cyrillic", "Greek"} {
		if len(rows[script]) != len(rows["Latin"]) {
			t.Fatalf("%s has %d columns, Latin %d", script, len(rows[script]), len(rows["Latin"]))
		}
		for i, latin := range rows["Latin"] {
			for _, letter := range strings.Fields(rows[script][i]) {
				if got, want := protocol.NameSkeleton(letter), strings.TrimSpace(latin); got != want {
					t.Errorf("%s %s counts as %s, not %s", script, letter, got, want)
				}
			}
		}
	}
}
