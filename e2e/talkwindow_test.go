//go:build e2e

package e2e

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"slices"
	"testing"

	"feihong/app/control"
)

// conversation is two people with windows side by side, who have each other's
// conversation open.
type conversation struct {
	t          *testing.T
	screen     *screen
	alice, bob *window
}

func newConversation(t *testing.T) *conversation {
	t.Helper()
	c := &conversation{t: t, screen: newScreen(t, 1840, 760)}
	data := t.TempDir()
	c.alice = c.screen.open(newProfile(t, data, "Alice"), 10, 40, 900, 680)
	c.bob = c.screen.open(newProfile(t, data, "Bob"), 930, 40, 900, 680)
	c.alice.must(0, "send", c.bob.address(), "hello")
	for _, w := range []*window{c.alice, c.bob} {
		w.focus()
		w.changes("the conversation opens", func() { w.key("ctrl+1") })
	}
	c.screen.shootFailure()
	return c
}

// newest waits until what somebody has of the conversation ends as it should,
// and gives its newest message.
func (c *conversation) newest(at *window, with, what string, right func(control.Message) bool) control.Message {
	c.t.Helper()
	var h []control.Message
	defer func() {
		if c.t.Failed() {
			c.t.Logf("%s has %+v", at.profile.name, h)
		}
	}()
	eventually(c.t, at.profile.name+": "+what, func() bool {
		h = at.history(with)
		return len(h) > 0 && right(h[len(h)-1])
	})
	return h[len(h)-1]
}

// both waits until both have the same newest message, seen from either side.
func (c *conversation) both(what string, right func(m control.Message) bool) {
	c.t.Helper()
	c.newest(c.alice, "Bob", what, right)
	c.newest(c.bob, "Alice", what, right)
}

// TestConversationByKeyboard does with the keyboard everything that can be done
// with messages, in one of two windows, and looks at both ends whether it was
// done.
func TestConversationByKeyboard(t *testing.T) {
	c := newConversation(t)
	alice, bob := c.alice, c.bob
	text := func(want string) func(control.Message) bool {
		return func(m control.Message) bool { return m.Text == want }
	}

	bob.write("the frist question")
	c.both("a text comes", text("the frist question"))
	bob.focus()
	bob.changes("the last text can be edited", func() { bob.key("Up") })
	bob.key("ctrl+a")
	bob.write("the first question")
	c.both("the text is edited", func(m control.Message) bool { return m.Text == "the first question" && m.Edited != nil })

	alice.focus()
	alice.changes("a message is chosen", func() { alice.key("ctrl+Up") })
	alice.changes("it is answered", func() { alice.key("r") })
	alice.write("the answer")
	question := c.newest(bob, "Alice", "the answer comes", text("the answer"))
	if h := bob.history("Alice"); question.ReplyTo == "" || question.ReplyTo != h[len(h)-2].ID {
		t.Errorf("the answer refers to %q: %+v", question.ReplyTo, h)
	}

	bob.focus()
	bob.changes("a message is chosen", func() { bob.key("ctrl+Up") })
	bob.changes("emoji are offered", func() { bob.key("plus") })
	bob.typeText("heart")
	bob.settle()
	bob.changes("an emoji is chosen", func() { bob.key("Return") })
	var heart string
	c.both("there is a reaction", func(m control.Message) bool {
		if m.Reactions != nil {
			heart = m.Reactions.In + m.Reactions.Out
		}
		return m.Reactions != nil && heart != ""
	})
	t.Logf("the reaction is %s", heart)

	alice.focus()
	alice.key("Escape")
	alice.settle()
	alice.write("not meant for Bob")
	c.both("a text comes", text("not meant for Bob"))
	alice.changes("it is chosen", func() { alice.key("ctrl+Up") })
	alice.changes("it is taken back", func() { alice.key("Delete") })
	c.screen.shoot("talk-recall")
	c.both("it is taken back", func(m control.Message) bool { return m.Recalled && m.Text == "" })
	c.screen.shoot("talk-done")
	alice.quit()
	bob.quit()
}

// TestPastedPicture takes a picture from the clipboard, as other programs put
// it there, and sees it arrive as one.
func TestPastedPicture(t *testing.T) {
	c := newConversation(t)
	c.bob.write("I have written to you")
	c.newest(c.alice, "Bob", "the text comes", func(m control.Message) bool { return m.Text == "I have written to you" })
	img := image.NewRGBA(image.Rect(0, 0, 320, 200))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for x := range 320 {
		img.SetRGBA(x, x*200/320, color.RGBA{200, 30, 30, 255})
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil {
		t.Fatal(err)
	}
	c.alice.focus()
	c.screen.clip("image/png", buf.Bytes())
	c.alice.changes("the picture is shown before it is sent", func() { c.alice.key("ctrl+v") })
	c.alice.typeText("look at this")
	c.alice.settle()
	c.screen.shoot("paste-before")
	c.alice.key("Return")
	var came control.Transfer
	c.bob.transferred(t, "done", &came)
	c.bob.settle()
	c.screen.shoot("paste-after")
	if came.Text != "look at this" || len(came.Paths) != 1 {
		t.Fatalf("it came as %+v", came)
	}
	data, err := os.ReadFile(came.Paths[0])
	if err != nil {
		t.Fatal(err)
	}
	got, err := png.Decode(bytes.NewReader(data))
	if err != nil || got.Bounds() != img.Bounds() {
		t.Fatalf("what came is not the picture: %v", err)
	}
	for y := range 200 {
		for x := range 320 {
			if color.RGBAModel.Convert(got.At(x, y)) != img.RGBAAt(x, y) {
				t.Fatalf("the pixel %d, %d is %v", x, y, got.At(x, y))
			}
		}
	}
}

// TestSearchJumps finds an old message everywhere and goes there.
func TestSearchJumps(t *testing.T) {
	c := newConversation(t)
	c.bob.must(0, "send", "Alice", "the needle")
	for range 40 {
		c.bob.must(0, "send", "Alice", "hay")
	}
	alice := c.alice
	alice.focus()
	alice.key("ctrl+End")
	alice.settle()
	bottom := alice.look()
	alice.changes("the search opens", func() { alice.key("ctrl+k") })
	alice.changes("it finds something", func() { alice.typeText("needle") })
	c.screen.shoot("search-found")
	alice.changes("it goes there", func() { alice.key("Return") })
	c.screen.shoot("search-jumped")
	alice.changes("the newest messages are shown", func() { alice.key("ctrl+End") })
	alice.changes("the find bar opens", func() { alice.key("ctrl+f") })
	alice.changes("it finds something", func() { alice.typeText("needle") })
	alice.changes("it goes there", func() { alice.key("Return") })
	c.screen.shoot("find-jumped")
	if slices.Equal(alice.look(), bottom) {
		t.Error("finding went nowhere")
	}
}

// TestLanguageSwitches changes the language in the settings: the window speaks
// it at once.
func TestLanguageSwitches(t *testing.T) {
	screen := newScreen(t, 1000, 740)
	alice := screen.open(newProfile(t, t.TempDir(), "Alice"), 10, 40, 900, 660)
	screen.shootFailure()
	english := screen.tool("xdotool", "getwindowname", alice.id)
	alice.changes("the settings open", func() { alice.key("ctrl+comma") })
	alice.changes("the look is shown", func() { alice.key("Down") })
	alice.changes("the focus moves on", func() { alice.key("Tab") })
	alice.changes("languages are offered", func() { alice.key("space") })
	screen.shoot("language-offered")
	alice.key("Down", "Down")
	alice.changes("another is chosen", func() { alice.key("Return") })
	screen.shoot("language-after")
	eventually(t, "the title is Chinese", func() bool {
		now := screen.tool("xdotool", "getwindowname", alice.id)
		return now != english
	})
}
