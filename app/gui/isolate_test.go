package gui_test

import (
	"testing"

	"feihong/app/gui"
)

func TestNamesKeepToTheirSide(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Anna", "Anna"},
		{"王小明 (3)", "王小明 (3)"},
		{"", ""},
		{"שלום", "\u2068שלום\u2069"},
		{"Dr. محمد", "\u2068Dr. محمد\u2069"},
	} {
		if got := gui.Isolate(c.text); got != c.want {
			t.Errorf("%q became %q, want %q", c.text, got, c.want)
		}
	}
	f, _, anna, _, _ := office()
	f.people[anna].Name = "שלום"
	f.people[anna].Namesake = true
	s := open(t, "en", f)
	s.openTalk(anna)
	s.mustSee("Another \"\u2068שלום\u2069\"")
}
