package gui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"feihong/app/chat"
)

// personRow is one person in the list: avatar with presence, name and time
// above, the last line and the number of unread messages below.
type personRow struct {
	widget.BaseWidget
	open   bool
	avatar *avatar
	name   *textLine
	when   *textLine
	mark   *textLine // "Draft:" or "You:" before the last line
	last   *textLine
	unread *badge
	redo   func() // draws what show may have changed; nil before there is a renderer
}

// Measures of a row.
const (
	personRowHeight = 64
	rowMargin       = 8 // the coloured ground keeps off the edges of the pane
	avatarSize      = 42
)

func newPersonRow() *personRow {
	r := &personRow{
		avatar: newAvatar(avatarSize),
		name:   newShrinkingLine(nameSize, theme.ColorNameForeground, ""),
		when:   newTextLine(captionSize, colorMuted, ""),
		mark:   newTextLine(smallSize, colorMuted, ""),
		last:   newShrinkingLine(smallSize, colorMuted, ""),
		unread: newBadge(),
	}
	r.ExtendBaseWidget(r)
	return r
}

// show binds the row to a person; rows are used again for others.
func (r *personRow) show(s *chat.Summary, open bool, words *wording) {
	r.avatar.showPerson(s)
	nameColor := theme.ColorNameForeground
	if s.Blocked {
		nameColor = colorMuted
	}
	r.name.set(s.DisplayName(), nameColor, s.Unread > 0)
	whenColor := colorMuted
	if s.Unread > 0 {
		whenColor = theme.ColorNamePrimary
	}
	when := ""
	if s.Last != nil {
		when = words.brief(s.Last.Time)
	}
	r.when.set(when, whenColor, false)
	r.showLast(s, open, words)
	r.unread.set(s.Unread)
	r.open = open
	if r.redo != nil {
		r.redo()
	}
}

func (r *personRow) showLast(s *chat.Summary, open bool, words *wording) {
	markText, markColor, text, color := "", colorMuted, "", colorMuted
	said := ""
	if s.Last != nil {
		said = words.inBrief(s.Last)
	}
	switch {
	case s.Blocked:
		text = words.Text("gui.row.blocked", nil)
	case s.Typing:
		text, color = words.Text("gui.status.typing", nil), theme.ColorNamePrimary
	case s.Draft != "" && !open:
		markText, markColor, text = words.Text("gui.row.draft", nil), theme.ColorNameError, s.Draft
	case s.Last == nil && s.Pending():
		text = words.Text("gui.row.pending", nil)
	case s.Last == nil:
		if text = words.about(s); text == "" {
			text = s.Address
		}
	case s.Last.Direction == chat.Out && s.Last.State == chat.Failed:
		markText, markColor, text = words.Text("gui.row.failed", nil), theme.ColorNameError, said
	case s.Last.Direction == chat.Out:
		markText, text = words.Text("gui.row.you", nil), said
	default:
		text = said
		if s.Unread > 0 {
			color = theme.ColorNameForeground
		}
	}
	r.mark.set(markText, markColor, false)
	r.last.set(text, color, false)
}

// CreateRenderer implements fyne.Widget.
func (r *personRow) CreateRenderer() fyne.WidgetRenderer {
	back := canvas.NewRectangle(nil)
	back.CornerRadius = 10
	children := []fyne.CanvasObject{r.avatar, r.name, r.when, r.mark, r.last, r.unread}
	d := &drawing{objects: append([]fyne.CanvasObject{back}, children...)}
	d.minSize = func() fyne.Size { return fyne.NewSize(180, personRowHeight) }
	d.layout = func(size fyne.Size) {
		place(back, rowMargin, 0, size.Width-2*rowMargin, size.Height)
		r.layout(size)
	}
	r.redo = func() {
		ground, behind := colorNone, colorPane
		if r.open {
			ground, behind = colorRowOpen, colorRowOpen
		}
		r.avatar.on(behind)
		back.FillColor = colorFor(r, ground)
		back.Refresh()
		r.layout(r.Size())
	}
	d.refresh = func() {
		refreshAll(children...)
		r.redo()
	}
	d.refresh()
	return d
}

func (r *personRow) layout(size fyne.Size) {
	const left = 2*rowMargin + avatarSize + 10
	right := size.Width - 2*rowMargin - 2
	place(r.avatar, 2*rowMargin, (size.Height-avatarSize)/2, avatarSize, avatarSize)

	nameHeight, lastHeight := lineHeight(nameSize), lineHeight(smallSize)
	top := (size.Height - nameHeight - lastHeight - 3) / 2
	whenWidth := r.when.MinSize().Width
	place(r.when, right-whenWidth, top, whenWidth, nameHeight)
	place(r.name, left, top, max(right-whenWidth-8-left, 0), nameHeight)

	bottom := top + nameHeight + 3
	end, pill := right, r.unread.MinSize()
	place(r.unread, right-pill.Width, bottom, pill.Width, lastHeight)
	if pill.Width > 0 {
		end -= pill.Width + 8
	}
	x, markWidth := float32(left), r.mark.MinSize().Width
	place(r.mark, x, bottom, markWidth, lastHeight)
	if markWidth > 0 {
		x += markWidth
		if !strings.HasSuffix(r.mark.text, "：") { // a full-width colon brings its own space
			x += 4
		}
	}
	place(r.last, x, bottom, max(end-x, 0), lastHeight)
}
