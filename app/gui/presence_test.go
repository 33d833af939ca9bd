package gui_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"feihong/app/chat"
	"feihong/app/gui"
	"feihong/protocol"
)

// fakePresence keeps what the user lets others see, in memory.
type fakePresence struct {
	mu      sync.Mutex
	current gui.Presence
	err     error
}

func (f *fakePresence) Current() gui.Presence {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.current
}

func (f *fakePresence) SetPresence(_ context.Context, p gui.Presence) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		f.current = p
	}
	return f.err
}

func withPresence(p *fakePresence) func(*gui.Config) {
	return func(cfg *gui.Config) { cfg.Presence = p }
}

func TestOwnStatusIsShownAndChosen(t *testing.T) {
	presence := &fakePresence{current: gui.Presence{Status: chat.StatusOnline, Department: "Sales", Text: "at the desk"}}
	s := open(t, "en", newFakeChat(clockAtNoon), withPresence(presence))
	s.mustSee("online · at the desk")
	s.OpenSelfMenu()
	s.mustSee("Away", "Busy", "Invisible (seen offline)", "Status text and department ...")
	s.ChooseInMenu("Busy")
	s.mustSee("busy · at the desk") // before it is saved
	s.until("the status is set", func() bool { return presence.Current().Status == chat.StatusBusy })
	if p := presence.Current(); p.Text != "at the desk" || p.Department != "Sales" {
		t.Errorf("the rest is lost: %+v", p)
	}
}

func TestIdlePeopleSeeThatOthersSeeThemAway(t *testing.T) {
	presence := &fakePresence{current: gui.Presence{Status: chat.StatusOnline, Idle: true}}
	s := open(t, "en", newFakeChat(clockAtNoon), withPresence(presence))
	s.mustSee("away (idle)")
	s.OpenSelfMenu()
	if got := s.CheckedInMenu(); got != "Online" {
		t.Errorf("%q is checked, but the user chose to be online", got)
	}
}

func TestChangedPresenceIsShownWhenTold(t *testing.T) {
	presence := &fakePresence{current: gui.Presence{Status: chat.StatusOnline}}
	s := open(t, "en", newFakeChat(clockAtNoon), withPresence(presence))
	s.work()
	if err := presence.SetPresence(t.Context(), gui.Presence{Status: chat.StatusOnline, Idle: true}); err != nil {
		t.Fatal(err)
	}
	for range 100 {
		go s.PresenceChanged()
	}
	s.until("it is shown", func() bool { return s.sees("away (idle)") })
	if err := presence.SetPresence(t.Context(), gui.Presence{Status: chat.StatusBusy}); err != nil {
		t.Fatal(err)
	}
	s.PresenceChanged() // is told again after it was shown
	s.until("it is shown again", func() bool { return s.sees("busy") })
}

func TestStatusThatCannotBeSavedIsTakenBack(t *testing.T) {
	presence := &fakePresence{current: gui.Presence{Status: chat.StatusOnline}, err: errDisk}
	s := open(t, "en", newFakeChat(clockAtNoon), withPresence(presence))
	s.OpenSelfMenu()
	s.ChooseInMenu("Away")
	s.until("the failure is told", func() bool { return s.tells("the disk is full") })
	s.until("the status is as before", func() bool { return s.sees("online") })
}

func TestStatusTextHasALimit(t *testing.T) {
	presence := &fakePresence{current: gui.Presence{Status: chat.StatusOnline}}
	s := open(t, "en", newFakeChat(clockAtNoon), withPresence(presence))
	s.OpenSelfMenu()
	s.ChooseInMenu("Status text and department …")
	field := s.Canvas().Focused()
	test.Type(field, strings.Repeat("字", gui.MaxStatusRunes+2))
	s.mustSee("-2")
	s.press(fyne.KeyReturn)
	if !s.ModalOpen() {
		t.Fatal("a text that is too long is taken")
	}
	s.press(fyne.KeyBackspace)
	s.press(fyne.KeyBackspace)
	s.press(fyne.KeyReturn)
	s.until("the text is set", func() bool { return presence.Current().Text != "" })
	if got := []rune(presence.Current().Text); len(got) != gui.MaxStatusRunes || s.ModalOpen() {
		t.Errorf("%d characters were set", len(got))
	}
}

// colleagues are people with and without a conversation in every status.
func colleagues() *fakeChat {
	f := newFakeChat(clockAtNoon)
	add := func(n byte, name, department string, online bool, status chat.Status, text string, seen time.Time) chat.ContactID {
		return f.add(chat.Summary{
			Contact: chat.Contact{Peer: peer(n), Name: name, Department: department, Host: "pc-" + name, Address: "192.168.1.40:41870", LastSeen: seen},
			Online:  online, Status: status, StatusText: text,
		})
	}
	wang := add(1, "Wang", "Design", true, chat.StatusBusy, "in a meeting", noon)
	add(2, "Zoe", "Sales", true, chat.StatusOnline, "", noon)
	add(3, "Bea", "Sales", true, chat.StatusBusy, "", noon)
	add(4, "Ann", "", true, chat.StatusAway, "at lunch", noon)
	add(5, "Eve", "Legal", false, chat.StatusOffline, "", noon.Add(-3*time.Hour))
	add(6, "Kim", "", true, chat.StatusOnline, "", noon)
	f.say(wang, chat.In, chat.Read, noon.Add(-time.Hour), "see you")
	return f
}

func TestPeopleByStatus(t *testing.T) {
	s := open(t, "en", colleagues())
	want := "Wang Eve Zoe Bea Kim Ann"
	if got := strings.Join(s.PeopleNames(), " "); got != want {
		t.Errorf("people are %s, want %s", got, want)
	}
	s.mustSee("Legal · 0 of 1 here", "last seen 09:00", "Sales · 2 of 2 here", "busy", "Online · 2", "at lunch", "pc-Kim", "see you")
}

func TestSomebodyWhoLeavesMovesDown(t *testing.T) {
	f := colleagues()
	s := open(t, "en", f)
	f.edit(2, func(p *chat.Summary) { p.Online, p.Status = false, chat.StatusOffline })
	f.edit(4, func(p *chat.Summary) { p.Online, p.Status = false, chat.StatusOffline })
	s.until("somebody is offline", func() bool { return s.sees("Offline · 1") })
	s.mustSee("Sales · 1 of 2 here", "Online · 1", "last seen 12:00")
	f.edit(6, func(p *chat.Summary) { p.StatusText = "back soon" })
	s.until("the new status line is shown", func() bool { return s.sees("back soon") })
}

func TestFilterKnowsMoreThanNames(t *testing.T) {
	s := open(t, "en", colleagues())
	for filter, want := range map[string]string{
		"sales": "Zoe Bea", "pc-kim": "Kim", "lunch": "Ann", "busy": "Wang Bea", "sales busy": "Bea", "192.168.1.40 legal": "Eve", "sales lunch": "",
	} {
		s.Filter().SetText(filter)
		if got := strings.Join(s.PeopleNames(), " "); got != want {
			t.Errorf("%q finds %q, want %q", filter, got, want)
		}
	}
}

func TestHeaderTellsAboutThePerson(t *testing.T) {
	f := colleagues()
	s := open(t, "en", f, withDoctor(nil))
	s.openTalk(1)
	s.mustSee("busy", "·  in a meeting  ·  Design  ·  192.168.1.40:41870")
	if s.sees("Why?") {
		t.Error("why is somebody there?")
	}
	f.edit(1, func(p *chat.Summary) { p.Online, p.Status, p.StatusText = false, chat.StatusOffline, "" })
	s.until("the person is offline", func() bool { return s.sees("last seen 12:00") })
	s.mustSee("Why?")
	f.edit(1, func(p *chat.Summary) { p.Problem = errors.New("no route there") })
	s.until("the problem is told", func() bool { return s.sees("no route there") })
	s.mustSee("Find out why")
	if s.sees("Why?") {
		t.Error("the way to the doctor is there twice")
	}
	f.edit(1, func(p *chat.Summary) {
		p.Problem = &chat.DialError{Reason: chat.ReasonUnreachable, Err: errors.New("port 41870 refuses")}
	})
	s.until("it is told that messages wait", func() bool { return s.sees("Wang is not there at the moment. Messages wait") })
	if s.sees("port 41870 refuses") {
		t.Error("somebody who went home is a technical problem")
	}
}

// A thousand people who come and go within a moment make few updates of the
// list, and one who only says something else makes none of the other rows.
func TestAThousandPeopleDrawTheListRarely(t *testing.T) {
	f := newFakeChat(clockAtNoon)
	for i := range 1000 {
		f.add(chat.Summary{Contact: chat.Contact{Peer: protocol.PeerID{0: byte(i), 1: byte(i >> 8), 2: 1}, Name: "n" + strings.Repeat("x", i%7), LastSeen: noon}})
	}
	s := open(t, "en", f)
	s.until("the first tick is over", func() bool { return s.sees("192.168.1.12:49731") })
	rebuilt, filled := s.CountRows()
	for id := range chat.ContactID(1000) {
		f.edit(id+1, func(p *chat.Summary) { p.Online, p.Status = true, chat.StatusOnline })
	}
	s.until("all are there", func() bool { return s.sees("Online · 1000") })
	if *rebuilt > 60 { // an update for each would make some thousands
		t.Errorf("the list was rebuilt %d times", *rebuilt)
	}
	*rebuilt, *filled = 0, 0
	f.edit(500, func(p *chat.Summary) { p.Via = "multicast" })
	f.edit(1, func(p *chat.Summary) { p.StatusText = "brb" })
	s.until("the status line is shown", func() bool { return s.sees("brb") })
	if *rebuilt != 0 || *filled != 0 {
		t.Errorf("one status line rebuilt the list %d times and filled %d rows", *rebuilt, *filled)
	}
}

// BenchmarkPeopleRefresh is what one update of the list costs with 1,000 people
// of whom one has come or gone.
func BenchmarkPeopleRefresh(b *testing.B) {
	people := make(map[chat.ContactID]*chat.Summary)
	for i := range chat.ContactID(1000) {
		people[i+1] = &chat.Summary{Contact: chat.Contact{ID: i + 1, Peer: peer(byte(i)), Name: "王小明", Department: "财务部", LastSeen: noon}}
	}
	app := test.NewTempApp(b)
	refresh := gui.NewPeopleList(app, people)
	for i := 0; b.Loop(); i++ {
		s := people[chat.ContactID(i%1000)+1]
		s.Online = !s.Online
		refresh()
	}
}
