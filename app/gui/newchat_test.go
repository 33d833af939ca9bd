package gui_test

import (
	"context"
	"errors"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"feihong/app/chat"
	"feihong/app/gui"
	"feihong/transport/doctor"
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
		{"en", "", "An IP address or a computer name. A port can follow"},
		{"zh", "", "IP 地址或计算机名"},
		{"en", "192.168.1.300:50000", "Part 4 of the IPv4 address is 300"},
		{"zh", "192.168.1.300:50000", "300"},
		{"en", "192.168.1.30:80", "Port 80"},
		{"zh", "192.168.1.30:80", "80"},
		{"en", "192.168.1.30:50000", "Press Enter to connect to 192.168.1.30:50000."},
		{"zh", "192.168.1.30:50000", "按回车键连接 192.168.1.30:50000"},
		{"en", "192.168.1.30", "Press Enter to look who is at 192.168.1.30."},
		{"zh", "[fe80::1%eth0]", "按回车键查看 [fe80::1%eth0] 上有谁"},
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

// withLocate lets a machine answer with people.
func withLocate(found []chat.Sighting, err error) func(*gui.Config) {
	return func(cfg *gui.Config) {
		cfg.Locate = func(context.Context, string) ([]chat.Sighting, error) { return found, err }
	}
}

func sighting(seed byte, name, department, address string) chat.Sighting {
	return chat.Sighting{Peer: peer(seed), Name: name, Department: department, Status: chat.StatusOnline, Addresses: []string{address}}
}

func TestOnePersonAtAnAddressIsOpened(t *testing.T) {
	f := newFakeChat(clockAtNoon)
	s := open(t, "en", f, withLocate([]chat.Sighting{sighting(9, "Ida", "", "192.168.1.30:50000")}, nil))
	s.enterAddress("192.168.1.30")
	s.press(fyne.KeyReturn)
	s.mustSee("Asking who is at 192.168.1.30")
	s.until("the conversation is open", func() bool { return s.OpenContact() == 1 })
	if s.ModalOpen() || s.Canvas().Focused() != s.Composer() || len(f.called("connect")) != 0 {
		t.Error("the dialog is still there, the input box has no focus, or the address was dialled")
	}
}

func TestSeveralPeopleAtAnAddressAreOffered(t *testing.T) {
	found := []chat.Sighting{
		sighting(7, "Ida", "Sales", "192.168.1.30:50000"),
		sighting(8, "Ida", "Legal", "192.168.1.30:50001"),
		sighting(9, "", "", "[fe80::1]:50002"),
	}
	f := newFakeChat(clockAtNoon)
	s := open(t, "en", f, withLocate(found, nil))
	s.enterAddress("192.168.1.30")
	s.press(fyne.KeyReturn)
	s.until("they are offered", func() bool { return s.sees("3 people use Feihong at 192.168.1.30") })
	s.mustSee("Sales · "+peer(7).Short()+" · :50000", "Legal · "+peer(8).Short()+" · :50001", peer(9).Short()+" · :50002")
	s.press(fyne.KeyDown)
	s.press(fyne.KeyReturn)
	s.until("the conversation is open", func() bool { return s.OpenContact() != 0 })
	if got := f.summary(s.OpenContact()); got.Peer != peer(8) {
		t.Errorf("the second was chosen, and %+v is open", got.Contact)
	}
}

func TestChoiceEndsWithEscape(t *testing.T) {
	s := open(t, "en", newFakeChat(clockAtNoon), withLocate([]chat.Sighting{sighting(7, "Ida", "", ""), sighting(8, "Ivo", "", "")}, nil))
	s.enterAddress("pc-7")
	s.press(fyne.KeyReturn)
	s.until("they are offered", func() bool { return s.sees("Ivo") })
	s.press(fyne.KeyEscape)
	if s.ModalOpen() {
		t.Error("Escape does not close the dialog")
	}
}

func TestNobodyAtAnAddress(t *testing.T) {
	var asked string
	doctor := func(_ context.Context, address string, _ func(doctor.Step)) (doctor.Report, error) {
		asked = address
		return badReport, nil
	}
	f := newFakeChat(clockAtNoon)
	s := open(t, "en", f, withLocate(nil, nil), withDoctor(doctor))
	s.enterAddress("192.168.1.30")
	s.press(fyne.KeyReturn)
	s.until("it is told", func() bool { return s.sees("Nobody answered at 192.168.1.30.") })
	s.mustSee("Is the computer on", "Find out why", "Try again")
	if s.sees("Write anyway") {
		t.Error("there is nobody to write to")
	}
	s.PressInModal("Find out why")
	s.until("it is examined", func() bool { return s.sees("Feihong is not running there") })
	if s.ModalOpen() || asked != "192.168.1.30" {
		t.Errorf("the dialog is open (%v), or another address was examined: %q", s.ModalOpen(), asked)
	}
}

func TestLookingCanFail(t *testing.T) {
	s := open(t, "en", newFakeChat(clockAtNoon), withLocate(nil, errors.New("no such host")))
	s.enterAddress("nowhere")
	s.press(fyne.KeyReturn)
	s.until("it is told", func() bool { return s.sees("no such host") })
}

func TestContactInfoAndRename(t *testing.T) {
	f, wang, _, _, _ := office()
	f.people[wang].Department, f.people[wang].Host = "Design", "wang-pc"
	s := open(t, "en", f)
	s.openTalk(wang)
	s.ShowContactInfo()
	id := peer(4).String()
	s.mustSee("Design · wang-pc", id[:31], id[32:], "192.168.1.23:50123")
	s.Escape()

	s.ShowRename()
	test.Type(s.Canvas().Focused(), "小王")
	s.press(fyne.KeyReturn)
	s.until("the name is shown", func() bool { return s.PeopleNames()[0] == "小王" })
	if got := f.called("remark"); len(got) != 1 || got[0] != "remark 小王" {
		t.Errorf("the service was told %q", got)
	}
}
