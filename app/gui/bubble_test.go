package gui_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"feihong/app/chat"
	"feihong/app/gui"
	"feihong/protocol"
)

// bubbleTalk opens a conversation with Anna after it was filled.
func bubbleTalk(t *testing.T, lang string, fill func(f *fakeChat, anna chat.ContactID), change ...func(*gui.Config)) *screen {
	t.Helper()
	f := newFakeChat(clockAtNoon)
	anna := f.add(chat.Summary{Contact: chat.Contact{Peer: peer(1), Name: "Anna"}, Online: true})
	fill(f, anna)
	s := open(t, lang, f, change...)
	s.openTalk(anna)
	s.work()
	return s
}

// sayAs puts a message into a conversation and changes it.
func (f *fakeChat) sayAs(id chat.ContactID, direction chat.Direction, text string, change func(*chat.Message)) chat.Message {
	m := f.say(id, direction, chat.Read, noon.Add(-time.Minute), text)
	m, _ = f.amend(m.Ref(), change)
	return m
}

func TestQuotes(t *testing.T) {
	const long = "the first line\nand\tthe second, which goes on and on"
	for _, c := range []struct {
		name   string
		asked  func(f *fakeChat, anna chat.ContactID) chat.Ref
		writer string
		text   string
	}{
		{"theirs", func(f *fakeChat, anna chat.ContactID) chat.Ref {
			m := f.say(anna, chat.In, chat.Read, noon, long)
			return m.Ref()
		}, "Anna", "the first line and the second"},
		{"own", func(f *fakeChat, anna chat.ContactID) chat.Ref {
			m := f.say(anna, chat.Out, chat.Read, noon, long)
			return m.Ref()
		}, "You", "the first line and the second"},
		{"files", func(f *fakeChat, anna chat.ContactID) chat.Ref {
			m := f.sayAs(anna, chat.In, "", func(m *chat.Message) { m.Kind, m.Names = chat.KindFiles, "report.pdf" })
			return m.Ref()
		}, "Anna", "report.pdf"},
		{"taken back", func(f *fakeChat, anna chat.ContactID) chat.Ref {
			m := f.sayAs(anna, chat.In, "", func(m *chat.Message) { m.Recalled = true })
			return m.Ref()
		}, "Anna", "Message taken back"},
		{"missing", func(*fakeChat, chat.ContactID) chat.Ref {
			return chat.Ref{Direction: chat.In, ID: protocol.MessageID{1}}
		}, "Anna", "not there any more"},
		{"not loaded", func(f *fakeChat, anna chat.ContactID) chat.Ref {
			m := f.say(anna, chat.In, chat.Read, noon.Add(-time.Hour), long)
			for range 200 {
				f.say(anna, chat.In, chat.Read, noon.Add(-time.Hour), "filler")
			}
			return m.Ref()
		}, "Anna", "the first line and the second"},
	} {
		s := bubbleTalk(t, "en", func(f *fakeChat, anna chat.ContactID) {
			ref := c.asked(f, anna)
			f.sayAs(anna, chat.Out, "the answer", func(m *chat.Message) { m.ReplyTo = ref })
		})
		s.until(c.name+" is quoted", func() bool {
			writer, text := s.QuoteIn("the answer")
			return writer == c.writer && strings.Contains(text, c.text)
		})
		s.stop()
	}
}

// TestQuoteForgetsWhatWasMissed: a recall of which no event came.
func TestQuoteForgetsWhatWasMissed(t *testing.T) {
	var asked chat.Message
	s := bubbleTalk(t, "en", func(f *fakeChat, anna chat.ContactID) {
		asked = f.say(anna, chat.In, chat.Read, noon, "a slip")
		f.sayAs(anna, chat.Out, "the answer", func(m *chat.Message) { m.ReplyTo = asked.Ref() })
	})
	s.until("it is quoted", func() bool { _, got := s.QuoteIn("the answer"); return got == "a slip" })
	s.chat.forgetSilently(asked.Ref())
	s.chat.events <- chat.Lagged{}
	s.until("it is gone", func() bool { _, got := s.QuoteIn("the answer"); return got == "Message taken back" })
}

// TestRecallIsFinal: an older answer of the service does not bring a text back.
func TestRecallIsFinal(t *testing.T) {
	var said chat.Message
	s := bubbleTalk(t, "en", func(f *fakeChat, anna chat.ContactID) {
		said = f.say(anna, chat.In, chat.Read, noon, "a slip")
	})
	s.chat.events <- chat.MessageChanged{Message: recalled(said), Amended: true}
	s.until("it is recalled", func() bool { return s.Shown()[0].Recalled })
	said.Reactions[chat.Out] = "👍"
	s.ApplyAtOnce(chat.MessageChanged{Message: said})
	if got := s.Shown()[0]; got.Text != "" || !got.Recalled {
		t.Errorf("it says %q again", got.Text)
	}
}

func TestQuoteFollowsWhatItQuotes(t *testing.T) {
	var asked chat.Message
	s := bubbleTalk(t, "en", func(f *fakeChat, anna chat.ContactID) {
		asked = f.say(anna, chat.Out, chat.Read, noon, "one")
		f.sayAs(anna, chat.In, "the answer", func(m *chat.Message) { m.ReplyTo = asked.Ref() })
	})
	for _, c := range []struct {
		want   string
		change func(*chat.Message)
	}{
		{"two", func(m *chat.Message) { m.Text, m.Edited = "two", noon }},
		{"Message taken back", func(m *chat.Message) { m.Text, m.Recalled = "", true }},
	} {
		if _, err := s.chat.amend(asked.Ref(), c.change); err != nil {
			t.Fatal(err)
		}
		s.until("the quote says "+c.want, func() bool { _, got := s.QuoteIn("the answer"); return got == c.want })
	}
}

func TestEditedIsSaid(t *testing.T) {
	for lang, want := range map[string]string{"en": "edited 11:59", "zh": "已编辑 11:59"} {
		s := bubbleTalk(t, lang, func(f *fakeChat, anna chat.ContactID) {
			f.sayAs(anna, chat.In, "new", func(m *chat.Message) { m.Edited = noon })
		})
		s.mustSee(want)
		s.stop()
	}
}

func TestReactionPills(t *testing.T) {
	for _, c := range []struct {
		in, out string
		shown   string // pills, with | between
		tap     int
		reacts  string
	}{
		{"👍", "", "👍", 0, "react 👍"},
		{"", "👍", "👍", 0, "react "},
		{"👍", "👍", "👍 2", 0, "react "},
		{"👍", "😂", "😂|👍", 0, "react "},
		{"👍", "😂", "😂|👍", 1, "react 👍"},
	} {
		s := bubbleTalk(t, "en", func(f *fakeChat, anna chat.ContactID) {
			f.sayAs(anna, chat.In, "hello", func(m *chat.Message) { m.Reactions = [2]string{chat.In: c.in, chat.Out: c.out} })
		})
		if got := strings.Join(s.PillsUnder("hello"), "|"); got != c.shown {
			t.Errorf("%q and %q are shown as %q", c.in, c.out, got)
		}
		s.TapPill("hello", c.tap)
		s.until("it was reacted", func() bool { return slices.Contains(s.chat.called("react"), c.reacts) })
		s.stop()
	}
}

func TestReactionMakesRoom(t *testing.T) {
	s := bubbleTalk(t, "en", func(f *fakeChat, anna chat.ContactID) {
		f.say(anna, chat.In, chat.Read, noon, "hello")
	})
	before := s.TimelineHeight()
	m := s.Shown()[0]
	if _, err := s.chat.amend(m.Ref(), func(m *chat.Message) { m.Reactions[chat.In] = "🙏" }); err != nil {
		t.Fatal(err)
	}
	s.until("the reaction is shown", func() bool { return len(s.PillsUnder("hello")) == 1 })
	if got := s.TimelineHeight(); got <= before {
		t.Errorf("the height went from %v to %v", before, got)
	}
}

func TestNotes(t *testing.T) {
	for _, c := range []struct {
		lang      string
		direction chat.Direction
		state     chat.State
		recalled  bool
		want      string
	}{
		{"en", chat.In, chat.Read, false, "Anna nudged you · 11:59"},
		{"zh", chat.Out, chat.Read, false, "你抖了抖“Anna” · 11:59"},
		{"en", chat.Out, chat.Failed, false, "Anna was not nudged"},
		{"en", chat.In, chat.Read, true, "Anna took back a message · 11:59"},
		{"zh", chat.Out, chat.Read, true, "你撤回了一条消息 · 11:59"},
	} {
		s := bubbleTalk(t, c.lang, func(f *fakeChat, anna chat.ContactID) {
			f.sayAs(anna, c.direction, "", func(m *chat.Message) {
				m.State, m.Kind, m.Recalled = c.state, chat.KindNudge, c.recalled
				if c.recalled {
					m.Kind = chat.KindFiles
				}
			})
		})
		s.mustSee(c.want)
		if s.sees("Edit again") || s.sees("重新编辑") {
			t.Errorf("%q can be edited again", c.want)
		}
		s.stop()
	}
}

// A long name leaves room for what its owner did, however narrow the window is.
func TestNoteOfALongName(t *testing.T) {
	for _, name := range []string{strings.Repeat("W", 64), strings.Repeat("国", 64), strings.Repeat("﷽", 64), strings.Repeat("👍", 64)} {
		f := newFakeChat(func() time.Time { return noon })
		long := f.add(chat.Summary{Contact: chat.Contact{Peer: peer(1), Name: name}, Online: true})
		f.sayAs(long, chat.In, "", func(m *chat.Message) { m.State, m.Kind = chat.Read, chat.KindNudge })
		s := open(t, "en", f)
		s.openTalk(long)
		for _, width := range []float32{1600, 980, 420, 320} {
			s.PaneSize(fyne.NewSize(width, 560))
			s.mustSee(" nudged you · 11:59")
		}
		s.stop()
	}
}

func TestTakeBackAndWriteAgain(t *testing.T) {
	now := noon
	f := newFakeChat(func() time.Time { return now })
	anna := f.add(chat.Summary{Contact: chat.Contact{Peer: peer(1), Name: "Anna"}, Online: true})
	m := f.say(anna, chat.Out, chat.Delivered, noon, "with a misteak")
	s := open(t, "en", f)
	s.openTalk(anna)
	s.PressMessageKey(m, fyne.KeyDelete, 0)
	s.until("it is taken back", func() bool { return s.sees("You took back a message") && s.sees("Edit again") })
	if s.sees("misteak") {
		t.Error("the text is still there")
	}
	s.PressAgain()
	if got := s.Composer().Text(); got != "with a misteak" {
		t.Errorf("the input box has %q", got)
	}
	now = now.Add(5 * time.Minute)
	s.RefreshNotes()
	if s.sees("Edit again") {
		t.Error("it can be edited for ever")
	}
}

func TestWhatCanBeTakenBack(t *testing.T) {
	old := noon.Add(-chat.MaxAmendAge)
	for name, c := range map[string]struct {
		direction chat.Direction
		state     chat.State
		at        time.Time
		want      bool
	}{
		"own":     {chat.Out, chat.Read, noon, true},
		"waiting": {chat.Out, chat.Queued, noon, true},
		"theirs":  {chat.In, chat.Read, noon, false},
		"failed":  {chat.Out, chat.Failed, noon, false},
		"old":     {chat.Out, chat.Read, old, false},
	} {
		s := bubbleTalk(t, "en", func(f *fakeChat, anna chat.ContactID) { f.say(anna, c.direction, c.state, c.at, "it") })
		if got := slices.Contains(s.MessageMenu("it"), "Take back"); got != c.want {
			t.Errorf("%s: it can be taken back: %v", name, got)
		}
		s.stop()
	}
}

func TestMessageMenus(t *testing.T) {
	for name, c := range map[string]struct {
		direction chat.Direction
		state     chat.State
		text      string
		want      string
	}{
		"own":    {chat.Out, chat.Read, "it", "Copy message||Reply|React|Forward|Edit|Take back"},
		"theirs": {chat.In, chat.Read, "it", "Copy message||Reply|React|Forward"},
		"failed": {chat.Out, chat.Failed, "it", "Copy message||Reply|Forward|Send again"},
		"link":   {chat.In, chat.Read, "https://example.com/a", "Copy message|Copy link to example.com||Reply|React|Forward"},
	} {
		s := bubbleTalk(t, "en", func(f *fakeChat, anna chat.ContactID) { f.say(anna, c.direction, c.state, noon, c.text) })
		if got := strings.Join(s.MessageMenu(c.text), "|"); got != c.want {
			t.Errorf("%s: the menu has %q, want %q", name, got, c.want)
		}
		s.stop()
	}
}

func TestMessageKeys(t *testing.T) {
	for name, c := range map[string]struct {
		key  fyne.KeyName
		r    rune
		see  string
		used bool
	}{
		"reply":          {r: 'r', see: "Reply to yourself", used: true},
		"reply, shifted": {r: 'R', see: "Reply to yourself", used: true},
		"edit":           {r: 'e', see: "Edit", used: true},
		"forward":        {r: 'f', see: "Forward to", used: true},
		"menu":           {key: fyne.KeyReturn, see: "Take back", used: true},
		"react":          {r: '+', see: "😂", used: true},
		"other":          {r: 'x'},
	} {
		var m chat.Message
		s := bubbleTalk(t, "en", func(f *fakeChat, anna chat.ContactID) { m = f.say(anna, chat.Out, chat.Read, noon, "it") })
		if used := s.PressMessageKey(m, c.key, c.r); used != c.used {
			t.Errorf("%s: the key was used: %v", name, used)
		}
		if c.see != "" {
			s.mustSee(c.see)
		}
		s.stop()
	}
}

func TestToolsOfAMessage(t *testing.T) {
	s := bubbleTalk(t, "en", func(f *fakeChat, anna chat.ContactID) {
		f.say(anna, chat.In, chat.Read, noon, "hello")
		f.sayAs(anna, chat.In, "", func(m *chat.Message) { m.Kind = chat.KindNudge })
	})
	focused, height := s.Canvas().Focused(), s.TimelineHeight()
	shown := func() (bar, quick bool) { return s.ToolsShown() }
	if bar, quick := shown(); bar || quick {
		t.Fatal("there are tools before the pointer came")
	}
	s.PointAt("", 40, 5)
	if bar, _ := shown(); bar {
		t.Error("a remark has tools")
	}
	s.PointAt("hello", 5, 5)
	if bar, quick := shown(); !bar || quick {
		t.Fatalf("tools: %v, reactions: %v", bar, quick)
	}
	s.PressTool("react")
	if _, quick := shown(); !quick {
		t.Fatal("the usual reactions are not shown")
	}
	s.mustSee("👍", "🙏")
	s.TypeKey(fyne.KeyEscape)
	if bar, quick := shown(); bar || quick {
		t.Error("the tools stay after Escape")
	}
	s.PointAt("hello", 5, 5)
	s.PaneSize(fyne.NewSize(800, 500))
	if bar, quick := shown(); bar || quick {
		t.Error("the tools stay though their message is somewhere else")
	}
	s.PointAt("hello", 5, 5)
	s.PressTool("react")
	s.PressTool("😂")
	s.until("it was reacted", func() bool { return len(s.chat.called("react 😂")) == 1 })
	if bar, quick := shown(); bar || quick {
		t.Error("the tools stay")
	}
	s.PointAt("hello", 5, 5)
	s.PointAway("hello")
	s.until("the tools go", func() bool { bar, _ := shown(); return !bar })
	if s.Canvas().Focused() != focused {
		t.Error("the focus went elsewhere")
	}
	s.until("the reaction is shown", func() bool { return len(s.PillsUnder("hello")) == 1 })
	s.PointAt("hello", 5, 5)
	s.PressTool("reply")
	s.mustSee("Reply to Anna")
	if got := s.TimelineHeight() - height; got > 40 {
		t.Errorf("the tools make the conversation longer by %v", got)
	}
}

func TestForward(t *testing.T) {
	f, wang, anna, _, _ := office()
	s := open(t, "en", f)
	s.openTalk(anna)
	var m chat.Message
	for _, shown := range s.Shown() {
		if shown.Text == "good morning" {
			m = shown
		}
	}
	s.PressMessageKey(m, "", 'f')
	s.mustSee("Forward to", "good morning", "陈静", "Zoe")
	s.PressInModal("Send to 0") // nobody is chosen
	if len(f.called("send")) > 0 {
		t.Fatal("it went to nobody")
	}
	s.ChooseForward("Zoe")
	s.SearchForward("小")
	if got := s.ChooseForward("王小明"); !slices.Equal(got, []string{"王小明"}) {
		t.Errorf("the search finds %q", got)
	}
	s.PressInModal("Send to 2")
	s.until("both have it", func() bool { return len(f.called("send good morning")) == 2 })
	if s.ModalOpen() {
		t.Error("the dialog stays")
	}
	if last := f.summary(wang).Last; last == nil || last.Text != "good morning" {
		t.Errorf("the last message is %+v", last)
	}
}

// A change that could not be delivered comes as a message of its own; it is no
// bubble.
func TestFailedAmendmentIsTold(t *testing.T) {
	s := bubbleTalk(t, "en", func(f *fakeChat, anna chat.ContactID) { f.say(anna, chat.Out, chat.Read, noon, "it") })
	m := s.Shown()[0]
	s.chat.events <- chat.MessageChanged{Message: chat.Message{Seq: m.Seq + 1, ID: protocol.MessageID{9}, Contact: m.Contact,
		Direction: chat.Out, Kind: chat.KindEdit, State: chat.Failed, Reason: "unsupported", Target: m.Ref(), Time: noon}}
	s.until("it is told", func() bool { return s.sees("A change to a message did not arrive.") })
	if got := len(s.Shown()); got != 1 {
		t.Errorf("%d messages are shown", got)
	}
}

// Whatever a peer has sent, nothing leaves its place.
func TestHostileReactionsAndQuotes(t *testing.T) {
	bomb := strings.Repeat("\u0301", 30) + "\u202E"
	s := bubbleTalk(t, "en", func(f *fakeChat, anna chat.ContactID) {
		for name, text := range hostileTexts() {
			asked := f.say(anna, chat.In, chat.Read, noon, text)
			f.sayAs(anna, chat.In, "after "+name, func(m *chat.Message) {
				m.ReplyTo, m.Reactions = asked.Ref(), [2]string{chat.In: bomb, chat.Out: strings.Repeat("W", 60)}
			})
		}
	})
	s.PaneSize(fyne.NewSize(640, 600))
	for _, m := range s.Shown() {
		if over := s.Overhang(m); over > 0 {
			t.Errorf("%.20q leaves the conversation by %v", m.Text, over)
		}
	}
}
