package protocol_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"feihong/protocol"
)

// TestTranslations: every text that this package asks for is there in every
// language, and names no value that it is not given.
func TestTranslations(t *testing.T) {
	type speaker interface {
		UserText() (string, map[string]any)
	}
	speakers := []speaker{
		&protocol.FormatError{}, &protocol.LimitError{},
		&protocol.TextError{Reason: protocol.TextEmpty}, &protocol.TextError{Reason: protocol.TextTooLong}, &protocol.TextError{Reason: protocol.TextNotUTF8},
		&protocol.PeerIDError{Reason: protocol.PeerIDLength}, &protocol.PeerIDError{Reason: protocol.PeerIDLength, Size: 57},
		&protocol.PeerIDError{Reason: protocol.PeerIDCharacter}, &protocol.PeerIDError{Reason: protocol.PeerIDCheck, Chunk: 1},
	}
	for code := protocol.CodeUnsupported; code <= protocol.CodeTokenUsed+1; code++ {
		speakers = append(speakers, code)
	}
	files, err := filepath.Glob("../assets/translations/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	placeholder := regexp.MustCompile(`\{([^}]*)\}`)
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var texts map[string]string
		if err := json.Unmarshal(data, &texts); err != nil {
			t.Fatal(fmt.Errorf("%s: %w", file, err))
		}
		for _, s := range speakers {
			key, args := s.UserText()
			text := texts[key]
			if text == "" {
				t.Errorf("%s has no %q", file, key)
			}
			for _, name := range placeholder.FindAllStringSubmatch(text, -1) {
				if _, ok := args[name[1]]; !ok {
					t.Errorf("%s: %q names %s, which it is not given", file, key, name[0])
				}
			}
		}
	}
}
