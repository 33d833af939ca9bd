package gui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"feihong/transport/doctor"
)

// doctorPage tells in the right pane what an examination finds: on top what it
// came to and the one thing to do, below each step as it comes, then how it
// looks from the other end, and what is known about this machine.
type doctorPage struct {
	widget.BaseWidget
	words  *wording
	run    *doctorRun
	title  *textLine
	at     *textLine
	back   *iconButton
	here   *linkLine // from an address to this machine
	copy   *dialogButton
	again  *dialogButton
	stop   *dialogButton
	mark   *widget.Icon
	cause  *paragraph
	todo   *textLine
	advice *paragraph
	typed  *commandBox // what an administrator can type
	moving *widget.ProgressBarInfinite
	ask    *addressQuestion // on the page for this machine
	lists  *fyne.Container  // the cards below the conclusion
	body   *fyne.Container
	scroll *container.Scroll
}

// causeSize is the size of the text that tells what an examination came to.
const causeSize = 18

type doctorActions struct {
	back, again, stop, here func()
	copy                    func(text string)
	question                questionActions
}

func newDoctorPage(words *wording, act doctorActions) *doctorPage {
	p := &doctorPage{
		words:  words,
		title:  newShrinkingLine(titleSize, theme.ColorNameForeground, ""),
		at:     newShrinkingLine(smallSize, colorMuted, ""),
		back:   newIconButton(theme.NavigateBackIcon(), words.Text("gui.doctor.back", nil), 36, act.back),
		here:   newLinkLine(),
		again:  newDialogButton(words.Text("gui.doctor.again", nil), theme.ViewRefreshIcon(), act.again),
		stop:   newDialogButton(words.Text("gui.doctor.stop", nil), nil, act.stop),
		mark:   widget.NewIcon(nil),
		cause:  newParagraph(causeSize, theme.ColorNameForeground, ""),
		todo:   newTextLine(smallSize, theme.ColorNamePrimary, words.Text("gui.doctor.advice", nil)),
		advice: newParagraph(textSize, theme.ColorNameForeground, ""),
		typed:  newCommandBox(words, act.copy),
		moving: widget.NewProgressBarInfinite(),
		lists:  flow(12),
	}
	p.copy = newDialogButton(words.Text("gui.doctor.copy", nil), theme.ContentCopyIcon(), func() {
		act.copy(words.plain(p.run))
		p.copy.SetText(words.Text("gui.address.copied", nil))
	})
	act.question.resized = p.Refresh
	p.ask = newAddressQuestion(words, act.question)
	p.here.show(words.Text("gui.doctor.here", nil), act.here)
	p.title.strong = true
	p.moving.Stop()
	p.body = flow(12, p.conclusion(), p.ask, p.lists)
	p.scroll = container.NewVScroll(container.New(&readable{margin: timelineMargin}, p.body))
	p.ExtendBaseWidget(p)
	return p
}

// conclusion is the card on top.
func (p *doctorPage) conclusion() fyne.CanvasObject {
	words := flow(6,
		p.cause,
		container.New(slim{}, p.moving),
		p.todo,
		p.advice,
		p.typed,
		padded(6, 0, 0, 0, lineUp(8, p.stop, p.again, p.copy)),
	)
	mark := container.New(layout.NewGridWrapLayout(fyne.NewSquareSize(28)), p.mark)
	return newSurface(colorPane, 14, padded(16, 16, 16, 16, between(14, column(0, mark), words, nil)))
}

// show brings the page up to date with an examination.
func (p *doctorPage) show(run *doctorRun) {
	if p.run != run {
		p.scroll.ScrollToTop()
		p.copy.SetText(p.words.Text("gui.doctor.copy", nil))
	}
	p.run = run
	p.title.setText(p.words.caseTitle(run.of))
	p.at.setText(run.of.address)
	p.at.Hidden = !run.of.named() // else the title is the address
	p.here.Hidden = run.of.address == ""
	p.ask.Hidden = run.of.address != ""
	cause, advice, outcome := p.words.conclusion(run)
	icon, color := doctorIcon(outcome)
	p.mark.SetResource(colored(icon, color))
	p.cause.set(cause, theme.ColorNameForeground)
	p.advice.set(advice, theme.ColorNameForeground)
	p.advice.Hidden, p.todo.Hidden = advice == "", advice == "" || outcome == doctor.OutcomeOK
	command := ""
	if run.report != nil {
		command = run.report.Verdict.Command
	}
	p.typed.show(command)
	p.stop.Hidden, p.again.Hidden, p.copy.Hidden = run.done, !run.done, !run.done
	p.moving.Hidden = run.done
	if run.done {
		p.moving.Stop()
	} else {
		p.moving.Start()
	}
	p.lists.Objects = p.cards(run)
	p.Refresh()
}

// cards shows what was found, in the order in which it matters.
func (p *doctorPage) cards(run *doctorRun) []fyne.CanvasObject {
	var cards []fyne.CanvasObject
	if len(run.steps) > 0 {
		cards = append(cards, p.card(p.words.Text("gui.doctor.steps", nil), p.stepLines(run.steps)))
	}
	if run.report == nil {
		return cards
	}
	for _, far := range run.report.Far {
		cards = append(cards, p.card(p.words.farTitle(far), p.stepLines(far.Steps)))
	}
	for _, topic := range topics(run.report.Findings) {
		var lines []fyne.CanvasObject
		for _, f := range run.report.Findings {
			if f.Topic == topic && len(lines) < maxDoctorSteps {
				lines = append(lines, findingLine(f, p.words.said(f.Text)))
			}
		}
		cards = append(cards, p.card(p.words.topicTitle(topic), lines))
	}
	return cards
}

func (p *doctorPage) stepLines(steps []doctor.Step) []fyne.CanvasObject {
	var lines []fyne.CanvasObject
	for _, s := range steps[:min(len(steps), maxDoctorSteps)] {
		title, text := p.words.checked(s)
		lines = append(lines, doctorLine(s.Outcome, title, text, p.words.took(s.Took)))
	}
	return lines
}

// card is a titled list on a ground.
func (p *doctorPage) card(title string, lines []fyne.CanvasObject) fyne.CanvasObject {
	head := newShrinkingLine(smallSize, colorMuted, title)
	content := flow(8, append([]fyne.CanvasObject{head}, lines...)...)
	return newSurface(colorPane, 14, padded(12, 14, 16, 16, content))
}

// findingLine shows a finding, with the detail only if the text does not tell
// it already.
func findingLine(f doctor.Finding, text string) fyne.CanvasObject {
	if strings.Contains(text, f.Detail) {
		return doctorLine(string(f.Level), text, "", "")
	}
	return doctorLine(string(f.Level), text, f.Detail, "")
}

// doctorLine is a mark, a sentence with perhaps something smaller below it, and
// a time.
func doctorLine(outcome, text, detail, time string) fyne.CanvasObject {
	icon, color := doctorIcon(outcome)
	mark := container.New(layout.NewGridWrapLayout(fyne.NewSquareSize(18)), newImage(colored(icon, color)))
	ink := theme.ColorNameForeground
	if outcome == doctor.OutcomeSkipped {
		ink = colorMuted
	}
	words := flow(1, newParagraph(textSize, ink, text))
	if detail != "" {
		words.Add(newParagraph(smallSize, colorMuted, detail))
	}
	var end fyne.CanvasObject
	if time != "" {
		end = padded(2, 0, 0, 0, column(0, newTextLine(smallSize, colorMuted, time)))
	}
	return between(10, padded(3, 0, 0, 0, column(0, mark)), words, end)
}

// commandBox shows a command with a button that copies it. It is hidden while
// there is none.
type commandBox struct {
	widget.BaseWidget
	line *paragraph
	copy *iconButton
}

func newCommandBox(words *wording, copyText func(string)) *commandBox {
	b := &commandBox{line: newParagraph(13, theme.ColorNameForeground, "")}
	b.copy = newIconButton(theme.ContentCopyIcon(), words.Text("gui.message.copy", nil), 28, func() { copyText(b.line.text) })
	b.Hidden = true
	b.ExtendBaseWidget(b)
	return b
}

func (b *commandBox) show(command string) {
	b.line.set(command, theme.ColorNameForeground)
	b.Hidden = command == ""
}

// CreateRenderer implements fyne.Widget.
func (b *commandBox) CreateRenderer() fyne.WidgetRenderer {
	content := between(8, nil, middle(b.line), column(0, b.copy))
	return widget.NewSimpleRenderer(newSurface(colorField, 8, padded(4, 4, 12, 4, content)))
}

// CreateRenderer implements fyne.Widget.
func (p *doctorPage) CreateRenderer() fyne.WidgetRenderer {
	lines := middle(column(1, p.title, p.at))
	bar := padded(10, 10, 10, timelineMargin, between(8, middle(p.back), lines, middle(p.here)))
	content := stacked(column(0, newSurface(colorPane, 0, bar), newHairline()), p.scroll, nil)
	d := &drawing{objects: []fyne.CanvasObject{content}, minSize: content.MinSize}
	d.layout = func(size fyne.Size) {
		p.scroll.Content.Resize(fyne.NewSize(size.Width, 0)) // wraps the text, so that the height is known
		content.Resize(size)
	}
	d.refresh = func() {
		p.scroll.Content.Resize(fyne.NewSize(p.Size().Width, 0))
		content.Layout.Layout(content.Objects, p.Size())
		p.scroll.Refresh()
		content.Refresh()
	}
	return d
}

// readable centres an object and keeps it narrow enough for reading.
type readable struct{ margin float32 }

// readableWidth is how wide a page of text gets.
const readableWidth = 640

// Layout implements fyne.Layout.
func (r *readable) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	width := max(min(size.Width-2*r.margin, readableWidth), 0)
	for _, o := range objects {
		o.Resize(fyne.NewSize(width, o.MinSize().Height))
		place(o, (size.Width-width)/2, r.margin, width, o.MinSize().Height)
	}
}

// MinSize implements fyne.Layout.
func (r *readable) MinSize(objects []fyne.CanvasObject) fyne.Size {
	height := float32(0)
	for _, o := range objects {
		height = max(height, o.MinSize().Height)
	}
	return fyne.NewSize(0, height+2*r.margin)
}
