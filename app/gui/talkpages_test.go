package gui_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"feihong/app/chat"
	"feihong/app/gui"
)

// archive is a service that knows Anna, with whom there are many messages, the
// last an hour ago.
func archive(count int) (f *fakeChat, anna chat.ContactID) {
	f = newFakeChat(clockAtNoon)
	anna = f.add(chat.Summary{Contact: chat.Contact{Peer: peer(1), Name: "Anna"}, Online: true})
	f.sayMany(anna, count, noon.Add(-time.Hour-time.Duration(count)*time.Minute), time.Minute, func(i int) string {
		return fmt.Sprintf("line %d. %s", i, strings.Repeat("长 ", i%40))
	})
	return f, anna
}

func (s *screen) settled() {
	s.t.Helper()
	s.until("loading is over", func() bool { return !s.Loading() })
	s.work()
}

func TestScrollsThroughEverythingWithinBounds(t *testing.T) {
	const count = 4000
	f, anna := archive(count)
	s := open(t, "en", f)
	s.openTalk(anna)
	check := func() {
		t.Helper()
		shown := s.Shown()
		if len(shown) > gui.MaxLoaded {
			t.Fatalf("%d messages are held", len(shown))
		}
		for i := 1; i < len(shown); i++ {
			if shown[i].Seq != shown[i-1].Seq+1 {
				t.Fatalf("%d follows %d", shown[i].Seq, shown[i-1].Seq)
			}
		}
	}
	for range 2 * count / 60 {
		s.Scroll(100_000)
		s.settled()
		check()
	}
	s.Scroll(100_000)
	s.mustSee("line 0.")
	if s.AtEnd() {
		t.Error("the beginning passes for the end")
	}
	for range 2 * count / 60 {
		s.Scroll(-100_000)
		s.settled()
		check()
	}
	s.mustSee(fmt.Sprintf("line %d.", count-1))
	if !s.AtEnd() || !s.RowsAgree() {
		t.Error("the end is not reached")
	}
}

func TestNewerPagesKeepThePlace(t *testing.T) {
	f, anna := archive(500)
	s := open(t, "en", f)
	s.Open(anna)
	s.JumpTo(f.messages[100], "")
	s.settled()
	held := len(s.Shown())
	s.Scroll(-(s.TimelineHeight() - s.ViewportHeight() - s.ScrollOffset() - 200))
	before := s.BubbleTops()
	s.until("newer ones are loaded", func() bool { return len(s.Shown()) > held })
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
}

func TestJumpLoadsAroundAMessage(t *testing.T) {
	f, anna := archive(3000)
	s := open(t, "en", f)
	s.JumpTo(f.messages[1234], "LINE")
	s.settled()
	s.mustSee("line 1234.")
	if got := s.Flashed(); !strings.HasPrefix(got, "line 1234.") {
		t.Errorf("the user was led to %q", got)
	}
	if n := len(s.Shown()); n > 200 {
		t.Errorf("%d messages were loaded", n)
	}
	if marks := s.Marked(); len(marks) == 0 || marks[0] != "line" {
		t.Errorf("marked are %q", marks)
	}
	top, ok := s.BubbleTops()[f.messages[1234].Text]
	if !ok || top < s.ViewportHeight()/5 || top > s.ViewportHeight()*4/5 {
		t.Errorf("it is at %v of %v", top, s.ViewportHeight())
	}
	s.until("it no longer stands out", func() bool { return s.Flashed() == "" })

	f.arrive(anna, "meanwhile")
	s.until("it is counted", func() bool { return s.sees("New messages: 1") })
	if s.AtEnd() || s.sees("meanwhile!") || len(f.called("read")) != 0 {
		t.Error("the middle passes for the end")
	}
	s.JumpPill().Tapped(nil)
	s.until("the end is shown", func() bool { return !s.Loading() && s.AtEnd() && len(s.BubbleTops()) > 0 })
	if _, shown := s.BubbleTops()["meanwhile"]; !shown {
		t.Error("the newest message is not in sight")
	}
	s.until("it is read", func() bool { return len(f.called("read")) == 1 })
}

func TestJumpWithinWhatIsLoaded(t *testing.T) {
	f, anna := archive(3000)
	s := open(t, "en", f)
	s.openTalk(anna)
	asked := len(f.called("history"))
	s.JumpToRef(f.messages[2960].Ref())
	s.mustSee("line 2960.")
	if len(f.called("history")) != asked {
		t.Error("what is there was loaded again")
	}
	s.JumpToRef(f.messages[7].Ref())
	s.until("the message far above is shown", func() bool { return s.sees("line 7.") })
	s.JumpToRef(chat.Ref{ID: f.messages[0].ID, Direction: chat.Out}) // there is none
	s.until("that is found out", func() bool { return len(f.called("message at")) == 2 })
	s.settled()
	s.mustSee("line 7.")
}

func TestStartAndEnd(t *testing.T) {
	f, anna := archive(3000)
	s := open(t, "en", f)
	s.openTalk(anna)
	s.JumpToStart()
	s.settled()
	s.mustSee("line 0.")
	for range 3 {
		s.Scroll(-100_000)
		s.settled()
	}
	if first := s.Shown()[0]; !strings.HasPrefix(first.Text, "line 0.") {
		t.Errorf("the first message is %q", first.Text)
	}
	s.JumpToEnd()
	s.settled()
	s.mustSee("line 2999.")
	if !s.AtEnd() {
		t.Error("the end is not the end")
	}
}

// What came while a page was on its way is not lost between the two.
func TestMessagesDuringLoadingAreNotLost(t *testing.T) {
	f, anna := archive(130)
	s := open(t, "en", f)
	s.JumpTo(f.messages[60], "")
	s.settled()
	s.Scroll(-100_000) // asks for the last page
	f.arrive(anna, "just now")
	s.until("it is there", func() bool {
		shown := s.Shown()
		return shown[len(shown)-1].Text == "just now"
	})
	if !s.RowsAgree() {
		t.Error("the rows are not what the messages are")
	}
}

func TestReloadKeepsThePlace(t *testing.T) {
	f, anna := archive(3000)
	s := open(t, "en", f)
	s.JumpTo(f.messages[1500], "")
	s.settled()
	before := s.BubbleTops()
	s.Reload()
	s.settled()
	if after := s.BubbleTops(); len(before) == 0 || !mapsAgree(before, after) {
		t.Errorf("before %v, after %v", before, after)
	}
	if err := f.Clear(t.Context(), anna); err != nil {
		t.Fatal(err)
	}
	s.Reload()
	s.until("nothing is left", func() bool { return !s.Loading() && len(s.Shown()) == 0 })
}

func mapsAgree(a, b map[string]float32) bool {
	for key, value := range a {
		if b[key] != value {
			return false
		}
	}
	return len(a) == len(b)
}

func TestAmendedMessageChangesInPlace(t *testing.T) {
	f, anna := archive(300)
	s := open(t, "en", f)
	s.openTalk(anna)
	s.Scroll(500)
	tops := s.BubbleTops()
	target := f.messages[250]
	if _, err := f.Edit(t.Context(), anna, target.Ref(), "another text\nof two lines"); err != nil {
		t.Fatal(err)
	}
	if _, err := f.React(t.Context(), anna, f.messages[10].Ref(), "👍"); err != nil { // not loaded
		t.Fatal(err)
	}
	f.arrive(anna, "after it")
	s.until("both are there", func() bool { return s.Shown()[len(s.Shown())-1].Text == "after it" })
	if !slices.ContainsFunc(s.Shown(), func(m chat.Message) bool { return m.Text == "another text\nof two lines" }) {
		t.Error("the edit is not shown")
	}
	for text, top := range s.BubbleTops() {
		if was, ok := tops[text]; ok && (top-was > 0.5 || was-top > 0.5) {
			t.Errorf("%.20q moved from %v to %v", text, was, top)
		}
	}
	if !s.RowsAgree() {
		t.Error("the rows are not what the messages are")
	}
}

func TestBurstWhileReadingAbove(t *testing.T) {
	f, anna := archive(100)
	s := open(t, "en", f)
	s.openTalk(anna)
	s.Scroll(300)
	before := s.BubbleTops()
	for i := range 2000 {
		f.arrive(anna, fmt.Sprintf("burst %d", i))
		if i%100 == 0 {
			s.work()
		}
	}
	s.until("all are counted", func() bool { return len(f.events) == 0 && !s.Loading() && s.sees("New messages:") })
	s.settled()
	if len(s.Shown()) > gui.MaxLoaded || s.AtEnd() {
		t.Errorf("%d are held, end %v", len(s.Shown()), s.AtEnd())
	}
	if after := s.BubbleTops(); !mapsAgree(before, after) {
		t.Errorf("before %v, after %v", before, after)
	}
	s.JumpToEnd()
	s.until("the last is shown", func() bool { return s.sees("burst 1999") })
}

func TestStickyDayWhileScrolling(t *testing.T) {
	f := newFakeChat(clockAtNoon)
	anna := f.add(chat.Summary{Contact: chat.Contact{Peer: peer(1), Name: "Anna"}, Online: true})
	f.sayMany(anna, 50, noon.Add(-26*time.Hour), time.Minute, func(i int) string { return fmt.Sprintf("line %d", i) })
	s := open(t, "en", f)
	s.openTalk(anna)
	if got := s.StickyDay(); got != "" {
		t.Errorf("%q before anybody scrolled", got)
	}
	s.Scroll(200)
	if got := s.StickyDay(); got != "Yesterday" {
		t.Errorf("while scrolling the day is %q", got)
	}
	s.until("it goes away", func() bool { return s.StickyDay() == "" })
	s.Scroll(100_000)
	if got := s.StickyDay(); got != "" {
		t.Errorf("%q beside its own divider", got)
	}
}

func TestKeyboardWalksThroughMessages(t *testing.T) {
	f, anna := archive(300)
	s := open(t, "en", f)
	s.openTalk(anna)
	key := func(shortcut fyne.KeyName) { s.Shortcut(ctrlKey(shortcut)) }
	key(fyne.KeyUp)
	if got := s.Chosen(); !strings.HasPrefix(got, "line 299.") {
		t.Fatalf("%q has the focus", got)
	}
	for range 30 {
		s.press(fyne.KeyUp)
	}
	if got := s.Chosen(); !strings.HasPrefix(got, "line 269.") {
		t.Errorf("after 30 times up %q has the focus", got)
	}
	if _, seen := s.BubbleTops()[s.Chosen()]; !seen {
		t.Error("it is not in sight")
	}
	s.press(fyne.KeyDown)
	if got := s.Chosen(); !strings.HasPrefix(got, "line 270.") {
		t.Errorf("down leads to %q", got)
	}
	before := s.ScrollOffset()
	s.press(fyne.KeyPageUp)
	if s.ScrollOffset() >= before || s.Chosen() == "" {
		t.Error("PageUp does not scroll")
	}
	var pressed []string
	s.MessageKeys(func(m chat.Message, key fyne.KeyName, r rune) bool {
		pressed = append(pressed, string(key)+string(r))
		return r == 'r'
	})
	s.press(fyne.KeyDelete)
	s.Canvas().Focused().TypedRune('r')
	if got := strings.Join(pressed, " "); got != "Delete\x00 r" {
		t.Errorf("the message was given %q", got)
	}
	s.Canvas().Focused().TypedRune('x')
	if s.Canvas().Focused() != s.Composer() || s.Composer().Text() != "x" {
		t.Error("what is typed does not reach the input box")
	}
	s.Composer().SetText("")
	key(fyne.KeyUp)
	s.press(fyne.KeyHome)
	s.settled()
	s.mustSee("line 0.")
	s.press(fyne.KeyEnd)
	s.settled()
	s.until("the end is chosen", func() bool { return s.AtEnd() })
	s.press(fyne.KeyEscape)
	if s.Canvas().Focused() != s.Composer() || s.Chosen() != "" {
		t.Error("Escape does not lead back")
	}
	before = s.ScrollOffset()
	s.press(fyne.KeyPageUp)
	if s.ScrollOffset() >= before || s.Canvas().Focused() != s.Composer() {
		t.Error("PageUp in the input box does not scroll the messages")
	}
}

func ctrlKey(name fyne.KeyName) *desktop.CustomShortcut {
	return &desktop.CustomShortcut{KeyName: name, Modifier: fyne.KeyModifierShortcutDefault}
}

// TestPageThatCannotBeLoaded: what comes meanwhile is shown, the user is told,
// and can try again.
func TestPageThatCannotBeLoaded(t *testing.T) {
	f, anna := archive(400)
	s := open(t, "en", f)
	s.openTalk(anna)
	s.settled()
	f.failHistory(errDisk)
	s.Scroll(100_000)
	s.until("it is told", func() bool { return s.sees("Older messages could not be loaded: the disk is full") })
	f.arrive(anna, "are you there?")
	s.until("what comes is shown", func() bool {
		shown := s.Shown()
		return len(shown) > 0 && shown[len(shown)-1].Text == "are you there?"
	})
	s.settled()
	before := len(s.Shown())
	f.failHistory(nil)
	s.PressTryAgain()
	s.until("they are there", func() bool { return len(s.Shown()) > before })
	if s.sees("could not be loaded") {
		t.Error("it is still told")
	}
}

func TestTalkThatCannotBeLoaded(t *testing.T) {
	f, anna := archive(400)
	s := open(t, "en", f)
	f.failHistory(errDisk)
	s.openTalk(anna)
	s.until("it is told", func() bool { return s.sees("The messages could not be loaded: the disk is full") })
	s.settled()
	f.failHistory(nil)
	f.arrive(anna, "are you there?") // another try by itself, not one message that passes for all
	s.until("all is there", func() bool { return len(s.Shown()) > 1 && !s.sees("could not be loaded") })
}
