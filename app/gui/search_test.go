package gui_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"feihong/app/chat"
	"feihong/app/gui"
)

// library is a service with messages to be found in three conversations.
func library() (f *fakeChat, anna, chen chat.ContactID) {
	f = newFakeChat(clockAtNoon)
	anna = f.add(chat.Summary{Contact: chat.Contact{Peer: peer(1), Name: "Anna Report"}, Online: true})
	chen = f.add(chat.Summary{Contact: chat.Contact{Peer: peer(2), Name: "陈静", Department: "财务部"}})
	f.sayMany(anna, 600, noon.Add(-40*24*time.Hour), time.Hour, func(i int) string {
		if i%5 == 0 {
			return fmt.Sprintf("the report number %d is ready", i)
		}
		return fmt.Sprintf("line %d", i)
	})
	f.say(chen, chat.In, chat.Read, noon.Add(-26*time.Hour), strings.Repeat("很长的开头，", 30)+"预算在这里：https://example.com/budget")
	f.say(chen, chat.Out, chat.Read, noon.Add(-time.Hour), "Report 收到了")
	return f, anna, chen
}

func TestFindInConversation(t *testing.T) {
	f, anna, _ := library()
	s := open(t, "en", f)
	s.openTalk(anna)
	s.Shortcut(ctrlKey(fyne.KeyF))
	if s.Canvas().Focused() != s.FindField() {
		t.Fatal("Ctrl+F does not open the search in the conversation")
	}
	test.Type(s.FindField(), "report")
	s.until("hits are counted", func() bool { return s.sees("1 of 100+") })
	s.mustSee("number 595")
	if marks := s.Marked(); !slices.Contains(marks, "report") {
		t.Errorf("marked are %q", marks)
	}
	for i := range 101 {
		s.press(fyne.KeyReturn)
		s.until("the next is shown", func() bool { return s.sees(fmt.Sprintf("%d of 1", i+2)) })
		s.settled()
	}
	s.mustSee("102 of 120", "number 90 ")
	shift := &fyne.KeyEvent{Name: desktop.KeyShiftLeft}
	s.FindField().KeyDown(shift)
	s.press(fyne.KeyReturn)
	s.FindField().KeyUp(shift)
	s.settled()
	s.mustSee("101 of 120", "number 95 ")

	s.FindField().SetText("no such word")
	s.until("it says so", func() bool { return s.sees("Not found") })
	s.press(fyne.KeyEscape)
	if s.sees("Not found") || len(s.Marked()) != 0 || s.Canvas().Focused() != s.Composer() {
		t.Error("Escape does not end the search")
	}
}

func TestFindEndsWithTheConversation(t *testing.T) {
	f, anna, chen := library()
	s := open(t, "en", f)
	s.openTalk(anna)
	s.Shortcut(ctrlKey(fyne.KeyF))
	test.Type(s.FindField(), "report")
	s.openTalk(chen)
	s.work()
	if len(s.Marked()) != 0 || s.FindField().Visible() && s.sees(" of ") {
		t.Error("the search goes on in another conversation")
	}
}

func TestSearchEverywhere(t *testing.T) {
	f, anna, chen := library()
	s := open(t, "en", f)
	s.Shortcut(ctrlKey(fyne.KeyK))
	if got := s.SearchHits(); !slices.Equal(got, []string{"# People", "陈静", "Anna Report"}) {
		t.Errorf("before anything is typed there are %q", got)
	}
	test.Type(s.SearchField(), "report")
	s.until("messages are found", func() bool { return len(s.SearchHits()) > 10 })
	want := []string{"# People", "Anna Report", "# Messages", "陈静: You: [Report] 收到了", "Anna Report: the [report] number 595 is ready"}
	if got := s.SearchHits(); !slices.Equal(got[:5], want) {
		t.Errorf("hits are %q", got[:5])
	}
	s.press(fyne.KeyDown)
	s.press(fyne.KeyDown)
	s.press(fyne.KeyReturn)
	s.until("the hit is shown", func() bool { return s.OpenContact() == anna && !s.Loading() })
	s.mustSee("number 595")
	if s.ModalOpen() || !slices.Contains(s.Marked(), "report") {
		t.Error("the card is still there, or nothing is marked")
	}
	if s.press(fyne.KeyEscape); len(s.Marked()) != 0 {
		t.Error("Escape does not take the marks away")
	}

	s.Shortcut(ctrlKey(fyne.KeyK))
	test.Type(s.SearchField(), "预算")
	s.until("the hit is found", func() bool { return len(s.SearchHits()) == 2 })
	if got := s.SearchHits()[1]; !strings.HasPrefix(got, "陈静: …") || !strings.Contains(got, "[预算]在这里") {
		t.Errorf("the hit is %q", got)
	}
	s.press(fyne.KeyReturn)
	s.until("it is shown", func() bool { return s.OpenContact() == chen && !s.Loading() })
}

func TestSearchIsPaged(t *testing.T) {
	f, _, _ := library()
	s := open(t, "en", f)
	s.Shortcut(ctrlKey(fyne.KeyK))
	test.Type(s.SearchField(), "report")
	s.until("the first page is there", func() bool { return len(s.SearchHits()) == 43 })
	for range 40 {
		s.press(fyne.KeyPageDown)
		s.work()
	}
	s.until("all are there", func() bool {
		s.press(fyne.KeyPageDown)
		return len(s.SearchHits()) == 3+121
	})
}

func TestSearchFilters(t *testing.T) {
	day := func(from, to string) gui.SearchLimits { return gui.SearchLimits{Span: "chosen", From: from, To: to} }
	for name, c := range map[string]struct {
		text   string
		limits func(anna, chen chat.ContactID) gui.SearchLimits
		want   int // messages
		first  string
	}{
		"person":            {"report", func(_, chen chat.ContactID) gui.SearchLimits { return gui.SearchLimits{Contact: chen} }, 1, "收到了"},
		"person, no text":   {"", func(_, chen chat.ContactID) gui.SearchLimits { return gui.SearchLimits{Contact: chen} }, 2, "收到了"},
		"today":             {"report", func(_, _ chat.ContactID) gui.SearchLimits { return gui.SearchLimits{Span: "today"} }, 1, "收到了"},
		"week":              {"在", func(_, _ chat.ContactID) gui.SearchLimits { return gui.SearchLimits{Span: "week"} }, 1, "https"},
		"links":             {"", func(_, _ chat.ContactID) gui.SearchLimits { return gui.SearchLimits{Kind: "links"} }, 1, "example.com"},
		"files":             {"report", func(_, _ chat.ContactID) gui.SearchLimits { return gui.SearchLimits{Kind: "files"} }, 0, ""},
		"from a day to one": {"report", func(_, _ chat.ContactID) gui.SearchLimits { return day("2026-10-13", "2026.10.13") }, 3, "number 10 "},
		"from a day on":     {"report", func(_, _ chat.ContactID) gui.SearchLimits { return day("11/22", "") }, 1, "收到了"},
	} {
		f, anna, chen := library()
		s := open(t, "en", f)
		s.ShowSearch(c.limits(anna, chen))
		s.SearchField().SetText(c.text)
		s.until(name+" is answered", func() bool { return !s.Searching() })
		got := s.SearchHits()
		if c.want == 0 {
			s.mustSee("Nothing found")
			if len(got) != 0 {
				t.Errorf("%s: %q", name, got)
			}
		} else if len(got) != c.want+1 || !strings.Contains(got[1], c.first) {
			t.Errorf("%s: %q", name, got)
		}
		s.stop()
	}
}

func TestSearchSaysWhatIsNoDay(t *testing.T) {
	f, _, _ := library()
	s := open(t, "zh", f)
	s.ShowSearch(gui.SearchLimits{Span: "chosen", From: "2026-13-45"})
	s.mustSee("日期请写成 2026-11-22 的形式", "指定日期")
}

// An answer to what is no longer asked is not shown.
func TestSearchForgetsOldQuestions(t *testing.T) {
	f, _, _ := library()
	s := open(t, "en", f)
	s.Shortcut(ctrlKey(fyne.KeyK))
	test.Type(s.SearchField(), "report number 595")
	s.SearchField().SetText("预算")
	s.until("the last is answered", func() bool { return !s.Searching() })
	if got := s.SearchHits(); len(got) != 2 || !strings.Contains(got[1], "预算") {
		t.Errorf("shown is %q", got)
	}
}

func TestSearchOfHostileText(t *testing.T) {
	f, _, chen := library()
	f.say(chen, chat.In, chat.Read, noon, strings.Repeat("Z\u0351\u036b", 8000)+" needle\u202e"+strings.Repeat("﷽", 8000))
	s := open(t, "en", f)
	s.Shortcut(ctrlKey(fyne.KeyK))
	test.Type(s.SearchField(), "needle")
	s.until("it is found", func() bool { return len(s.SearchHits()) == 2 })
	if got := s.SearchHits()[1]; len(got) > 2000 || strings.Contains(got, "\u202e") {
		t.Errorf("the hit has %d bytes: %.200q", len(got), got)
	}
}

// A narrow window has the most important keys of the search, and whole.
func TestKeysOfTheSearchHaveRoom(t *testing.T) {
	for _, lang := range []string{"en", "zh"} {
		s := tour(t, lang, false)
		for _, width := range []float32{980, 400, 320} {
			s.PaneSize(fyne.NewSize(width, 600))
			s.Shortcut(key(fyne.KeyModifierShortcutDefault, fyne.KeyK))
			for _, text := range s.texts() {
				if strings.HasPrefix(text, "↑ ↓") && strings.HasSuffix(text, "…") {
					t.Errorf("%s: with %g one reads %q", lang, width, text)
				}
			}
			if esc := map[string]string{"en": "Esc closes", "zh": "Esc 关闭"}[lang]; !s.sees(esc) {
				t.Errorf("with %g one does not read %q", width, esc)
			}
			s.press(fyne.KeyEscape)
		}
	}
}
