package gui

import (
	"time"

	"fyne.io/fyne/v2"

	"feihong/app/chat"
	"feihong/app/store/words"
)

// flashTime is for how long a message that the user was led to is tinted.
const flashTime = 1600 * time.Millisecond

// reveal puts a message in the middle of what is in sight. If it is no longer
// there, the one after it is.
func (t *timeline) reveal(seq int64) {
	if t.width == 0 || t.scroll.Size().Height == 0 {
		t.goal = seq
		return
	}
	t.goal = 0
	at := t.table.nearest(seq)
	if at < 0 {
		return
	}
	row, height := t.table.rows[at], t.scroll.Size().Height
	top := row.y + row.height/2 - height/2
	if row.height > height { // its beginning, then
		top = row.y - edgeGap
	}
	t.restoreAt(top)
}

// restoreAt scrolls to an offset, as a user could have done.
func (t *timeline) restoreAt(top float32) {
	t.settling = true
	t.scroll.Refresh()
	t.settling = false
	top = min(top, t.end())
	t.followEnd(!t.below && top >= t.end()-nearBottom)
	t.scrollTo(top)
}

// flash tints a message for a moment, so that the eye finds it.
func (t *timeline) flash(seq int64) {
	t.flashed = seq
	t.flashes++
	t.view.place()
	mine := t.flashes
	t.later(flashTime, func() {
		if t.flashes == mine && t.flashed != 0 {
			t.flashed = 0
			t.view.place()
		}
	})
}

// mark marks words in all texts; a query that asks for nothing takes the marks
// away.
func (t *timeline) mark(search words.Query) {
	t.search = search
	t.searches++
	t.view.place()
}

// marks says that words are marked.
func (t *timeline) marks() bool { return !t.search.Empty() }

// jump goes to the end of the conversation.
func (t *timeline) jump() {
	if t.below && t.onLatest != nil {
		t.onLatest()
		return
	}
	t.follow = true
	t.restore(anchor{follow: true})
	t.reachedEnd()
}

// first goes to the beginning of the conversation.
func (t *timeline) first() {
	if t.onFirst != nil {
		t.onFirst()
	}
}

// page scrolls by most of what is in sight, up (-1) or down (+1).
func (t *timeline) page(direction float32) {
	t.restoreAt(t.offset() + direction*max(t.scroll.Size().Height-2*rowHeight(textSize), 40))
}

func (t *timeline) updatePill() {
	text := ""
	if t.fresh > 0 {
		text = t.table.words.Text("gui.timeline.new", map[string]any{"count": t.fresh})
	}
	t.pill.show(text, !t.follow)
	t.placePill(t.Size())
}

func (t *timeline) placePill(size fyne.Size) {
	min := t.pill.MinSize()
	place(t.pill, size.Width-min.Width-timelineMargin, size.Height-min.Height-edgeGap, min.Width, min.Height)
}

// message returns a message that is loaded, nil if it is not.
func (t *timeline) message(seq int64) *chat.Message {
	if at := t.table.find(rowMessage, seq); at >= 0 {
		return &t.table.messages[t.table.rows[at].index]
	}
	return nil
}
