package gui_test

import (
	"context"
	"fmt"
	"image"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"feihong/app/chat"
	"feihong/app/gui"
	"feihong/transport/doctor"
)

// stop is a state of the window on a tour through all that it can show.
type stop struct {
	name string
	show func(s *screen)
	bare bool // nothing but the first question: nobody is known
}

// tourists are the people on the tour: long is somebody with much to say about
// themselves, gone somebody who does not answer.
const (
	tourLong = chat.ContactID(1)
	tourGone = chat.ContactID(2)
	tourMany = chat.ContactID(3)
)

// tourOffice is a service with conversations that have everything in them.
func tourOffice(t *testing.T) *fakeFiles {
	f := newFakeChat(clockAtNoon)
	files := newFakeFiles(f)
	f.add(chat.Summary{Contact: chat.Contact{Peer: peer(1), Name: "欧阳明月 Alexandra Featherstonehaugh-Cholmondeley", Department: "Research and Development 研发中心",
		Address: "192.168.101.140:41870", Namesake: true}, Online: true, Status: chat.StatusBusy, StatusText: "In a meeting until four, back after that"})
	f.add(chat.Summary{Contact: chat.Contact{Peer: peer(2), Name: "Wang", Address: "192.168.1.23:50123", LastSeen: noon.Add(-30 * time.Hour)},
		Problem: &chat.DialError{Reason: chat.ReasonUnreachable}})
	for i, name := range []string{"陈静", "Zoe", "Bea", "Kim", "Eve", "李雷", "韩梅梅", "Tom"} {
		f.add(chat.Summary{Contact: chat.Contact{Peer: peer(byte(3 + i)), Name: name, Department: "Sales", Address: "192.168.1.60:41870", Verified: i == 1}, Online: i%2 == 0, Status: chat.StatusOnline})
	}
	const much = "The figures for the third quarter are in the folder on the share; please look at them before the meeting. 请在开会之前看一下第三季度的数据，尤其是第二页。"
	asked := f.say(tourLong, chat.In, chat.Read, noon.Add(-time.Hour), much)
	f.sayAs(tourLong, chat.Out, "Will do — https://intranet.example/a/very/long/path/that/does/not/break/anywhere/at/all?with=query&and=more", func(m *chat.Message) {
		m.ReplyTo = asked.Ref()
		m.Reactions = [2]string{chat.In: "👍", chat.Out: "❤️"}
	})
	f.say(tourLong, chat.In, chat.Read, noon.Add(-time.Minute), "```\nfunc main() { fmt.Println(\"a line of code that is much wider than a narrow window\") }\n```")
	for _, c := range cardCases()[:3] {
		files.put(tourLong, chat.Read, noon.Add(-40*time.Second), c.transfer)
	}
	photo := pngBytes(t, landscape(900, 600))
	files.put(tourLong, chat.Read, noon.Add(-30*time.Second), chat.Transfer{Direction: chat.In, State: chat.TransferDone, Tops: []chat.Top{{Name: "wide.png"}}, Files: 1,
		Bytes: int64(len(photo)), Preview: previewOf(t, photo), Paths: []string{pictureFile(t, "wide.png", photo)}, Left: -1})
	f.say(tourGone, chat.Out, chat.Queued, noon.Add(-time.Hour), "are you there?")
	f.sayMany(tourMany, 40, noon.Add(-2*time.Hour), time.Minute, func(i int) string { return fmt.Sprintf("line %d", i) })
	return files
}

// tour opens a window that can do everything.
func tour(t *testing.T, lang string, bare bool, change ...func(*gui.Config)) *screen {
	t.Helper()
	files := newFakeFiles(newFakeChat(clockAtNoon))
	if !bare {
		files = tourOffice(t)
	}
	prefs := standardPreferences()
	prefs.current.QuietFrom, prefs.current.QuietTo, prefs.current.Language = 1320, 420, lang
	presence := &fakePresence{current: gui.Presence{Status: chat.StatusOnline, Department: "Sales", Text: "at the desk"}}
	ranges, exported := []string{"10.8.0.0/24"}, []string(nil)
	report := badReport
	report.Verdict.Text = plainText("Feihong does not seem to be running on the other computer, or its firewall is on")
	system := &fakeSystem{rules: gui.FileRules{Folder: "/home/me/Downloads/Feihong", Rate: 3e6}}
	changes := []func(*gui.Config){withPreferences(prefs), withPresence(presence), withFiles(files, system),
		withRanges(&ranges, nil), withExport(&exported, nil), withID,
		withDoctor(func(_ context.Context, _ string, progress func(doctor.Step)) (doctor.Report, error) {
			return report, nil
		}),
		withLocate([]chat.Sighting{sighting(40, "Ida", "Research and Development", "192.168.1.30:50000"), sighting(41, "Ole", "", "192.168.1.30:50001"),
			sighting(42, "Pia", "", "192.168.1.30:50002"), sighting(43, "Rod", "", "192.168.1.30:50003"), sighting(44, "Sam", "", "192.168.1.30:50004")}, nil),
		func(c *gui.Config) {
			c.AtLogin, c.Version, c.Folder, c.Discovers = true, "1.0.0", "/home/me/.local/share/feihong/default", true
			c.SetOwnPicture = func(context.Context, string) error { return nil }
			c.OwnPicture = func() []byte { return nil }
			c.Interfaces = func() []gui.Interface {
				return []gui.Interface{{Name: "eth0", Addresses: []string{"192.168.1.12/24", "fe80::42:acff:fe11:2/64"}}, {Name: "docker0"}}
			}
			c.Capture = func(context.Context) (image.Image, error) { return landscape(1600, 1000), nil }
			c.Keep = func(context.Context, string, []byte) (string, error) { return "", errDisk }
		}}
	s := open(t, lang, files.fakeChat, append(changes, change...)...)
	s.until("the addresses are known", func() bool { return s.sees("192.168.1.12:49731") })
	return s
}

// stops are all pages and cards.
func stops() []stop {
	said := func(s *screen, text string) chat.Message {
		for _, m := range s.Shown() {
			if strings.HasPrefix(m.Text, text) {
				return m
			}
		}
		s.t.Fatalf("nobody said %q", text)
		return chat.Message{}
	}
	talk := func(id chat.ContactID) func(*screen) { return func(s *screen) { s.openTalk(id); s.work() } }
	inTalk := func(show func(s *screen)) func(*screen) {
		return func(s *screen) {
			s.openTalk(tourLong)
			show(s)
			s.work()
		}
	}
	all := []stop{
		{name: "list", show: func(*screen) {}},
		{name: "alone", show: func(*screen) {}, bare: true},
		{name: "talk", show: talk(tourLong)},
		{name: "gone", show: talk(tourGone)},
		{name: "many", show: talk(tourMany)},
		{name: "find", show: inTalk(func(s *screen) {
			s.Shortcut(key(fyne.KeyModifierShortcutDefault, fyne.KeyF))
			s.FindField().SetText("the")
			s.until("it is found", func() bool { return s.sees("1 of") || s.sees("1 /") })
		})},
		{name: "reply", show: inTalk(func(s *screen) {
			s.BeginReply(said(s, "The figures"))
			s.write("one line\n\nand another line that is long enough for the window to break it")
		})},
		{name: "attached", show: inTalk(func(s *screen) {
			s.AttachPicture(tourLong, landscape(300, 200))
			s.until("the picture is seen", func() bool { return s.TrayFace() != nil })
		})},
		{name: "emoji", show: inTalk(func(s *screen) { s.PressEmoji() })},
		{name: "viewer", show: inTalk(func(s *screen) {
			s.JumpToEnd()
			s.until("the picture is there", func() bool { return s.Photos() > 0 })
			s.ViewPhoto()
			s.until("it is seen", func() bool { return s.Viewed().Percent != "" })
		})},
		{name: "forward", show: inTalk(func(s *screen) { s.ShowForward(said(s, "The figures")) })},
		{name: "recall", show: inTalk(func(s *screen) { s.AskRecall(said(s, "Will do")) })},
		{name: "search", show: func(s *screen) {
			s.Shortcut(key(fyne.KeyModifierShortcutDefault, fyne.KeyK))
			s.SearchField().SetText("the")
			s.until("it is found", func() bool { return !s.Searching() && len(s.SearchHits()) > 1 })
		}},
		{name: "keys", show: func(s *screen) { s.Shortcut(key(fyne.KeyModifierShortcutDefault, fyne.KeySlash)) }},
		{name: "new", show: func(s *screen) { s.Shortcut(key(fyne.KeyModifierShortcutDefault, fyne.KeyN)) }},
		{name: "choose", show: func(s *screen) {
			s.enterAddress("192.168.1.30")
			s.press(fyne.KeyReturn)
			s.until("all are offered", func() bool { return s.sees("Sam") })
		}},
		{name: "ranges", show: func(s *screen) { s.ShowRanges() }},
		{name: "status", show: func(s *screen) { s.ShowOwnStatus() }},
		{name: "info", show: inTalk(func(s *screen) { s.ShowContactInfo() })},
		{name: "rename", show: inTalk(func(s *screen) { s.ShowRename() })},
		{name: "verify", show: inTalk(func(s *screen) {
			s.ShowVerify()
			s.until("the code is there", s.ModalOpen)
		})},
		{name: "export", show: inTalk(func(s *screen) { s.ShowExport() })},
		{name: "doctor", show: inTalk(func(s *screen) {
			s.ShowDoctor()
			s.until("the end is shown", func() bool { return s.sees("Ask them to open it") })
		})},
		{name: "welcome", show: func(s *screen) { s.ShowWelcome() }, bare: true},
	}
	for i := range 8 {
		all = append(all, stop{name: fmt.Sprintf("settings%d", i), show: func(s *screen) {
			s.OpenSettings(i)
			if i == 5 {
				s.until("the interfaces are there", func() bool { return s.sees("docker0") })
			}
		}})
	}
	return all
}

// eachStop shows all stops one after the other in two windows: nobody is known
// in one of them.
func eachStop(t *testing.T, lang string, begin fyne.Size, visit func(s *screen, at stop)) {
	t.Helper()
	for _, bare := range []bool{false, true} {
		s := tour(t, lang, bare)
		for _, at := range stops() {
			if at.bare == bare {
				s.Home()
				s.PaneSize(begin)
				at.show(s)
				s.work()
				visit(s, at)
			}
		}
	}
}

// Whatever is shown has room in any window, in both languages, also when the
// window has become as small as it gets.
func TestEverythingFitsTheWindow(t *testing.T) {
	sizes := []fyne.Size{{Width: 1100, Height: 700}, {Width: 640, Height: 480}, {Width: 480, Height: 640}, {Width: 360, Height: 420}, {Width: 320, Height: 340}}
	for _, lang := range []string{"en", "zh"} {
		eachStop(t, lang, sizes[0], func(s *screen, at stop) {
			for _, size := range sizes {
				s.PaneSize(size)
				s.work()
				if got := s.Canvas().Size(); got != size {
					t.Errorf("%s: a window of %v has become one of %v", at.name, size, got)
				}
				for _, sticks := range s.SticksOut() {
					t.Errorf("%s %s %v: %s", lang, at.name, size, sticks)
				}
			}
		})
	}
}

// Everything that can be pressed is reached with Tab, and is seen then.
func TestTabReachesEverything(t *testing.T) {
	for _, size := range []fyne.Size{{Width: 360, Height: 420}, {Width: 980, Height: 680}} {
		eachStop(t, "en", size, func(s *screen, at stop) {
			for _, complaint := range s.WalkWithTab() {
				t.Errorf("%s %v: %s", at.name, size, complaint)
			}
		})
	}
}

// In a page that is longer than the window the keyboard scrolls when nothing
// else takes the keys.
func TestPagesScrollByKeys(t *testing.T) {
	eachStop(t, "en", fyne.NewSize(360, 420), func(s *screen, at stop) {
		if !slices.Contains([]string{"doctor", "keys", "settings4", "alone"}, at.name) {
			return
		}
		before := s.PageOffset()
		s.TypeKey(fyne.KeyPageDown)
		if s.PageOffset() <= before {
			t.Errorf("%s: PageDown moves nothing; %T has the focus", at.name, s.Focused())
		}
		s.TypeKey(fyne.KeyPageUp)
		if s.PageOffset() != before {
			t.Errorf("%s: PageUp does not go back", at.name)
		}
	})
}

// The sections of the settings are one stop: the next one is in the page.
func TestSectionsAreOneStop(t *testing.T) {
	s := tour(t, "en", false)
	s.OpenSettings(1)
	first := s.Focused()
	s.Canvas().FocusNext()
	if got := s.FocusInSettings(); !got {
		t.Errorf("after %T comes %T", first, s.Focused())
	}
	s.Canvas().FocusPrevious()
	for _, c := range []struct {
		key  fyne.KeyName
		want string
	}{{fyne.KeyRight, "Enter"}, {fyne.KeyLeft, "Accent"}, {fyne.KeyEnd, "Apache License 2.0"}, {fyne.KeyDown, "Apache License 2.0"}, {fyne.KeyHome, "Choose picture"}} {
		s.press(c.key)
		if !s.sees(c.want) || s.Focused() != first {
			t.Errorf("after %s %q is not seen, or %T has the focus", c.key, c.want, s.Focused())
		}
	}
}

// However much stands around them, the messages keep some of a low window.
func TestMessagesKeepRoom(t *testing.T) {
	s := tour(t, "en", false)
	s.PaneSize(fyne.NewSize(360, 420))
	s.openTalk(tourLong)
	s.Composer().SetText(strings.Repeat("line\n", 20))
	s.AttachPicture(tourLong, landscape(300, 200))
	s.until("the picture is seen", func() bool { return s.TrayFace() != nil })
	if got := s.ViewportHeight(); got < 40 {
		t.Errorf("the messages have %g", got)
	}
	s.PaneSize(fyne.NewSize(980, 680))
	if got := s.ComposerRows(); got != 8 {
		t.Errorf("with enough room the text has %d rows", got)
	}
}
