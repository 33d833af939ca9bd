package profile_test

import (
	"encoding/json"
	"errors"
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
	if s.Name == "" || s.IdleAfter() != 10*time.Minute || s.TextScale() != 100 || s.ImageBound() != 10_000_000 {
		t.Errorf("settings of a new profile: %+v", s)
	}
	if s.Name = ""; !reflect.DeepEqual(s, profile.Settings{}) {
		t.Errorf("settings of a new profile: %+v", s)
	}
}

func TestSettingsKeepWhatTheyDoNotKnow(t *testing.T) {
	at := withSettings(t, `{
		"name": "小飞", "port": 50123, "language": "zh",
		"shape": {"dark": true, "size": 12.50}, "later": [1, null, "<&>"]}`)
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
	var shape struct {
		Dark bool
		Size json.Number
	}
	if err := json.Unmarshal(kept["shape"], &shape); err != nil || !shape.Dark || shape.Size != "12.50" {
		t.Errorf("shape is %s, %v", kept["shape"], err)
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
  "accent": "plum",
  "close_to_tray_off": true,
  "department": "财务",
  "discovery": "loopback",
  "files_folder": "/in",
  "files_rate": 10000,
  "flash_off": true,
  "folded": [
    "财务"
  ],
  "idle_minutes": 0,
  "images_up_to": 0,
  "interfaces_off": [
    "docker0"
  ],
  "keep_days": 90,
  "language": "zh",
  "name": "Li",
  "notify_off": true,
  "notify_text_off": true,
  "port": 7,
  "quiet_from": 1320,
  "quiet_to": 420,
  "ranges": [
    "10.8.33.1-254"
  ],
  "receipts_off": true,
  "recent_emoji": [
    "👍"
  ],
  "send_with_ctrl": true,
  "sounds_off": true,
  "status": "busy",
  "status_text": "back at 3",
  "text_percent": 120,
  "theme": "dark",
  "tray_told": true,
  "typing_off": true,
  "welcomed": true
}
`
	at := withSettings(t, content)
	p := open(t, at)
	never, none := 0, int64(0)
	want := profile.Settings{
		Name: "Li", Port: 7, Language: "zh", Department: "财务", Status: "busy", StatusText: "back at 3",
		IdleMinutes: &never, Ranges: []string{"10.8.33.1-254"}, Discovery: "loopback",
		FilesFolder: "/in", FilesRate: 10_000,
		Preferences: profile.Preferences{
			Welcomed: true, Theme: "dark", Accent: "plum", TextPercent: 120,
			SendWithCtrl: true, RecentEmoji: []string{"👍"}, Folded: []string{"财务"},
			NotifyOff: true, NotifyTextOff: true, SoundsOff: true, FlashOff: true, QuietFrom: 1320, QuietTo: 420,
			CloseToTrayOff: true, TrayTold: true, ReceiptsOff: true, TypingOff: true, KeepDays: 90, ImagesUpTo: &none,
			Interfaces: []string{"docker0"},
		},
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
	fields, v := make(map[string]any), reflect.ValueOf(s)
	for _, f := range reflect.VisibleFields(v.Type()) {
		if f.IsExported() && !f.Anonymous {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			fields[name] = v.FieldByIndex(f.Index).Interface()
		}
	}
	return fields
}

// A key in another case is ours too: the old value must not come back with it.
func TestKeysInAnotherCase(t *testing.T) {
	values := map[string]string{
		"status": `"busy"`, "discovery": `"off"`, "files_folder": `"/in"`, "files_rate": "20000", "theme": `"dark"`, "text_percent": "90",
	}
	for key, field := range exported(profile.Settings{}) {
		value := values[key]
		if value == "" {
			value = map[reflect.Kind]string{reflect.String: `"x"`, reflect.Int: "1", reflect.Pointer: "1", reflect.Slice: `["a"]`, reflect.Bool: "true"}[reflect.TypeOf(field).Kind()]
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
		{"theme", "profile.bad-theme", func(s *profile.Settings) { s.Theme = "Dark" }},
		{"accent", "profile.bad-accent", func(s *profile.Settings) { s.Accent = "\n" }},
		{"text_percent", "profile.bad-text-percent", func(s *profile.Settings) { s.TextPercent = 201 }},
		{"quiet_hours", "profile.bad-quiet-hours", func(s *profile.Settings) { s.QuietFrom = 1440 }},
		{"keep_days", "profile.bad-keep-days", func(s *profile.Settings) { s.KeepDays = -1 }},
		{"images_up_to", "profile.bad-images-up-to", func(s *profile.Settings) { less := int64(-1); s.ImagesUpTo = &less }},
		{"folded", "profile.bad-list", func(s *profile.Settings) { s.Folded = numbers(257) }},
		{"recent_emoji", "profile.bad-list", func(s *profile.Settings) { s.RecentEmoji = []string{"\xff"} }},
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
	five, kept, folded, images := 5, []string{"10.0.0.1"}, []string{"Sales"}, int64(7)
	err := p.Update(func(s *profile.Settings) {
		s.IdleMinutes, s.Ranges, s.Folded, s.ImagesUpTo = &five, kept, folded, &images
	})
	if err != nil {
		t.Fatal(err)
	}
	five, kept[0], folded[0], images = 7, "changed", "changed", 8
	mine := p.Current()
	*mine.IdleMinutes, mine.Ranges[0], mine.Folded[0], *mine.ImagesUpTo = 9, "changed", "changed", 9
	if got := p.Current(); *got.IdleMinutes != 5 || got.Ranges[0] != "10.0.0.1" || got.Folded[0] != "Sales" || got.ImageBound() != 7 {
		t.Errorf("settings are %d, %v, %v, %d", *got.IdleMinutes, got.Ranges, got.Folded, got.ImageBound())
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
