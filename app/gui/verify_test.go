package gui_test

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"feihong/app/chat"
	"feihong/app/gui"
	"feihong/protocol"
)

// withID gives the user a real ID.
func withID(cfg *gui.Config) { cfg.Self.ID = peer(9).String() }

func TestCodesAreCompared(t *testing.T) {
	code := strings.Fields(protocol.VerifyCode(peer(9), peer(1)))
	f, _, anna, _, _ := office()
	s := open(t, "en", f, withID)
	s.compare(anna)
	s.mustSee("Are you really talking to Anna?", code[0]+"   "+code[1], code[4]+"   "+code[5])
	if got, want := s.QRText(), protocol.VerifySymbol(peer(9), strings.Join(code, " ")); got != want {
		t.Errorf("the symbol says %s, want %s", got, want)
	}
	s.PressInModal("They match")
	s.until("Anna is verified", func() bool { return s.Person(anna).Verified })

	s.compare(anna)
	s.PressInModal("They differ")
	s.mustSee("The codes differ", "Anna is blocked for now")
	s.until("nothing is sent to Anna", func() bool { return s.Person(anna).Blocked && !s.Person(anna).Verified })
	s.PressInModal("Compare again")
	s.until("the code is shown again", func() bool { return s.sees(code[0] + "   " + code[1]) })
	s.PressInModal("They match")
	s.until("Anna is free again", func() bool { return !f.summary(anna).Blocked && f.summary(anna).Verified })
}

// compare opens the codes of somebody.
func (s *screen) compare(id chat.ContactID) {
	s.t.Helper()
	if !s.PressPersonMenu(id, "Compare codes …") {
		s.t.Fatal("there is no menu entry")
	}
	s.until("the code is shown", s.ModalOpen)
}

// The keyboard stands where nothing changes.
func TestComparingHasTheFocus(t *testing.T) {
	f, wang, anna, _, _ := office()
	f.people[anna].Verified = true
	s := open(t, "en", f, withID)
	for id, want := range map[chat.ContactID]string{wang: "Later", anna: "Close"} {
		s.compare(id)
		if got := s.FocusedButton(); got != want {
			t.Errorf("the focus is on %q, want %q", got, want)
			continue
		}
		s.press(fyne.KeySpace)
		if s.ModalOpen() {
			t.Errorf("%s does not close the card", want)
		}
	}
	if got := slices.Concat(f.called("verify"), f.called("block")); len(got) > 0 {
		t.Errorf("closing the card did %q", got)
	}
}

// A block is lifted by equal codes only if different ones were its reason.
func TestOtherBlocksOutliveComparing(t *testing.T) {
	for what, c := range map[string]struct {
		before func(s *screen, f *fakeChat, anna chat.ContactID)
		want   bool
	}{
		"blocked by the user": {func(s *screen, f *fakeChat, anna chat.ContactID) {}, true},
		"blocked before the codes differed": {func(s *screen, f *fakeChat, anna chat.ContactID) {
			s.compare(anna)
			s.PressInModal("They differ")
			s.PressInModal("Keep blocked")
		}, true},
		"blocked again since": {func(s *screen, f *fakeChat, anna chat.ContactID) {
			s.unblock(anna)
			s.compare(anna)
			s.PressInModal("They differ")
			s.PressInModal("Keep blocked")
			s.until("Anna is blocked", func() bool { return s.Person(anna).Blocked })
			s.unblock(anna)
			s.PressPersonMenu(anna, "Block")
			s.until("Anna is blocked", func() bool { return s.Person(anna).Blocked })
		}, true},
		"blocked as the codes differed": {func(s *screen, f *fakeChat, anna chat.ContactID) {
			s.unblock(anna)
			s.compare(anna)
			s.PressInModal("They differ")
			s.PressInModal("Keep blocked")
			s.until("Anna is blocked", func() bool { return s.Person(anna).Blocked })
		}, false},
	} {
		f, _, anna, _, _ := office()
		f.people[anna].Blocked = true
		s := open(t, "en", f, withID)
		c.before(s, f, anna)
		s.compare(anna)
		s.PressInModal("They match")
		s.until("Anna is verified", func() bool { return f.summary(anna).Verified })
		s.stop() // waits for what was begun
		if got := f.summary(anna).Blocked; got != c.want {
			t.Errorf("%s: afterwards Anna is blocked: %v", what, got)
		}
	}
}

func (s *screen) unblock(id chat.ContactID) {
	s.t.Helper()
	s.PressPersonMenu(id, "Unblock")
	s.until("nobody is blocked", func() bool { return !s.Person(id).Blocked })
}

// Only the key that was compared becomes a verified one.
func TestAnotherKeyIsComparedAnew(t *testing.T) {
	f, _, anna, _, _ := office()
	s := open(t, "en", f, withID)
	s.compare(anna)
	f.edit(anna, func(p *chat.Summary) { p.Peer = peer(7) })
	s.until("the key is another one", func() bool { return s.Person(anna).Peer == peer(7) })
	s.PressInModal("They match")
	code := strings.Fields(protocol.VerifyCode(peer(9), peer(7)))
	s.until("its code is shown", func() bool { return s.sees(code[0] + "   " + code[1]) })
	if got := f.called("verify"); len(got) > 0 {
		t.Errorf("without comparing: %q", got)
	}
	s.PressInModal("They match")
	s.until("Anna is verified", func() bool { return f.summary(anna).Verified })
}

func TestWhoHasNoKeyCannotBeCompared(t *testing.T) {
	f := newFakeChat(clockAtNoon)
	id := f.add(chat.Summary{Contact: chat.Contact{Address: "192.168.1.9:1"}})
	s := open(t, "en", f, withID)
	if s.PressPersonMenu(id, "Compare codes …") {
		t.Error("there is nothing to compare")
	}
}

func TestNamesakeIsWarnedOfUntilCompared(t *testing.T) {
	f, _, anna, _, _ := office()
	f.people[anna].Namesake = true
	s := open(t, "zh", f, withID)
	s.openTalk(anna)
	s.mustSee("密钥与此人不同", "核对安全码")
	f.edit(anna, func(p *chat.Summary) { p.Verified = true })
	s.until("the warning is gone", func() bool { return !s.sees("密钥与此人不同") })
}

// A name is chosen by somebody else: it must not push the card out of the window.
func TestLongNamesFitTheCard(t *testing.T) {
	f, _, anna, _, _ := office()
	f.people[anna].Name = strings.Repeat("W", 64)
	s := open(t, "en", f, withID)
	s.PressPersonMenu(anna, "Compare codes …")
	s.until("the code is shown", s.ModalOpen)
	if card, window := s.CardSize(), s.Canvas().Size(); card.Width > window.Width || card.Height > window.Height {
		t.Errorf("the card has %v in a window of %v", card, window)
	}
}
