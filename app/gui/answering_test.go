package gui_test

import (
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/storage"

	"feihong/app/chat"
	"feihong/app/gui"
)

// talkWithWang opens a conversation in which both have written.
func talkWithWang(t *testing.T, change ...func(*gui.Config)) (s *screen, asked, own chat.Message, wang, anna chat.ContactID) {
	t.Helper()
	f, wang, anna, _, _ := office()
	asked = f.say(wang, chat.In, chat.Read, noon.Add(-time.Hour), "when do you come?")
	own = f.say(wang, chat.Out, chat.Read, noon.Add(-time.Minute), "at tree")
	s = open(t, "en", f, change...)
	s.openTalk(wang)
	s.until("it is loaded", func() bool { return !s.Loading() })
	return s, asked, own, wang, anna
}

func TestReply(t *testing.T) {
	s, asked, own, _, _ := talkWithWang(t)
	s.BeginReply(own)
	s.mustSee("Reply to yourself")
	s.BeginReply(asked)
	s.mustSee("Reply to 王小明")
	s.write("at four")
	s.press(fyne.KeyReturn)
	s.until("it is sent", func() bool { return len(s.chat.called("reply at four")) == 1 })
	if s.sees("Reply to") || len(s.chat.called("send")) > 0 {
		t.Error("it is not over")
	}
	s.until("it is shown", func() bool { return len(s.Shown()) == 4 })
	if got := s.Shown()[3].ReplyTo; got != asked.Ref() {
		t.Errorf("it answers %v, want %v", got, asked.Ref())
	}
	s.write("something else")
	s.press(fyne.KeyReturn)
	s.until("it is sent", func() bool { return len(s.chat.called("send something else")) == 1 })
}

func TestReplyIsLeft(t *testing.T) {
	s, asked, _, wang, anna := talkWithWang(t)
	s.BeginReply(asked)
	s.write("hm")
	s.openTalk(anna)
	if s.sees("Reply to") {
		t.Error("Anna would get a reply to Wang")
	}
	s.openTalk(wang)
	s.mustSee("Reply to 王小明")
	s.press(fyne.KeyEscape)
	if s.sees("Reply to") || s.Composer().Text() != "hm" {
		t.Errorf("after Escape the input box has %q, and shown is %q", s.Composer().Text(), s.texts())
	}

	s.BeginReply(asked)
	s.chat.events <- chat.MessageChanged{Message: recalled(asked)}
	s.until("what was recalled is not answered", func() bool { return !s.sees("Reply to") })
	s.BeginReply(recalled(asked))
	if s.sees("Reply to") {
		t.Error("a recalled message can be answered")
	}
}

func recalled(m chat.Message) chat.Message {
	m.Text, m.Recalled = "", true
	return m
}

func TestReplyWithFilesGoesBeforeThem(t *testing.T) {
	file, _ := desk(t)
	s, files, wang, _ := officeWithFiles(t, &fakeSystem{})
	asked := s.chat.say(wang, chat.In, chat.Read, noon, "where is it?")
	s.openTalk(wang)
	s.BeginReply(asked)
	s.Drop(fyne.NewPos(600, 300), storage.NewFileURI(file))
	s.press(fyne.KeyReturn)
	s.until("the file is offered", func() bool { return len(files.called("offer")) == 1 })
	s.mustSee("Reply to 王小明") // nothing answered yet
	s.Drop(fyne.NewPos(600, 300), storage.NewFileURI(file))
	s.write("here")
	s.press(fyne.KeyReturn)
	s.until("both are sent", func() bool { return len(files.called("reply here")) == 1 && len(files.called("offer")) == 2 })
}

func TestFailedReplyComesBack(t *testing.T) {
	s, asked, _, _, _ := talkWithWang(t)
	s.chat.sendErr = errDisk
	s.BeginReply(asked)
	s.write("at four")
	s.press(fyne.KeyReturn)
	s.until("it is back", func() bool { return s.Composer().Text() == "at four" && s.sees("the disk is full") })
	s.mustSee("Reply to 王小明")
}

func TestEdit(t *testing.T) {
	s, asked, own, wang, _ := talkWithWang(t)
	s.write("a draft")
	s.BeginEdit(asked)
	if s.Composer().Text() != "a draft" {
		t.Fatal("what others wrote can be edited")
	}
	s.BeginEdit(own)
	s.mustSee("Edit message")
	if got := s.Composer().Text(); got != "at tree" {
		t.Fatalf("the input box has %q", got)
	}
	s.Composer().SetText("at three")
	s.press(fyne.KeyReturn)
	s.until("it is changed", func() bool { return len(s.chat.called("edit at three")) == 1 && s.Shown()[2].Text == "at three" })
	if s.Composer().Text() != "a draft" || s.sees("Edit message") {
		t.Errorf("the draft became %q", s.Composer().Text())
	}
	s.stop()
	if got := s.chat.called("draft"); slices.ContainsFunc(got, func(c string) bool { return c != "draft a draft" }) {
		t.Errorf("saved as drafts of %d: %q", wang, got)
	}
}

func TestEditIsLeft(t *testing.T) {
	s, _, own, wang, anna := talkWithWang(t)
	s.write("a draft")
	for name, leave := range map[string]func(){
		"Escape":            func() { s.press(fyne.KeyEscape) },
		"nothing changed":   func() { s.press(fyne.KeyReturn) },
		"another is opened": func() { s.openTalk(anna); s.openTalk(wang) },
		"it was recalled":   func() { s.RecallElsewhere(recalled(own)) },
	} {
		s.BeginEdit(own)
		leave()
		if s.Composer().Text() != "a draft" || s.sees("Edit message") {
			t.Errorf("%s: the input box has %q", name, s.Composer().Text())
		}
	}
	if calls := s.chat.called("edit"); len(calls) > 0 {
		t.Errorf("edited: %q", calls)
	}
}

func TestFailedEditComesBack(t *testing.T) {
	s, _, own, _, _ := talkWithWang(t)
	s.chat.sendErr = errDisk
	s.BeginEdit(own)
	s.Composer().SetText("at three")
	s.press(fyne.KeyReturn)
	s.until("it is back", func() bool { return s.Composer().Text() == "at three" && s.sees("the disk is full") })
	s.mustSee("Edit message")
}

// TestFailedEditIsKeptElsewhere: the text is not lost when another conversation
// is open by the time that it could not be kept.
func TestFailedEditIsKeptElsewhere(t *testing.T) {
	s, _, own, wang, anna := talkWithWang(t)
	s.openTalk(anna)
	s.EditFails(own, "at three", errDisk)
	s.openTalk(wang)
	if got := s.Composer().Text(); got != "at three" {
		t.Errorf("the input box has %q", got)
	}
	s.EditFails(own, "at four", errDisk)
	if got := s.Composer().Text(); got != "at three" {
		t.Errorf("what was written meanwhile became %q", got)
	}
}

func TestWhatCanBeEdited(t *testing.T) {
	s, _, own, _, _ := talkWithWang(t)
	for name, c := range map[string]struct {
		change func(*chat.Message)
		want   bool
	}{
		"own text":      {func(*chat.Message) {}, true},
		"of two days":   {func(m *chat.Message) { m.Time = noon.Add(-chat.MaxAmendAge) }, false},
		"of others":     {func(m *chat.Message) { m.Direction = chat.In }, false},
		"files":         {func(m *chat.Message) { m.Kind = chat.KindFiles }, false},
		"recalled":      {func(m *chat.Message) { m.Recalled = true }, false},
		"never arrived": {func(m *chat.Message) { m.State = chat.Failed }, false},
		"still queued":  {func(m *chat.Message) { m.State = chat.Queued }, true},
	} {
		m := own
		c.change(&m)
		if got := s.CanEdit(m); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestUpEditsTheLast(t *testing.T) {
	s, _, _, _, _ := talkWithWang(t)
	s.write("x")
	s.press(fyne.KeyUp)
	if s.sees("Edit message") {
		t.Error("Up leaves a text that is being written")
	}
	s.Composer().SetText("")
	s.press(fyne.KeyUp)
	s.mustSee("Edit message")
	if got := s.Composer().Text(); got != "at tree" {
		t.Errorf("the input box has %q", got)
	}
}

func TestEnterAndCtrlEnter(t *testing.T) {
	ctrlEnter := &desktop.CustomShortcut{KeyName: fyne.KeyReturn, Modifier: fyne.KeyModifierShortcutDefault}
	for name, c := range map[string]struct {
		ctrl        bool // the user prefers Ctrl+Enter
		shift, with bool
		sends       bool
	}{
		"Enter":                        {sends: true},
		"Shift+Enter":                  {shift: true},
		"Ctrl+Enter":                   {with: true},
		"Enter, Ctrl preferred":        {ctrl: true},
		"Shift+Enter, Ctrl preferred":  {ctrl: true, shift: true},
		"Ctrl+Enter where it is asked": {ctrl: true, with: true, sends: true},
	} {
		t.Run(name, func(t *testing.T) {
			s, _, _, _, _ := talkWithWang(t, func(cfg *gui.Config) { cfg.Preferences = preferring(gui.Preferences{SendWithCtrl: c.ctrl}) })
			s.write("ab")
			switch {
			case c.with:
				s.Composer().TypedShortcut(ctrlEnter)
			case c.shift:
				s.Composer().KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
				fallthrough
			default:
				s.press(fyne.KeyReturn)
			}
			want := "ab\n"
			if c.sends {
				want = ""
			}
			if got := s.Composer().Text(); got != want {
				t.Errorf("the input box has %q, want %q", got, want)
			}
		})
	}
}

func TestCtrlEnterInACompositionSendsNothing(t *testing.T) {
	f, wang, _, _, _ := office()
	now := noon
	f.now = func() time.Time { return now }
	s := open(t, "zh", f, func(cfg *gui.Config) { cfg.Preferences = preferring(gui.Preferences{SendWithCtrl: true}) })
	s.openTalk(wang)
	s.write("你")
	s.press("N")
	now = now.Add(100 * time.Millisecond)
	s.Composer().TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyReturn, Modifier: fyne.KeyModifierShortcutDefault})
	if got := s.Composer().Text(); got != "你" {
		t.Errorf("the input box has %q", got)
	}
}

func TestComposerGrowsToEightLines(t *testing.T) {
	s, _, _, _, _ := talkWithWang(t)
	for lines := 1; lines <= 12; lines++ {
		if got := s.ComposerRows(); got != min(lines, 8) {
			t.Errorf("%d lines make %d rows", lines, got)
		}
		s.InsertText("\n")
	}
	s.Composer().SetText("a\nb\nc")
	s.Composer().SetText("")
	s.Composer().SetText("a\nb\nc")
	if got := s.ComposerRows(); got != 3 {
		t.Errorf("the same three lines again make %d rows", got)
	}
}

// TestChangedEditIsKept: nothing but an answer to a question throws the new text
// of a message away.
func TestChangedEditIsKept(t *testing.T) {
	file, _ := desk(t)
	for name, meanwhile := range map[string]func(s *screen, asked chat.Message, wang, anna chat.ContactID){
		"another is opened": func(s *screen, _ chat.Message, wang, anna chat.ContactID) {
			s.openTalk(anna)
			if got := s.Composer().Text(); got != "" || s.sees("Edit message") {
				t.Errorf("Anna would get %q", got)
			}
			s.openTalk(wang)
		},
		"a file is dropped": func(s *screen, _ chat.Message, wang, _ chat.ContactID) {
			s.Drop(fyne.NewPos(600, 300), storage.NewFileURI(file))
			s.mustSee("What you have added")
			if s.Attached(wang) != 1 || s.sees("报告.pdf") {
				t.Error("the file is lost, or in the way")
			}
		},
		"a reply is begun": func(s *screen, asked chat.Message, _, _ chat.ContactID) {
			s.BeginReply(asked)
			s.mustSee("Discard the changes?")
			s.PressInModal("Cancel")
		},
		"it is begun again": func(s *screen, _ chat.Message, _, _ chat.ContactID) {
			s.BeginEdit(s.Shown()[2])
		},
		"another edit is begun": func(s *screen, _ chat.Message, _, _ chat.ContactID) {
			s.BeginEdit(s.Shown()[3])
			s.PressInModal("Cancel")
		},
		"Escape": func(s *screen, _ chat.Message, _, _ chat.ContactID) {
			s.press(fyne.KeyEscape)
			s.PressInModal("Cancel")
		},
	} {
		t.Run(name, func(t *testing.T) {
			f, wang, anna, _, _ := office()
			asked := f.say(wang, chat.In, chat.Read, noon.Add(-time.Hour), "when do you come?")
			own := f.say(wang, chat.Out, chat.Read, noon.Add(-time.Minute), "at tree")
			f.say(wang, chat.Out, chat.Read, noon, "or later")
			s := open(t, "en", f, withFiles(newFakeFiles(f), &fakeSystem{}))
			s.openTalk(wang)
			s.until("it is loaded", func() bool { return !s.Loading() })
			s.write("a draft")
			s.BeginEdit(own)
			s.Composer().SetText("at three")
			meanwhile(s, asked, wang, anna)
			s.mustSee("Edit message")
			if got := s.Composer().Text(); got != "at three" {
				t.Fatalf("the input box has %q", got)
			}
			s.press(fyne.KeyReturn)
			s.until("it is changed", func() bool { return len(s.chat.called("edit at three")) == 1 })
			if got := s.Composer().Text(); got != "a draft" {
				t.Errorf("the draft became %q", got)
			}
			if s.Attached(wang) == 1 {
				s.mustSee("报告.pdf")
			}
		})
	}
}

func TestChangedEditIsDiscarded(t *testing.T) {
	s, asked, own, _, _ := talkWithWang(t)
	s.BeginEdit(own)
	s.Composer().SetText("at three")
	s.BeginReply(asked)
	s.PressInModal("Discard")
	s.mustSee("Reply to 王小明")
	if got := s.Composer().Text(); got != "" || s.ModalOpen() {
		t.Errorf("the input box has %q", got)
	}
}

// TestMergeKeepsWhatIsNotSent: a conversation that moves to another contact
// takes along the draft, also one behind an edit, the edit and the files.
func TestMergeKeepsWhatIsNotSent(t *testing.T) {
	file, _ := desk(t)
	for name, edits := range map[string]bool{"a draft": false, "a draft behind an edit": true} {
		t.Run(name, func(t *testing.T) {
			f, wang, _, _, _ := office()
			pending := f.add(chat.Summary{Contact: chat.Contact{Address: "192.168.1.23:60000"}})
			own := f.say(pending, chat.Out, chat.Queued, noon.Add(-time.Minute), "at tree")
			f.people[wang].Draft = "of yesterday"
			s := open(t, "en", f, withFiles(newFakeFiles(f), &fakeSystem{}))
			s.openTalk(pending)
			s.until("it is loaded", func() bool { return !s.Loading() })
			s.Drop(fyne.NewPos(600, 300), storage.NewFileURI(file))
			s.write("half a sen")
			if edits {
				s.BeginEdit(own)
				s.Composer().SetText("at three")
			}
			f.mu.Lock()
			delete(f.people, pending)
			f.mu.Unlock()
			f.events <- chat.ContactMerged{From: pending, Into: wang}
			s.until("the other conversation is open", func() bool { return s.OpenContact() == wang && !s.Loading() })
			if edits {
				s.mustSee("Edit message")
				if got := s.Composer().Text(); got != "at three" {
					t.Errorf("the edit became %q", got)
				}
				s.press(fyne.KeyEscape)
				s.PressInModal("Discard")
			}
			if got := s.Composer().Text(); got != "of yesterday\nhalf a sen" {
				t.Errorf("the draft became %q", got)
			}
			if s.Attached(wang) != 1 {
				t.Error("the file is lost")
			}
		})
	}
}

// What was deleted in one text does not come back in another one, though both
// are alike at the moment.
func TestUndoStaysWithItsText(t *testing.T) {
	undo := func(s *screen) { s.Composer().TypedShortcut(&fyne.ShortcutUndo{}) }
	redo := func(s *screen) { s.Composer().TypedShortcut(&fyne.ShortcutRedo{}) }
	for what, c := range map[string]struct {
		write  string // and then delete
		others func(s *screen, own chat.Message, anna chat.ContactID)
		again  func(*screen)
		want   string
	}{
		"another conversation": {"secret", func(s *screen, _ chat.Message, anna chat.ContactID) { s.openTalk(anna) }, undo, ""},
		"redone in another conversation": {"secret", func(s *screen, _ chat.Message, anna chat.ContactID) {
			s.write("x")
			undo(s)
			s.openTalk(anna)
		}, redo, ""},
		"an edit": {"secret", func(s *screen, own chat.Message, _ chat.ContactID) {
			s.write(own.Text)
			s.BeginEdit(own)
		}, undo, "at tree"},
		"after an edit": {"", func(s *screen, own chat.Message, _ chat.ContactID) {
			s.BeginEdit(own)
			s.erase()
			s.press(fyne.KeyReturn)
			s.press(fyne.KeyEscape)
			s.PressInModal("Discard")
		}, undo, ""},
	} {
		s, _, own, _, anna := talkWithWang(t)
		s.write(c.write)
		s.erase()
		c.others(s, own, anna)
		c.again(s)
		if got := s.Composer().Text(); got != c.want {
			t.Errorf("%s: the input box has %q, want %q", what, got, c.want)
		}
	}
}

// erase deletes what is in the input box, character by character.
func (s *screen) erase() {
	for s.Composer().Text() != "" {
		s.press(fyne.KeyBackspace)
	}
}
