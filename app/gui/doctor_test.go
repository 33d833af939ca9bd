package gui_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"feihong/app/chat"
	"feihong/app/gui"
	"feihong/protocol"
	"feihong/transport/doctor"
)

// examination is a doctor that does what a test says.
type examination func(ctx context.Context, address string, progress func(doctor.Step)) (doctor.Report, error)

func withDoctor(examine examination) func(*gui.Config) {
	if examine == nil {
		examine = func(context.Context, string, func(doctor.Step)) (doctor.Report, error) { return doctor.Report{}, nil }
	}
	return func(cfg *gui.Config) {
		cfg.Doctor = func(ctx context.Context, address string, _ protocol.PeerID, progress func(doctor.Step)) (doctor.Report, error) {
			return examine(ctx, address, progress)
		}
	}
}

// plainText is a text without a translation: it is shown as it is.
func plainText(s string) doctor.Text { return doctor.Text{Key: s} }

func step(outcome, text string, took time.Duration) doctor.Step {
	return doctor.Step{Check: "none", Outcome: outcome, Text: plainText(text), Took: took}
}

var badReport = doctor.Report{
	Address: "192.168.1.40:41870",
	Steps: []doctor.Step{
		step(doctor.OutcomeOK, "The machine answers", 3200*time.Microsecond),
		step(doctor.OutcomeFailed, "Port 41870 is closed", 41*time.Millisecond),
	},
	Far: []doctor.FarSide{{Who: "Ann", Steps: []doctor.Step{step(doctor.OutcomeSkipped, "Ann cannot say", 0)}}},
	Findings: []doctor.Finding{
		{Topic: doctor.TopicInterface, Level: doctor.LevelOK, Text: plainText("Cable"), Detail: "eth0 192.168.1.12/24"},
		{Topic: doctor.TopicFirewall, Level: doctor.LevelWarn, Text: plainText("A firewall is on"), Detail: "ufw"},
		{Topic: "new", Level: doctor.LevelNote, Text: plainText("Something newer")},
	},
	Verdict: doctor.Verdict{Cause: "x", Text: plainText("Feihong is not running there"), Advice: plainText("Ask them to open it"), Command: "sudo ufw allow 41870"},
}

func TestDoctorShowsStepsAsTheyCome(t *testing.T) {
	next := make(chan struct{})
	f := colleagues()
	asked := make(chan string, 1)
	s := open(t, "en", f, withDoctor(func(ctx context.Context, address string, progress func(doctor.Step)) (doctor.Report, error) {
		asked <- address
		progress(badReport.Steps[0])
		<-next
		return badReport, nil
	}))
	s.openTalk(5)
	s.PressWhy()
	s.until("the first step is shown", func() bool { return s.sees("The machine answers") })
	s.mustSee("The way to Eve", "Checking …", "3.2 ms", "Stop")
	if s.sees("Port 41870 is closed") || s.sees("Check again") {
		t.Error("the end is shown before it is known")
	}
	close(next)
	s.until("the end is shown", func() bool { return s.sees("Feihong is not running there") })
	s.mustSee("Ask them to open it", "sudo ufw allow 41870", "41 ms", "As Ann sees it", "Ann cannot say", "Networks of this computer", "eth0 192.168.1.12/24",
		"Firewall", "A firewall is on", "More", "Something newer", "Check again")
	if address := <-asked; address != "192.168.1.40:41870" {
		t.Errorf("asked about %q", address)
	}
	s.CopyDoctor()
	copied := fyne.CurrentApp().Clipboard().Content()
	for _, want := range []string{"The way to Eve · 192.168.1.40:41870 · 2026-11-22 12:00:00", "Feihong is not running there", "[failed] Port 41870 is closed · 41 ms", "[warn] A firewall is on · ufw", "[skipped] Ann cannot say", "sudo ufw"} {
		if !strings.Contains(copied, want) {
			t.Errorf("%q is not in the copy:\n%s", want, copied)
		}
	}
	s.Escape()
	if s.sees("Feihong is not running there") || s.OpenContact() != 5 || s.Canvas().Focused() != s.Composer() {
		t.Error("Escape does not lead back to the conversation")
	}
}

func TestDoctorCanBeStoppedAndAskedAgain(t *testing.T) {
	calls := make(chan error, 10)
	s := open(t, "zh", colleagues(), withDoctor(func(ctx context.Context, _ string, progress func(doctor.Step)) (doctor.Report, error) {
		progress(badReport.Steps[0])
		<-ctx.Done()
		calls <- ctx.Err()
		return doctor.Report{}, ctx.Err()
	}))
	s.OpenSelfMenu()
	s.ChooseInMenu("检查连接")
	s.until("it runs", func() bool { return s.sees("The machine answers") })
	s.mustSee("同事能找到这台电脑吗？")
	s.PressDoctor("停止")
	s.mustSee("检查已停止。", "The machine answers")
	if err := <-calls; !errors.Is(err, context.Canceled) {
		t.Errorf("the doctor ended with %v", err)
	}
	s.PressDoctor("再检查一次")
	s.mustSee("正在检查…")
	s.Open(2) // somebody else is more important now
	if err := <-calls; !errors.Is(err, context.Canceled) || s.OpenContact() != 2 {
		t.Errorf("the doctor ended with %v, contact %d is open", err, s.OpenContact())
	}
}

func TestDoctorThatFailsSaysSo(t *testing.T) {
	s := open(t, "en", newFakeChat(clockAtNoon), withDoctor(func(context.Context, string, func(doctor.Step)) (doctor.Report, error) {
		return doctor.Report{}, partError{}
	}))
	s.OpenSelfMenu()
	s.ChooseInMenu("Check the connection")
	s.until("the failure is told", func() bool { return s.sees("Part 4 of the IPv4 address is 300") })
}

func TestDoctorHidesWhatIsBehindIt(t *testing.T) {
	f, wang, _, _, _ := office()
	s := open(t, "en", f, withDoctor(nil))
	s.openTalk(wang)
	s.PressWhy()
	s.work()
	f.arrive(wang, "unseen")
	s.until("the message is in the list", func() bool { return s.Title() != "(2) Feihong — Me" && s.sees("unseen") })
	if len(f.called("read")) != 0 {
		t.Error("a message was marked as read behind the doctor's page")
	}
	s.Escape()
	s.until("it is read now", func() bool { return len(f.called("read")) > 0 })
}

func TestEmptyStateOffersTheDoctor(t *testing.T) {
	asked := make(chan string, 1)
	now := noon
	f := newFakeChat(func() time.Time { return now })
	s := open(t, "en", f, func(cfg *gui.Config) { cfg.Discovers = true }, withDoctor(func(_ context.Context, address string, _ func(doctor.Step)) (doctor.Report, error) {
		asked <- address
		return doctor.Report{Verdict: doctor.Verdict{OK: true, Text: plainText("All is well")}}, nil
	}))
	s.mustSee("Looking for colleagues …", "Add by address", "Why is nobody")
	now = now.Add(time.Minute)
	f.events <- chat.Lagged{}
	s.until("it has looked in vain", func() bool { return s.sees("Nobody else found so far") })
	s.PressWhyEmpty()
	s.until("it is examined", func() bool { return s.sees("All is well") })
	if address := <-asked; address != "" {
		t.Errorf("asked about %q", address)
	}
}

func TestAddressIsExaminedFromThePageOfThisMachine(t *testing.T) {
	asked := make(chan string, 10)
	s := open(t, "en", newFakeChat(clockAtNoon), withDoctor(func(_ context.Context, address string, _ func(doctor.Step)) (doctor.Report, error) {
		asked <- address
		return doctor.Report{Verdict: doctor.Verdict{OK: true, Text: plainText("Seen: " + address)}}, nil
	}))
	s.OpenSelfMenu()
	s.ChooseInMenu("Check the connection")
	if s.sees("This computer") {
		t.Error("the page of this machine leads to itself")
	}
	s.Canvas().Focus(s.DoctorField())
	test.Type(s.DoctorField(), "192.168.1.300")
	s.mustSee("Part 4 of the IPv4 address is 300")
	s.press(fyne.KeyReturn)
	s.DoctorField().SetText("")
	if s.sees("Part 4") {
		t.Error("an empty field is called wrong")
	}
	test.Type(s.DoctorField(), "192.168.1.30")
	s.press(fyne.KeyReturn)
	s.until("the address is examined", func() bool { return s.sees("Seen: 192.168.1.30") })
	s.mustSee("The way to 192.168.1.30", "This computer")
	if s.sees("Check an address") {
		t.Error("the page of an address asks for another")
	}
	s.PressThisComputer()
	s.until("this machine is examined", func() bool { return s.sees("Check an address") && !s.sees("Seen: 192") })
	for _, want := range []string{"", "192.168.1.30", ""} {
		if got := <-asked; got != want {
			t.Errorf("asked about %q, want %q", got, want)
		}
	}
}
