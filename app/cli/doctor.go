package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/rivo/uniseg"
	"github.com/spf13/cobra"

	"feihong/app/control"
	"feihong/transport/doctor"
)

// doctor examines an address or this machine. The steps are printed as they
// come: somebody who waits sees at what.
func (c *commands) doctor() *cobra.Command {
	cmd := c.question("doctor [ADDRESS|WHO]", "cli.doctor", 0, func(ctx context.Context, client *control.Client, args []string, asJSON bool) error {
		address := strings.Join(args, "")
		sheet := c.newSheet()
		progress := sheet.step
		if asJSON {
			progress = func(doctor.Step) {}
		}
		report, err := client.Doctor(ctx, address, progress)
		if err != nil && asJSON {
			return errors.Join(err, c.printJSON(failure(ctx, err)))
		}
		if err != nil {
			return err
		}
		if asJSON {
			err = c.printJSON(report)
		} else {
			err = sheet.rest(report)
		}
		if err == nil && !report.Verdict.OK {
			err = &exitError{code: exitFailed}
		}
		return err
	})
	cmd.Long = c.t("cli.doctor.long")
	cmd.Args = c.words(0, 1)
	return cmd
}

// failure is the answer in JSON when there is no report.
func failure(ctx context.Context, err error) any {
	told := map[string]any{"code": control.CodeInternal, "message": err.Error()}
	var refusal *control.Error
	switch {
	case ctx.Err() != nil && isCancellation(ctx, err):
		told = map[string]any{"code": "cancelled", "message": "cancelled"}
	case errors.As(err, &refusal):
		told = map[string]any{"code": refusal.Code, "message": refusal.Message}
	}
	return map[string]any{"error": told}
}

// checks are those whose names stand in the first column.
var checks = []string{
	doctor.CheckAddress, doctor.CheckName, doctor.CheckNetwork, doctor.CheckPing, doctor.CheckUDP, doctor.CheckTCP,
	doctor.CheckNeighbour, doctor.CheckGreeting, doctor.CheckIdentity, doctor.CheckRoundTrip, doctor.CheckReverse,
}

// sheet is a report as it is printed, a part at a time.
type sheet struct {
	*commands
	column int // width of the first one
	begun  bool
	failed error // the first of the stream
}

func (c *commands) newSheet() *sheet {
	s := &sheet{commands: c}
	for _, check := range checks {
		s.column = max(s.column, uniseg.StringWidth(s.told(doctor.Step{Check: check}.Title())))
	}
	return s
}

// told gives a text of the report in the user's language.
func (s *sheet) told(t doctor.Text) string { return s.text.Text(t.Key, t.Args) }

var outcomeMarks = map[string]string{doctor.OutcomeOK: "✓", doctor.OutcomeFailed: "✗"}

var levelMarks = map[doctor.Level]string{doctor.LevelOK: "✓", doctor.LevelWarn: "!"}

// step prints one step.
func (s *sheet) step(step doctor.Step) {
	line := or(outcomeMarks[step.Outcome], "–") + " " + pad(s.told(step.Title()), s.column+2) + s.told(step.Text)
	if took := brief(step.Took); took != "" {
		line += " (" + took + ")"
	}
	s.print(line)
}

// brief is a time with as many digits as anybody reads.
func brief(d time.Duration) string {
	switch {
	case d < time.Microsecond:
		return ""
	case d < time.Millisecond:
		d = d.Round(10 * time.Microsecond)
	case d < time.Second:
		d = d.Round(100 * time.Microsecond)
	default:
		d = d.Round(10 * time.Millisecond)
	}
	return d.String()
}

// rest prints what follows the steps; the end, which is what counts, stands
// alone.
func (s *sheet) rest(r doctor.Report) error {
	if len(r.Findings) > 0 {
		s.heading(s.t("cli.doctor.findings"))
	}
	for _, f := range r.Findings {
		s.print(or(levelMarks[f.Level], "–") + " " + s.told(f.Text))
		if f.Detail != "" {
			s.print("    " + f.Detail)
		}
	}
	for _, far := range r.Far {
		key := "cli.doctor.far"
		if far.Target {
			key = "cli.doctor.far-target"
		}
		s.heading(s.text.Text(key, map[string]any{"who": far.Who}))
		for _, step := range far.Steps {
			s.step(step)
		}
	}
	return s.verdict(r.Verdict)
}

func (s *sheet) verdict(v doctor.Verdict) error {
	key := "cli.doctor.cause"
	if v.OK {
		key = "cli.doctor.fine"
	}
	s.heading(s.text.Text(key, map[string]any{"text": s.told(v.Text)}))
	if v.Advice.Key != "" {
		s.print(s.text.Text("cli.doctor.advice", map[string]any{"text": s.told(v.Advice)}))
	}
	if v.Command != "" {
		s.print("    " + v.Command)
	}
	return s.failed
}

// heading begins a part, with an empty line between it and the last.
func (s *sheet) heading(text string) {
	if s.begun {
		s.print("")
	}
	s.print(text)
}

func (s *sheet) print(line string) {
	s.begun = true
	if s.failed == nil {
		_, s.failed = fmt.Fprintln(s.Out, line)
	}
}
