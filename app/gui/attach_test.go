package gui_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/storage"

	"feihong/app/chat"
	"feihong/app/gui"
)

// desk is a folder with something to send.
func desk(t *testing.T) (file, folder string) {
	t.Helper()
	dir := t.TempDir()
	file, folder = filepath.Join(dir, "报告.pdf"), filepath.Join(dir, "photos")
	if err := os.MkdirAll(filepath.Join(folder, "empty"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, size := range map[string]int{file: 1500, filepath.Join(folder, "a.jpg"): 2_000_000, filepath.Join(folder, "b.jpg"): 500} {
		if err := os.WriteFile(name, make([]byte, size), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return file, folder
}

func officeWithFiles(t *testing.T, system *fakeSystem) (s *screen, files *fakeFiles, wang, anna chat.ContactID) {
	t.Helper()
	f, wang, anna, _, _ := office()
	files = newFakeFiles(f)
	return open(t, "en", f, withFiles(files, system)), files, wang, anna
}

func TestDroppedFilesWaitForSend(t *testing.T) {
	file, folder := desk(t)
	s, files, wang, anna := officeWithFiles(t, &fakeSystem{})
	s.openTalk(wang)
	s.Drop(fyne.NewPos(600, 300), storage.NewFileURI(file))
	s.until("it is counted", func() bool { return s.sees("1.5 kB") })
	s.mustSee("报告.pdf", "Add a few words")
	s.Drop(fyne.NewPos(600, 300), storage.NewFileURI(folder), storage.NewFileURI(file))
	s.until("both are counted", func() bool { return s.sees("2 MB · 3 files, 2 folders") })
	s.mustSee("报告.pdf and 1 more")
	if got := files.called("offer"); len(got) > 0 {
		t.Fatalf("without Send: %q", got)
	}

	s.openTalk(anna) // stays with the person it is for
	if s.sees("报告.pdf and 1 more") {
		t.Error("Anna would get what is for 王小明")
	}
	s.openTalk(wang)
	s.mustSee("报告.pdf and 1 more")

	s.write("as promised")
	s.press(fyne.KeyReturn)
	s.until("it is offered", func() bool { return s.sees("offered.txt") && s.sees("Will be offered when they are there") })
	if got := files.called("offer"); len(got) != 1 || !strings.Contains(got[0], "photos") || !strings.HasSuffix(got[0], `"as promised"`) {
		t.Errorf("the service was told %q", got)
	}
	if s.sees("报告.pdf and 1 more") || s.Composer().Text() != "" {
		t.Error("it still waits to be sent")
	}
}

func TestFilesAreSentWithoutWords(t *testing.T) {
	file, _ := desk(t)
	s, files, wang, _ := officeWithFiles(t, &fakeSystem{files: []string{file}})
	s.openTalk(wang)
	s.press(fyne.KeyReturn)
	if !s.Shortcut(&desktop.CustomShortcut{KeyName: fyne.KeyU, Modifier: fyne.KeyModifierShortcutDefault}) {
		t.Fatal("Ctrl+U does nothing")
	}
	s.until("the file is there", func() bool { return s.sees("报告.pdf") })
	s.press(fyne.KeyReturn)
	s.until("it is offered", func() bool { return len(files.called("offer")) == 1 })
}

func TestAttachMenu(t *testing.T) {
	file, folder := desk(t)
	s, _, wang, _ := officeWithFiles(t, &fakeSystem{files: []string{file}, folder: folder})
	s.openTalk(wang)
	s.ChooseToAttach("Folder …")
	s.until("the folder is there", func() bool { return s.sees("photos") && s.sees("2 files, 2 folders") })
	s.ChooseToAttach("Files …")
	s.until("the file is there", func() bool { return s.sees("photos and 1 more") })
	s.PressDetach()
	if s.sees("photos") {
		t.Error("it cannot be taken back")
	}
}

func TestDropOnAPerson(t *testing.T) {
	file, _ := desk(t)
	s, _, _, anna := officeWithFiles(t, &fakeSystem{})
	s.Drop(fyne.NewPos(900, 300), storage.NewFileURI(file))
	s.mustSee("Drop files on a person, or open a")
	s.Drop(s.MiddleOf(anna), storage.NewFileURI(file))
	s.until("it waits for Anna", func() bool { return s.OpenContact() == anna && s.sees("报告.pdf") })
}

func TestWhatCannotBeSent(t *testing.T) {
	s, files, wang, _ := officeWithFiles(t, &fakeSystem{})
	files.offerErr = errors.New("the folder is too deep")
	s.openTalk(wang)
	s.Drop(fyne.NewPos(600, 300), storage.NewFileURI(filepath.Join(t.TempDir(), "gone.txt")))
	s.until("it is told", func() bool { return s.sees("Cannot be sent: ") })
	s.write("look")
	s.press(fyne.KeyReturn)
	s.until("it is back", func() bool { return s.sees("the folder is too deep") && s.Composer().Text() == "look" })
	s.mustSee("gone.txt")
}

func TestLongPreparationCanBeCancelled(t *testing.T) {
	file, _ := desk(t)
	s, files, wang, _ := officeWithFiles(t, &fakeSystem{})
	files.wait = make(chan struct{})
	s.openTalk(wang)
	s.Drop(fyne.NewPos(600, 300), storage.NewFileURI(file))
	s.write("look")
	s.press(fyne.KeyReturn)
	s.until("it is told", func() bool { return s.sees("Preparing the files …") })
	s.PressNotice()
	s.until("it is back", func() bool { return s.sees("报告.pdf") && s.Composer().Text() == "look" })
	if s.sees("Preparing") || s.sees("context canceled") {
		t.Errorf("still shown: %q", s.texts())
	}
}

func TestWithoutFilesNothingIsOffered(t *testing.T) {
	file, _ := desk(t)
	f, wang, _, _, _ := office()
	s := open(t, "en", f)
	s.openTalk(wang)
	if s.AttachVisible() {
		t.Error("files can be attached")
	}
	if s.Shortcut(&desktop.CustomShortcut{KeyName: fyne.KeyU, Modifier: fyne.KeyModifierShortcutDefault}); s.Picking() {
		t.Error("files are asked for")
	}
	_ = file
}

func TestDialogsOfTheWindowInstead(t *testing.T) {
	for _, item := range []string{"Files …", "Folder …"} {
		s, _, wang, _ := officeWithFiles(t, &fakeSystem{err: errors.ErrUnsupported})
		s.openTalk(wang)
		s.ChooseToAttach(item)
		s.until("a dialog opens", func() bool { return len(s.Canvas().Overlays().List()) > 0 })
		s.stop()
	}
	s, _, wang, _ := officeWithFiles(t, &fakeSystem{err: errors.New("the dialog broke")})
	s.openTalk(wang)
	s.ChooseToAttach("Files …")
	s.until("it is told", func() bool { return s.sees("The system's dialog for files") })
}

func TestAcceptingByItself(t *testing.T) {
	s, files, wang, _ := officeWithFiles(t, &fakeSystem{})
	s.openTalk(wang)
	for choice, want := range map[string]string{
		"Without asking up to 100 MB": "auto 100000000", "Without asking up to 1 GB": "auto 1000000000",
		"Without asking, any size": "auto -1", "Always ask me": "auto 0",
	} {
		files.edit(wang, func(p *chat.Summary) { p.AutoAccept = 5_000_000 }) // from the command line
		s.until("5 MB are shown", func() bool {
			s.ShowContactInfo()
			return s.sees("Without asking up to 5 MB")
		})
		s.Select(choice)
		s.until(want, func() bool { return slices.Contains(files.called("auto"), want) })
		s.Escape()
	}
}

func TestFileRules(t *testing.T) {
	s, files, _, _ := officeWithFiles(t, &fakeSystem{folder: "/srv/new", rules: gui.FileRules{Folder: "/home/me/Downloads/Feihong", Rate: 3_000_000}})
	s.OpenSettings(3)
	s.mustSee("/home/me/Downloads/Feihong", "Up to 3 MB/s", "Messages are never slowed down by files.")
	s.PressInSettings("Choose …")
	s.until("the folder is kept", func() bool { return len(files.called(`rules "/srv/new" 3000000`)) == 1 })
	s.work()
	s.ChooseInSettings(0, 4)
	s.until("the rate is kept", func() bool { return len(files.called(`rules "/home/me/Downloads/Feihong" 10000000`)) == 1 })
	s.PressInSettings("Use the usual folder")
	s.until("the usual folder is kept", func() bool { return len(files.called(`rules "" 3000000`)) == 1 })
}

func TestSizesAndTimes(t *testing.T) {
	for bytes, want := range map[int64]string{0: "0 bytes", 999: "999 bytes", 1000: "1 kB", 1549: "1.5 kB", 99_949: "99.9 kB", 99_951: "100 kB",
		999_499: "999 kB", 999_500: "1 MB", 12_400_000: "12.4 MB", 1 << 50: "1.1 PB", -5: "0 bytes"} {
		if got := gui.Size("en", bytes); got != want {
			t.Errorf("%d bytes are called %q, want %q", bytes, got, want)
		}
	}
	for left, want := range map[time.Duration]string{-1: "", 0: "1 s left", 3 * time.Second: "3 s left", 12 * time.Second: "15 s left",
		50 * time.Second: "50 s left", 56 * time.Second: "1 min left", 61 * time.Second: "2 min left", 80 * time.Minute: "1 h 20 min left", 100 * time.Hour: "5 days left"} {
		if got := gui.Left("en", left); got != want {
			t.Errorf("%v is called %q, want %q", left, got, want)
		}
	}
}
