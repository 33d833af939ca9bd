package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// strip is a line of explanation or warning across a pane, with at most one
// thing to do about it. It is hidden while it has nothing to say.
type strip struct {
	widget.BaseWidget
	text   *paragraph
	action *linkLine
	ground *surface
	warns  bool
}

// stripRoom is how much width the text wants beside what can be done.
const stripRoom = 320

func newStrip() *strip {
	s := &strip{text: newParagraph(13, theme.ColorNameForeground, ""), action: newLinkLine()}
	s.ground = newSurface(colorInfoBack, 0,
		padded(8, 8, timelineMargin, timelineMargin, container.New(&labelled{gap: 12, room: stripRoom}, s.text, s.action)))
	s.Hidden = true
	s.ExtendBaseWidget(s)
	return s
}

// show says text; "" hides the strip. It returns whether anything changed.
func (s *strip) show(text string, warns bool, action string, tapped func()) bool {
	changed := s.text.text != text || s.warns != warns || s.action.line.text != action || s.Hidden != (text == "")
	s.action.show(action, tapped)
	if !changed {
		return false
	}
	s.Hidden, s.warns, s.action.Hidden = text == "", warns, action == ""
	ink := theme.ColorNameForeground
	s.ground.fill = colorInfoBack
	if warns {
		s.ground.fill, ink = colorWarnBack, colorWarnText
	}
	s.text.set(text, ink)
	s.ground.Refresh()
	return true
}

func (s *strip) hide() bool { return s.show("", false, "", nil) }

// CreateRenderer implements fyne.Widget.
func (s *strip) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(s.ground)
}
