package control_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"feihong/app/control"
	"feihong/app/profile"
)

// chosen are the settings of a profile that keeps nothing.
type chosen struct {
	mu       sync.Mutex
	settings profile.Settings
}

func (c *chosen) get() control.Settings {
	c.mu.Lock()
	defer c.mu.Unlock()
	return control.SettingsOf(c.settings)
}

func (c *chosen) change(_ context.Context, change control.SettingsChange) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	next := c.settings
	next.Ranges = slices.Clone(next.Ranges)
	if err := change.Apply(&next); err != nil {
		return &control.BadSettingError{Err: err}
	}
	switch {
	case next.Status == "asleep":
		return &profile.ValueError{Setting: "status", Value: next.Status}
	case strings.Contains(strings.Join(next.Ranges, " "), "300"):
		return &control.BadSettingError{Err: cause{"300"}}
	case next.Name == "disk":
		return errors.New("the disk is full")
	}
	c.settings = next
	return nil
}

func pointer[T any](v T) *T { return &v }

func TestSettings(t *testing.T) {
	both(t, func(t *testing.T, r *running) {
		got, err := r.client.Settings(t.Context())
		want := control.Settings{Name: "Me", Status: "online", IdleMinutes: 10, Ranges: []string{}, Preferences: control.Preferences{
			Receipts: true, Typing: true, ImagesUpTo: 10e6, Notify: true, NotifyText: true, Sounds: true,
		}}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, %v", got, err)
		}
		steps := []struct {
			change control.SettingsChange
			want   func(*control.Settings)
		}{
			{control.SettingsChange{}, func(*control.Settings) {}},
			{control.SettingsChange{Status: pointer("busy")}, func(s *control.Settings) { s.Status = "busy" }},
			{control.SettingsChange{StatusText: pointer("在开会")}, func(s *control.Settings) { s.StatusText = "在开会" }},
			{control.SettingsChange{Department: pointer("x"), Name: pointer("Li")}, func(s *control.Settings) { s.Department, s.Name = "x", "Li" }},
			{control.SettingsChange{IdleMinutes: pointer(0)}, func(s *control.Settings) { s.IdleMinutes = 0 }},
			{control.SettingsChange{Ranges: &[]string{"10.0.0.1"}}, func(s *control.Settings) { s.Ranges = []string{"10.0.0.1"} }},
			{control.SettingsChange{AddRanges: &[]string{"10.0.0.2", "10.0.0.3"}}, func(s *control.Settings) { s.Ranges = []string{"10.0.0.1", "10.0.0.2", "10.0.0.3"} }},
			{control.SettingsChange{RemoveRanges: &[]string{" 10.0.0.2 ", "10.0.0.1"}}, func(s *control.Settings) { s.Ranges = []string{"10.0.0.3"} }},
			{control.SettingsChange{Ranges: &[]string{}, StatusText: pointer("")}, func(s *control.Settings) { s.Ranges, s.StatusText = []string{}, "" }},
			{control.SettingsChange{FilesFolder: pointer("/in"), FilesRate: pointer(int64(50_000))}, func(s *control.Settings) { s.FilesFolder, s.FilesRate = "/in", 50_000 }},
			{control.SettingsChange{FilesFolder: pointer("")}, func(s *control.Settings) { s.FilesFolder = "" }},
			{control.SettingsChange{PreferencesChange: control.PreferencesChange{Receipts: pointer(false), KeepDays: pointer(30)}}, func(s *control.Settings) { s.Receipts, s.KeepDays = false, 30 }},
			{control.SettingsChange{PreferencesChange: control.PreferencesChange{Typing: pointer(false), Notify: pointer(false), NotifyText: pointer(false), Sounds: pointer(false)}}, func(s *control.Settings) {
				s.Typing, s.Notify, s.NotifyText, s.Sounds = false, false, false, false
			}},
			{control.SettingsChange{PreferencesChange: control.PreferencesChange{Sounds: pointer(true), ImagesUpTo: pointer(int64(0))}}, func(s *control.Settings) { s.Sounds, s.ImagesUpTo = true, 0 }},
			{control.SettingsChange{PreferencesChange: control.PreferencesChange{QuietHours: pointer("22:00 - 7:05")}}, func(s *control.Settings) { s.QuietHours = "22:00-07:05" }},
			{control.SettingsChange{PreferencesChange: control.PreferencesChange{QuietHours: pointer("")}}, func(s *control.Settings) { s.QuietHours = "" }},
			{control.SettingsChange{Status: pointer("online")}, func(s *control.Settings) { s.Status = "online" }},
		}
		for _, step := range steps {
			step.want(&want)
			changed, err := r.client.ChangeSettings(t.Context(), step.change)
			if err != nil || !reflect.DeepEqual(changed, want) {
				t.Errorf("changed to %+v, %v; want %+v", changed, err, want)
			}
			if got, err := r.client.Settings(t.Context()); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("it is %+v, %v; want %+v", got, err, want)
			}
		}
	})
}

func TestSettingsAsJSON(t *testing.T) {
	r := start(t, true)
	got := r.request("PUT", "/v1/settings", `{"status":"away","status_text":null,"ranges":["10.0.0.1-9"]}`)
	const want = `{"name":"Me","department":"","status":"away","status_text":"","idle_minutes":10,"ranges":["10.0.0.1-9"],"files_folder":"","files_rate":0,"receipts":true,"typing":true,"keep_days":0,"images_up_to":10000000,"notify":true,"notify_text":true,"sounds":true,"quiet_hours":""}`
	if got.status != 200 || strings.TrimSpace(string(got.body)) != want {
		t.Errorf("answered %d with %s", got.status, got.body)
	}
}

func TestSettingsRefused(t *testing.T) {
	tests := []struct {
		name, body string
		status     int
		code       control.Code
		key        string
	}{
		{"unknown status", `{"status":"asleep"}`, 400, control.CodeBadSetting, "profile.bad-status"},
		{"bad range", `{"ranges":["10.0.0.300"]}`, 400, control.CodeBadSetting, "test.cause"},
		{"no such range", `{"remove_ranges":["10.0.0.9"]}`, 400, control.CodeBadSetting, "control.no-range"},
		{"quiet for a moment", `{"quiet_hours":"07:00-07:00"}`, 400, control.CodeBadSetting, "control.bad-quiet-hours"},
		{"no time of the day", `{"quiet_hours":"22:00-24:00","receipts":false}`, 400, control.CodeBadSetting, "control.bad-quiet-hours"},
		{"one time", `{"quiet_hours":"22:00"}`, 400, control.CodeBadSetting, "control.bad-quiet-hours"},
		{"neither on nor off", `{"sounds":"on"}`, 400, control.CodeBadRequest, ""},
		{"unknown field", `{"port":5}`, 400, control.CodeBadRequest, ""},
		{"wrong type", `{"idle_minutes":"5"}`, 400, control.CodeBadRequest, ""},
		{"part of a minute", `{"idle_minutes":0.5}`, 400, control.CodeBadRequest, ""},
		{"nothing", ``, 400, control.CodeBadRequest, ""},
		{"full disk", `{"name":"disk"}`, 500, control.CodeInternal, ""},
	}
	both(t, func(t *testing.T, r *running) {
		for _, test := range tests {
			e := r.request("PUT", "/v1/settings", test.body).refused(t, test.status, test.code)
			if e.Key != test.key {
				t.Errorf("%s: refused with %+v", test.name, e)
			}
		}
		if got := r.chosen.get(); got.Status != "online" || len(got.Ranges) != 0 || got.Name != "Me" || !got.Receipts {
			t.Errorf("the settings are %+v", got)
		}
	})
}

func TestSearch(t *testing.T) {
	both(t, func(t *testing.T, r *running) {
		if err := r.client.Search(t.Context()); err != nil || r.search.Load() != 1 {
			t.Errorf("searched %d times, %v", r.search.Load(), err)
		}
	})
	r := start(t, true)
	config := r.config()
	config.Search = nil
	err := control.Local(control.Handler(config)).Search(t.Context())
	if e := refusal(t, err); e.Code != control.CodeBadRequest || e.Key != "control.no-discovery" {
		t.Errorf("refused with %+v", e)
	}
}
