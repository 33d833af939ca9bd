package gui_test

import (
	"context"
	"image"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/storage"

	"feihong/app/gui"
)

// TestQuittingAsksForWhatIsNotSent: files and changed messages are not kept
// beyond the end of the program, and so do not go without a question.
func TestQuittingAsksForWhatIsNotSent(t *testing.T) {
	quit := &desktop.CustomShortcut{KeyName: fyne.KeyQ, Modifier: fyne.KeyModifierShortcutDefault}
	file, folder := desk(t)
	s, _, wang, anna := officeWithFiles(t, &fakeSystem{})
	s.openTalk(wang)
	s.write("a draft, which is kept")
	s.Shortcut(quit)
	if s.quit != 1 || s.ModalOpen() {
		t.Fatalf("it ended %d times without anything to lose", s.quit)
	}
	s.Drop(fyne.NewPos(600, 300), storage.NewFileURI(file), storage.NewFileURI(folder))
	s.openTalk(anna)
	s.Shortcut(quit)
	s.mustSee("Quit without sending?", "Attached for 王小明: 报告.pdf and 1 more")
	if s.PressInModal("Cancel"); s.quit != 1 || s.Attached(wang) != 2 {
		t.Fatalf("it ended %d times, %d are attached", s.quit, s.Attached(wang))
	}
	s.Shortcut(quit)
	if s.PressInModal("Quit"); s.quit != 2 {
		t.Error("it does not end")
	}
}

func TestClosingAsksForAChangedMessage(t *testing.T) {
	s, _, own, _, _ := talkWithWang(t)
	s.BeginEdit(own)
	s.Composer().SetText("at three")
	s.CloseByUser()
	s.mustSee("Quit without sending?", "To 王小明: a changed message")
	s.PressInModal("Cancel")
	s.mustSee("Edit message")
}

// TestQuittingAsksForWhatIsBeingOffered: the end of the program stops what
// prepares an offer, so that it is not sent yet. Its caption is kept.
func TestQuittingAsksForWhatIsBeingOffered(t *testing.T) {
	quit := &desktop.CustomShortcut{KeyName: fyne.KeyQ, Modifier: fyne.KeyModifierShortcutDefault}
	file, folder := desk(t)
	s, files, wang, anna := officeWithFiles(t, &fakeSystem{})
	files.wait = make(chan struct{})
	s.openTalk(wang)
	s.Drop(fyne.NewPos(600, 300), storage.NewFileURI(file))
	s.write("look")
	s.press(fyne.KeyReturn)
	s.Drop(fyne.NewPos(600, 300), storage.NewFileURI(folder))
	s.write("and")
	s.openTalk(anna)
	s.Shortcut(quit)
	s.mustSee("Quit without sending?", "Attached for 王小明: photos and 1 more")
	if s.PressInModal("Cancel"); s.quit != 0 {
		t.Fatal("it ends without a question")
	}
	s.until("the caption is kept", func() bool { return len(files.called("draft and\nlook")) > 0 })

	s.openTalk(wang)
	s.PressDetach()
	close(files.wait)
	s.until("it is offered", func() bool { return s.sees("offered.txt") })
	s.until("the caption is not kept any more", func() bool {
		drafts := files.called("draft ")
		return drafts[len(drafts)-1] == "draft and"
	})
	if s.Shortcut(quit); s.quit != 1 || s.ModalOpen() {
		t.Error("it asks for what is sent")
	}
}

// TestQuittingAsksForPictures: one that is being read or marked is as good as
// attached.
func TestQuittingAsksForPictures(t *testing.T) {
	quit := &desktop.CustomShortcut{KeyName: fyne.KeyQ, Modifier: fyne.KeyModifierShortcutDefault}
	f, wang, _, _, _ := office()
	a := &album{clipboard: pngOf(t, drawn(9, 9))}
	read := make(chan struct{})
	slow := func(ctx context.Context) ([]byte, error) {
		<-read
		return a.image(ctx)
	}
	capture := func(context.Context) (image.Image, error) { return drawn(640, 480), nil }
	s := open(t, "en", f, withFiles(newFakeFiles(f), &fakeSystem{}), func(cfg *gui.Config) {
		cfg.ClipboardImage, cfg.Keep, cfg.Capture = slow, a.keep, capture
	})
	s.openTalk(wang)
	s.paste("")
	s.Shortcut(quit)
	s.mustSee("Attached for 王小明: Picture 2026-11-22 12-00-00")
	s.PressInModal("Cancel")
	close(read)
	s.until("it is attached", func() bool { return s.Attached(wang) == 1 })
	s.PressDetach()

	s.TakeScreenshot()
	s.until("the screen is frozen", func() bool { _, marking := s.ScreenEditor(); return marking })
	if s.Shortcut(quit); s.quit != 1 {
		t.Error("it asks for a picture of which nothing was chosen")
	}
	editor, _ := s.ScreenEditor()
	editor.Resize(fyne.NewSize(640, 480))
	editor.Drag(fyne.NewPos(10, 10), fyne.NewPos(200, 200))
	s.Shortcut(quit)
	s.mustSee("Attached for 王小明: Screenshot 2026-11-22 12-00-00")
	s.PressInModal("Cancel")
	editor.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	editor.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	s.until("it is over", func() bool { _, marking := s.ScreenEditor(); return !marking })
	if s.quit != 1 {
		t.Errorf("it ended %d times", s.quit)
	}
}
