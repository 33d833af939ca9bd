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

		"MaxPresenceBytes":      protocol.MaxPresenceBytes,
		"MaxDoctorBytes":        protocol.MaxDoctorBytes,
		"DiscoveryPort":         protocol.DiscoveryPort,
		"MaxDatagramBytes":      protocol.MaxDatagramBytes,
		"MaxAnnouncementBytes":  protocol.MaxAnnouncementBytes,
		"MaxHostBytes":          protocol.MaxHostBytes,
		"MaxDepartmentRunes":    protocol.MaxDepartmentRunes,
		"MaxDepartmentBytes":    protocol.MaxDepartmentBytes,
		"MaxStatusTextRunes":    protocol.MaxStatusTextRunes,
		"MaxStatusTextBytes":    protocol.MaxStatusTextBytes,
		"MaxAnnouncedAddresses": protocol.MaxAnnouncedAddresses,
		"MaxZoneBytes":          protocol.MaxZoneBytes,
		"MaxTold":               protocol.MaxTold,
		"MaxExaminedSteps":      protocol.MaxExaminedSteps,

		"MaxFilesBytes":        protocol.MaxFilesBytes,
		"MaxEntries":           protocol.MaxEntries,
		"MaxManifestBytes":     protocol.MaxManifestBytes,
		"MaxDepth":             protocol.MaxDepth,
		"MaxEntryNameBytes":    protocol.MaxEntryNameBytes,
		"MaxPathsBytes":        protocol.MaxPathsBytes,
		"MaxOfferTops":         protocol.MaxOfferTops,
		"MaxTopNameBytes":      protocol.MaxTopNameBytes,
		"MaxReasonBytes":       protocol.MaxReasonBytes,
		"MaxDetailBytes":       protocol.MaxDetailBytes,
		"MaxReceiptBytes":      protocol.MaxReceiptBytes,
		"MaxPictureBytes":      protocol.MaxPictureBytes,
		"MaxEmojiBytes":        protocol.MaxEmojiBytes,
		"MaxPreviewBytes":      protocol.MaxPreviewBytes,
		"ChunkSize":            protocol.ChunkSize,
		"ChunkHeaderBytes":     protocol.ChunkHeaderBytes,
		"MaxBulkBytes":         protocol.MaxBulkBytes,
		"MaxManifestPartBytes": protocol.MaxManifestPartBytes,
		"MaxRuns":              protocol.MaxRuns,
	} {
		if row := fmt.Sprintf("| `%s` | %d |", name, value); !strings.Contains(text, row) {
			t.Errorf("there is no row %s", row)
		}
	}
	for name, value := range map[string]int64{"MaxTime": protocol.MaxTime, "MaxSequence": protocol.MaxSequence, "MaxFileBytes": protocol.MaxFileBytes} {
		if row := fmt.Sprintf("| `%s` | %d |", name, value); !strings.Contains(text, row) {
			t.Errorf("there is no row %s", row)
		}
	}
	for code := protocol.CodeUnsupported; code <= protocol.CodeTokenUsed; code++ {
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

// TestDocumentedFiles: what is written about files is what the code does.
func TestDocumentedFiles(t *testing.T) {
	flat := func(s string) string { return strings.Join(strings.Fields(s), " ") } // however lines are broken
	text := flat(document(t))
	spaced := func(n int) string {
		return strings.TrimLeft(fmt.Sprintf("%d %03d %03d", n/1e6, n/1000%1000, n%1000), "0 ")
	}
	wants := []string{
		"`" + protocol.FilesALPN + "`",
		"| `" + protocol.FeatureFiles + "` | [offers]",
		"| `" + protocol.FeatureAmend + "` | [amendments]",
		fmt.Sprintf("3 => bytes .size (0..%d)", protocol.MaxPictureBytes),
		fmt.Sprintf("3 => text .size (0..%d), ", protocol.MaxEmojiBytes),
		fmt.Sprintf("13 => bytes .size (1..%d)", protocol.MaxPreviewBytes),
		"`feihong receipt 1`",
		fmt.Sprintf("at most %s bytes.", spaced(protocol.MaxManifestBytes)),
		fmt.Sprintf("1 to %s entries", spaced(protocol.MaxEntries)),
		fmt.Sprintf("at most %d deep in each other; the sizes", protocol.MaxDepth),
		fmt.Sprintf("at most %s bytes. A manifest", spaced(protocol.MaxPathsBytes)),
		fmt.Sprintf("6 => 1..%d, ", protocol.MaxManifestBytes),
		fmt.Sprintf("with the folders 1 to %d", protocol.MaxEntries),
		fmt.Sprintf("9 => 0..%d, ", int64(protocol.MaxFileBytes)),
		fmt.Sprintf("4 => 0..%d, ", int64(protocol.MaxFileBytes)),
		fmt.Sprintf("[1*%d top]", protocol.MaxOfferTops),
		fmt.Sprintf("0 => text .size (1..%d)", protocol.MaxTopNameBytes),
		fmt.Sprintf("\"[a-z0-9-]{1,%d}\"", protocol.MaxReasonBytes),
		fmt.Sprintf("4 => text .size (0..%d)", protocol.MaxDetailBytes),
		fmt.Sprintf("2 => bytes .size (1..%d)", protocol.MaxReceiptBytes),
		fmt.Sprintf("parent = 0..%d ", protocol.MaxEntries),
		fmt.Sprintf("name   = text .size (1..%d)", protocol.MaxEntryNameBytes),
		fmt.Sprintf("chunks of %s bytes", spaced(protocol.ChunkSize)),
		fmt.Sprintf("[1*%d run]", protocol.MaxRuns),
		fmt.Sprintf("1 => 0..%d, * uint => any }  ", protocol.MaxManifestBytes-1),
		fmt.Sprintf("1 => 1..%d, 2 => hash", protocol.MaxEntries),
		fmt.Sprintf("is 1 to %s bytes of the manifest", spaced(protocol.MaxManifestPartBytes)),
	}
	for phase := protocol.PhaseOffered; phase <= protocol.PhaseUnknown; phase++ {
		wants = append(wants, fmt.Sprintf("| %d | `%s` |", phase, phase))
	}
	for kind := protocol.BulkOpen; kind.Known(); kind++ {
		wants = append(wants, fmt.Sprintf("| %d | `%s` | %s |", kind, kind, spaced(kind.Limit())))
	}
	for code := protocol.BulkUnknownTransfer; code <= protocol.BulkWrongSide; code++ {
		wants = append(wants, fmt.Sprintf("| %d | `%s` |", code, code))
	}
	for _, want := range wants {
		if !strings.Contains(text, flat(want)) {
			t.Errorf("it does not say %s", want)
		}
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

// TestDocumentedDiscovery: what is written about finding each other is what
// the code does.
func TestDocumentedDiscovery(t *testing.T) {
	text := document(t)
	wants := []string{
		fmt.Sprintf("port **%d**", protocol.DiscoveryPort),
		fmt.Sprintf("`%s` and `%s`", protocol.MulticastGroup4, protocol.MulticastGroup6),
		"`feihong announcement 1`",
		fmt.Sprintf("1..%d, ", int64(protocol.MaxSequence)),
		fmt.Sprintf("6 => text .size (0..%d)", protocol.MaxNameBytes),
		fmt.Sprintf("7 => text .size (0..%d)", protocol.MaxHostBytes),
		fmt.Sprintf("8 => text .size (0..%d)", protocol.MaxDepartmentBytes),
		fmt.Sprintf("10 => text .size (0..%d)", protocol.MaxStatusTextBytes),
		fmt.Sprintf("[0*%d address]", protocol.MaxAnnouncedAddresses),
		fmt.Sprintf("bytes .size (65..%d)", protocol.MaxAnnouncementBytes),
		fmt.Sprintf("text .size (1..%d)", protocol.MaxZoneBytes),
		fmt.Sprintf("[0*%d told]", protocol.MaxTold),
		fmt.Sprintf("[0*%d step]", protocol.MaxExaminedSteps),
		fmt.Sprintf("%d for the department and %d for the status", protocol.MaxDepartmentRunes, protocol.MaxStatusTextRunes),
		fmt.Sprintf("a department to %d characters, the text of a status to %d,", protocol.MaxDepartmentRunes, protocol.MaxStatusTextRunes),
		"1 online, 2 away, 3 busy, 4 offline",
	}
	for app := protocol.AppLink; app <= protocol.AppDoctor; app++ {
		limit := ""
		if app.Known() {
			limit = fmt.Sprintf(" %d %03d", app.Limit()/1000, app.Limit()%1000)
		}
		wants = append(wants, fmt.Sprintf("| %d | %s |%s |", app, app, limit))
	}
	for check := protocol.CheckPing; check <= protocol.CheckIdentity; check++ {
		wants = append(wants, fmt.Sprintf("| %d | `%s` |", check, check))
	}
	for outcome := protocol.OutcomeOK; outcome <= protocol.OutcomeSkipped; outcome++ {
		wants = append(wants, fmt.Sprintf("| %d | `%s` |", outcome, outcome))
	}
	for _, want := range wants {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %s", want)
		}
	}
	for status := protocol.StatusOnline; status <= protocol.StatusOffline; status++ {
		if want := fmt.Sprintf("%d %s", status, status); !strings.Contains(text, want) {
			t.Errorf("it does not say %s", want)
		}
	}
}
