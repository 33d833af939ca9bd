package gui_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"feihong/app/chat"
)

// openTalk opens a conversation and waits for its messages.
func (s *screen) openTalk(id chat.ContactID) {
	s.t.Helper()
	s.Open(id)
	s.until("the conversation is loaded", func() bool { return !s.Loading() })
}

func TestOpenShowsHistoryByDays(t *testing.T) {
	f, wang, anna, _, _ := office()
	s := open(t, "zh", f)
	s.openTalk(anna)
	s.mustSee("good morning", "are you there?", "10:00", "今天", "新消息", "在线", "192.168.1.40:41870")
	s.openTalk(wang)
	s.mustSee("see you tomorrow", "昨天", "离线")
}

func TestEnterSends(t *testing.T) {
	f, wang, _, _, _ := office()
	s := open(t, "en", f)
	s.openTalk(wang)
	s.write("on my way")
	s.press(fyne.KeyReturn)
	if s.Composer().Text() != "" {
		t.Errorf("the input box still has %q", s.Composer().Text())
	}
	s.until("the message is shown", func() bool { return len(s.Shown()) == 2 && s.sees("on my way") })
	if got := f.called("send"); len(got) != 1 || got[0] != "send on my way" {
		t.Errorf("the service was told %q", got)
	}
	if !s.AtEnd() {
		t.Error("the end is not in sight")
	}
}

func TestShiftEnterBreaksTheLine(t *testing.T) {
	f, wang, _, _, _ := office()
	s := open(t, "en", f)
	s.openTalk(wang)
	shift := &fyne.KeyEvent{Name: desktop.KeyShiftLeft}
	s.write("one")
	s.Composer().KeyDown(shift)
	s.press(fyne.KeyReturn)
	s.Composer().KeyUp(shift)
	s.write("two")
	if got := s.Composer().Text(); got != "one\ntwo" {
		t.Fatalf("the text is %q", got)
	}
	if got := s.ComposerRows(); got != 2 {
		t.Errorf("the input box has %d rows, want 2", got)
	}
	s.press(fyne.KeyReturn)
	s.until("it is sent", func() bool { return len(f.called("send one\ntwo")) == 1 })
	if got := s.ComposerRows(); got != 1 {
		t.Errorf("the empty input box has %d rows", got)
	}
}

func TestInputBoxGrowsToEightRows(t *testing.T) {
	f, wang, _, _, _ := office()
	s := open(t, "en", f)
	s.openTalk(wang)
	for lines, want := range map[int]int{1: 1, 3: 3, 8: 8, 9: 8, 400: 8} {
		s.Composer().SetText(strings.Repeat("x\n", lines-1) + "x")
		if got := s.ComposerRows(); got != want {
			t.Errorf("%d lines make %d rows, want %d", lines, got, want)
		}
	}
}

func TestBlankTextIsNotSent(t *testing.T) {
	f, wang, _, _, _ := office()
	s := open(t, "en", f)
	s.openTalk(wang)
	s.write("  ")
	s.press(fyne.KeyReturn)
	s.work()
	if calls := f.called("send"); len(calls) != 0 {
		t.Errorf("sent %q", calls)
	}
}

func TestTextThatCannotBeSavedComesBack(t *testing.T) {
	f, wang, _, _, _ := office()
	f.sendErr = errDisk
	s := open(t, "en", f)
	s.openTalk(wang)
	s.write("important")
	s.press(fyne.KeyReturn)
	s.until("the text is back", func() bool { return s.Composer().Text() == "important" })
	s.mustSee("Not sent: the disk is full")
}

func TestTicksFollowTheState(t *testing.T) {
	f, wang, _, _, _ := office()
	s := open(t, "en", f)
	s.openTalk(wang)
	m := s.Shown()[0]
	m.State = chat.Read
	f.events <- chat.MessageChanged{Message: m}
	s.until("it is read", func() bool { return s.Shown()[0].State == chat.Read })

	m.State = chat.Sent // comes late
	f.events <- chat.MessageChanged{Message: m}
	f.arrive(wang, "thanks")
	s.until("the next event is shown", func() bool { return len(s.Shown()) == 2 })
	if got := s.Shown()[0].State; got != chat.Read {
		t.Errorf("the state went back to %v", got)
	}
}

func TestFailureTellsWhy(t *testing.T) {
	for lang, want := range map[string]string{"en": "does not take your messages", "zh": "对方拒收你的消息"} {
		f, wang, _, _, _ := office()
		s := open(t, lang, f)
		s.openTalk(wang)
		m := s.Shown()[0]
		m.State, m.Reason = chat.Failed, "refused"
		f.events <- chat.MessageChanged{Message: m}
		s.until("the reason is shown", func() bool { return s.sees(want) })
		s.stop()
	}
}

func TestReadOnlyInForegroundAndAtTheEnd(t *testing.T) {
	f, wang, _, _, _ := office()
	for i := range 80 {
		f.say(wang, chat.In, chat.Read, noon.Add(-time.Minute), fmt.Sprintf("line %d", i))
	}
	s := open(t, "en", f)
	s.openTalk(wang)

	s.SetForeground(false)
	f.arrive(wang, "behind your back")
	s.until("it is shown", func() bool { return s.sees("behind your back") })
	if calls := f.called("read"); len(calls) != 0 {
		t.Fatal("marked as read in the background")
	}
	s.SetForeground(true)
	s.until("it is read", func() bool { return len(f.called("read")) == 1 && !strings.HasPrefix(s.Title(), "(3)") })

	s.Scroll(600)
	f.arrive(wang, "further down")
	s.until("the pill counts it", func() bool { return s.sees("New messages: 1") })
	if calls := f.called("read"); len(calls) != 1 {
		t.Fatal("marked as read out of sight")
	}
	s.JumpPill().Tapped(nil)
	s.until("it is read too", func() bool { return len(f.called("read")) == 2 })
	s.mustSee("further down")
}

func TestOlderMessagesKeepThePlace(t *testing.T) {
	f, _, _, chen, _ := office()
	for i := range 200 {
		f.say(chen, chat.In, chat.Read, noon.Add(time.Duration(i-300)*time.Minute), fmt.Sprintf("line %d. %s", i, strings.Repeat("长", i%50)))
	}
	s := open(t, "en", f)
	s.openTalk(chen)
	first := len(s.Shown())
	if first >= 200 || !s.AtEnd() || s.ScrollOffset()+s.ViewportHeight() != s.TimelineHeight() {
		t.Fatalf("%d messages, end in sight: %v; %v of %v", first, s.AtEnd(), s.ScrollOffset(), s.TimelineHeight())
	}
	s.Scroll(s.ScrollOffset() - 200)
	before := s.BubbleTops()
	s.until("older ones are loaded", func() bool { return len(s.Shown()) > first })
	same := 0
	for text, top := range s.BubbleTops() {
		if was, ok := before[text]; ok {
			same++
			if diff := top - was; diff > 0.5 || diff < -0.5 {
				t.Errorf("%.20q moved by %v", text, diff)
			}
		}
	}
	if same == 0 {
		t.Error("what was in sight no longer is")
	}
	for range 20 {
		s.Scroll(100_000)
		s.until("loading is over", func() bool { return !s.Loading() })
	}
	if got := len(s.Shown()); got != 200 {
		t.Errorf("%d messages are there in the end, want 200", got)
	}
	s.Scroll(100_000)
	s.mustSee("line 0.")
}

func TestOpensAtTheFirstUnread(t *testing.T) {
	f, _, _, chen, _ := office()
	for i := range 100 {
		state := chat.Read
		if i >= 60 {
			state = chat.Delivered
		}
		f.say(chen, chat.In, state, noon.Add(-time.Minute), fmt.Sprintf("line %d", i))
	}
	s := open(t, "en", f)
	s.openTalk(chen)
	s.mustSee("line 60", "New messages")
	if s.AtEnd() || len(f.called("read")) != 0 {
		t.Error("the unread messages were skipped")
	}
}

func TestAnswerEndsTheUnread(t *testing.T) {
	f, _, anna, _, _ := office()
	s := open(t, "en", f)
	s.openTalk(anna)
	s.mustSee("New messages")
	f.arrive(anna, "one more")
	s.until("it is shown", func() bool { return s.sees("one more") })
	s.mustSee("New messages")
	s.write("I am")
	s.press(fyne.KeyReturn)
	s.until("the answer is shown", func() bool { return len(s.Shown()) == 4 })
	if s.sees("New messages") {
		t.Error("what was answered still counts as new")
	}
	if !s.RowsAgree() {
		t.Error("the rows are not as if built at once")
	}
}

func TestComingBackEndsTheUnreadOnceAllWasRead(t *testing.T) {
	f, _, anna, _, _ := office()
	s := open(t, "en", f)
	s.SetForeground(false)
	s.openTalk(anna)
	s.SetForeground(true) // looks at it for the first time
	s.mustSee("New messages")
	s.SetForeground(true) // has not been away
	s.mustSee("New messages")
	s.SetForeground(false)
	s.SetForeground(true)
	if s.sees("New messages") {
		t.Error("what was read before still counts as new")
	}
	if !s.RowsAgree() {
		t.Error("the rows are not as if built at once")
	}
}

func TestLongMessageIsFoldedAndShown(t *testing.T) {
	f, _, _, chen, _ := office()
	f.say(chen, chat.In, chat.Read, noon, strings.Repeat("line\n", 60)+"the end")
	s := open(t, "en", f)
	s.openTalk(chen)
	s.mustSee("Show the whole message")
	s.Expand()
	s.Scroll(-100_000)
	s.mustSee("the end")
	if s.sees("Show the whole message") {
		t.Error("it is still folded")
	}
}

func TestCopyHasNoBreaksOfTheScreen(t *testing.T) {
	text := strings.Repeat("这是一个很长的句子，", 20) + "\nand a second line"
	f, _, _, chen, _ := office()
	f.say(chen, chat.In, chat.Read, noon, text)
	s := open(t, "en", f)
	s.openTalk(chen)
	if got := s.SelectIn(text, 0, len(text)); got != text {
		t.Errorf("the copy is %q", got)
	}
}

func TestHeaderWarns(t *testing.T) {
	f, wang, _, _, _ := office()
	s := open(t, "en", f)
	s.openTalk(wang)
	f.edit(wang, func(p *chat.Summary) { p.Namesake = true })
	s.until("the namesake is told", func() bool { return s.sees("with a different key") })
	f.edit(wang, func(p *chat.Summary) { p.Problem = errDisk })
	s.until("the problem is told", func() bool { return s.sees("the disk is full Messages wait") })
	f.edit(wang, func(p *chat.Summary) { p.Online, p.Typing = true, true })
	s.until("typing is told", func() bool { return s.sees("typing …") && !s.sees("Messages wait") })
	s.PressBlock(true)
	s.until("blocking is told", func() bool { return s.sees("You have blocked this person.") })
}

func TestMergedConversationMovesOn(t *testing.T) {
	f, wang, _, _, _ := office()
	pending := f.add(chat.Summary{Contact: chat.Contact{Address: "192.168.1.23:60000"}})
	s := open(t, "en", f)
	s.openTalk(pending)
	s.mustSee("Nobody has answered at 192.168.1.23:60000 yet.")
	s.write("half a sen")
	f.mu.Lock()
	delete(f.people, pending)
	f.mu.Unlock()
	f.events <- chat.ContactMerged{From: pending, Into: wang}
	s.until("the other conversation is open", func() bool { return s.OpenContact() == wang && !s.Loading() })
	s.mustSee("see you tomorrow", "half a sen")
}
