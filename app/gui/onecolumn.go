package gui

import "fyne.io/fyne/v2"

// elsewhere says that the user does not see the conversation that is open: a
// page lies in front of it or, where there is one column, the list.
func (w *Window) elsewhere() bool { return w.onPage() || w.columns.one && w.onList }

// onPage says that a page lies in front of the conversation.
func (w *Window) onPage() bool { return w.doctor != nil || w.settings != nil }

// inTalk says that the user sees the open conversation.
func (w *Window) inTalk() bool { return w.talk != nil && !w.elsewhere() }

// columnsSwitched is called when the window has become too narrow for list and
// conversation, or wide enough. What has the focus stays in sight.
func (w *Window) columnsSwitched() {
	w.onList = w.columns.one && w.left.has(w.win.Canvas().Focused())
	show(w.right.conv.header.back, w.columns.one)
	w.right.conv.header.Refresh()
	w.showRight()
	w.markRead()
}

// windowResized gives what lies above the window its place in the new size.
func (w *Window) windowResized() {
	if w.modal != nil {
		w.modal.fit()
	}
	if w.emoji != nil {
		w.emoji.fit()
	}
}

// showColumns decides which pane is in front where there is one column. Without
// anybody in the list, what to do about that stands in its place.
func (w *Window) showColumns() {
	alone := w.columns.one && len(w.people) == 0
	if alone {
		w.left.lonely.show(w.emptiness(), w.scanState())
	}
	w.left.alone(alone)
	right := w.onPage() || w.talk != nil && !w.onList
	w.columns.front(right)
	if w.columns.one && right && w.left.has(w.win.Canvas().Focused()) {
		w.win.Canvas().Unfocus() // what is not seen takes no keys
	}
}

// showList goes back from the conversation to the list. The conversation stays
// open behind it, as it is.
func (w *Window) showList() {
	w.typing.stop()
	w.onList = w.columns.one
	w.showRight()
	if w.talk != nil {
		w.left.people.reveal(w.talk.id)
	}
	if !w.left.toList() {
		w.win.Canvas().Unfocus()
	}
}

// goBack leaves the page in front, or goes from the conversation to the list.
func (w *Window) goBack() {
	switch {
	case w.settings != nil:
		w.leaveSettings()
	case w.doctor != nil:
		w.leaveDoctor()
	default:
		w.showList()
	}
}

// has says whether a part of the pane has the focus.
func (p *leftPane) has(focused fyne.Focusable) bool {
	switch focused {
	case nil:
		return false
	case p.self, p.address.copy, p.address.more, p.filter, p.people.list, p.add:
		return true
	}
	return p.lonely.has(focused)
}
