package gui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"feihong/transport/doctor"
)

// doctorIcon returns the mark of an outcome or a level.
func doctorIcon(outcome string) (fyne.Resource, fyne.ThemeColorName) {
	switch outcome {
	case doctor.OutcomeFailed:
		return theme.CancelIcon(), theme.ColorNameError
	case string(doctor.LevelWarn):
		return theme.WarningIcon(), theme.ColorNameWarning
	case doctor.OutcomeNote:
		return theme.InfoIcon(), theme.ColorNamePrimary
	case doctor.OutcomeSkipped:
		return theme.ContentRemoveIcon(), colorMuted
	}
	return theme.ConfirmIcon(), theme.ColorNameSuccess
}

// said returns the text of the doctor in the user's language.
func (w *wording) said(t doctor.Text) string {
	if t.Key == "" {
		return ""
	}
	return w.Text(t.Key, t.Args)
}

// checked names what a step is about and tells what came of it. A check
// without a name stands for itself.
func (w *wording) checked(s doctor.Step) (title, text string) {
	title, text = w.said(s.Title()), w.said(s.Text)
	if title == s.Title().Key || title == text {
		return text, ""
	}
	return title, text
}

// took tells how long a step took, and nothing if that is no measure.
func (w *wording) took(d time.Duration) string {
	switch {
	case d <= 0:
		return ""
	case d < time.Millisecond:
		return w.Text("gui.doctor.took-under", nil)
	case d < 10*time.Millisecond:
		return w.Text("gui.doctor.took", map[string]any{"ms": fmt.Sprintf("%.1f", float64(d)/float64(time.Millisecond))})
	case d >= time.Second:
		return w.Text("gui.doctor.took-long", map[string]any{"seconds": fmt.Sprintf("%.1f", d.Seconds())})
	}
	return w.Text("gui.doctor.took", map[string]any{"ms": d.Milliseconds()})
}

// caseTitle names what is examined.
func (w *wording) caseTitle(of doctorCase) string {
	switch {
	case of.named():
		return w.Text("gui.doctor.title-person", map[string]any{"name": of.name})
	case of.address != "":
		return w.Text("gui.doctor.title-person", map[string]any{"name": of.address})
	}
	return w.Text("gui.doctor.title", nil)
}

// topicTitle is the heading above the findings about a topic.
func (w *wording) topicTitle(topic string) string {
	key := "gui.doctor.topic." + topic
	if text := w.Text(key, nil); text != key {
		return text
	}
	return w.Text("gui.doctor.topic.other", nil)
}

func (w *wording) farTitle(far doctor.FarSide) string {
	if far.Target {
		return w.Text("gui.doctor.far-target", map[string]any{"name": far.Who})
	}
	return w.Text("gui.doctor.far", map[string]any{"name": far.Who})
}

// topics returns what the findings are about, in the order in which it comes
// first.
func topics(findings []doctor.Finding) []string {
	var found []string
	for _, f := range findings {
		if !slices.Contains(found, f.Topic) {
			found = append(found, f.Topic)
		}
	}
	return found
}

// conclusion returns what the examination came to: in a few words, what to do,
// and the mark beside it.
func (w *wording) conclusion(run *doctorRun) (cause, advice, outcome string) {
	switch {
	case run.report != nil:
		outcome = doctor.OutcomeFailed
		if run.report.Verdict.OK {
			outcome = doctor.OutcomeOK
		}
		return w.said(run.report.Verdict.Text), w.said(run.report.Verdict.Advice), outcome
	case !run.done:
		return w.Text("gui.doctor.running", nil), "", doctor.OutcomeNote
	case errors.Is(run.err, context.Canceled):
		return w.Text("gui.doctor.stopped", nil), "", doctor.OutcomeSkipped
	}
	return w.Error(run.err), "", doctor.OutcomeFailed
}

// plain writes an examination for the administrator.
func (w *wording) plain(run *doctorRun) string {
	var b strings.Builder
	line := func(indent int, format string, args ...any) {
		fmt.Fprintf(&b, "%s%s\n", strings.Repeat("  ", indent), strings.TrimRight(fmt.Sprintf(format, args...), " "))
	}
	line(0, "%s", joined(w.caseTitle(run.of), run.of.address, w.now().Format("2006-01-02 15:04:05 -07:00")))
	cause, advice, _ := w.conclusion(run)
	line(0, "%s", cause)
	if advice != "" {
		line(0, "%s %s", w.Text("gui.doctor.advice", nil), advice)
	}
	if run.report != nil && run.report.Verdict.Command != "" {
		line(1, "%s", run.report.Verdict.Command)
	}
	steps := func(steps []doctor.Step) {
		for _, s := range steps {
			title, text := w.checked(s)
			line(1, "[%s] %s", s.Outcome, joined(title, text, w.took(s.Took)))
		}
	}
	if len(run.steps) > 0 {
		line(0, "\n%s", w.Text("gui.doctor.steps", nil))
		steps(run.steps)
	}
	if run.report == nil {
		return b.String()
	}
	for _, far := range run.report.Far {
		line(0, "\n%s", w.farTitle(far))
		steps(far.Steps)
	}
	for _, topic := range topics(run.report.Findings) {
		line(0, "\n%s", w.topicTitle(topic))
		for _, f := range run.report.Findings {
			if f.Topic == topic {
				line(1, "[%s] %s", f.Level, joined(w.said(f.Text), oneLine(f.Detail)))
			}
		}
	}
	return b.String()
}
