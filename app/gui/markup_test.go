package gui_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"feihong/app/chat"
	"feihong/app/gui"
)

func TestLinks(t *testing.T) {
	for _, c := range []struct {
		text  string
		shown string // with | between
		leads string // "" is the same
	}{
		{"see https://example.com/a?b=c#d now", "https://example.com/a?b=c#d", ""},
		{"HTTP://Example.COM/A", "HTTP://Example.COM/A", "http://example.com/A"},
		{"two http://a.de, https://b.de.", "http://a.de|https://b.de", ""},
		{"请看https://example.com。谢谢", "https://example.com", ""},
		{"请看https://example.com请看", "https://example.com", ""},
		{"打开https://example.com/就能看到", "https://example.com/", ""},
		{"https://example.com/path，然后", "https://example.com/path", ""},
		{"（https://example.com/a）", "https://example.com/a", ""},
		{"(https://example.com/a_(b)) and", "https://example.com/a_(b)", ""},
		{"[x](https://example.com/a)", "https://example.com/a", ""},
		{"<https://example.com/>", "https://example.com/", ""},
		{`"https://example.com/"`, "https://example.com/", ""},
		{"is it https://example.com/?", "https://example.com/", ""},
		{"https://例子.中国/路", "https://例子.中国/", "https://xn--fsqu00a.xn--fiqs8s/"},
		{"https://www.例子.com", "https://www.例子.com", "https://www.xn--fsqu00a.com"},
		{"https://аррӏе.com/", "https://аррӏе.com/", "https://xn--80ak6aa92e.com/"},
		{"https://example.com/мир/дом", "https://example.com/мир/дом", "https://example.com/%D0%BC%D0%B8%D1%80/%D0%B4%D0%BE%D0%BC"},
		{"https://example.com에서", "https://example.com", ""},
		{"http://localhost:8080/x http://192.168.1.7:80", "http://localhost:8080/x|http://192.168.1.7:80", ""},
		{"http://[fe80::1]:8080/x", "http://[fe80::1]:8080/x", ""},
		{"https://user:pw@example.com/ https://google.com@evil.com/", "", ""}, // meant to deceive
		{"file:///etc/passwd ftp://a.b javascript:alert(1) xhttp://a.b smb://c/d", "", ""},
		{"javascript://%0aalert(1) https:// http://. https://-", "", ""},
		{"`https://example.com`", "", ""}, // code
		{"https://example.com/[U+202E]moc", "https://example.com/[U+202E]moc", ""},
		{"https://a.b/" + strings.Repeat("x", 3000), "", ""},
	} {
		shown, leads := gui.Links(c.text)
		if got := strings.Join(shown, "|"); got != c.shown {
			t.Errorf("%.60q: links %q, want %q", c.text, got, c.shown)
			continue
		}
		if got := strings.Join(leads, "|"); c.leads != "" && got != c.leads || c.leads == "" && !strings.EqualFold(got, c.shown) && c.shown != "https://example.com/[U+202E]moc" {
			t.Errorf("%.60q leads to %q", c.text, got)
		}
	}
}

func FuzzLinks(f *testing.F) {
	for _, seed := range []string{"see https://example.com/a?b=c", "http://http://http://", "https://[::1]:x", "https://例子.中国请", "a`b`https://c.d`", "```\nx\n```", "https://\xff.com"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		shown, leads := gui.Links(text)
		for i, lead := range leads {
			link, err := url.Parse(lead)
			if err != nil || link.Scheme != "http" && link.Scheme != "https" || link.Host == "" || link.User != nil {
				t.Errorf("%q in %q leads to %q", shown[i], text, lead)
			}
		}
	})
}

func TestCode(t *testing.T) {
	for _, c := range []struct {
		text, code, blocks, lines string // with | between
	}{
		{"run `go test` now", "go test", "", "run go test now"},
		{"`a` and `b`", "a|b", "", "a and b"},
		{"a ` alone", "", "", "a ` alone"},
		{"``", "", "", "``"},
		{"` `", "", "", "` `"},
		{"one `line\nbreak`", "", "", "one `line|break`"},
		{"```\nx := 1\n\n  y\n```", "", "x := 1\n\n  y", "x := 1||  y"},
		{"see:\n```go\nfunc()\n```\ndone", "", "func()", "see:|func()|done"},
		{"```\nopen", "", "", "```|open"},
		{"```\n```", "", "", "```|```"},
		{"```\na\n```\n```\nb\n```", "", "a|b", "a|b"},
		{"```\n`a`\n```", "", "`a`", "`a`"},
	} {
		code, blocks, lines := gui.Markup(c.text)
		if got := strings.Join(code, "|"); got != c.code {
			t.Errorf("%q: code %q, want %q", c.text, got, c.code)
		}
		if got := strings.Join(blocks, "|"); got != c.blocks {
			t.Errorf("%q: blocks %q, want %q", c.text, got, c.blocks)
		}
		if got := strings.Join(lines, "|"); got != c.lines {
			t.Errorf("%q: lines %q, want %q", c.text, got, c.lines)
		}
	}
}

func TestJumbo(t *testing.T) {
	for text, want := range map[string]bool{
		"😀": true, "😀😀 😀": true, "👨‍👩‍👧": true, "🇨🇳❤️": true, "👍🏽": true, "1️⃣": true, " 🎉\n": true,
		"": false, "😀😀😀😀": false, "😀 ok": false, "你好": false, "1": false, "123": false, "©": false, "a😀": false,
		"😀" + strings.Repeat("\u0301", 10): false, "😀" + strings.Repeat("\u200d😀", 40): false,
	} {
		if got := gui.IsJumbo(text); got != want {
			t.Errorf("%.30q: %v", text, got)
		}
	}
}

// hostileTexts are what somebody may send to stop the window.
func hostileTexts() map[string]string {
	const size = 64 << 10
	fill := func(s string) string { return strings.Repeat(s, size/len(s)) }
	return map[string]string{
		"marks":        "e" + fill("\u0301"),
		"zalgo":        fill("Z\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309"),
		"word":         fill("x"),
		"override":     fill("\u202Eabc"),
		"links":        fill("https://a.b/c "),
		"broken links": fill("http://"),
		"ports":        fill("http://a:b"),
		"users":        fill("http://a@"),
		"code":         fill("`a`"),
		"marks alone":  fill("`"),
		"fences":       fill("```\n"),
		"blocks":       fill("```\nx\n```\n"),
		"joiners":      "😀" + fill("\u200d"),
		"invisible":    fill("\u200b"),
		"tabs":         fill("\t"),
		"lines":        fill("\n"),
		"brackets":     "https://a.b/" + fill("("),
	}
}

// Whatever somebody sends, the window stays usable: showing it takes no longer
// than plain words of that length, many times over. The slowest of some tries
// with those is compared with the fastest with the other, because machines are
// busy with other things too.
func TestHostileTexts(t *testing.T) {
	const tries, times = 3, 30
	plain := strings.Repeat("Plain words, 和一些汉字。 ", 64<<10/32)
	var shown, unfolded time.Duration
	for range tries {
		show, unfold := showHostile(t, "plain", plain)
		shown, unfolded = max(shown, show), max(unfolded, unfold)
	}
	for name, text := range hostileTexts() {
		show, unfold := showHostile(t, name, text)
		for try := 1; try < tries && (show > times*shown || unfold > times*unfolded); try++ {
			again, unfoldAgain := showHostile(t, name, text)
			show, unfold = min(show, again), min(unfold, unfoldAgain)
		}
		if show > times*shown {
			t.Errorf("%s: showing it takes %v, and plain words %v", name, show, shown)
		}
		if unfold > times*unfolded {
			t.Errorf("%s: unfolding it takes %v, and plain words %v", name, unfold, unfolded)
		}
	}
}

// showHostile shows a text and unfolds it.
func showHostile(t *testing.T, name, text string) (show, unfold time.Duration) {
	t.Helper()
	f := newFakeChat(clockAtNoon)
	anna := f.add(chat.Summary{Contact: chat.Contact{Peer: peer(1), Name: "Anna"}, Online: true})
	f.say(anna, chat.In, chat.Read, noon, text)
	f.say(anna, chat.In, chat.Read, noon, "after it")
	s := open(t, "en", f)
	defer s.stop()
	begin := time.Now()
	s.openTalk(anna)
	s.mustSee("after it")
	show = time.Since(begin)
	if height := s.TimelineHeight(); height > 1500 {
		t.Errorf("%s: the folded message is %v high", name, height)
	}
	begin = time.Now()
	s.Expand()
	s.Scroll(-1_000_000)
	return show, time.Since(begin)
}

func TestClickOnALink(t *testing.T) {
	const text = "see https://example.com/a and https://例子.中国\nhttps://аррӏе.com/?xn--80ak6aa92e.com"
	f := newFakeChat(clockAtNoon)
	anna := f.add(chat.Summary{Contact: chat.Contact{Peer: peer(1), Name: "Anna"}})
	f.say(anna, chat.In, chat.Read, noon, text)
	opened := make(chan string, 9)
	s := open(t, "en", f, func(cfg *gui.Config) {
		cfg.OpenLink = func(link *url.URL) error { opened <- link.String(); return nil }
	})
	s.openTalk(anna)
	s.ClickIn(text, "https://example.com/a")
	if got := <-opened; got != "https://example.com/a" {
		t.Errorf("opened is %q", got)
	}
	s.ClickIn(text, "see ")
	s.ClickIn(text, "https://例子.中国")
	s.mustSee("leads to \"xn--")
	s.PressInModal("Cancel")
	s.ClickIn(text, "https://例子.中国")
	s.PressInModal("Open")
	if got := <-opened; got != "https://xn--fsqu00a.xn--fiqs8s" {
		t.Errorf("opened is %q", got)
	}
	s.ClickIn(text, "https://аррӏе.com/?xn--80ak6aa92e.com")
	s.mustSee("leads to \"xn--80ak6aa92e.com") // whose name stands behind it for show
	s.PressInModal("Cancel")
	if got := slices.Collect(func(yield func(string) bool) {
		for len(opened) > 0 && yield(<-opened) {
		}
	}); len(got) > 0 {
		t.Errorf("opened are also %q", got)
	}
}
