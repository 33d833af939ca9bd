package profile_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

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
	s := p.Current()
	if s.Name == "" || s.IdleAfter() != 10*time.Minute {
		t.Errorf("settings of a new profile: %+v", s)
	}
	if s.Name = ""; !reflect.DeepEqual(s, profile.Settings{}) {
		t.Errorf("settings of a new profile: %+v", s)
	}
}

func TestSettingsKeepWhatTheyDoNotKnow(t *testing.T) {
	at := withSettings(t, `{
		"name": "小飞", "port": 50123, "language": "zh",
		"theme": {"dark": true, "size": 12.50}, "later": [1, null, "<&>"]}`)
	p := open(t, at)
	if s := p.Current(); s.Name != "小飞" || s.Port != 50123 || s.Language != "zh" {
		t.Fatalf("read %+v", s)
	}
	err := p.Update(func(s *profile.Settings) { s.Name, s.Port, s.Language = "大飞", 0, "" })
	if err != nil {
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
	if again := open(t, at).Current(); again.Name != "大飞" || again.Port != 0 {
		t.Errorf("read again %+v", again)
	}
}

func TestNameInSettingsIsMadeSafe(t *testing.T) {
	for content, want := range map[string]string{
		`{"name": "  a\n\u202eb  "}`: "a b",
		`{"name": "Li"}`:             "Li",
	} {
		if s := open(t, withSettings(t, content)).Current(); s.Name != want {
			t.Errorf("%s gives the name %q, want %q", content, s.Name, want)
		}
	}
	for _, content := range []string{`{"name": ""}`, `{}`, `{"name": "\u202e"}`} {
		if s := open(t, withSettings(t, content)).Current(); s.Name == "" {
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
		"unknown status":   `{"name": "Li", "status": "sleeping"}`,
		"no status":        `{"name": "Li", "status": 1}`,
		"other discovery":  `{"name": "Li", "discovery": "sometimes"}`,
		"away before":      `{"name": "Li", "idle_minutes": -1}`,
		"away after days":  `{"name": "Li", "idle_minutes": 1441}`,
		"long department":  `{"name": "Li", "department": "` + strings.Repeat("长", 41) + `"}`,
		"long status text": `{"name": "Li", "status_text": "` + strings.Repeat("长", 51) + `"}`,
		"too many ranges":  `{"name": "Li", "ranges": ["` + strings.Join(numbers(257), `","`) + `"]}`,
		"relative folder":  `{"name": "Li", "files_folder": "in"}`,
		"folder of a line": `{"name": "Li", "files_folder": "/a\u0000b"}`,
		"rate below zero":  `{"name": "Li", "files_rate": -1}`,
		"rate is slow":     `{"name": "Li", "files_rate": 9999}`,
		"rate is huge":     `{"name": "Li", "files_rate": 1099511627777}`,
		"part of a byte":   `{"name": "Li", "files_rate": 10000.5}`,
		"ranges in a text": `{"name": "Li", "ranges": "10.0.0.1"}`,
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

// What is wrong with the file is said by line and field, not in Go's words.
func TestDamagedSettingsAreExplained(t *testing.T) {
	tests := []struct{ content, want string }{
		{"{\n \"name\": \"Li\"\n \"port\": 5\n}", "profile.no-json map[line:3]"},
		{"{\n \"name\": \"Li\",\n \"po", "profile.no-json map[line:3]"},
		{"{\n \"name\": \"Li\",\n \"port\": \"5\"\n}\n", "profile.bad-kind map[field:port line:3]"},
		{"{\"ranges\": [1]}", "profile.bad-kind map[field:ranges line:1]"},
		{"[1]", "profile.no-settings map[]"},
		{"null", "profile.no-settings map[]"},
	}
	for _, test := range tests {
		_, err := profile.Open(withSettings(t, test.content))
		var format *profile.FormatError
		if !errors.As(err, &format) {
			t.Errorf("%s: opened: %v", test.content, err)
			continue
		}
		key, args := format.UserText()
		if got := fmt.Sprint(key, " ", args); got != test.want || strings.Contains(err.Error(), "Go ") {
			t.Errorf("%s: got %s (%v)", test.content, got, err)
		}
	}
}

func numbers(n int) []string {
	var list []string
	for i := range n {
		list = append(list, strconv.Itoa(i))
	}
	return list
}

// Everything that the file may hold is read, and written as it was.
func TestSettingsInAndOut(t *testing.T) {
	const content = `{
  "department": "财务",
  "discovery": "loopback",
  "files_folder": "/in",
  "files_rate": 10000,
  "idle_minutes": 0,
  "language": "zh",
  "name": "Li",
  "port": 7,
  "ranges": [
    "10.8.33.1-254"
  ],
  "status": "busy",
  "status_text": "back at 3"
}
`
	at := withSettings(t, content)
	p := open(t, at)
	never := 0
	want := profile.Settings{
		Name: "Li", Port: 7, Language: "zh", Department: "财务", Status: "busy", StatusText: "back at 3",
		IdleMinutes: &never, Ranges: []string{"10.8.33.1-254"}, Discovery: "loopback",
		FilesFolder: "/in", FilesRate: 10_000,
	}
	if got := p.Current(); !reflect.DeepEqual(exported(got), exported(want)) {
		t.Errorf("read %+v", got)
	}
	if p.Current().IdleAfter() != 0 {
		t.Errorf("away after %v", p.Current().IdleAfter())
	}
	if err := p.Update(func(*profile.Settings) {}); err != nil {
		t.Fatal(err)
	}
	if got := readFile(t, settingsFile(at)); got != content {
		t.Errorf("wrote %s", got)
	}
	err := p.Update(func(s *profile.Settings) { *s = profile.Settings{Name: "Li"} })
	if err != nil {
		t.Fatal(err)
	}
	if got := readFile(t, settingsFile(at)); got != "{\n  \"name\": \"Li\"\n}\n" {
		t.Errorf("the empty settings are %s", got)
	}
}

// exported are the fields of settings with their names in the file.
func exported(s profile.Settings) map[string]any {
	fields := make(map[string]any)
	for v, i := reflect.ValueOf(s), 0; i < v.NumField(); i++ {
		if f := v.Type().Field(i); f.IsExported() {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			fields[name] = v.Field(i).Interface()
		}
	}
	return fields
}

// A key in another case is ours too: the old value must not come back with it.
func TestKeysInAnotherCase(t *testing.T) {
	for key := range exported(profile.Settings{}) {
		value := map[string]string{"port": "1", "idle_minutes": "1", "ranges": `["a"]`, "status": `"busy"`, "discovery": `"off"`, "files_folder": `"/in"`, "files_rate": "20000"}[key]
		if value == "" {
			value = `"x"`
		}
		at := withSettings(t, `{"`+strings.ToUpper(key)+`": `+value+`}`)
		p := open(t, at)
		if err := p.Update(func(s *profile.Settings) { *s = keepUnknown(*s) }); err != nil {
			t.Fatal(err)
		}
		if got := readFile(t, settingsFile(at)); got != "{\n  \"name\": \"Li\"\n}\n" {
			t.Errorf("with %s the file has become %s", key, got)
		}
	}
}

// keepUnknown sets every known field back.
func keepUnknown(s profile.Settings) profile.Settings {
	for v, i := reflect.ValueOf(&s).Elem(), 0; i < v.NumField(); i++ {
		if v.Type().Field(i).IsExported() {
			v.Field(i).SetZero()
		}
	}
	s.Name = "Li"
	return s
}

func TestUpdateMakesSafe(t *testing.T) {
	p := open(t, locate(t, t.TempDir(), ""))
	err := p.Update(func(s *profile.Settings) {
		s.Name, s.Department, s.StatusText = " a\n\u202eb ", "c\td", "  "
		s.Status, s.Discovery = "online", "on"
		s.Ranges = []string{" 10.0.0.1 ", "", "10.0.0.1", "10.0.0.2"}
	})
	if err != nil {
		t.Fatal(err)
	}
	want := profile.Settings{Name: "a b", Department: "c d", Ranges: []string{"10.0.0.1", "10.0.0.2"}}
	if got := p.Current(); !reflect.DeepEqual(exported(got), exported(want)) {
		t.Errorf("it is %+v", got)
	}
}

func TestUpdateRefuses(t *testing.T) {
	number := func(n int) *int { return &n }
	tests := []struct {
		setting string
		key     string
		change  func(*profile.Settings)
	}{
		{"name", "profile.no-name", func(s *profile.Settings) { s.Name = "\u202e" }},
		{"port", "profile.bad-port", func(s *profile.Settings) { s.Port = 65536 }},
		{"port", "profile.bad-port", func(s *profile.Settings) { s.Port = -1 }},
		{"status", "profile.bad-status", func(s *profile.Settings) { s.Status = "Busy" }},
		{"status", "profile.bad-status", func(s *profile.Settings) { s.Status = "offline" }},
		{"discovery", "profile.bad-discovery", func(s *profile.Settings) { s.Discovery = "of" }},
		{"idle_minutes", "profile.bad-idle-minutes", func(s *profile.Settings) { s.IdleMinutes = number(-1) }},
		{"idle_minutes", "profile.bad-idle-minutes", func(s *profile.Settings) { s.IdleMinutes = number(1441) }},
		{"department", "profile.department-too-long", func(s *profile.Settings) { s.Department = strings.Repeat("x", 41) }},
		{"status_text", "profile.status-text-too-long", func(s *profile.Settings) { s.StatusText = strings.Repeat("x", 51) }},
		{"ranges", "profile.too-many-ranges", func(s *profile.Settings) { s.Ranges = numbers(257) }},
		{"files_folder", "profile.bad-files-folder", func(s *profile.Settings) { s.FilesFolder = "in" }},
		{"files_folder", "profile.bad-files-folder", func(s *profile.Settings) { s.FilesFolder = "/\xff" }},
		{"files_folder", "profile.bad-files-folder", func(s *profile.Settings) { s.FilesFolder = "/" + strings.Repeat("x", 4096) }},
		{"files_rate", "profile.bad-files-rate", func(s *profile.Settings) { s.FilesRate = -1 }},
		{"files_rate", "profile.bad-files-rate", func(s *profile.Settings) { s.FilesRate = profile.MinFilesRate - 1 }},
		{"files_rate", "profile.bad-files-rate", func(s *profile.Settings) { s.FilesRate = profile.MaxFilesRate + 1 }},
	}
	at := locate(t, t.TempDir(), "")
	p := open(t, at)
	if err := p.Update(func(s *profile.Settings) { s.Status = "away" }); err != nil {
		t.Fatal(err)
	}
	before, file := p.Current(), readFile(t, settingsFile(at))
	for _, test := range tests {
		err := p.Update(func(s *profile.Settings) {
			s.Language = "zh"
			test.change(s)
		})
		var refused *profile.ValueError
		if !errors.As(err, &refused) || refused.Setting != test.setting || err.Error() == "" {
			t.Errorf("%s: %v", test.setting, err)
			continue
		}
		if key, _ := refused.UserText(); key != test.key {
			t.Errorf("%s: the text is %s, want %s", test.setting, key, test.key)
		}
	}
	if !reflect.DeepEqual(p.Current(), before) || readFile(t, settingsFile(at)) != file {
		t.Errorf("something has changed: %+v", p.Current())
	}
}

func TestLongestValues(t *testing.T) {
	p := open(t, locate(t, t.TempDir(), ""))
	day := profile.MaxIdleMinutes
	err := p.Update(func(s *profile.Settings) {
		s.Department, s.StatusText = strings.Repeat("长", 40), strings.Repeat("😀", 50)
		s.IdleMinutes, s.Ranges = &day, numbers(256)
		s.FilesFolder, s.FilesRate = "/"+strings.Repeat("x", 4095), profile.MaxFilesRate
	})
	if err != nil {
		t.Error(err)
	}
	if got := p.Current().IdleAfter(); got != 24*time.Hour {
		t.Errorf("away after %v", got)
	}
}

// Nobody changes the settings but by Update.
func TestSettingsAreCopies(t *testing.T) {
	p := open(t, locate(t, t.TempDir(), ""))
	five, kept := 5, []string{"10.0.0.1"}
	err := p.Update(func(s *profile.Settings) { s.IdleMinutes, s.Ranges = &five, kept })
	if err != nil {
		t.Fatal(err)
	}
	five, kept[0] = 7, "changed"
	mine := p.Current()
	*mine.IdleMinutes, mine.Ranges[0] = 9, "changed"
	if got := p.Current(); *got.IdleMinutes != 5 || got.Ranges[0] != "10.0.0.1" {
		t.Errorf("settings are %d, %v", *got.IdleMinutes, got.Ranges)
	}
}

func TestUpdateByMany(t *testing.T) {
	at := locate(t, t.TempDir(), "")
	p := open(t, at)
	var updates sync.WaitGroup
	for range 20 {
		updates.Go(func() {
			if err := p.Update(func(s *profile.Settings) { s.Port++ }); err != nil {
				t.Error(err)
			}
			if p.Current().Port == 0 {
				t.Error("an update is lost")
			}
		})
	}
	updates.Wait()
	if got := p.Current().Port; got != 20 || !strings.Contains(readFile(t, settingsFile(at)), `"port": 20`) {
		t.Errorf("20 updates have come to %d", got)
	}
}

func TestUpdateSaysWhereItFails(t *testing.T) {
	at := locate(t, t.TempDir(), "")
	p := open(t, at)
	// A folder in the place of the file: nobody can rename a file over that,
	// whatever the rights of the user are.
	if err := os.MkdirAll(filepath.Join(settingsFile(at), "x"), 0o700); err != nil {
		t.Fatal(err)
	}
	err := p.Update(func(s *profile.Settings) { s.Port = 5 })
	var folder *profile.FolderError
	if !errors.As(err, &folder) || folder.Dir != at.Dir {
		t.Errorf("saved: %v", err)
	}
	if p.Current().Port != 0 {
		t.Error("what could not be saved is in force")
	}
}

// Whatever stands in the file, it is refused, or what it is taken for lasts.
func FuzzSettings(f *testing.F) {
	f.Add([]byte(`{"name":"Li","port":5,"status":"busy","idle_minutes":3,"ranges":["10.0.0.1"],"more":[1]}`))
	f.Add([]byte(`{"NAME":"Li","ranges":[""," "],"Status":"online"}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		first, err := profile.ParseSettings(raw)
		if err != nil {
			return
		}
		written, err := json.Marshal(first)
		if err != nil {
			t.Fatal(err)
		}
		second, err := profile.ParseSettings(written)
		if err != nil || !reflect.DeepEqual(exported(first), exported(second)) {
			t.Errorf("%+v became %+v, %v", first, second, err)
		}
	})
}
