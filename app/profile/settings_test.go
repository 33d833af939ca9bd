package profile_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"feihong/app/profile"
)

// withSettings makes a profile whose settings file has this content.
func withSettings(t *testing.T, content string) profile.Location {
	t.Helper()
	at := locate(t, t.TempDir(), "")
	if err := os.MkdirAll(at.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(settingsFile(at), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return at
}

func settingsFile(at profile.Location) string { return filepath.Join(at.Dir, "settings.json") }

func readFile(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestNewProfileHasAName(t *testing.T) {
	p := open(t, locate(t, t.TempDir(), ""))
	if p.Settings.Name == "" || p.Settings.Port != 0 || p.Settings.Language != "" {
		t.Errorf("settings of a new profile: %+v", p.Settings)
	}
}

func TestSettingsKeepWhatTheyDoNotKnow(t *testing.T) {
	at := withSettings(t, `{
		"name": "小飞", "port": 50123, "language": "zh",
		"theme": {"dark": true, "size": 12.50}, "later": [1, null, "<&>"]}`)
	p := open(t, at)
	if p.Settings.Name != "小飞" || p.Settings.Port != 50123 || p.Settings.Language != "zh" {
		t.Fatalf("read %+v", p.Settings)
	}
	p.Settings.Name, p.Settings.Port, p.Settings.Language = "大飞", 0, ""
	if err := p.Save(); err != nil {
		t.Fatal(err)
	}
	var kept map[string]json.RawMessage
	if err := json.Unmarshal([]byte(readFile(t, settingsFile(at))), &kept); err != nil {
		t.Fatal(err)
	}
	var theme struct {
		Dark bool
		Size json.Number
	}
	if err := json.Unmarshal(kept["theme"], &theme); err != nil || !theme.Dark || theme.Size != "12.50" {
		t.Errorf("theme is %s, %v", kept["theme"], err)
	}
	if string(kept["name"]) != `"大飞"` || kept["later"] == nil || len(kept) != 3 {
		t.Errorf("kept %s", kept)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if again := open(t, at); again.Settings.Name != "大飞" || again.Settings.Port != 0 {
		t.Errorf("read again %+v", again.Settings)
	}
}

func TestNameInSettingsIsMadeSafe(t *testing.T) {
	for content, want := range map[string]string{
		`{"name": "  a\n\u202eb  "}`: "a b",
		`{"name": "Li"}`:             "Li",
	} {
		if p := open(t, withSettings(t, content)); p.Settings.Name != want {
			t.Errorf("%s gives the name %q, want %q", content, p.Settings.Name, want)
		}
	}
	for _, content := range []string{`{"name": ""}`, `{}`, `{"name": "\u202e"}`} {
		if p := open(t, withSettings(t, content)); p.Settings.Name == "" {
			t.Errorf("%s gives no name", content)
		}
	}
}

func TestDamagedSettingsAreRefusedAndLeftAlone(t *testing.T) {
	for name, content := range map[string]string{
		"empty":            "",
		"cut off":          `{"name": "Li", "po`,
		"not an object":    `["Li"]`,
		"null":             `null`,
		"wrong type":       `{"name": 7}`,
		"port too great":   `{"name": "Li", "port": 65536}`,
		"port below zero":  `{"name": "Li", "port": -1}`,
		"port is no port":  `{"name": "Li", "port": 1.5}`,
		"something behind": `{"name": "Li"} {}`,
		"zeros":            strings.Repeat("\x00", 4096),
		"huge":             `{"name": "` + strings.Repeat("a", 1<<20) + `"}`,
	} {
		t.Run(name, func(t *testing.T) {
			at := withSettings(t, content)
			_, err := profile.Open(at)
			var damaged *profile.SettingsError
			if !errors.As(err, &damaged) || damaged.Path != settingsFile(at) || !strings.Contains(err.Error(), damaged.Path) {
				t.Errorf("opened: %v", err)
			}
			if got := readFile(t, settingsFile(at)); got != content {
				t.Errorf("the file has become %q", got)
			}
		})
	}
}

func TestSaveSaysWhereItFails(t *testing.T) {
	at := locate(t, t.TempDir(), "")
	p := open(t, at)
	// A folder in the place of the file: nobody can rename a file over that,
	// whatever the rights of the user are.
	if err := os.MkdirAll(filepath.Join(settingsFile(at), "x"), 0o700); err != nil {
		t.Fatal(err)
	}
	err := p.Save()
	var folder *profile.FolderError
	if !errors.As(err, &folder) || folder.Dir != at.Dir {
		t.Errorf("saved: %v", err)
	}
}
