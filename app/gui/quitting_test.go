package gui_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/storage"
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
