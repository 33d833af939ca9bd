//go:build !headless

package app_test

import (
	"os"
	"reflect"
	"testing"

	"feihong/app"
	"feihong/app/gui"
	"feihong/app/profile"
)

// What the window may choose comes out of the settings as it went in, whatever
// it is.
func TestPreferencesInAndOut(t *testing.T) {
	standard := gui.DefaultPreferences()
	standard.Name = "Me"
	chosen := gui.Preferences{
		Welcomed: true, Name: "Li", Language: "zh", Theme: gui.ThemeDark, Accent: "plum", TextPercent: 150,
		SendWithCtrl: true, RecentEmoji: []string{"👍"}, Folded: []string{"Sales"}, QuietFrom: 1, QuietTo: 2, TrayTold: true,
		KeepDays: 3, Port: 4, Discovery: profile.DiscoveryOff, Interfaces: []string{"eth9"},
	}
	for i, want := range []gui.Preferences{standard, chosen} {
		at := profile.Location{Name: "x", Dir: t.TempDir()}
		p, err := profile.Open(at)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Update(func(s *profile.Settings) { app.Prefer(s, want) }); err != nil {
			t.Error(err)
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
		if p, err = profile.Open(at); err != nil {
			t.Fatal(err)
		}
		if got := app.PreferencesOf(p.Current()); !reflect.DeepEqual(got, want) {
			t.Errorf("%d: went in as %+v, came out as %+v", i, want, got)
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
	}
	// Every field is in the test, so that none is forgotten in the settings.
	for v, i := reflect.ValueOf(chosen), 0; i < v.NumField(); i++ {
		if reflect.DeepEqual(v.Field(i).Interface(), reflect.ValueOf(standard).Field(i).Interface()) && v.Type().Field(i).Name != "AtLogin" {
			t.Errorf("%s is as it is for everybody", v.Type().Field(i).Name)
		}
	}
}

// The size that the user chose in the window multiplies the one that they gave
// the toolkit.
func TestScale(t *testing.T) {
	for _, c := range []struct {
		atStart string
		factor  float32
		want    string
	}{
		{"", 1, ""}, {"", 1.25, "1.25"}, {"2", 1, "2.00"}, {"2", 0.8, "1.60"}, {"auto", 1.5, "1.50"}, {"-1", 2, "2.00"},
	} {
		t.Setenv("FYNE_SCALE", c.atStart)
		app.Scaler(c.atStart)(c.factor)
		if got := os.Getenv("FYNE_SCALE"); got != c.want {
			t.Errorf("%q by %v is %q, want %q", c.atStart, c.factor, got, c.want)
		}
	}
}
