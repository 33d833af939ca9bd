package cli_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"feihong/app/cli"
	"feihong/app/control"
	"feihong/transport/doctor"
)

// text is a sentence of a report that says what is in it: any text of the
// program that is one placeholder and a few words.
func text(what string) doctor.Text {
	return doctor.Text{Key: "cli.doctor.advice", Args: map[string]any{"text": what}}
}

var report = doctor.Report{
	Address: "192.168.1.9:5",
	Findings: []doctor.Finding{
		{Topic: doctor.TopicInterface, Level: doctor.LevelOK, Text: text("eth0"), Detail: "192.168.1.2/24"},
		{Topic: doctor.TopicFirewall, Level: doctor.LevelWarn, Text: text("ufw")},
		{Topic: doctor.TopicHeard, Level: doctor.LevelNote, Text: doctor.Text{Key: "cli.doctor.advice", Args: map[string]any{"text": text("nobody")}}},
	},
	Steps: []doctor.Step{
		{Check: doctor.CheckAddress, Outcome: doctor.OutcomeOK, Text: text("right"), Took: 123 * time.Microsecond},
		{Check: doctor.CheckPing, Outcome: doctor.OutcomeSkipped, Text: text("not allowed")},
		{Check: doctor.CheckUDP, Outcome: doctor.OutcomeNote, Text: text("silent"), Took: 1234567 * time.Microsecond},
		{Check: doctor.CheckTCP, Outcome: doctor.OutcomeFailed, Text: text("refused"), Took: 12345 * time.Microsecond},
	},
	Far: []doctor.FarSide{
		{Who: "小飞", Steps: []doctor.Step{{Check: doctor.CheckTCP, Outcome: doctor.OutcomeOK, Text: text("open")}}},
		{Who: "Bob", Target: true},
	},
	Verdict: doctor.Verdict{Cause: "port-closed", Text: text("closed"), Advice: text("start it"), Command: "sudo ufw allow 5"},
}

// lines is a report as the profile tells it.
func lines(t *testing.T, r doctor.Report) string {
	t.Helper()
	var b strings.Builder
	out := json.NewEncoder(&b)
	for _, step := range r.Steps {
		if err := out.Encode(control.DoctorLine{Step: &step}); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Encode(control.DoctorLine{Report: &r}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// withoutTitles takes the first column away, in which the names of the checks
// stand, and tells how wide it is.
func withoutTitles(t *testing.T, out string) string {
	t.Helper()
	var kept []string
	for line := range strings.Lines(out) {
		mark, rest, _ := strings.Cut(line, " ")
		title, said, titled := strings.Cut(rest, "  ")
		if titled && strings.Contains("✓✗–", mark) && strings.TrimSpace(title) != "" {
			line = mark + " " + strings.TrimLeft(said, " ")
		}
		kept = append(kept, line)
	}
	return strings.Join(kept, "")
}

func TestDoctor(t *testing.T) {
	h := &host{answer: lines(t, report)}
	r := run(t, h, "doctor", "192.168.1.9:5")
	want := "" +
		"✓ What to do: right (120µs)\n" +
		"– What to do: not allowed\n" +
		"– What to do: silent (1.23s)\n" +
		"✗ What to do: refused (12.3ms)\n" +
		"\n" +
		"This machine:\n" +
		"✓ What to do: eth0\n" +
		"    192.168.1.2/24\n" +
		"! What to do: ufw\n" +
		"– What to do: What to do: nobody\n" +
		"\n" +
		"As seen from 小飞:\n" +
		"✓ What to do: open\n" +
		"\n" +
		"As seen from the other end, by Bob:\n" +
		"\n" +
		"Cause: What to do: closed\n" +
		"What to do: What to do: start it\n" +
		"    sudo ufw allow 5\n"
	if got := withoutTitles(t, r.out); r.code != 1 || r.err != "" || got != want {
		t.Errorf("exit %d, %q, wrote\n%s", r.code, r.err, got)
	}
	if h.asked() != `POST /v1/doctor {"address":"192.168.1.9:5"}` {
		t.Errorf("asked %q", h.asked())
	}
	chinese := run(t, h, "doctor", "Bob", "--lang", "zh").out
	for _, part := range []string{"\n本机：\n", "\n从小飞那边看：\n", "\n从对方（Bob）那一端看：\n", "\n原因：建议：closed\n", "\n建议：建议：start it\n"} {
		if !strings.Contains(chinese, part) {
			t.Errorf("it says nothing of %q:\n%s", part, chinese)
		}
	}
}

// The sentences stand below each other, whatever the widths of the names.
func TestStepsAreAligned(t *testing.T) {
	var all doctor.Report
	for _, check := range []string{
		doctor.CheckAddress, doctor.CheckName, doctor.CheckNetwork, doctor.CheckPing, doctor.CheckUDP, doctor.CheckTCP,
		doctor.CheckNeighbour, doctor.CheckGreeting, doctor.CheckIdentity, doctor.CheckRoundTrip, doctor.CheckReverse,
	} {
		all.Steps = append(all.Steps, doctor.Step{Check: check, Outcome: doctor.OutcomeOK, Text: doctor.Text{Key: "|"}})
	}
	for _, lang := range []string{"en", "zh"} {
		out := run(t, &host{answer: lines(t, all)}, "doctor", "--lang", lang).out
		columns := make(map[int]bool)
		for _, line := range strings.Split(out, "\n")[:len(all.Steps)] {
			before, _, _ := strings.Cut(line, "|")
			columns[screenWidth(before)] = true
		}
		if len(columns) != 1 {
			t.Errorf("in %s the sentences begin at %v:\n%s", lang, columns, out)
		}
	}
}

// screenWidth counts Chinese characters, which is all that is wide in the
// names of checks, twice.
func screenWidth(s string) int {
	width := 0
	for _, r := range s {
		if width++; r >= 0x2E80 {
			width++
		}
	}
	return width
}

func TestDoctorFindsNothingWrong(t *testing.T) {
	fine := doctor.Report{
		Findings: []doctor.Finding{{Level: doctor.LevelOK, Text: text("eth0")}},
		Verdict:  doctor.Verdict{OK: true, Cause: "ok", Text: text("fine")},
	}
	h := &host{answer: lines(t, fine)}
	run(t, h, "doctor").want(t, 0, "This machine:\n✓ What to do: eth0\n\nResult: What to do: fine\n", "")
	if h.asked() != `POST /v1/doctor {"address":""}` {
		t.Errorf("asked %q", h.asked())
	}
	wantLines(t, run(t, h, "doctor", "--json"), []doctor.Report{fine})
}

func TestDoctorAsJSON(t *testing.T) {
	r := run(t, &host{answer: lines(t, report)}, "doctor", "192.168.1.9:5", "--json")
	var got doctor.Report
	if err := json.Unmarshal([]byte(r.out), &got); err != nil || r.code != 1 || r.err != "" || strings.Count(r.out, "\n") != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	if got.Verdict.Cause != "port-closed" || len(got.Steps) != 4 || got.Steps[0].Took != 123*time.Microsecond {
		t.Errorf("it is %+v", got)
	}
}

func TestDoctorIsRefused(t *testing.T) {
	h := &host{status: 404, answer: &control.Error{
		Code: control.CodeUnknown, Message: "no address", Key: "control.no-address", Args: map[string]any{"name": "Bob"},
	}}
	run(t, h, "doctor", "Bob").want(t, 5, "", "feihong: No address of Bob is known yet. Give the one that their window shows.\n")
	broken := &host{answer: `{"error":{"code":"closing","message":"the profile is closing","key":"control.closing"}}`}
	run(t, broken, "doctor").want(t, 1, "", "feihong: The profile is closing.\n")
}

// slow is a host whose doctor waits after the first step.
type slow struct {
	host
	step chan struct{}
}

func (s *slow) Do(ctx context.Context, _ cli.Options, do func(context.Context, *control.Client) error) error {
	return do(ctx, control.Local(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		step, err := json.Marshal(control.DoctorLine{Step: &report.Steps[0]})
		if err != nil {
			panic(err)
		}
		_, _ = w.Write(append(step, '\n'))
		<-s.step
		_, _ = io.WriteString(w, `{"report":{"verdict":{"ok":true}}}`)
	})))
}

// watcher is a stream that tells when something is written to it.
type watcher struct {
	strings.Builder
	wrote func()
}

func (w *watcher) Write(p []byte) (int, error) {
	if w.wrote != nil {
		w.wrote()
		w.wrote = nil
	}
	return w.Builder.Write(p)
}

// Each step is on the screen before the next is done.
func TestStepsArePrintedAsTheyCome(t *testing.T) {
	h := &slow{step: make(chan struct{})}
	out := &watcher{wrote: func() { close(h.step) }}
	if code := cli.Run(t.Context(), h, []string{"doctor", "--lang", "en"}, cli.Streams{Out: out, Err: io.Discard}); code != 0 {
		t.Errorf("exit %d, wrote %s", code, out.String())
	}
}

type closedPipe struct{}

func (closedPipe) Write([]byte) (int, error) { return 0, errors.New("nobody reads") }

func TestReportThatNobodyReads(t *testing.T) {
	var errs strings.Builder
	code := cli.Run(t.Context(), &host{answer: lines(t, doctor.Report{Verdict: doctor.Verdict{OK: true}})},
		[]string{"doctor", "--lang", "en"}, cli.Streams{Out: closedPipe{}, Err: &errs})
	if code != 1 || !strings.Contains(errs.String(), "nobody reads") {
		t.Errorf("exit %d, %s", code, errs.String())
	}
}
