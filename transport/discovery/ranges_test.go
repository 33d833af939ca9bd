package discovery_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"feihong/transport/discovery"
)

func TestParseRange(t *testing.T) {
	for _, test := range []struct {
		input, want string
		size        int
		code        discovery.RangeCode
	}{
		{"10.8.33.1-254", "10.8.33.1-10.8.33.254", 254, ""},
		{" 10.8.33.1 - 10.8.34.9 ", "10.8.33.1-10.8.34.9", 265, ""},
		{"10.8.33.0/24", "10.8.33.1-10.8.33.254", 254, ""},
		{"10.8.33.77/24", "10.8.33.1-10.8.33.254", 254, ""},
		{"10.8.32.0/20", "10.8.32.1-10.8.47.254", 4094, ""},
		{"10.8.33.4/31", "10.8.33.4-10.8.33.5", 2, ""},
		{"10.8.33.4/32", "10.8.33.4", 1, ""},
		{"10.8.33.4", "10.8.33.4", 1, ""},
		{"10.8.33.4-4", "10.8.33.4", 1, ""},
		{"fd00::10-fd00::1f", "fd00::10-fd00::1f", 16, ""},
		{"fd00::/120", "fd00::-fd00::ff", 256, ""},
		{"10.0.0.0-10.0.15.255", "10.0.0.0-10.0.15.255", 4096, ""},
		{"", "", 0, discovery.RangeEmpty},
		{"hello", "", 0, discovery.RangeAddress},
		{"10.8.33", "", 0, discovery.RangeAddress},
		{"10.8.33.1-256", "", 0, discovery.RangeAddress},
		{"10.8.33.1-", "", 0, discovery.RangeAddress},
		{"fe80::1%eth0", "", 0, discovery.RangeAddress},
		{"10.8.33.0/33", "", 0, discovery.RangePrefix},
		{"10.8.33.9-3", "", 0, discovery.RangeBackwards},
		{"10.8.33.9-fd00::1", "", 0, discovery.RangeMixed},
		{"239.1.1.1", "", 0, discovery.RangeNobody},
		{"0.0.0.0-5", "", 0, discovery.RangeNobody},
		{"239.0.0.0/24", "", 0, discovery.RangeNobody},
		{"10.0.0.0/8", "", 0, discovery.RangeTooLarge},
		{"fd00::/64", "", 0, discovery.RangeTooLarge},
		{"10.0.0.0-10.0.16.0", "", 0, discovery.RangeTooLarge},
		{"::-ffff::", "", 0, discovery.RangeNobody},
		{"1::-ffff::", "", 0, discovery.RangeNobody},
		{"1::-2::", "", 0, discovery.RangeTooLarge},
	} {
		got, err := discovery.ParseRange(test.input)
		var problem *discovery.RangeError
		switch {
		case test.code == "" && (err != nil || got.String() != test.want || got.Size() != test.size):
			t.Errorf("%q: %v with %d, %v", test.input, got, got.Size(), err)
		case test.code != "" && (!errors.As(err, &problem) || problem.Code != test.code || problem.Error() == ""):
			t.Errorf("%q: %v, %v", test.input, got, err)
		case test.code != "":
			key, args := problem.UserText()
			if key != "range."+string(test.code) || args["most"] != 4096 {
				t.Errorf("%q: %s %v", test.input, key, args)
			}
		}
	}
}

func TestParseRanges(t *testing.T) {
	got, err := discovery.ParseRanges([]string{"10.8.33.1-3", "10.8.34.9"})
	if err != nil || len(got) != 2 {
		t.Errorf("%v, %v", got, err)
	}
	var all []string
	for _, r := range got {
		for addr := range r.All() {
			all = append(all, addr.String())
		}
	}
	if want := []string{"10.8.33.1", "10.8.33.2", "10.8.33.3", "10.8.34.9"}; !slices.Equal(all, want) {
		t.Errorf("%v", all)
	}
	var problem *discovery.RangeError
	if _, err := discovery.ParseRanges([]string{"10.0.0.0/20", "10.8.34.9", "10.8.34.10", "10.8.34.11"}); !errors.As(err, &problem) || problem.Code != discovery.RangeTooLarge {
		t.Errorf("%v", err)
	}
	if _, err := discovery.ParseRanges([]string{"x"}); err == nil {
		t.Error("accepted")
	}
}

func FuzzParseRange(f *testing.F) {
	for _, seed := range []string{"10.8.33.1-254", "10.8.33.0/24", "fd00::1-fd00::2", "-", "/", "255.255.255.250-255", "::1/128", "::/117", "0.0.0.0/32", "255.255.255.254/31"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, err := discovery.ParseRange(s)
		if err != nil {
			var problem *discovery.RangeError
			if !errors.As(err, &problem) || len(problem.Part) > 300 || len(problem.Input) > 300 {
				t.Errorf("%#v", err)
			}
			return
		}
		if n := r.Size(); n < 1 || n > discovery.MaxRangeAddresses {
			t.Errorf("%d addresses", n)
		}
		if again, err := discovery.ParseRange(r.String()); err != nil || again != r || strings.TrimSpace(r.String()) == "" {
			t.Errorf("%v becomes %v, %v", r, again, err)
		}
	})
}
