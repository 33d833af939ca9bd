package gui_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"feihong/app/chat"
	"feihong/app/gui"
	"feihong/protocol"
)

func TestIMEGuard(t *testing.T) {
	const soon, late = 16 * time.Millisecond, 200 * time.Millisecond
	type step struct {
		key     fyne.KeyName // "" for a character that came
		after   time.Duration
		swallow bool
	}
	typed := step{}
	for name, steps := range map[string][]step{
		"plain typing":               {{"N", 0, false}, typed, {fyne.KeyReturn, late, false}},
		"fast typing":                {{"N", 0, false}, {"I", soon, false}, {fyne.KeyReturn, soon, false}},
		"all at once":                {{"N", 0, false}, {"I", 0, false}, {"H", 0, false}, {"A", 0, false}, {fyne.KeyBackspace, 0, true}, {fyne.KeyReturn, 0, true}, {fyne.KeyReturn, 0, false}},
		"Return in a composition":    {{"N", 0, false}, {"I", late, false}, {fyne.KeyReturn, late, true}, {fyne.KeyReturn, late, false}},
		"Escape in a composition":    {{"N", 0, false}, {fyne.KeyEscape, late, true}, {fyne.KeyEscape, late, false}},
		"Backspace takes one letter": {{"N", 0, false}, {"I", late, false}, {fyne.KeyBackspace, late, true}, {fyne.KeyBackspace, late, true}, {fyne.KeyBackspace, late, false}},
		"arrows choose a candidate":  {{"N", 0, false}, {fyne.KeyDown, late, true}, {fyne.KeyUp, late, true}, {fyne.KeyPageDown, late, true}, {fyne.KeyHome, late, true}},
		"committed text ends it":     {{"N", 0, false}, {"I", late, false}, typed, {fyne.KeyReturn, late, false}, {fyne.KeyBackspace, late, false}},
		"without letters":            {{fyne.KeyReturn, late, false}, {fyne.KeyBackspace, late, false}, {fyne.KeyUp, late, false}},
		"digits are no composition":  {{"1", 0, false}, {fyne.KeyReturn, late, false}},
	} {
		t.Run(name, func(t *testing.T) {
			now := noon
			guard := gui.NewIMEGuard(func() time.Time { return now })
			for i, s := range steps {
				now = now.Add(s.after)
				if s.key == "" {
					guard.Reset()
					continue
				}
				if got := guard.Key(s.key); got != s.swallow {
					t.Fatalf("step %d: %s swallowed: %v, want %v", i, s.key, got, s.swallow)
				}
			}
		})
	}
}

func TestReturnOfTheInputMethodDoesNotSend(t *testing.T) {
	f, wang, _, _, _ := office()
	now := noon
	f.now = func() time.Time { return now }
	s := open(t, "zh", f)
	s.openTalk(wang)
	for _, key := range []fyne.KeyName{"N", "I"} {
		s.press(key)
		now = now.Add(100 * time.Millisecond)
	}
	s.press(fyne.KeyReturn) // ends the composition
	s.write("你")
	s.work()
	if calls := f.called("send"); len(calls) != 0 {
		t.Fatalf("sent %q in the middle of a composition", calls)
	}
	s.press(fyne.KeyReturn)
	s.until("it is sent", func() bool { return len(f.called("send 你")) == 1 })
}

func TestDraftsAreKeptPerConversation(t *testing.T) {
	f, wang, anna, _, _ := office()
	f.people[anna].Draft = "from yesterday"
	s := open(t, "en", f)
	s.mustSee("Draft:", "from yesterday")
	s.openTalk(wang)
	s.write("to wang")
	s.openTalk(anna)
	if got := s.Composer().Text(); got != "from yesterday" {
		t.Errorf("Anna's draft is %q", got)
	}
	s.until("the draft is saved", func() bool { return len(f.called("draft to wang")) == 1 })
	f.edit(wang, func(p *chat.Summary) { p.Draft = "" }) // an event from before the draft was saved
	s.until("the event is there", func() bool { return len(f.events) == 0 && s.sees("to wang") })
	s.openTalk(wang)
	if got := s.Composer().Text(); got != "to wang" {
		t.Errorf("Wang's draft is %q", got)
	}
}

func TestDraftIsSavedAfterAPauseAndAtTheEnd(t *testing.T) {
	f, wang, _, _, _ := office()
	s := open(t, "en", f)
	s.openTalk(wang)
	s.write("abc")
	s.until("the draft is saved", func() bool { return len(f.called("draft")) > 0 })
	if got := f.called("draft"); !slices.Equal(got, []string{"draft abc"}) {
		t.Errorf("saved %q, want one draft after the pause", got)
	}
	s.write("def")
	s.stop()
	if got := f.called("draft"); got[len(got)-1] != "draft abcdef" {
		t.Errorf("at the end %q was saved last", got)
	}
}

func TestSendingEmptiesTheDraft(t *testing.T) {
	f, wang, _, _, _ := office()
	s := open(t, "en", f)
	s.openTalk(wang)
	s.write("abc")
	s.press(fyne.KeyReturn)
	s.stop()
	got := f.called("draft")
	if len(got) == 0 || got[len(got)-1] != "draft " {
		t.Errorf("drafts saved: %q, want an empty one at last", got)
	}
}

func TestTypingIsToldSeldomAndEnds(t *testing.T) {
	f, wang, _, _, _ := office()
	now := noon
	f.now = func() time.Time { return now }
	s := open(t, "en", f)
	s.openTalk(wang)
	s.write("many letters at once")
	now = now.Add(4 * time.Second)
	s.write(" and more")
	s.Composer().SetText("")
	s.stop()
	if got := f.called("typing"); !slices.Equal(got, []string{"typing on", "typing on", "typing off"}) {
		t.Errorf("told %q", got)
	}
}

func TestTooLongATextStaysAndIsExplained(t *testing.T) {
	for lang, want := range map[string]string{"en": "65536", "zh": "65536"} {
		f, wang, _, _, _ := office()
		s := open(t, lang, f)
		s.openTalk(wang)
		long := strings.Repeat("x", protocol.MaxTextBytes+1)
		s.Composer().SetText(long)
		s.press(fyne.KeyReturn)
		s.work()
		if s.Composer().Text() != long || len(f.called("send")) != 0 {
			t.Error("the text was not kept, or was sent")
		}
		s.mustSee(want)
		s.Composer().SetText("short")
		if s.sees(want) {
			t.Error("the explanation stays although the text has changed")
		}
		s.stop()
	}
}

func TestPasteOfMegabytesIsCut(t *testing.T) {
	f, wang, _, _, _ := office()
	s := open(t, "en", f)
	s.openTalk(wang)
	clipboard := test.NewClipboard()
	clipboard.SetContent(strings.Repeat("长", 2<<20))
	s.Composer().TypedShortcut(&fyne.ShortcutPaste{Clipboard: clipboard})
	if got := len(s.Composer().Text()); got > protocol.MaxTextBytes || got < protocol.MaxTextBytes-4 {
		t.Errorf("%d bytes were pasted", got)
	}
	s.mustSee("The pasted text was cut")

	s.Composer().SetText("")
	clipboard.SetContent(strings.Repeat("长\r\n", 2<<20))
	s.Composer().TypedShortcut(&fyne.ShortcutPaste{Clipboard: clipboard})
	if got := strings.Count(s.Composer().Text(), "\n"); got != 999 {
		t.Errorf("%d line breaks were pasted", got)
	}
}

func TestPasteable(t *testing.T) {
	for _, c := range []struct {
		text string
		room int
		want string
		cut  bool
	}{
		{"", 4, "", false},
		{"abc", 4, "abc", false},
		{"abcde", 4, "abcd", true},
		{"a\r\nb\rc", 8, "a\nb\nc", false},
		{"\r\n\r\n\r\n\r\n", 4, "\n\n\n\n", false},
		{"你好吗", 7, "你好", true},
		{"a\xffb", 4, "ab", false},
		{"abc", 0, "", true},
		{"1\n2\n3\n4\n5", 99, "1\n2\n3\n4\n5", false},
		{"1\n2\n3\n4\n5\n6", 99, "1\n2\n3\n4\n5", true},
	} {
		got, cut := gui.Pasteable(c.text, c.room, 5)
		if got != c.want || cut != c.cut {
			t.Errorf("of %q in %d bytes: %q, %v; want %q, %v", c.text, c.room, got, cut, c.want, c.cut)
		}
	}
}

func TestControlCharactersAreShownHarmlessly(t *testing.T) {
	f, _, _, chen, _ := office()
	f.say(chen, chat.In, chat.Read, noon, "bell\a and \u202Eturned")
	s := open(t, "en", f)
	s.openTalk(chen)
	s.mustSee("bell␇ and [U+202E]turned")
	clipboard := test.NewClipboard()
	clipboard.SetContent("\x00\x1b[31m\u202e")
	s.Composer().TypedShortcut(&fyne.ShortcutPaste{Clipboard: clipboard})
}

func TestWhatIsTypedElsewhereGoesToTheInputBox(t *testing.T) {
	f, wang, _, _, _ := office()
	s := open(t, "en", f)
	s.openTalk(wang)
	s.Canvas().Unfocus()
	test.TypeOnCanvas(s.Canvas(), "hi")
	if got := s.Composer().Text(); !strings.HasPrefix(got, "h") || s.Canvas().Focused() != s.Composer() {
		t.Errorf("the input box has %q", got)
	}
}

// Ten thousand events must not become ten thousand updates.
func TestFloodIsCoalesced(t *testing.T) {
	f, wang, _, _, _ := office()
	s := open(t, "en", f)
	s.openTalk(wang)
	s.work()
	updates := 0
	for i := range 10_000 {
		f.events <- chat.ContactChanged{Summary: chat.Summary{Contact: chat.Contact{ID: wang, Name: "王小明", Peer: peer(4)}, Unread: i}}
	}
	f.edit(wang, func(p *chat.Summary) { p.Remark = "the last" })
	for !s.sees("the last") {
		(<-s.todo)()
		updates++
	}
	if updates > 40 {
		t.Errorf("10,000 events made %d updates", updates)
	}
}

func TestAtMostThirtyUpdatesASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeChat(time.Now)
		id := f.add(chat.Summary{Contact: chat.Contact{Peer: peer(1)}})
		updates, seen := 0, 0
		stop := gui.RunCoalescer(f.events, func(g func()) { updates++; g() }, func(added int) { seen += added })
		for range 2000 {
			f.arrive(id, "x")
			time.Sleep(time.Millisecond)
		}
		time.Sleep(time.Second)
		stop()
		if updates > 62 || updates < 30 || seen != 2000 {
			t.Errorf("%d messages in two seconds made %d updates that showed %d", 2000, updates, seen)
		}
	})
}

func TestOneUpdateIsOnItsWayAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeChat(time.Now)
		id := f.add(chat.Summary{Contact: chat.Contact{Peer: peer(1)}})
		var waiting []func()
		seen := 0
		stop := gui.RunCoalescer(f.events, func(g func()) { waiting = append(waiting, g) }, func(added int) { seen += added })
		for range 100 {
			f.arrive(id, "x")
			time.Sleep(50 * time.Millisecond)
		}
		synctest.Wait()
		if len(waiting) != 1 {
			t.Fatalf("%d updates are waiting", len(waiting))
		}
		waiting[0]()
		synctest.Wait()
		stop()
		if seen != 100 {
			t.Errorf("%d of 100 messages were shown", seen)
		}
	})
}

func TestLaggedReloads(t *testing.T) {
	f, wang, _, _, _ := office()
	s := open(t, "en", f)
	s.openTalk(wang)
	f.say(wang, chat.In, chat.Delivered, noon, "missed") // no event
	f.events <- chat.Lagged{}
	s.until("it is shown", func() bool { return s.sees("missed") && len(s.Shown()) == 2 })
}

func TestStoreFailureIsTold(t *testing.T) {
	f, _, _, _, _ := office()
	s := open(t, "zh", f)
	f.events <- chat.StoreFailed{Err: errDisk}
	s.until("it is told", func() bool { return s.sees("有内容未能保存") })
}
