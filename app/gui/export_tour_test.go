package gui

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"feihong/app/chat"
)

func (w *Window) ShowForward(m chat.Message) { w.showForward(m) }
func (w *Window) AskRecall(m chat.Message)   { w.askRecall(m) }
func (w *Window) ShowRanges()                { w.showRanges() }
func (w *Window) ShowOwnStatus()             { w.showStatusText() }
func (w *Window) ShowVerify()                { w.showVerify(w.current()) }
func (w *Window) ShowExport()                { w.showExport(w.current()) }
func (w *Window) ShowDoctor()                { w.askDoctorAboutTalk() }

// ShowWelcome asks the first question, as if it had not been answered.
func (w *Window) ShowWelcome() { w.welcome() }

// ViewPhoto opens the first picture that is in sight.
func (w *Window) ViewPhoto() {
	for _, o := range w.right.conv.timeline.view.objects {
		if c, ok := o.(*fileCard); ok && c.photo.Visible() && c.photo.picture != nil {
			c.photo.Tapped(nil)
			return
		}
	}
}

// Home closes all that was opened, but not the conversation.
func (w *Window) Home() {
	for range 20 {
		switch {
		case w.covered():
			w.escape()
		case w.settings != nil || w.doctor != nil:
			w.goBack()
		case w.find.visible():
			w.find.close()
		case w.answer() != nil:
			w.endAnswer()
		case w.talk != nil && w.attached[w.talk.id] != nil:
			w.detach()
		default:
			w.Canvas().Unfocus()
			return
		}
	}
}

// PageOffset is how far what is in front is scrolled.
func (w *Window) PageOffset() float32 {
	for _, scroll := range w.scrolls() {
		if scroll != nil {
			return scroll.Offset.Y
		}
	}
	return 0
}

// FocusInSettings says that something on the page of settings has the focus.
func (w *Window) FocusInSettings() bool {
	found := false
	eachWidget(w.settings.body, func(o fyne.CanvasObject) {
		f, ok := o.(fyne.Focusable)
		found = found || ok && f == w.win.Canvas().Focused()
	})
	return found
}

// seen is an object in the window and the part of the window that shows it.
type seen struct {
	o        fyne.CanvasObject
	at       fyne.Position
	scrolled bool          // it lies in something that scrolls
	view     fyne.Position // of that
	port     fyne.Size
	parents  []fyne.CanvasObject
}

// eachSeen visits all that is visible in what is in front.
func (w *Window) eachSeen(visit func(seen)) {
	var walk func(s seen)
	walk = func(s seen) {
		if s.o == nil || !s.o.Visible() {
			return
		}
		s.at = s.at.Add(s.o.Position())
		visit(s)
		children := []fyne.CanvasObject(nil)
		switch o := s.o.(type) {
		case *fyne.Container:
			children = o.Objects
		case fyne.Widget:
			children = test.WidgetRenderer(o).Objects()
		}
		_, scrolls := s.o.(*container.Scroll)
		at, parents := s.at, append(s.parents[:len(s.parents):len(s.parents)], s.o)
		for i, child := range children {
			in := s
			in.o, in.at, in.parents = child, at, parents
			if scrolls && i == 0 {
				in.scrolled, in.view, in.port = true, s.at, s.o.Size()
			}
			walk(in)
		}
	}
	if top := w.win.Canvas().Overlays().Top(); top != nil {
		walk(seen{o: top})
		return
	}
	walk(seen{o: w.win.Canvas().Content()})
}

// SticksOut tells what leaves the window, or has less room than it needs.
func (w *Window) SticksOut() (complaints []string) {
	const slack = 1.5
	window := w.win.Canvas().Size()
	least := w.win.Canvas().Content().MinSize()
	if least.Width > windowMinWidth || least.Height > windowMinHeight {
		complaints = append(complaints, fmt.Sprintf("the window cannot be smaller than %v", least))
	}
	w.eachSeen(func(s seen) {
		size, what := s.o.Size(), fmt.Sprintf("%T", s.o)
		switch o := s.o.(type) {
		case *canvas.Text:
			if o.Text == "" || inEntry(s.parents) {
				return
			}
			what = fmt.Sprintf("the text %q", o.Text)
			wide := o.MinSize().Width
			if wide > size.Width+2 {
				complaints = append(complaints, fmt.Sprintf("%s has %g of %g in %s", what, size.Width, wide, pathOf(s.parents)))
			}
		case *canvas.Rectangle, *canvas.Circle, *canvas.Image:
			if s.scrolled && inEntry(s.parents) {
				return
			}
		case fyne.Tappable:
			if _, entry := s.o.(*guardedEntry); entry && s.scrolled && size.Width < 60 {
				complaints = append(complaints, fmt.Sprintf("a field is %g wide in %s", size.Width, pathOf(s.parents)))
			}
		default:
			return
		}
		if size.IsZero() {
			return
		}
		left, right, top, bottom := float32(0), window.Width, float32(0), window.Height
		if s.scrolled && (s.port.Height <= 0 || s.at.Y > s.view.Y+s.port.Height || s.at.Y+size.Height < s.view.Y) {
			return // what is out of sight may wait for its place
		}
		if s.scrolled {
			left, right = s.view.X, s.view.X+s.port.Width
			top, bottom = -1e6, 1e6
		}
		if s.at.X < left-slack || s.at.X+size.Width > right+slack || s.at.Y < top-slack || s.at.Y+size.Height > bottom+slack {
			complaints = append(complaints, fmt.Sprintf("%s at %v, %v large, leaves %g–%g × %g–%g in %s", what, s.at, size, left, right, top, bottom, pathOf(s.parents)))
		}
	})
	return complaints
}

func inEntry(parents []fyne.CanvasObject) bool {
	for _, p := range parents {
		switch p.(type) {
		case *guardedEntry, *bodyText, *widget.List, *emojiSheet, *picturePane:
			return true
		}
	}
	return false
}

func pathOf(parents []fyne.CanvasObject) string {
	var names []string
	for _, p := range parents {
		if name := fmt.Sprintf("%T", p); !strings.HasPrefix(name, "*fyne.") {
			names = append(names, strings.TrimPrefix(name, "*gui."))
		}
	}
	return strings.Join(names, " > ")
}

// WalkWithTab goes round with Tab. It tells what can be pressed and is not
// reached, and what has the focus without being seen.
func (w *Window) WalkWithTab() (complaints []string) {
	c := w.win.Canvas()
	c.Unfocus()
	reached := make(map[fyne.Focusable]bool)
	for range 500 {
		c.FocusNext()
		focused := c.Focused()
		if focused == nil || reached[focused] {
			break
		}
		reached[focused] = true
		if complaint := w.outOfSight(focused.(fyne.CanvasObject)); complaint != "" {
			complaints = append(complaints, complaint)
		}
	}
	w.eachSeen(func(s seen) {
		_, pressed := s.o.(fyne.Tappable)
		if !pressed || takenElsewhere(s) {
			return
		}
		if d, ok := s.o.(fyne.Disableable); ok && d.Disabled() {
			return
		}
		if f, ok := s.o.(fyne.Focusable); !ok || !reached[f] {
			complaints = append(complaints, fmt.Sprintf("Tab does not reach %T in %s", s.o, pathOf(s.parents)))
		}
	})
	return complaints
}

// takenElsewhere says that an object is pressed with keys of what it lies in, or
// takes taps only so that nothing else does.
func takenElsewhere(s seen) bool {
	for _, o := range append(s.parents, s.o) {
		switch o.(type) {
		case *keyedList, *widget.List, *settingsTabs, *timeline, *emojiSheet, *emojiTabs, *picturePane, *widget.Select, *guardedEntry:
			if o != s.o {
				return true
			}
		}
	}
	switch s.o.(type) {
	case *tapShield, *popover, *widget.PopUp, *bodyText, *widget.Label, *settingsTab, *viewer, *picturePane, *emojiSheet, *emojiTabs, *timeline:
		return true
	}
	kind := fmt.Sprintf("%T", s.o) // of the toolkit's own
	return strings.Contains(kind, "OverlayContainer") || strings.Contains(kind, "scrollBarArea")
}

// outOfSight tells where an object is if it is not seen whole.
func (w *Window) outOfSight(o fyne.CanvasObject) (complaint string) {
	window, found := w.win.Canvas().Size(), false
	w.eachSeen(func(s seen) {
		if s.o != o {
			return
		}
		found = true
		if _, all := o.(*timelineView); all {
			return // its own cursor is what is seen
		}
		top, bottom := float32(0), window.Height
		if s.scrolled {
			top, bottom = max(top, s.view.Y), min(bottom, s.view.Y+s.port.Height)
		}
		if y, height := s.at.Y, min(o.Size().Height, bottom-top-revealMargin); y < top-1 || y+height > bottom+1 {
			complaint = fmt.Sprintf("%T has the focus at %g–%g, seen is %g–%g in %s", o, y, y+o.Size().Height, top, bottom, pathOf(s.parents))
		}
	})
	if !found {
		complaint = fmt.Sprintf("%T has the focus and is not there", o)
	}
	return complaint
}
