package gui_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"feihong/app/chat"
)

func TestFilterFindsMessages(t *testing.T) {
	f, wang, anna, _, _ := office()
	found := f.say(wang, chat.In, chat.Read, noon, "the invoice is on the shelf")
	s := open(t, "en", f)
	s.Filter().SetText("invoice")
	s.until("the message is found", func() bool { return s.sees("Messages · 1") })
	if got := s.PeopleNames(); len(got) != 0 {
		t.Errorf("people %v are found", got)
	}
	s.mustSee("王小明", "the invoice is on the shelf")
	s.Canvas().Focus(s.Filter())
	for _, name := range []fyne.KeyName{fyne.KeyDown, fyne.KeyEnd, fyne.KeyHome, fyne.KeyReturn} { // the heading is no place to be
		s.press(name)
	}
	s.until("the message is shown", func() bool {
		return s.OpenContact() == wang && slices.ContainsFunc(s.Shown(), func(m chat.Message) bool { return m.ID == found.ID })
	})

	s.Filter().SetText("ann")
	s.until("only people are found", func() bool { return !s.sees("Messages ·") })
	if got := s.PeopleNames(); !slices.Equal(got, []string{"Anna"}) {
		t.Errorf("people %v are found", got)
	}
	s.Canvas().Focus(s.Filter())
	s.press(fyne.KeyReturn)
	if s.OpenContact() != anna {
		t.Error("Enter does not open the person")
	}
}

func TestFilterOfOneLetterAsksForNoMessages(t *testing.T) {
	f, _, _, _, _ := office()
	s := open(t, "en", f)
	before := len(f.called("history"))
	for _, text := range []string{"a", " b ", ""} {
		s.Filter().SetText(text)
	}
	s.Filter().SetText("良")
	s.until("one character is enough", func() bool { return len(f.called("history")) == before+1 })
	s.work()
	if got := len(f.called("history")); got != before+1 {
		t.Errorf("the service was asked %d times", got-before)
	}
}
