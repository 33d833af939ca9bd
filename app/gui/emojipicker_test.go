package gui_test

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"golang.org/x/image/font/sfnt"

	"feihong/app/emoji"
	"feihong/app/gui"
	"feihong/protocol"
)

// Every emoji that is offered can be drawn, and can be a reaction.
func TestEmojiCanBeShownAndSent(t *testing.T) {
	face, err := sfnt.Parse(theme.DefaultEmojiFont().Content())
	if err != nil {
		t.Fatal(err)
	}
	const presentation, keycap = '\uFE0F', '\u20E3' // part of the emoji before them
	for _, e := range emoji.All() {
		for _, r := range e.Text {
			if i, err := face.GlyphIndex(nil, r); r != presentation && r != keycap && (err != nil || i == 0) {
				t.Errorf("%s cannot be drawn: %U", e.Text, r)
			}
		}
		if err := protocol.CheckEmoji(e.Text); err != nil {
			t.Errorf("%s: %v", e.Text, err)
		}
	}
}

// openEmoji opens the card by its keys.
func openEmoji(t *testing.T, s *screen) {
	t.Helper()
	s.Composer().TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyE, Modifier: fyne.KeyModifierShortcutDefault})
	if !s.EmojiOpen() {
		t.Fatal("Ctrl+E does not open the emoji")
	}
}

func TestEmojiByKeyboard(t *testing.T) {
	s, _, _, _, _ := talkWithWang(t)
	s.write("well ")
	openEmoji(t, s)
	s.mustSee("Faces", "😀", "grin")
	for _, key := range []fyne.KeyName{fyne.KeyRight, fyne.KeyDown, fyne.KeyDown, fyne.KeyUp, fyne.KeyLeft} {
		s.press(key)
	}
	want := emoji.All()[9].Text // below the first
	s.press(fyne.KeyReturn)
	if got := s.Composer().Text(); got != "well "+want || s.EmojiOpen() {
		t.Errorf("the input box has %q, want %s", got, want)
	}
	if s.Canvas().Focused() != s.Composer() {
		t.Error("the input box has lost the focus")
	}
	openEmoji(t, s)
	s.press(fyne.KeyEscape)
	if s.EmojiOpen() || s.Composer().Text() != "well "+want {
		t.Error("Escape does not just close it")
	}
}

func TestEmojiSearch(t *testing.T) {
	for lang, c := range map[string]struct{ query, name, none string }{
		"en": {"green hea", "green heart", "No emoji is called that"},
		"zh": {"绿心", "绿心", "没有找到表情"},
	} {
		f, wang, _, _, _ := office()
		s := open(t, lang, f)
		s.openTalk(wang)
		openEmoji(t, s)
		s.EmojiSearch().SetText("xyzzy")
		s.mustSee(c.none)
		s.press(fyne.KeyDown)
		s.press(fyne.KeyReturn)
		if !s.EmojiOpen() || s.Composer().Text() != "" {
			t.Error("something was chosen of nothing")
		}
		s.EmojiSearch().SetText(c.query)
		s.mustSee(c.name, "💚")
		s.press(fyne.KeyReturn)
		if got := s.Composer().Text(); got != "💚" {
			t.Errorf("the input box has %q", got)
		}
		s.stop()
	}
}

func TestEmojiWithShiftStays(t *testing.T) {
	s, _, _, _, _ := talkWithWang(t)
	openEmoji(t, s)
	s.EmojiSearch().KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	s.press(fyne.KeyReturn)
	s.press(fyne.KeyRight)
	s.press(fyne.KeyReturn)
	if got := s.Composer().Text(); got != "😀😃" || !s.EmojiOpen() {
		t.Errorf("the input box has %q", got)
	}
}

func TestRecentEmoji(t *testing.T) {
	hostile := []string{"x", "👍", strings.Repeat("😀", 9000), "👍", ""}
	kept := preferring(gui.Preferences{RecentEmoji: hostile})
	s, _, _, _, _ := talkWithWang(t, func(cfg *gui.Config) { cfg.Preferences = kept })
	openEmoji(t, s)
	s.mustSee("Recently used")
	s.press(fyne.KeyRight) // past the only one that is known
	s.press(fyne.KeyReturn)
	s.until("it is kept", func() bool { return slices.Equal(kept.Current().RecentEmoji[:2], []string{"😀", "x"}) })
	openEmoji(t, s)
	s.press(fyne.KeyReturn)
	if got := s.Composer().Text(); got != "😀😀" {
		t.Errorf("the input box has %q, want what was used last", got)
	}
}

func TestEmojiByMouse(t *testing.T) {
	s, _, _, _, _ := talkWithWang(t)
	s.PressEmoji()
	at := s.EmojiAt("😅")
	if at.IsZero() {
		t.Fatal("😅 is not in sight")
	}
	test.TapCanvas(s.Canvas(), at)
	if got := s.Composer().Text(); got != "😅" || s.EmojiOpen() {
		t.Errorf("the input box has %q", got)
	}
	s.PressEmoji()
	test.TapCanvas(s.Canvas(), fyne.NewPos(900, 20)) // beside the card
	if s.EmojiOpen() {
		t.Error("a tap beside it does not close it")
	}
}

func TestEmojiScrolls(t *testing.T) {
	s, _, _, _, _ := talkWithWang(t)
	openEmoji(t, s)
	for range len(emoji.All()) {
		s.press(fyne.KeyRight)
	}
	last := emoji.All()[len(emoji.All())-1]
	s.mustSee(last.Text, last.English[0])
	if s.sees("😄") {
		t.Error("what is out of sight is drawn")
	}
	s.press(fyne.KeyReturn)
	if got := s.Composer().Text(); got != last.Text {
		t.Errorf("the input box has %q", got)
	}
}

func TestNudge(t *testing.T) {
	s, _, _, _, _ := talkWithWang(t)
	s.PressNudge()
	s.until("it is listed", func() bool { return len(s.chat.called("nudge")) == 1 && len(s.Shown()) == 4 })
	s.chat.nudgeErr = partError{}
	s.PressNudge()
	s.until("it is told", func() bool { return s.sees("300") })
}
