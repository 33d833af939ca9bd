package gui

import (
	"errors"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"feihong/app/chat"
)

// convHeader tells above a conversation whom it is with, whether they are
// there, and what the user should know before writing.
type convHeader struct {
	widget.BaseWidget
	words   *wording
	back    *iconButton // to the list, where there is one column
	avatar  *avatar
	name    *textLine
	status  *textLine
	why     *linkLine // to the doctor, while somebody is not there
	shield  *shieldMark
	more    *textLine // status line, department and address
	menu    *iconButton
	caution *strip // somebody else has this name
	state   *strip // why messages wait

	onBack    func()
	onMenu    func(below fyne.CanvasObject)
	onUnblock func()
	onVerify  func()
	onWhy     func() // nil: there is no doctor
	onResize  func()
}

func newConvHeader(words *wording) *convHeader {
	h := &convHeader{
		words:   words,
		avatar:  newAvatar(40),
		name:    newShrinkingLine(titleSize, theme.ColorNameForeground, ""),
		status:  newShrinkingLine(smallSize, colorMuted, ""),
		why:     newLinkLine(),
		more:    newShrinkingLine(smallSize, colorMuted, ""),
		shield:  newShieldMark(17, words.Text("gui.mark.verified-tip", nil)),
		caution: newStrip(),
		state:   newStrip(),
	}
	h.name.strong = true
	h.back = newIconButton(theme.NavigateBackIcon(), words.Text("gui.header.back", nil), 36, func() { h.onBack() })
	h.back.Hide()
	h.menu = newIconButton(theme.MoreVerticalIcon(), words.Text("gui.menu.title", nil), 36, func() { h.onMenu(h.menu) })
	h.ExtendBaseWidget(h)
	return h
}

func (h *convHeader) show(s *chat.Summary) {
	h.avatar.showPerson(s)
	h.name.setText(s.DisplayName())
	h.shield.Hidden = !s.Verified
	text, color := h.statusOf(s)
	h.status.set(text, color, false)
	h.more.setText(h.detailsOf(s))
	changed := h.showCaution(s)
	stated := h.showState(s)
	h.showWhy(s)
	h.Refresh()
	if (stated || changed) && h.onResize != nil {
		h.onResize()
	}
}

func (h *convHeader) statusOf(s *chat.Summary) (string, fyne.ThemeColorName) {
	switch {
	case s.Typing:
		return h.words.Text("gui.status.typing", nil), theme.ColorNamePrimary
	case s.Online:
		return h.words.statusWord(s.Status)
	case s.Pending():
		return h.words.Text("gui.status.pending", nil), colorMuted
	case s.LastSeen.IsZero():
		return h.words.Text("gui.status.offline", nil), colorMuted
	}
	return h.words.lastSeen(s), colorMuted
}

// detailsOf tells the rest: what the person says they do, where they belong,
// and where they are.
func (h *convHeader) detailsOf(s *chat.Summary) string {
	address := s.Address
	if address == s.DisplayName() {
		address = ""
	}
	details := joined(s.StatusText, s.Department, address)
	if details == "" {
		return ""
	}
	return "·  " + strings.ReplaceAll(details, " · ", "  ·  ")
}

// showWhy offers the doctor about somebody who is not there: beside the
// explanation if there is one, else beside the status.
func (h *convHeader) showWhy(s *chat.Summary) {
	text := ""
	if h.onWhy != nil && !s.Online && !s.Blocked && !h.state.Visible() {
		text = h.words.Text("gui.header.why", nil)
	}
	h.why.show(text, h.onWhy)
	h.why.Hidden = text == ""
}

// showCaution warns while somebody has the name of somebody else and the user
// has not compared keys.
func (h *convHeader) showCaution(s *chat.Summary) bool {
	if !s.Namesake || s.Verified || s.Blocked {
		return h.caution.hide()
	}
	text := h.words.Text("gui.caution.namesake", map[string]any{"name": s.Name})
	return h.caution.show(text, true, h.words.Text("gui.caution.compare", nil), h.onVerify)
}

func (h *convHeader) showState(s *chat.Summary) bool {
	why := ""
	if h.onWhy != nil {
		why = h.words.Text("gui.header.find-out", nil)
	}
	switch {
	case s.Blocked:
		return h.state.show(h.words.Text("gui.state.blocked", nil), false, h.words.Text("gui.menu.unblock", nil), h.onUnblock)
	case s.Online:
		return h.state.hide()
	case chat.Refused(s.Problem):
		return h.state.show(h.words.Error(s.Problem), true, "", nil)
	case awaited(s):
		return h.state.show(h.words.Text("gui.state.awaited", map[string]any{"name": s.DisplayName()}), false, why, h.onWhy)
	case s.Problem != nil:
		return h.state.show(h.words.Text("gui.state.problem", map[string]any{"problem": s.Problem}), true, why, h.onWhy)
	case s.Pending():
		return h.state.show(h.words.Text("gui.state.pending", map[string]any{"address": s.Address}), false, why, h.onWhy)
	}
	return h.state.hide()
}

// awaited says that somebody known just does not answer. That they closed the
// program is the usual reason and no alarm; the doctor tells others.
func awaited(s *chat.Summary) bool {
	var problem *chat.DialError
	return !s.Pending() && errors.As(s.Problem, &problem) && problem.Reason == chat.ReasonUnreachable
}

// CreateRenderer implements fyne.Widget.
func (h *convHeader) CreateRenderer() fyne.WidgetRenderer {
	name := container.New(markedLine{line: h.name, mark: h.shield}, h.name, h.shield)
	lines := middle(column(1, name, container.New(statusLine{h}, h.status, h.why, h.more)))
	bar := padded(10, 10, timelineMargin, 10, between(12, row(4, middle(h.back), middle(h.avatar)), lines, middle(h.menu)))
	content := column(0, newSurface(colorPane, 0, bar), newHairline(), h.caution, h.state)
	return widget.NewSimpleRenderer(content)
}

// statusLine lays out what is said below the name: the link keeps its width, the
// status is cut if it has to be, and the details have the rest.
type statusLine struct{ header *convHeader }

const (
	statusGap   = 8
	leastDetail = 48 // details with less width are left out
)

// Layout implements fyne.Layout.
func (l statusLine) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	h, link := l.header, float32(0)
	if h.why.Visible() {
		link = h.why.MinSize().Width + statusGap
	}
	status := max(min(h.status.fullWidth(), size.Width-link), 0)
	place(h.status, 0, 0, status, size.Height)
	place(h.why, status+statusGap, 0, max(link-statusGap, 0), size.Height)
	rest := max(size.Width-status-link-statusGap, 0)
	h.more.Hidden = rest < leastDetail
	place(h.more, status+link+statusGap, 0, rest, size.Height)
}

// MinSize implements fyne.Layout.
func (l statusLine) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, l.header.status.MinSize().Height)
}
