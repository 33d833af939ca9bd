package gui_test

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"feihong/app/chat"
)

// TestFailedTextMeetsAnother: a text that could not be sent is there again,
// whatever the user has done since.
func TestFailedTextMeetsAnother(t *testing.T) {
	for name, c := range map[string]struct {
		meanwhile func(s *screen, wang, anna chat.ContactID)
		want      string
	}{
		"nothing":           {func(*screen, chat.ContactID, chat.ContactID) {}, "first"},
		"the next is begun": {func(s *screen, _, _ chat.ContactID) { s.write("second") }, "second\nfirst"},
		"away and back":     {func(s *screen, wang, anna chat.ContactID) { s.Open(anna); s.Open(wang) }, "first"},
		"away":              {func(s *screen, _, anna chat.ContactID) { s.Open(anna) }, "first"},
		"the next is begun, away": {func(s *screen, _, anna chat.ContactID) {
			s.write("second")
			s.Open(anna)
		}, "second\nfirst"},
	} {
		t.Run(name, func(t *testing.T) {
			s, _, _, wang, anna := talkWithWang(t)
			s.chat.sendErr = errDisk
			s.write("first")
			s.press(fyne.KeyReturn)
			c.meanwhile(s, wang, anna)
			s.until("it is told", func() bool { return s.sees("Not sent") })
			s.Open(wang)
			if got := s.Composer().Text(); got != c.want {
				t.Errorf("the input box has %q", got)
			}
			s.Composer().TypedRune('!') // saves what the box has
			s.stop()
			if draft := s.chat.summary(wang).Draft; len(draft) != len(c.want)+1 {
				t.Errorf("the draft is %q", draft)
			}
		})
	}
}

func TestCursorStaysWhenATextComesBack(t *testing.T) {
	s, _, _, _, _ := talkWithWang(t)
	s.chat.sendErr = errDisk
	s.write("first")
	s.press(fyne.KeyReturn)
	s.write("sec")
	s.until("it is told", func() bool { return s.sees("Not sent") })
	s.write("ond")
	if got := s.Composer().Text(); got != "second\nfirst" {
		t.Errorf("the input box has %q", got)
	}
}

// TestFailedTextIsNoEdit: a text that comes back while a message is edited does
// not become the new text of that.
func TestFailedTextIsNoEdit(t *testing.T) {
	s, _, own, _, _ := talkWithWang(t)
	s.chat.sendErr = errDisk
	s.write("first")
	s.press(fyne.KeyReturn)
	s.BeginEdit(own)
	s.Composer().SetText("")
	s.until("it is told", func() bool { return s.sees("Not sent") })
	if got := s.Composer().Text(); got != "" {
		t.Errorf("the message would become %q", got)
	}
	s.press(fyne.KeyEscape)
	s.PressInModal("Discard")
	if got := s.Composer().Text(); got != "first" {
		t.Errorf("the input box has %q", got)
	}
}

// TestFailedMessageStaysWhereItIs: sending it again, in vain, changes nothing in
// the input box.
func TestFailedMessageStaysWhereItIs(t *testing.T) {
	s, _, own, _, _ := talkWithWang(t)
	s.chat.sendErr = errDisk
	s.write("something else")
	s.SendAgain(own)
	s.until("it is told", func() bool { return s.sees("Not sent") })
	if got := s.Composer().Text(); got != "something else" {
		t.Errorf("the input box has %q", got)
	}
}

func TestFailedEditMeetsADraft(t *testing.T) {
	s, asked, own, _, _ := talkWithWang(t)
	s.chat.sendErr = errDisk
	s.BeginEdit(own)
	s.Composer().SetText("at three")
	s.press(fyne.KeyReturn)
	s.write("a draft")
	s.BeginReply(asked)
	s.until("it is told", func() bool { return s.sees("The message was not changed") })
	s.mustSee("Reply to 王小明")
	if got := s.Composer().Text(); got != "a draft\nat three" {
		t.Errorf("the input box has %q", got)
	}
}

func TestFailedOfferMeetsAnother(t *testing.T) {
	file, folder := desk(t)
	s, files, wang, _ := officeWithFiles(t, &fakeSystem{})
	files.offerErr = errDisk
	s.openTalk(wang)
	s.Drop(fyne.NewPos(600, 300), storage.NewFileURI(file))
	s.write("look")
	s.press(fyne.KeyReturn)
	s.Drop(fyne.NewPos(600, 300), storage.NewFileURI(folder))
	s.write("and this")
	s.until("it is told", func() bool { return s.sees("Not sent") })
	s.mustSee("报告.pdf and 1 more")
	if got := s.Composer().Text(); got != "and this\nlook" {
		t.Errorf("the input box has %q", got)
	}
}

// TestPicturesComeBackAll: two choices, each as large as one may be, are both
// there after the first could not be sent.
func TestPicturesComeBackAll(t *testing.T) {
	s, files, wang, _ := officeWithAlbum(t, &album{})
	files.wait, files.offerErr = make(chan struct{}), errDisk
	for i := range 18 {
		s.AttachPicture(wang, drawn(10+i, 10))
		want := i%9 + 1
		s.until("it is attached", func() bool { return s.Attached(wang) == want })
		if i == 8 {
			s.press(fyne.KeyReturn)
		}
	}
	close(files.wait)
	s.until("it is told", func() bool { return s.sees("Not sent") })
	if got := s.Attached(wang); got != 18 {
		t.Errorf("%d pictures are attached", got)
	}
}

func TestCancelledOfferIsKeptElsewhere(t *testing.T) {
	file, _ := desk(t)
	s, files, wang, anna := officeWithFiles(t, &fakeSystem{})
	files.wait = make(chan struct{})
	s.openTalk(wang)
	s.Drop(fyne.NewPos(600, 300), storage.NewFileURI(file))
	s.write("look")
	s.press(fyne.KeyReturn)
	s.until("it is told", func() bool { return s.sees("Preparing the files …") })
	s.PressNotice()
	s.Open(anna)
	s.until("it is back", func() bool { return s.Attached(wang) == 1 })
	s.Open(wang)
	if got := s.Composer().Text(); got != "look" {
		t.Errorf("the input box has %q", got)
	}
}

// TestMergeKeepsBothEdits: two conversations become one while a message is being
// changed in each.
func TestMergeKeepsBothEdits(t *testing.T) {
	for name, shown := range map[string]string{"the one that goes is open": "from", "the one that stays is open": "into"} {
		t.Run(name, func(t *testing.T) {
			f, wang, _, _, _ := office()
			pending := f.add(chat.Summary{Contact: chat.Contact{Address: "192.168.1.23:60000"}})
			there := f.say(wang, chat.Out, chat.Read, noon.Add(-time.Minute), "at tree")
			here := f.say(pending, chat.Out, chat.Queued, noon.Add(-time.Minute), "in the hole")
			s := open(t, "en", f)
			s.openTalk(wang)
			s.write("a nut")
			s.BeginEdit(there)
			s.Composer().SetText("at three")
			s.openTalk(pending)
			s.write("nut")
			s.BeginEdit(here)
			s.Composer().SetText("in the hall")
			if shown == "into" {
				s.openTalk(wang)
			}
			f.mu.Lock()
			delete(f.people, pending)
			f.mu.Unlock()
			f.events <- chat.ContactMerged{From: pending, Into: wang}
			s.until("they are one", func() bool { return s.OpenContact() == wang && s.Composer().Text() == "in the hall" })
			s.press(fyne.KeyEscape)
			s.PressInModal("Discard")
			if got := s.Composer().Text(); got != "a nut\nnut\nat three" {
				t.Errorf("the draft became %q", got)
			}
		})
	}
}

// TestMergeShowsTheDraft: the draft of the conversation that goes is in the open
// one, so that the next letter does not replace it.
func TestMergeShowsTheDraft(t *testing.T) {
	f, wang, _, _, _ := office()
	pending := f.add(chat.Summary{Contact: chat.Contact{Address: "192.168.1.23:60000"}})
	s := open(t, "en", f)
	s.openTalk(pending)
	s.write("of the other")
	s.openTalk(wang)
	s.write("half a sen")
	f.mu.Lock()
	delete(f.people, pending)
	f.mu.Unlock()
	f.events <- chat.ContactMerged{From: pending, Into: wang}
	s.until("the draft is there", func() bool { return s.Composer().Text() == "half a sen\nof the other" })
}

// TestFailedTextFollowsAMerge: what fails after its conversation moved comes back
// where that is now.
func TestFailedTextFollowsAMerge(t *testing.T) {
	file, _ := desk(t)
	f, wang, _, _, _ := office()
	pending := f.add(chat.Summary{Contact: chat.Contact{Address: "192.168.1.23:60000"}})
	files := newFakeFiles(f)
	files.wait, files.offerErr = make(chan struct{}), errDisk
	s := open(t, "en", f, withFiles(files, &fakeSystem{}))
	s.openTalk(pending)
	s.Drop(fyne.NewPos(600, 300), storage.NewFileURI(file))
	s.write("look")
	s.press(fyne.KeyReturn)
	f.mu.Lock()
	delete(f.people, pending)
	f.mu.Unlock()
	f.events <- chat.ContactMerged{From: pending, Into: wang}
	s.until("they are one", func() bool { return s.OpenContact() == wang })
	close(files.wait)
	s.until("it is told", func() bool { return s.sees("Not sent") })
	if got := s.Composer().Text(); got != "look" || s.Attached(wang) != 1 {
		t.Errorf("the input box has %q, %d are attached", got, s.Attached(wang))
	}
}

func TestChangedEditOfARecalledMessage(t *testing.T) {
	for name, away := range map[string]bool{"open": false, "another is open": true} {
		t.Run(name, func(t *testing.T) {
			s, _, own, wang, anna := talkWithWang(t)
			s.write("a draft")
			s.BeginEdit(own)
			s.Composer().SetText("at three")
			if away {
				s.openTalk(anna)
			}
			s.chat.events <- chat.MessageChanged{Message: recalled(own)}
			s.until("it is known", func() bool { return !s.Answers(wang) })
			s.openTalk(wang)
			if got := s.Composer().Text(); got != "a draft\nat three" || s.sees("Edit message") {
				t.Errorf("the input box has %q", got)
			}
		})
	}
}
