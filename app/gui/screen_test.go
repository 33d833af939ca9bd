package gui_test

import (
	"context"
	"errors"
	"image"
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"feihong/app/chat"
	"feihong/app/gui"
)

// editor shows a picture of the screen in a window half its size. chosen is
// what was handed over, ended how often something was.
func editor(t *testing.T, lang string) (e gui.ScreenEditor, win fyne.Window, chosen **image.RGBA, ended *int) {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(gui.NewTheme(nil))
	chosen, ended = new(*image.RGBA), new(int)
	e = gui.NewScreenEditor(lang, landscape(1600, 1000), func(p *image.RGBA) { *chosen = p; *ended++ })
	win = test.NewTempWindow(t, e)
	win.SetPadded(false)
	win.Resize(fyne.NewSize(800, 500))
	return e, win, chosen, ended
}

func TestRegionIsCutOut(t *testing.T) {
	e, _, chosen, ended := editor(t, "en")
	e.Drag(fyne.NewPos(300, 200), fyne.NewPos(100, 50)) // up and to the left
	if want := image.Rect(200, 100, 600, 400); e.Region() != want {
		t.Errorf("the region is %v, want %v", e.Region(), want)
	}
	e.Press(fyne.KeyReturn)
	if *ended != 1 || (*chosen).Rect != image.Rect(0, 0, 400, 300) || (*chosen).RGBAAt(5, 7) != landscape(1600, 1000).RGBAAt(205, 107) {
		t.Errorf("%d times %v", *ended, (*chosen).Rect)
	}
}

func TestWholeScreen(t *testing.T) {
	e, _, chosen, _ := editor(t, "en")
	e.Send()
	if (*chosen).Rect != image.Rect(0, 0, 1600, 1000) {
		t.Errorf("%v", (*chosen).Rect)
	}
}

func TestMarks(t *testing.T) {
	e, _, chosen, _ := editor(t, "en")
	e.Drag(fyne.NewPos(0, 0), fyne.NewPos(400, 250))
	e.Use(2)
	e.Drag(fyne.NewPos(50, 50), fyne.NewPos(150, 50))
	e.Use(3)
	e.Color(3)
	e.Drag(fyne.NewPos(200, 100), fyne.NewPos(300, 200))
	e.Use(4)
	e.Drag(fyne.NewPos(10, 150), fyne.NewPos(100, 240))
	e.Use(5)
	e.Tap(fyne.NewPos(20, 20))
	e.Type("看这里 Here!!")
	e.Press(fyne.KeyBackspace)
	e.Press(fyne.KeyReturn) // ends the text
	if e.Marks() != 4 {
		t.Fatalf("there are %d marks", e.Marks())
	}
	e.Press(fyne.KeyReturn)
	plain, marked := landscape(1600, 1000), *chosen
	for name, at := range map[string]image.Point{"arrow": {200, 100}, "box": {401, 300}, "blur": {100, 400}} {
		if marked.RGBAAt(at.X, at.Y) == plain.RGBAAt(at.X, at.Y) {
			t.Errorf("%s: nothing was drawn", name)
		}
	}
	if marked.RGBAAt(200, 100) != (color.RGBA{0xE5, 0x38, 0x3B, 255}) || marked.RGBAAt(401, 300) != (color.RGBA{0x1E, 0x7B, 0xD6, 255}) {
		t.Errorf("the arrow is %v, the box %v", marked.RGBAAt(200, 100), marked.RGBAAt(401, 300))
	}
	if written := changedIn(marked, plain, image.Rect(40, 40, 400, 90)); written < 300 {
		t.Errorf("the text has %d pixels", written)
	}
	if changed := changedIn(marked, plain, image.Rect(620, 10, 790, 190)); changed > 0 {
		t.Errorf("%d pixels were changed where nothing was drawn", changed)
	}
}

func changedIn(a, b *image.RGBA, area image.Rectangle) int {
	count := 0
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			if a.RGBAAt(x, y) != b.RGBAAt(x, y) {
				count++
			}
		}
	}
	return count
}

func TestUndoAndStepsBack(t *testing.T) {
	e, _, chosen, ended := editor(t, "en")
	e.Drag(fyne.NewPos(100, 100), fyne.NewPos(400, 300))
	e.Type("3") // keys take the tools
	e.Drag(fyne.NewPos(150, 150), fyne.NewPos(200, 200))
	e.Drag(fyne.NewPos(250, 150), fyne.NewPos(300, 200))
	e.Drag(fyne.NewPos(250, 150), fyne.NewPos(251, 150)) // a slip
	if e.Marks() != 2 {
		t.Errorf("there are %d marks", e.Marks())
	}
	e.TypedShortcut(&fyne.ShortcutUndo{})
	e.Undo()
	e.Undo()
	if e.Marks() != 0 {
		t.Errorf("there are still %d marks", e.Marks())
	}
	e.Type("5")
	e.Tap(fyne.NewPos(150, 150))
	e.Type("no")
	for _, want := range []string{"a text", "a region", "all"} {
		if *ended > 0 {
			t.Errorf("it ended before %s", want)
		}
		e.Press(fyne.KeyEscape)
	}
	if *ended != 1 || *chosen != nil {
		t.Errorf("it ended %d times with %v", *ended, *chosen)
	}
}

// Wherever the region is, all tools can be reached.
func TestToolsStayInSight(t *testing.T) {
	for _, lang := range []string{"en", "zh"} {
		e, _, _, _ := editor(t, lang)
		for _, c := range [][4]float32{{0, 0, 800, 500}, {0, 0, 10, 10}, {780, 480, 800, 500}, {0, 490, 800, 500}, {0, 0, 10, 500}, {300, 5, 500, 495}, {790, 0, 800, 5}} {
			e.Use(1)
			e.Drag(fyne.NewPos(c[0], c[1]), fyne.NewPos(c[2], c[3]))
			if !e.BarInside() {
				t.Errorf("%s: with the region %v the tools are out of sight", lang, c)
			}
		}
	}
}

// shot opens a conversation in which pictures of the screen can be sent.
func shot(t *testing.T, capture func(context.Context) (image.Image, error)) (*screen, chat.ContactID) {
	t.Helper()
	f := newFakeChat(clockAtNoon)
	anna := f.add(chat.Summary{Contact: chat.Contact{Peer: peer(1), Name: "Anna"}})
	s := open(t, "en", f, withFiles(newFakeFiles(f), &fakeSystem{}), func(c *gui.Config) {
		c.Capture = capture
		c.Keep = func(context.Context, string, []byte) (string, error) { return "/kept.png", nil }
	})
	s.openTalk(anna)
	return s, anna
}

func TestScreenshotIsAttached(t *testing.T) {
	for name, begin := range map[string]func(*screen){
		"by the menu":         func(s *screen) { s.ChooseToAttach("Screenshot …") },
		"without this window": func(s *screen) { s.TakeScreenshotBehind() },
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := shot(t, func(context.Context) (image.Image, error) { return landscape(400, 300), nil })
			begin(s)
			s.TakeScreenshot() // a second one at the same time is none
			s.until("the screen is shown", func() bool { _, open := s.ScreenEditor(); return open })
			e, _ := s.ScreenEditor()
			e.Press(fyne.KeyReturn)
			s.until("the picture waits to be sent", func() bool { return s.TrayFace() != nil })
			if _, open := s.ScreenEditor(); open {
				t.Error("the screen is still shown")
			}
		})
	}
}

func TestScreenshotThatFails(t *testing.T) {
	for problem, want := range map[error]string{
		errors.New("not allowed"): "No picture of the screen could be taken",
		errors.ErrUnsupported:     "This desktop lets no program take",
	} {
		s, _ := shot(t, func(context.Context) (image.Image, error) { return nil, problem })
		s.TakeScreenshot()
		s.until("it is told", func() bool { return s.sees(want) })
	}
}

func TestScreenshotThatIsLeft(t *testing.T) {
	s, _ := shot(t, func(context.Context) (image.Image, error) { return landscape(400, 300), nil })
	for range 2 {
		s.TakeScreenshot()
		s.until("the screen is shown", func() bool { _, open := s.ScreenEditor(); return open })
		e, _ := s.ScreenEditor()
		e.Press(fyne.KeyEscape)
	}
	s.work()
	if s.TrayFace() != nil {
		t.Error("something is attached")
	}
}
