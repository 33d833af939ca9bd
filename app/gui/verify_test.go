package gui_test

import (
	"strings"
	"testing"

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
	compare := func() {
		t.Helper()
		if !s.PressPersonMenu(anna, "Compare codes …") {
			t.Fatal("there is no menu entry")
		}
		s.until("the code is shown", s.ModalOpen)
	}
	compare()
	s.mustSee("Are you really talking to Anna?", code[0]+"   "+code[1], code[4]+"   "+code[5])
	if got, want := s.QRText(), protocol.VerifySymbol(peer(9), strings.Join(code, " ")); got != want {
		t.Errorf("the symbol says %s, want %s", got, want)
	}
	s.PressInModal("They match")
	s.until("Anna is verified", func() bool { return s.Person(anna).Verified })

	compare()
	s.PressInModal("They differ")
	s.mustSee("The codes differ", "Anna is blocked for now")
	s.until("nothing is sent to Anna", func() bool { return s.Person(anna).Blocked && !s.Person(anna).Verified })
	s.PressInModal("Compare again")
	s.until("the code is shown again", func() bool { return s.sees(code[0] + "   " + code[1]) })
	s.PressInModal("They match")
	s.until("Anna is free again", func() bool { return !f.summary(anna).Blocked && f.summary(anna).Verified })
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
