package gui_test

import (
	"testing"

	"fyne.io/fyne/v2/test"

	"feihong/app/gui"
)

// The ground of code keeps away from what is beside, above and below it, and
// stays within the text's margins.
func TestGroundOfCode(t *testing.T) {
	test.NewTempApp(t)
	for _, text := range []string{
		"run `go test` and `go vet`, 然后`make`好",
		"`x`", "a`b`c",
		"before\n```\ncode\nmore code\n```\nafter",
		"```\nonly code\n```",
		"one `in` line\n```\n日志 block\n```\n```\nanother\n```",
		"`wraps` " + "many words that go on and on `and code that goes on over the line's end` until here",
	} {
		shown := gui.ShowBody(text, 240)
		if len(shown.Grounds) == 0 {
			t.Errorf("%q has no code", text)
		}
		for _, ground := range shown.Grounds {
			if ground.X < 0 || ground.Y < 0 || ground.X+ground.Width > shown.Width+0.5 || ground.Y+ground.Height > shown.Height {
				t.Errorf("%q: the ground %v leaves %v x %v", text, ground, shown.Width, shown.Height)
			}
			for _, word := range shown.Plain {
				if ground.X < word.X+word.Width && word.X < ground.X+ground.Width && ground.Y < word.Y+word.Height && word.Y < ground.Y+ground.Height {
					t.Errorf("%q: the ground %v touches what is not code at %v", text, ground, word)
				}
			}
			for _, other := range shown.Grounds {
				if ground != other && ground.X < other.X+other.Width && other.X < ground.X+ground.Width &&
					ground.Y <= other.Y+other.Height && other.Y <= ground.Y+ground.Height {
					t.Errorf("%q: the grounds %v and %v touch", text, ground, other)
				}
			}
		}
	}
}

// A message of emoji has no bubble: the ground behind it is that of its time.
func TestBareEmoji(t *testing.T) {
	test.NewTempApp(t)
	for text, bare := range map[string]bool{"👍": true, "🎉🚗": true, "👍 ok": false, "🥰": false} {
		if got, ground, whole := gui.Bare(text); got != bare || bare && ground > whole/2 {
			t.Errorf("%q is bare: %v, with a ground of %v in %v", text, got, ground, whole)
		}
	}
}
