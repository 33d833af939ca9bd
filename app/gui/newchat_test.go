package gui_test

import (
	"context"
	"errors"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"feihong/app/chat"
)

// enterAddress opens the dialog with its shortcut and types an address.
func (s *screen) enterAddress(address string) {
	s.t.Helper()
	s.Shortcut(&desktop.CustomShortcut{KeyName: fyne.KeyN, Modifier: fyne.KeyModifierShortcutDefault})
	if !s.ModalOpen() {
		s.t.Fatal("the dialog does not open")
	}
	test.Type(s.Canvas().Focused(), address)
}

func TestAddressIsJudgedWhileItIsTyped(t *testing.T) {
	for _, c := range []struct{ lang, address, want string }{
		{"en", "", "An IP address or a computer name, a colon, and the port."},
		{"zh", "", "IP 地址或计算机名"},
		{"en", "192.168.1.300:50000", "Part 4 of the IPv4 address is 300"},
		{"zh", "192.168.1.300:50000", "300"},
		{"en", "192.168.1.30:80", "Port 80"},
		{"zh", "192.168.1.30:80", "80"},
		{"en", "192.168.1.30:50000", "Press Enter to connect to 192.168.1.30:50000."},
		{"zh", "192.168.1.30:50000", "按回车键连接 192.168.1.30:50000"},
	} {
		s := open(t, c.lang, newFakeChat(clockAtNoon))
		s.enterAddress(c.address)
		s.mustSee(c.want)
		s.stop()
	}
}

func TestWrongAddressIsNotDialled(t *testing.T) {
	f := newFakeChat(clockAtNoon)
	s := open(t, "en", f)
	s.enterAddress("192.168.1.300:50000")
	s.press(fyne.KeyReturn)
	s.work()
	if calls := f.called("connect"); len(calls) != 0 {
		t.Errorf("dialled: %q", calls)
	}
}

func TestAnswerOpensTheConversation(t *testing.T) {
	f, wang, _, _, _ := office()
	f.connect = func(context.Context, string) (chat.Contact, error) { return f.summary(wang).Contact, nil }
	s := open(t, "en", f)
	s.enterAddress("192.168.1.23:50123")
	s.press(fyne.KeyReturn)
	s.mustSee("Calling 192.168.1.23:50123")
	s.until("the conversation is open", func() bool { return s.OpenContact() == wang })
	if s.ModalOpen() || s.Canvas().Focused() != s.Composer() {
		t.Error("the dialog is still there, or the input box has no focus")
	}
}

func TestFailureOffersToWriteAnyway(t *testing.T) {
	f := newFakeChat(clockAtNoon)
	f.connect = func(_ context.Context, address string) (chat.Contact, error) {
		id := f.add(chat.Summary{Contact: chat.Contact{Address: address}})
		return f.summary(id).Contact, errors.New("nobody listens there")
	}
	s := open(t, "en", f)
	s.enterAddress("192.168.1.23:50123")
	s.press(fyne.KeyReturn)
	s.until("the failure is told", func() bool { return s.sees("nobody listens there") })
	s.mustSee("Write anyway", "Try again", "messages wait and are sent once")
	s.PressKeep()
	if s.OpenContact() != 1 || s.ModalOpen() {
		t.Fatal("the pending conversation is not open")
	}
	s.until("it is loaded", func() bool { return !s.Loading() })
	s.mustSee("nobody listens there Messages wait")
	if n := len(f.called("discard")); n != 0 {
		t.Error("somebody was kept and discarded")
	}
}

func TestCancelAfterFailureLeavesNobody(t *testing.T) {
	f := newFakeChat(clockAtNoon)
	f.connect = func(_ context.Context, address string) (chat.Contact, error) {
		id := f.add(chat.Summary{Contact: chat.Contact{Address: address}})
		return f.summary(id).Contact, errors.New("nobody listens there")
	}
	s := open(t, "en", f)
	s.enterAddress("192.168.1.23:50123")
	s.press(fyne.KeyReturn)
	s.until("the failure is told", func() bool { return s.sees("nobody listens there") })
	if !s.Escape() {
		t.Fatal("Escape does not close the dialog")
	}
	s.until("the address is gone", func() bool { return len(f.called("discard")) == 1 && !s.sees("192.168.1.23:50123") })
}

func TestFailureWithoutContact(t *testing.T) {
	f := newFakeChat(clockAtNoon)
	f.connect = func(context.Context, string) (chat.Contact, error) { return chat.Contact{}, errors.New("that is you") }
	s := open(t, "en", f)
	s.enterAddress("192.168.1.12:49731")
	s.press(fyne.KeyReturn)
	s.until("the failure is told", func() bool { return s.sees("that is you") })
	if s.sees("Write anyway") {
		t.Error("there is nobody to write to")
	}
}

func TestEscapeEndsDialling(t *testing.T) {
	f := newFakeChat(clockAtNoon)
	ended := make(chan error, 1)
	f.connect = func(ctx context.Context, _ string) (chat.Contact, error) {
		<-ctx.Done()
		ended <- ctx.Err()
		return chat.Contact{}, ctx.Err()
	}
	s := open(t, "en", f)
	s.enterAddress("192.168.1.23:50123")
	s.press(fyne.KeyReturn)
	s.until("it dials", func() bool { return len(f.called("connect")) == 1 })
	if !s.Escape() || s.ModalOpen() {
		t.Fatal("Escape does not close the dialog")
	}
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("dialling ended with %v", err)
	}
}

func TestContactInfoAndRename(t *testing.T) {
	f, wang, _, _, _ := office()
	s := open(t, "en", f)
	s.openTalk(wang)
	s.ShowContactInfo()
	id := peer(4).String()
	s.mustSee(id[:31], id[32:], "192.168.1.23:50123")
	s.Escape()

	s.ShowRename()
	test.Type(s.Canvas().Focused(), "小王")
	s.press(fyne.KeyReturn)
	s.until("the name is shown", func() bool { return s.PeopleNames()[0] == "小王" })
	if got := f.called("remark"); len(got) != 1 || got[0] != "remark 小王" {
		t.Errorf("the service was told %q", got)
	}
}
