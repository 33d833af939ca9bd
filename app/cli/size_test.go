package cli_test

import (
	"strings"
	"testing"

	"feihong/app/cli"
)

func TestParseSize(t *testing.T) {
	tests := []struct {
		text string
		want int64 // -1: refused
	}{
		{"0", 0}, {"1", 1}, {"1500", 1500}, {"007", 7},
		{"1k", 1000}, {"1K", 1000}, {"1kB", 1000}, {"100MB", 100e6}, {"100 mb", 100e6}, {"1.5GB", 1.5e9}, {"2TB", 2e12}, {"1PB", 1e15},
		{"1Ki", 1024}, {"1KiB", 1024}, {"1.5 GiB", 3 << 29}, {"1TiB", 1 << 40}, {"512 MiB", 512 << 20},
		{"5B", 5}, {"5 b", 5}, {" 5 MB ", 5e6}, {".5k", 500}, {"1.0004k", 1000}, {"1024PiB", 1 << 60},
		{"", -1}, {" ", -1}, {"MB", -1}, {"-1", -1}, {"-5MB", -1}, {"+5", -1}, {"1e9", -1}, {"0x10", -1}, {"1.2.3", -1}, {".", -1},
		{"5 M B", -1}, {"5MBit", -1}, {"5mbps", -1}, {"1,5MB", -1}, {"5MB/s", -1}, {"5iB", -1}, {"NaN", -1}, {"Inf", -1}, {"five", -1}, {"1025PiB", -1},
		{strings.Repeat("9", 400), -1}, {"5兆", -1},
	}
	for _, test := range tests {
		got, ok := cli.ParseSize(test.text)
		if ok != (test.want >= 0) || ok && got != test.want {
			t.Errorf("%q is %d, %v; want %d", test.text, got, ok, test.want)
		}
	}
}

func TestParseRate(t *testing.T) {
	for text, want := range map[string]int64{"10MB/s": 10e6, "10 MB/s": 10e6, " 1.5MiB/s ": 3 << 19, "10MB": 10e6, "500000": 500000, "10 MB /s": 10e6} {
		if got, ok := cli.ParseRate(text); !ok || got != want {
			t.Errorf("%q is %d, %v; want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "/s", "10MB/h", "10MB/s/s", "fast", "-1/s", "10 Mbit/s"} {
		if got, ok := cli.ParseRate(text); ok {
			t.Errorf("%q is %d", text, got)
		}
	}
}

func TestFormatSize(t *testing.T) {
	for size, want := range map[int64]string{
		0: "0 B", 999: "999 B", 1000: "1.0 kB", 1234: "1.2 kB", 99_949: "99.9 kB", 99_950: "100 kB", 999_499: "999 kB", 999_500: "1.0 MB",
		1_500_000: "1.5 MB", 123_456_789: "123 MB", 2_900_000_000: "2.9 GB", 1 << 40: "1.1 TB", 1 << 50: "1.1 PB", 1 << 60: "1153 PB",
	} {
		if got := cli.FormatSize(size); got != want {
			t.Errorf("%d is %q, want %q", size, got, want)
		}
	}
}

// Whatever is read is a size that can be, and is read again as it is written.
func FuzzParseSize(f *testing.F) {
	for _, seed := range []string{"100MB", "1.5 GiB", "0", ".", "9999999999999999999999", "1e5", "5 Ki"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		size, ok := cli.ParseSize(text)
		if !ok {
			return
		}
		if size < 0 || size > 1<<60 {
			t.Fatalf("%q is %d", text, size)
		}
		again, ok := cli.ParseSize(cli.FormatSize(size))
		if off := float64(again - size); !ok || off*off > float64(size)*float64(size)/300 {
			t.Errorf("%q is %d, written as %q and read as %d", text, size, cli.FormatSize(size), again)
		}
	})
}
