package gui_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"feihong/app/chat"
	"feihong/app/gui"
)

// talkWithFiles opens a conversation with one transfer in it, above which there
// are messages.
func talkWithFiles(t *testing.T, transfer chat.Transfer, system *fakeSystem) (*screen, *fakeFiles, chat.Transfer) {
	t.Helper()
	f := newFakeChat(clockAtNoon)
	anna := f.add(chat.Summary{Contact: chat.Contact{Peer: peer(1), Name: "Anna"}, Online: true})
	files := newFakeFiles(f)
	for range 30 {
		f.say(anna, chat.In, chat.Read, noon.Add(-time.Hour), "some line")
	}
	transfer = files.put(anna, chat.Delivered, noon, transfer)
	s := open(t, "en", f, withFiles(files, system))
	s.openTalk(anna)
	s.work()
	return s, files, transfer
}

func TestButtonsDoWhatTheySay(t *testing.T) {
	cases := cardCases()
	s, files := showCards(t, "en", cases, &fakeSystem{folder: "/srv/other", rules: gui.FileRules{Folder: "/srv/in"}})
	for i, c := range cases {
		for _, label := range strings.FieldsFunc(c.buttons+"|"+c.tools, func(r rune) bool { return r == '|' }) {
			want := map[string]string{
				"Accept": "accept ", "Save as …": "accept /srv/other", "Decline": "reject", "Pause": "pause", "Resume": "resume",
				"Cancel": "cancel", "Try again": "again", "Open": "open /", "Show in folder": "reveal /",
			}[label]
			before := len(files.called(want))
			s.Cards()[i].Press(label)
			if label == "Cancel" && c.transfer.Done > 0 {
				s.PressInModal("Cancel transfer")
			}
			s.until(c.name+": "+label+" is done", func() bool { return len(files.called(want)) == before+1 && !s.Picking() })
		}
	}
	if len(files.called("pick in /srv/in")) == 0 {
		t.Error("a folder was not asked for where files usually go")
	}
}

// What is tried again once is not tried again from the same card: that would
// offer it twice.
func TestTriedAgainOnce(t *testing.T) {
	failed := chat.Transfer{Direction: chat.Out, State: chat.TransferFailed, Reason: "source-changed", Tops: report, Files: 1, Bytes: 10}
	s, files, failed := talkWithFiles(t, failed, &fakeSystem{})
	if got := s.Cards()[0].Buttons; !slices.Equal(got, []string{"Try again"}) {
		t.Fatalf("the buttons are %q", got)
	}
	retry, err := files.Offer(t.Context(), failed.Contact, []string{"/report.pdf"}, "")
	if err != nil {
		t.Fatal(err)
	}
	retry.Retry = failed.ID
	files.become(retry)
	s.until("the button is gone", func() bool { return len(s.Cards()) == 2 && len(s.Cards()[0].Buttons) == 0 })
}

// A transfer that has come some way is not cancelled by a slip of the mouse.
func TestCancellingAsksOnceSomethingWasMoved(t *testing.T) {
	running := chat.Transfer{Direction: chat.In, State: chat.TransferRunning, Tops: report, Files: 1, Bytes: 12_400_000, Done: 4_100_000}
	s, files, transfer := talkWithFiles(t, running, &fakeSystem{})
	s.Cards()[0].Press("Cancel")
	s.mustSee("4.1 / 12.4 MB have been transferred.")
	s.PressInModal("Go on")
	s.work()
	if got := files.called("cancel"); len(got) > 0 || s.ModalOpen() {
		t.Errorf("%q was done, the question is open: %v", got, s.ModalOpen())
	}
	transfer.State, transfer.Done = chat.TransferOffered, 0
	transfer.Direction = chat.Out
	s.stop()

	s, files, _ = talkWithFiles(t, transfer, &fakeSystem{})
	s.Cards()[0].Press("Cancel")
	s.until("it is cancelled without a question", func() bool { return len(files.called("cancel")) == 1 })
}

// The window's own dialog for files takes the keys until it is closed, and
// Escape closes it.
func TestOwnDialogForFilesTakesTheKeys(t *testing.T) {
	s, files, _ := talkWithFiles(t, cardCases()[0].transfer, &fakeSystem{err: errors.ErrUnsupported})
	s.Cards()[0].Press("Save as …")
	s.until("a dialog of the window is open", s.PickerOpen)
	s.mustSee("Choose a folder", "Choose this folder")
	s.Canvas().Unfocus()
	for _, r := range "text" {
		s.Canvas().OnTypedRune()(r)
	}
	if got := s.Composer().Text(); got != "" {
		t.Errorf("%q was written behind the dialog", got)
	}
	s.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if s.PickerOpen() || s.Canvas().Overlays().Top() != nil {
		t.Error("the dialog is still open")
	}
	if got := files.called("accept"); len(got) > 0 {
		t.Errorf("it was accepted: %q", got)
	}
}

func TestSaveAsWithoutAFolderAcceptsNothing(t *testing.T) {
	s, files, _ := talkWithFiles(t, cardCases()[0].transfer, &fakeSystem{})
	s.Cards()[0].Press("Save as …")
	s.until("the folder was asked for", func() bool { return len(files.called("pick")) == 1 && !s.Picking() })
	if got := files.called("accept"); len(got) > 0 {
		t.Errorf("it was accepted: %q", got)
	}
}

// Progress draws the card again and nothing else.
func TestProgressTouchesOnlyTheCard(t *testing.T) {
	running := chat.Transfer{Direction: chat.In, State: chat.TransferRunning, Tops: report, Files: 3, Bytes: 1000, Left: -1}
	s, files, transfer := talkWithFiles(t, running, &fakeSystem{})
	laidOut := s.WatchLayout()
	rows := s.RowObjects()
	for done := range int64(10) {
		transfer.Done, transfer.Rate, transfer.Left, transfer.Current = done*100, done*7, time.Duration(done)*time.Second, strings.Repeat("x", int(done))
		files.events <- chat.TransferProgress{Transfer: transfer}
		want := strings.Repeat("x", int(done))
		s.until("progress is shown", func() bool { return done == 0 || s.sees("1 of 3: "+want) })
	}
	if laidOut() {
		t.Error("the whole conversation was laid out")
	}
	if !slices.Equal(rows, s.RowObjects()) {
		t.Error("rows were exchanged")
	}
	s.mustSee("900 bytes / 1 kB · 63 bytes/s", "9 s left")
}

// Progress is shown at most ten times a second, and the end at once.
func TestProgressIsCalm(t *testing.T) {
	running := chat.Transfer{Direction: chat.In, State: chat.TransferRunning, Tops: report, Files: 1, Bytes: 10_000, Left: -1}
	s, files, transfer := talkWithFiles(t, running, &fakeSystem{})
	begun, drawn, last := time.Now(), 0, ""
	for done := range int64(10_000) {
		transfer.Done = done
		files.events <- chat.TransferProgress{Transfer: transfer}
		s.work()
		if now := strings.Join(s.Cards()[0].Texts, "|"); now != last {
			last = now
			drawn++
		}
	}
	if most := int(time.Since(begun)/(time.Second/10)) + 2; drawn > most {
		t.Errorf("progress was drawn %d times, at most %d would be calm", drawn, most)
	}
	transfer.State = chat.TransferDone
	files.become(transfer)
	s.until("the end is shown", func() bool { return s.sees("Received and verified") })
}

// A new height of the card moves what is below it, and the end stays in sight.
func TestCardThatGrowsKeepsTheEnd(t *testing.T) {
	s, files, transfer := talkWithFiles(t, chat.Transfer{Direction: chat.In, State: chat.TransferRejected, Tops: report, Files: 1}, &fakeSystem{})
	before := s.TimelineHeight()
	transfer.State, transfer.Reason, transfer.Detail = chat.TransferFailed, "source-changed", "x"
	files.become(transfer)
	s.until("the failure is shown", func() bool { return s.sees("A file was changed") })
	if s.TimelineHeight() <= before || !s.AtEnd() {
		t.Errorf("the conversation has %g instead of more than %g, end in sight: %v", s.TimelineHeight(), before, s.AtEnd())
	}
}

// A second tap on "accept" must not open what is there a moment later.
func TestNewButtonsTakeNoTapAtOnce(t *testing.T) {
	done := cardCases()[slices.IndexFunc(cardCases(), func(c cardCase) bool { return c.name == "done in" })].transfer
	offered := done
	offered.State, offered.Paths = chat.TransferOffered, nil
	now := noon
	f := newFakeChat(func() time.Time { return now })
	anna := f.add(chat.Summary{Contact: chat.Contact{Peer: peer(1), Name: "Anna"}, Online: true})
	files := newFakeFiles(f)
	offered = files.put(anna, chat.Delivered, noon, offered)
	s := open(t, "en", f, withFiles(files, &fakeSystem{}))
	s.openTalk(anna)
	s.Cards()[0].Press("Accept")
	done.ID, done.Contact = offered.ID, offered.Contact
	files.become(done)
	s.until("it is done", func() bool { return s.sees("Received and verified") })
	s.Cards()[0].Press("Open")
	now = now.Add(time.Second)
	s.Cards()[0].Press("Show in folder")
	s.until("the folder is shown", func() bool { return len(files.called("reveal")) == 1 })
	if got := files.called("open"); len(got) > 0 {
		t.Errorf("the second tap did %q", got)
	}
}

func TestProgramsAreOpenedAfterAQuestion(t *testing.T) {
	transfer := chat.Transfer{Direction: chat.In, State: chat.TransferDone, Tops: tool, Files: 1, Executables: 1, Paths: []string{"/srv/in/setup-2.1.exe"}}
	for answer, want := range map[string]string{"Cancel": "", "Show in folder": "reveal /srv/in/setup-2.1.exe", "Open anyway": "open /srv/in/setup-2.1.exe"} {
		s, files, _ := talkWithFiles(t, transfer, &fakeSystem{})
		s.Cards()[0].Press("Open")
		s.mustSee("is a program. It can do anything")
		if got := files.called("open"); len(got) > 0 {
			t.Fatalf("without an answer: %q", got)
		}
		s.PressInModal(answer)
		if want != "" {
			s.until(want, func() bool { return len(files.called(want)) == 1 })
		}
		s.work()
		if got := len(files.called("open")) + len(files.called("reveal")); s.ModalOpen() || want == "" && got > 0 {
			t.Errorf("%s: the question is open: %v; %d things were done", answer, s.ModalOpen(), got)
		}
		s.stop()
	}
}

func TestWhatTheSystemRefusesIsTold(t *testing.T) {
	transfer := cardCases()[slices.IndexFunc(cardCases(), func(c cardCase) bool { return c.name == "done in" })].transfer
	s, _, _ := talkWithFiles(t, transfer, &fakeSystem{refused: errors.New("no program for it")})
	s.Cards()[0].Press("Open")
	s.until("it is told", func() bool { return s.sees("No program on this computer") })
}

// Buttons can be reached and pressed with the keyboard, and a button that goes
// does not keep the focus.
func TestCardIsUsedWithTheKeyboard(t *testing.T) {
	s, files, transfer := talkWithFiles(t, cardCases()[0].transfer, &fakeSystem{})
	for range 10 { // backwards from the input field
		s.Canvas().FocusPrevious()
		if label, ok := s.Canvas().Focused().(fyne.Accessible); ok && label.AccessibilityLabel() == "Accept" {
			break
		}
	}
	s.press(fyne.KeySpace)
	s.until("it is accepted", func() bool { return len(files.called("accept")) == 1 })
	transfer.State = chat.TransferRunning
	files.become(transfer)
	s.until("it runs", func() bool { return len(s.Cards()[0].Tools) == 2 })
	if label, ok := s.Canvas().Focused().(fyne.Accessible); ok && label.AccessibilityLabel() == "Accept" {
		t.Error("a button that is gone has the focus")
	}
}

func TestMenuOfACard(t *testing.T) {
	transfer := chat.Transfer{Direction: chat.In, State: chat.TransferDone, Tops: many, Files: 34, Text: "as promised", Paths: []string{"/srv/in/a", "/srv/in/b"}}
	s, _, _ := talkWithFiles(t, transfer, &fakeSystem{})
	for item, want := range map[string]string{
		"Copy names": "季度报告.docx\n预算.xlsx\nslides", "Copy message": "as promised", "Copy path": "/srv/in/a\n/srv/in/b", "Copy selection": "promised",
	} {
		if got := s.CopyFromCard(item, "promised"); got != want {
			t.Errorf("%s copies %q, want %q", item, got, want)
		}
	}
}

func TestLaggingReloadsTransfers(t *testing.T) {
	s, files, transfer := talkWithFiles(t, chat.Transfer{Direction: chat.In, State: chat.TransferRunning, Tops: report, Files: 1, Bytes: 10}, &fakeSystem{})
	transfer.State = chat.TransferDone
	files.keep(transfer)
	files.events <- chat.Lagged{}
	s.until("the end is shown", func() bool { return s.sees("Received and verified") })
}
