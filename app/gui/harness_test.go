package gui_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"
	"go.uber.org/goleak"

	"feihong/app/gui"
	"feihong/assets/translations"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// noon is the moment at which tests happen.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func clockAtNoon() time.Time { return noon }

// screen is a window over a fake service. The test's goroutine is the user
// interface's: what the window hands to Do waits until the test lets it run.
type screen struct {
	*gui.Window
	t    testing.TB
	chat *fakeChat
	todo chan func()
	quit int
	stop func()
}

// open starts a window in a language. Fill the service first. change adds to
// what the window is made of.
func open(t testing.TB, lang string, fake *fakeChat, change ...func(*gui.Config)) *screen {
	t.Helper()
	app := test.NewTempApp(t)
	// What is made now counts as made when something was last painted, and as
	// outdated a minute after that: so paint something.
	software.NewCanvas().Capture()
	s := &screen{t: t, chat: fake, todo: make(chan func(), 100_000)}
	cfg := gui.Config{
		App:     app,
		Chat:    fake,
		Catalog: translations.New(lang),
		Self: gui.Self{
			ID:        "SELF",
			Name:      func() string { return "Me" },
			Addresses: func() []string { return []string{"192.168.1.12:49731", "10.0.0.3:49731"} },
			Port:      49731,
		},
		Check:  checkAddress,
		Do:     func(f func()) { s.todo <- f },
		Now:    fake.now,
		OnQuit: func() { s.quit++ },
	}
	for _, f := range change {
		f(&cfg)
	}
	s.Window = gui.New(cfg)
	s.Show()
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan struct{})
	go func() {
		defer close(served)
		if err := s.Serve(ctx); err != nil {
			t.Error(err)
		}
	}()
	s.stop = func() {
		cancel()
		<-served
	}
	t.Cleanup(func() {
		s.stop()
		s.Close()
	})
	s.until("people are shown", func() bool {
		return len(fake.called("people")) > 0 && len(s.PeopleNames()) == len(fake.people)
	})
	return s
}

// until lets the window work until a condition holds.
func (s *screen) until(what string, holds func() bool) {
	s.t.Helper()
	deadline := time.After(10 * time.Second)
	for !holds() {
		select {
		case f := <-s.todo:
			f()
		case <-s.chat.noted:
		case <-deadline:
			s.t.Fatalf("it does not come about that %s; shown is:\n%s", what, strings.Join(s.texts(), "\n"))
		}
	}
}

// work lets the window do what is waiting.
func (s *screen) work() {
	for {
		select {
		case f := <-s.todo:
			f()
		default:
			return
		}
	}
}

// texts returns every text on the screen.
func (s *screen) texts() []string {
	var found []string
	var visit func(o fyne.CanvasObject)
	visit = func(o fyne.CanvasObject) {
		if o == nil || !o.Visible() {
			return
		}
		if lines, ok := gui.ShownLines(o); ok {
			found = append(found, lines...)
			return
		}
		switch o := o.(type) {
		case *canvas.Text:
			if o.Text != "" {
				found = append(found, o.Text)
			}
		case *fyne.Container:
			for _, child := range o.Objects {
				visit(child)
			}
		case fyne.Widget:
			for _, child := range test.WidgetRenderer(o).Objects() {
				visit(child)
			}
		}
	}
	visit(s.Canvas().Content())
	for _, overlay := range s.Canvas().Overlays().List() {
		visit(overlay)
	}
	return found
}

// sees says whether a text, or the beginning of one, is on the screen.
func (s *screen) sees(text string) bool {
	return slices.ContainsFunc(s.texts(), func(shown string) bool { return strings.Contains(shown, text) })
}

// tells says whether a sentence is on the screen, in one line or in several.
func (s *screen) tells(sentence string) bool {
	return strings.Contains(strings.Join(s.texts(), " "), sentence)
}

func (s *screen) mustSee(texts ...string) {
	s.t.Helper()
	for _, text := range texts {
		if !s.sees(text) {
			s.t.Errorf("%q is not on the screen, but\n%s", text, strings.Join(s.texts(), "\n"))
		}
	}
}

// press presses a key in what has the focus.
func (s *screen) press(name fyne.KeyName) {
	s.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: name})
}

// write types into the input box.
func (s *screen) write(text string) { test.Type(s.Composer(), text) }

// partError is an error about an address that has a translation.
type partError struct{}

func (partError) Error() string { return "part 4 is 300" }
func (partError) UserText() (string, map[string]any) {
	return "address.part-over-255", map[string]any{"position": 4, "part": "300"}
}

type portWarning struct{}

func (portWarning) Error() string { return "port 80" }
func (portWarning) UserText() (string, map[string]any) {
	return "address.well-known-port", map[string]any{"part": "80"}
}

func checkAddress(address string) (string, []error, error) {
	switch {
	case strings.Contains(address, "300"):
		return "", nil, partError{}
	case strings.HasSuffix(address, "."):
		return "", nil, errors.New("not whole yet")
	case strings.HasSuffix(address, ":80"):
		return address, []error{portWarning{}}, nil
	}
	return address, nil, nil
}
