package idle_test

import (
	"math"
	"testing"
	"time"

	"feihong/app/idle"
)

func TestParseHIDIdleTime(t *testing.T) {
	tests := []struct {
		name, out string
		want      time.Duration
		ok        bool
	}{
		{"as printed", "+-o IOHIDSystem  <class IOHIDSystem>\n    {\n      \"HIDIdleTime\" = 83000123\n      \"HIDServiceSupport\" = Yes\n    }\n", 83000123, true},
		{"in a tree", "    | |   \"HIDIdleTime\" = 5\n", 5, true},
		{"without an end", `"HIDIdleTime" = 7`, 7, true},
		{"several", "\"HIDIdleTime\" = 900\n\"HIDIdleTime\" = 20\n\"HIDIdleTime\" = 30\n", 20, true},
		{"zero", `"HIDIdleTime" = 0`, 0, true},
		{"nothing", "", 0, false},
		{"another property", "\"HIDIdleTimeout\" = 5\n", 0, false},
		{"no number", "\"HIDIdleTime\" = <ab>\n", 0, false},
		{"below zero", "\"HIDIdleTime\" = -1\n", 0, false},
		{"too great", "\"HIDIdleTime\" = 99999999999999999999\n", 0, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got, ok := idle.ParseHIDIdleTime([]byte(test.out)); got != test.want || ok != test.ok {
				t.Errorf("got %v, %v; want %v, %v", got, ok, test.want, test.ok)
			}
		})
	}
}

func FuzzParseHIDIdleTime(f *testing.F) {
	f.Add([]byte("|   \"HIDIdleTime\" = 83000123\n"))
	f.Add([]byte("\"HIDIdleTime\" = \"HIDIdleTime\" = -"))
	f.Fuzz(func(t *testing.T, out []byte) {
		if got, ok := idle.ParseHIDIdleTime(out); got < 0 || !ok && got != 0 {
			t.Errorf("got %v, %v", got, ok)
		}
	})
}

func TestSinceTick(t *testing.T) {
	tests := []struct {
		now, last uint32
		want      time.Duration
	}{
		{5000, 5000, 0},
		{65000, 5000, time.Minute},
		{1000, math.MaxUint32 - 999, 2 * time.Second}, // the counter began again
		{5000, 5001, 0},                               // seems to come from the future
	}
	for _, test := range tests {
		if got := idle.SinceTick(test.now, test.last); got != test.want {
			t.Errorf("from %d to %d it is %v, want %v", test.last, test.now, got, test.want)
		}
	}
}
