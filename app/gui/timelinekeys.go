package gui

import "fyne.io/fyne/v2"

// The keyboard in the timeline: one message has the focus, the arrows move it,
// and what else is pressed is about that message. Whatever nobody takes belongs
// to the input box.

var (
	_ fyne.Focusable    = (*timelineView)(nil)
	_ fyne.Shortcutable = (*timelineView)(nil)
)

// FocusGained implements fyne.Focusable: the last message in sight gets it, or
// the one that had it.
func (v *timelineView) FocusGained() {
	v.focused = true
	if v.currentRow() < 0 || v.shown[rowID{rowMessage, v.current}] == nil {
		v.current = v.timeline.lastInSight()
	}
	v.place()
}

// FocusLost implements fyne.Focusable.
func (v *timelineView) FocusLost() {
	v.focused = false
	v.place()
}

// TypedRune implements fyne.Focusable.
func (v *timelineView) TypedRune(r rune) {
	if !v.hand("", r) && v.timeline.onTyped != nil {
		v.timeline.onTyped(r)
	}
}

// TypedKey implements fyne.Focusable.
func (v *timelineView) TypedKey(key *fyne.KeyEvent) {
	t := v.timeline
	switch key.Name {
	case fyne.KeyUp:
		v.step(-1)
	case fyne.KeyDown:
		v.step(+1)
	case fyne.KeyPageUp:
		t.page(-1)
		v.choose(t.firstInSight())
	case fyne.KeyPageDown:
		t.page(+1)
		v.choose(t.lastInSight())
	case fyne.KeyHome:
		t.first()
	case fyne.KeyEnd:
		t.jump()
		v.choose(t.lastInSight())
	case fyne.KeyEscape:
		if t.onLeave != nil {
			t.onLeave()
		}
	default:
		v.hand(key.Name, 0)
	}
}

// TypedShortcut implements fyne.Shortcutable.
func (v *timelineView) TypedShortcut(shortcut fyne.Shortcut) {
	if _, ok := shortcut.(*fyne.ShortcutCopy); ok {
		if m := v.timeline.message(v.current); m != nil && m.Text != "" {
			fyne.CurrentApp().Clipboard().SetContent(m.Text)
		}
		return
	}
	if v.timeline.onKey != nil {
		v.timeline.onKey(shortcut)
	}
}

// hand gives a key to whoever does something with the message that has the
// focus.
func (v *timelineView) hand(key fyne.KeyName, r rune) bool {
	t, row := v.timeline, v.shown[rowID{rowMessage, v.current}]
	m := t.message(v.current)
	return m != nil && row != nil && t.onMessageKey != nil && t.onMessageKey(*m, row, key, r)
}

// step gives the focus to the message above (-1) or below (+1). Below the last
// there is the input box.
func (v *timelineView) step(by int) {
	t := v.timeline
	at := v.currentRow()
	if at < 0 {
		v.choose(t.lastInSight())
		return
	}
	for at += by; at >= 0 && at < len(t.table.rows); at += by {
		if row := t.table.rows[at]; row.kind == rowMessage {
			v.choose(t.table.messages[row.index].Seq)
			return
		}
	}
	switch {
	case by < 0:
		t.restoreAt(0)
	case !t.below && t.onLeave != nil:
		t.onLeave()
	}
}

// choose gives the focus to a message and brings it into sight.
func (v *timelineView) choose(seq int64) {
	v.current = seq
	at := v.currentRow()
	if at < 0 {
		return
	}
	t := v.timeline
	row, height := t.table.rows[at], t.scroll.Size().Height
	top, bottom := row.y-edgeGap, row.y+row.height+edgeGap
	switch {
	case top < t.offset() || row.height > height:
		t.restoreAt(top)
	case bottom > t.offset()+height:
		t.restoreAt(bottom - height)
	default:
		v.place()
	}
}

func (v *timelineView) currentRow() int {
	if v.current == 0 {
		return -1
	}
	return v.timeline.table.find(rowMessage, v.current)
}

// lastInSight returns the Seq of the lowest message that is in sight as a
// whole, or else of the lowest; 0 if there is none.
func (t *timeline) lastInSight() int64 {
	bottom := t.offset() + t.scroll.Size().Height
	return t.inSight(func(row timelineRow) bool { return row.y+row.height <= bottom })
}

// firstInSight returns the Seq of the uppermost message that is in sight as a
// whole, or else of the lowest; 0 if there is none.
func (t *timeline) firstInSight() int64 {
	found := false
	return t.inSight(func(row timelineRow) bool {
		first := !found && row.y >= t.offset()
		found = found || first
		return first
	})
}

// inSight returns the last message in sight that is taken, or else the last.
func (t *timeline) inSight(takes func(timelineRow) bool) int64 {
	from, to := t.table.visible(t.offset(), t.offset()+t.scroll.Size().Height)
	taken, any := int64(0), int64(0)
	for _, row := range t.table.rows[from:to] {
		if row.kind != rowMessage {
			continue
		}
		any = t.table.messages[row.index].Seq
		if takes(row) {
			taken = any
		}
	}
	if taken == 0 {
		return any
	}
	return taken
}

// selectNewest gives the focus to the last message of what is in sight.
func (t *timeline) selectNewest() {
	c := fyne.CurrentApp().Driver().CanvasForObject(t.view)
	if c == nil || len(t.table.messages) == 0 {
		return
	}
	t.view.current = t.lastInSight()
	c.Focus(t.view)
}
