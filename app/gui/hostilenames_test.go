package gui_test

import (
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"feihong/app/chat"
	"feihong/app/gui"
	"feihong/protocol"
)

// hostileLines are what somebody may want to be called.
func hostileLines() map[string]string {
	return map[string]string{
		"marks":        "e" + strings.Repeat("\u0301", 10_000),
		"no spaces":    strings.Repeat("W", 64<<10),
		"ligatures":    strings.Repeat("﷽", 10_000),
		"override":     "gpj.\u202Eexe",
		"isolates":     "\u2069\u2069\u202E" + "שלום",
		"zero":         "An\x00na",
		"lines":        "Anna\nBert\r\nChen\u2028Dora",
		"escape codes": "\x1b]0;root\a",
		"not UTF-8":    "An\xffna",
		"invisible":    strings.Repeat("\u200b", 10_000),
	}
}

// plain checks that all texts on the screen are lines that can be drawn, and
// none too long to be.
func (s *screen) plain(where string) {
	s.t.Helper()
	for _, text := range s.texts() {
		if !utf8.ValidString(text) || len(text) > 4096 {
			s.t.Errorf("%s: %d bytes are drawn: %.60q", where, len(text), text)
		}
		for _, r := range text {
			if unicode.IsControl(r) || r == '\u2028' || r == '\u202E' {
				s.t.Errorf("%s: %q is drawn in %.60q", where, r, text)
				break
			}
		}
	}
	if !s.ModalOpen() {
		return
	}
	if card, window := s.CardSize(), s.Canvas().Size(); card.Width > window.Width || card.Height > window.Height {
		s.t.Errorf("%s: the card has %v in a window of %v", where, card, window)
	}
}

// Whatever somebody is called, says and sends, it stays in its place and is
// drawn as text.
func TestHostileNamesStayInTheirPlace(t *testing.T) {
	for name, line := range hostileLines() {
		t.Run(name, func(t *testing.T) {
			safe := protocol.SafeName(line)
			f := newFakeChat(clockAtNoon)
			anna := f.add(chat.Summary{Online: true, StatusText: safe, Contact: chat.Contact{Peer: peer(1), Name: safe, Department: safe, Host: safe, Address: "192.168.1.9:49731", Namesake: true}})
			f.add(chat.Summary{Contact: chat.Contact{Peer: peer(2), Remark: strings.ReplaceAll(line, "\u202E", ""), Name: "Bert"}}) // chosen by the user
			asked := f.say(anna, chat.In, chat.Read, noon, line)
			own := f.sayAs(anna, chat.Out, "it", func(m *chat.Message) { m.ReplyTo = asked.Ref() })
			calls := &bell{}
			s := open(t, "en", f, withID, withFiles(newFakeFiles(f), &fakeSystem{}), func(c *gui.Config) { c.Attention = calls })
			s.PaneSize(fyne.NewSize(980, 680))
			s.plain("the list")
			s.openTalk(anna)
			s.plain("the conversation")
			s.BeginReply(asked)
			s.plain("a reply")
			s.PointAtTicks("it")
			s.until("the ticks are explained", func() bool { return len(s.Tip()) > 0 })
			s.plain("a tip")
			s.ShowContactInfo()
			s.plain("who it is")
			s.Escape()
			s.ShowRename()
			s.plain("another name")
			s.Escape()
			for _, item := range []string{"Compare codes …", "Clear conversation …"} {
				if !s.PressPersonMenu(anna, item) {
					t.Fatalf("%q is not in the menu", item)
				}
				s.until("the card is there", s.ModalOpen)
				s.plain(item)
				s.Escape()
			}
			s.PressMessageKey(own, "", 'f')
			s.until("the card is there", s.ModalOpen)
			s.plain("forwarding")
			s.Escape()
			if min := s.Canvas().Content().MinSize(); min.Width > 980 || min.Height > 680 {
				t.Errorf("the window must have %v", min)
			}
			s.SetForeground(false)
			f.arrive(anna, "hello")
			s.until("it is told", func() bool { return calls.called("notify") == 1 })
		})
	}
}

func TestHostileFileInTheTray(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a\u202Egpj\n"+strings.Repeat("e\u0301\u0301\u0301", 30)+".exe") // not there
	s, _, wang, _ := officeWithFiles(t, &fakeSystem{})
	s.openTalk(wang)
	s.Drop(fyne.NewPos(600, 300), storage.NewFileURI(file))
	s.until("it is there", func() bool { return s.Attached(wang) == 1 && s.sees("Cannot be sent") })
	s.plain("the tray")
	s.CloseByUser()
	s.until("the question is there", s.ModalOpen)
	s.plain("the question")
}
