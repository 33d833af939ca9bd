package folder_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"feihong/app/files/folder"
)

func TestSafeFileName(t *testing.T) {
	long := strings.Repeat("长", 100)
	cases := []struct{ name, want string }{
		{"report.pdf", "report.pdf"},
		{"", "unnamed"},
		{".", "unnamed"},
		{"..", "unnamed"},
		{"...", "unnamed"},
		{" . . ", "unnamed"},
		{"../../etc/passwd", ".._.._etc_passwd"},
		{`..\..\x.dll`, ".._.._x.dll"},
		{"/absolute", "_absolute"},
		{`C:\Windows\a`, "C__Windows_a"},
		{"a:stream", "a_stream"},
		{`<>:"|?*`, "_______"},
		{"a\x00b", "ab"},
		{"line\nbreak\ttab", "line break tab"},
		{"evil\u202Efdp.exe", "evilfdp.exe"},
		{"in\u2066vi\u2069sible\u200B\uFEFF", "invisible"},
		{"name.", "name"},
		{"name. . ", "name"},
		{" name ", "name"},
		{".hidden", ".hidden"},
		{".feihong-12345678", "_.feihong-12345678"},
		{".FeiHong-x", "_.FeiHong-x"},
		{"NUL", "_NUL"},
		{"nul.txt", "_nul.txt"},
		{"con .tar.gz", "_con .tar.gz"},
		{"COM1", "_COM1"},
		{"com¹.x", "_com¹.x"},
		{"LPT0.txt", "_LPT0.txt"},
		{"COM10", "COM10"},
		{"CONIN$", "_CONIN$"},
		{"console", "console"},
		{"e\u0301.txt", "é.txt"},
		{"\u0301x", "x"},
		{"春联 2026.docx", "春联 2026.docx"},
		{"全角：？", "全角：？"},
		{"\u1100\u1161\u11A8", "각"},
		{"👩\u200D💻.png", "👩\u200D💻.png"},
		{"a\u200Db", "ab"},
		{"نمی\u200Cخواهم", "نمی\u200Cخواهم"},
		{"bad\xffbytes", "bad_bytes"},
		{"\uF03Afake", "_fake"},
		{"wide\u00A0space\u3000x", "wide space x"},
		{long + ".docx", strings.Repeat("长", 78) + ".docx"},
		{long + ".tar.gz", strings.Repeat("长", 77) + ".tar.gz"},
		{"x." + long, "x." + strings.Repeat("长", 79)},
	}
	for _, c := range cases {
		if got := folder.SafeFileName(c.name); got != c.want {
			t.Errorf("SafeFileName(%q) = %q, want %q", c.name, got, c.want)
		}
	}
}

// checkSafe holds what every safe name promises.
func checkSafe(t *testing.T, name, safe string) {
	t.Helper()
	switch {
	case safe == "" || safe == "." || safe == "..":
		t.Errorf("%q became %q", name, safe)
	case len(safe) > folder.MaxNameBytes:
		t.Errorf("%q became %d bytes", name, len(safe))
	case !utf8.ValidString(safe) || !norm.NFC.IsNormalString(safe):
		t.Errorf("%q became %q, which is not normal", name, safe)
	case strings.ContainsAny(safe, "/\\<>:\"|?*\x00\n\r\t\x7f\u202E\u202D\u2066\u200E\u200F\u00AD"):
		t.Errorf("%q became %q, which has forbidden characters", name, safe)
	case strings.TrimRight(safe, ". ") != safe || strings.TrimLeft(safe, " ") != safe:
		t.Errorf("%q became %q, with something at an end", name, safe)
	case strings.HasPrefix(strings.ToLower(safe), ".feihong-"):
		t.Errorf("%q became %q, a name of our own", name, safe)
	}
	if again := folder.SafeFileName(safe); again != safe {
		t.Errorf("%q became %q, and that %q", name, safe, again)
	}
}

func FuzzSafeFileName(f *testing.F) {
	for _, seed := range []string{"a", "..", "con", "\u202E", strings.Repeat("x.", 200), "=\u0338", "<\u0338", "a\u0301\u200D", ".feihong-1", "e.tar.gz", "\u3164"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) { checkSafe(t, name, folder.SafeFileName(name)) })
}

func TestExecutable(t *testing.T) {
	cases := []struct {
		name string
		bit  bool
		want bool
	}{
		{"a.txt", false, false},
		{"a.txt", true, true},
		{"setup.EXE", false, true},
		{"setup.exe. ", false, true},
		{"pic\u202Egpj.scr", false, true},
		{"start.desktop", false, true},
		{"run.sh", false, true},
		{"link.lnk", false, true},
		{"exe", false, false},
		{"", false, false},
	}
	for _, c := range cases {
		if got := folder.Executable(c.name, c.bit); got != c.want {
			t.Errorf("Executable(%q, %v) = %v", c.name, c.bit, got)
		}
	}
}
