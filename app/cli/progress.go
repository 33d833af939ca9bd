package cli

import (
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"github.com/rivo/uniseg"

	"feihong/app/chat"
	"feihong/app/control"
)

// maxProgressWidth leaves the cursor on the line of a terminal of 80 columns.
const maxProgressWidth = 79

// isTerminal tells whether somebody looks at what is written to a stream.
func isTerminal(stream io.Writer) bool {
	file, ok := stream.(interface{ Stat() (fs.FileInfo, error) })
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&fs.ModeCharDevice != 0
}

// progressLine is a line on the terminal that is written over and over.
type progressLine struct {
	*commands
	width int // of what stands there
}

// show replaces the line. Where nobody looks nothing is written.
func (p *progressLine) show(t control.Transfer) {
	if p.terminal {
		p.write(p.progressText(t))
	}
}

// clear makes room for what is said last.
func (p *progressLine) clear() {
	if p.width > 0 {
		p.write("")
		_, _ = io.WriteString(p.Err, "\r") // nowhere to complain
	}
}

func (p *progressLine) write(text string) {
	text = cut(text, maxProgressWidth)
	_, _ = io.WriteString(p.Err, "\r"+pad(text, p.width)) // nowhere to complain
	p.width = uniseg.StringWidth(text)
}

// progressText tells in one line how a transfer is.
func (c *commands) progressText(t control.Transfer) string {
	if t.State == string(chat.TransferRunning) {
		words := []string{percent(t), formatSize(t.Done) + " / " + formatSize(t.Size), formatSize(t.Rate) + "/s"}
		if t.Left != nil {
			words = append(words, clock(time.Duration(*t.Left)*time.Second))
		}
		return strings.Join(append(words, t.Current), "  ")
	}
	text := c.because(t.Name, c.transferState(t))
	if t.Done > 0 {
		text = percent(t) + "  " + text
	}
	return text
}

// transferState is the state of a transfer, with why it is so.
func (c *commands) transferState(t control.Transfer) string {
	return c.because(c.word("files.state.", t.State), c.transferWhy(t))
}

// because says why something is as it is, if there is a reason.
func (c *commands) because(what, why string) string {
	if why == "" {
		return what
	}
	return c.text.Text("cli.files.because", map[string]any{"what": what, "why": why})
}

// transferWhy says why a transfer waits, or why it ended as it did; "" if there
// is nothing to be said.
func (c *commands) transferWhy(t control.Transfer) string {
	switch {
	case t.Reason != "" && t.Detail != "":
		why := c.because(t.Detail, c.word("files.reason.", t.Reason))
		if t.Failures > 1 {
			why += " (" + c.text.Text("cli.files.and-more", map[string]any{"count": t.Failures - 1}) + ")"
		}
		return why
	case t.Reason != "" && !t.Over() && t.Direction == chat.Out.String():
		return c.text.Text("cli.files.at", map[string]any{"why": c.word("files.reason.", t.Reason), "name": t.Name})
	case t.Reason != "":
		return c.word("files.reason.", t.Reason)
	case t.Problem != nil:
		return c.text.Error(t.Problem)
	case t.PausedThere && !t.PausedHere:
		return c.text.Text("cli.files.paused-there", map[string]any{"name": t.Name})
	}
	return ""
}

// percent never says that all is there before it is.
func percent(t control.Transfer) string {
	switch {
	case t.Size > 0:
		return fmt.Sprintf("%3d%%", int(float64(min(t.Done, t.Size))/float64(t.Size)*100))
	case t.Over():
		return "100%"
	}
	return "  0%"
}

// clock writes a time as people read it on one.
func clock(d time.Duration) string {
	seconds := int(d.Round(time.Second) / time.Second)
	if seconds >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
	}
	return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
}

// cut shortens a text to a width on the screen.
func cut(text string, width int) string {
	if uniseg.StringWidth(text) <= width {
		return text
	}
	var b strings.Builder
	width-- // for the mark
	for graphemes := uniseg.NewGraphemes(text); graphemes.Next(); {
		if width -= graphemes.Width(); width < 0 {
			break
		}
		b.WriteString(graphemes.Str())
	}
	return b.String() + "…"
}
