//go:build e2e && soak

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// morning is the hour at which the pictures are taken, wherever the clock of
// this machine stands: people do not look at each other's plans at midnight.
const morning = 10

// TestGallery takes pictures of the window: of everything that can be seen in
// it, in both languages, light and dark, on coarse and fine screens, narrow and
// wide. With FEIHONG_SCREENSHOTS they are kept; docs/images has some of them.
func TestGallery(t *testing.T) {
	for _, tale := range stories {
		t.Run(tale.language, func(t *testing.T) {
			g := &gallery{workday: newWorkday(t, tale), screen: newScreen(t, 2000, 1500)}
			g.screen.env = append(g.screen.env, fmt.Sprintf("TZ=Etc/GMT%+d", zoneOf(time.Now())))
			g.newcomer()
			g.people()
			g.messages()
			g.pages()
			g.looks()
		})
	}
}

// zoneOf gives the offset of a time zone in which a moment is in the morning,
// with the sign that such zones have.
func zoneOf(now time.Time) int {
	ahead := morning - now.UTC().Hour()
	if ahead > 12 {
		ahead -= 24
	}
	return -ahead
}

// gallery takes the pictures of a day.
type gallery struct {
	*workday
	screen *screen
	window *window
}

// sight is how a window is looked at.
type sight struct {
	theme         string
	scale         int
	width, height int // in units of the scale
}

// usual is a window as it is when it is opened first, tall one in which much is
// to be seen at once.
var (
	usual = sight{theme: "light", scale: 1, width: 980, height: 680}
	tall  = sight{theme: "light", scale: 1, width: 980, height: 1240}
)

// open shows somebody's window.
func (g *gallery) open(p *profile, as sight, words ...string) {
	g.t.Helper()
	g.screen.env = append(g.screen.env, "FYNE_THEME="+as.theme, "FYNE_SCALE="+strconv.Itoa(as.scale))
	g.window = g.screen.open(p, 0, 0, as.width*as.scale, as.height*as.scale, append([]string{"--lang", g.language}, words...)...)
}

// take takes a picture of the window alone.
func (g *gallery) take(name string) {
	g.t.Helper()
	g.window.settle()
	dir := os.Getenv("FEIHONG_SCREENSHOTS")
	if dir == "" {
		dir = g.t.TempDir()
	}
	path := filepath.Join(dir, fmt.Sprintf("window-%s-%s.png", name, g.language))
	g.screen.tool("import", "-window", g.window.id, path)
	colors, err := strconv.Atoi(g.screen.tool("identify", "-format", "%k", path))
	if err != nil || colors < 16 {
		g.t.Errorf("%s shows nothing: %d colours, %v", path, colors, err)
	}
}

// press presses a key that changes what is to be seen, and waits until it has.
func (g *gallery) press(key string) {
	g.t.Helper()
	g.window.changes(key+" does something", func() { g.window.key(key) })
}

// paste brings a text in through the clipboard: the keyboard has no Chinese.
func (g *gallery) paste(text string) {
	g.t.Helper()
	g.screen.clip("UTF8_STRING", []byte(text))
	g.press("ctrl+v")
}

// newcomer starts the program for the first time.
func (g *gallery) newcomer() {
	g.t.Helper()
	alone := newLab(g.t).office("192.168.1.0/24", "new").hosts[0].profile("new")
	g.open(alone, usual, "--name", "")
	g.window.key("ctrl+a")
	g.paste(g.story.self)
	g.take("first-run")
	g.press("Return")
	g.take("empty")
	g.window.quit()
}

// people shows the list: pinned, unread, with drafts, away, in folders.
func (g *gallery) people() {
	g.t.Helper()
	g.open(g.self, usual)
	g.urge()
	g.talk()
	g.offer()
	g.take("list")
	g.press("ctrl+1")
	g.take("unread")
	g.press("ctrl+End")
	g.take("conversation")
	g.window.quit()
}

// messages shows a conversation with one of every kind, what is written about
// files, and what can be done with messages.
func (g *gallery) messages() {
	g.t.Helper()
	g.open(g.self, tall)
	g.press("ctrl+1")
	g.take("kinds")
	g.press("ctrl+f")
	g.paste(g.search)
	g.press("Return")
	g.take("find")
	g.press("Escape")
	g.press("ctrl+2")
	g.travel()
	g.take("files")
	g.arrive()
	g.window.quit()
}

// pages shows what lies over conversations.
func (g *gallery) pages() {
	g.t.Helper()
	g.open(g.self, usual)
	g.press("ctrl+1")
	g.press("ctrl+Up") // the newest message
	g.press("Up")      // the nudge
	g.press("Up")      // the picture
	g.press("Return")
	g.take("viewer")
	g.press("Escape")
	g.press("ctrl+k")
	g.paste(g.search)
	g.take("search")
	g.press("Escape")
	g.press("ctrl+comma")
	for i, section := range []string{"me", "look", "messages", "files", "attention", "network", "keys", "about"} {
		if i > 0 {
			g.press("Down")
		}
		g.take("settings-" + section)
	}
	g.press("Escape")
	g.press("ctrl+slash")
	g.take("keys")
	g.press("Escape")
	g.press("ctrl+e")
	g.take("emoji")
	g.press("Escape")
	g.press("ctrl+3")
	g.window.changes("the menu opens", func() { g.window.click(menuButton) })
	g.take("menu")
	g.window.changes("codes are compared", func() { g.window.click(verifyItem) })
	g.take("verify")
	g.press("Escape")
	g.window.quit()
}

// In a usual window the menu of a conversation is at the right end of its
// header, and comparing codes is its third item.
var menuButton, verifyItem = [2]int{952, 32}, [2]int{876, 152}

// looks shows the conversation in other ways.
func (g *gallery) looks() {
	g.t.Helper()
	for _, look := range []struct {
		name string
		sight
	}{
		{"dark", sight{theme: "dark", scale: 1, width: 980, height: 680}},
		{"fine", sight{theme: "light", scale: 2, width: 980, height: 680}},
		{"wide", sight{theme: "light", scale: 1, width: 1500, height: 860}},
		{"narrow", sight{theme: "dark", scale: 1, width: 480, height: 680}},
	} {
		g.open(g.self, look.sight)
		g.press("ctrl+1")
		g.take(look.name)
		g.window.quit()
	}
}
