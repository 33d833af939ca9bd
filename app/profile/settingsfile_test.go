package profile_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"feihong/app/profile"
)

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
		"other theme":      `{"name": "Li", "theme": "blue"}`,
		"long accent":      `{"name": "Li", "accent": "` + strings.Repeat("a", 33) + `"}`,
		"odd accent":       `{"name": "Li", "accent": "a b"}`,
		"text too small":   `{"name": "Li", "text_percent": 79}`,
		"text too large":   `{"name": "Li", "text_percent": 201}`,
		"quiet tomorrow":   `{"name": "Li", "quiet_from": 1440}`,
		"quiet yesterday":  `{"name": "Li", "quiet_to": -1}`,
		"kept for less":    `{"name": "Li", "keep_days": -1}`,
		"kept too long":    `{"name": "Li", "keep_days": 36501}`,
		"images below 0":   `{"name": "Li", "images_up_to": -1}`,
		"huge images":      `{"name": "Li", "images_up_to": 1073741825}`,
		"many emoji":       `{"name": "Li", "recent_emoji": ["` + strings.Join(numbers(257), `","`) + `"]}`,
		"long folder name": `{"name": "Li", "folded": ["` + strings.Repeat("x", 257) + `"]}`,
		"yes in a text":    `{"name": "Li", "notify_off": "yes"}`,
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
