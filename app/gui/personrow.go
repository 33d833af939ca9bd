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
	shield *canvas.Image // the key was compared
	pin    *canvas.Image // stays on top
	mute   *canvas.Image // does not call
	label  string        // for screen readers
	redo   func()        // draws what show may have changed; nil before there is a renderer
}

// Measures of a row.
const (
	personRowHeight = 64
	rowMargin       = 8 // the coloured ground keeps off the edges of the pane
	avatarSize      = 42
	rowIcon         = 15
)

func newPersonRow() *personRow {
	r := &personRow{
		avatar: newAvatar(avatarSize),
		name:   newShrinkingLine(nameSize, theme.ColorNameForeground, ""),
		when:   newTextLine(captionSize, colorMuted, ""),
		mark:   newTextLine(smallSize, colorMuted, ""),
		last:   newShrinkingLine(smallSize, colorMuted, ""),
		unread: newBadge(),
		shield: newImage(colored(iconShield, theme.ColorNamePrimary)),
		pin:    newImage(colored(iconPin, colorMuted)),
		mute:   newImage(colored(iconMuted, colorMuted)),
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
	muted := s.Muted(words.now())
	r.shield.Hidden, r.pin.Hidden, r.mute.Hidden = !s.Verified, !s.Pinned, !muted
	whenColor := colorMuted
	if s.Unread > 0 && !muted {
		whenColor = theme.ColorNamePrimary
	}
	when := ""
	if s.Last != nil {
		when = words.brief(s.Last.Time)
	}
	r.when.set(when, whenColor, false)
	r.showLast(s, open, words)
	r.unread.set(s.Unread, muted)
	r.label = words.spoken(s, r.last.text)
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

// spoken tells of a person in the list what others see.
func (w *wording) spoken(s *chat.Summary, last string) string {
	status := s.Status
	if !s.Online {
		status = chat.StatusOffline
	}
	word, _ := w.statusWord(status)
	parts := []string{s.DisplayName(), word}
	if s.Unread > 0 {
		parts = append(parts, w.Text("gui.timeline.new", map[string]any{"count": s.Unread}))
	}
	for _, mark := range []struct {
		there bool
		text  string
	}{
		{s.Verified, w.Text("gui.mark.verified", nil)},
		{s.Pinned, w.Text("gui.mark.pinned", nil)},
		{s.Muted(w.now()), w.Text("gui.mark.muted", nil)},
	} {
		if mark.there {
			parts = append(parts, mark.text)
		}
	}
	return joined(append(parts, last)...)
}

// AccessibilityLabel and AccessibilityRole implement fyne.Accessible.
func (r *personRow) AccessibilityLabel() string             { return r.label }
func (r *personRow) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer implements fyne.Widget.
func (r *personRow) CreateRenderer() fyne.WidgetRenderer {
	back := canvas.NewRectangle(nil)
	back.CornerRadius = 10
	children := []fyne.CanvasObject{r.avatar, r.name, r.when, r.mark, r.last, r.unread, r.shield, r.pin, r.mute}
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
	x := right - whenWidth
	place(r.when, x, top, whenWidth, nameHeight)
	for _, icon := range []*canvas.Image{r.pin, r.mute} {
		if icon.Visible() {
			x -= rowIcon + 3
			place(icon, x, top+(nameHeight-rowIcon)/2, rowIcon, rowIcon)
		}
	}
	room := max(x-8-left, 0)
	if r.shield.Visible() {
		room = max(room-rowIcon-4, 0)
	}
	nameWidth := min(r.name.fullWidth(), room)
	place(r.name, left, top, nameWidth, nameHeight)
	place(r.shield, left+nameWidth+4, top+(nameHeight-rowIcon)/2, rowIcon, rowIcon)

	bottom := top + nameHeight + 3
	end, pill := right, r.unread.MinSize()
	place(r.unread, right-pill.Width, bottom, pill.Width, lastHeight)
	if pill.Width > 0 {
		end -= pill.Width + 8
	}
	x = left
	markWidth := r.mark.MinSize().Width
	place(r.mark, x, bottom, markWidth, lastHeight)
	if markWidth > 0 {
		x += markWidth
		if !strings.HasSuffix(r.mark.text, "：") { // a full-width colon brings its own space
			x += 4
		}
	}
	place(r.last, x, bottom, max(end-x, 0), lastHeight)
}
