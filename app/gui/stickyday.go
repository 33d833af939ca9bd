package gui

import "time"

// stickyDay tells above the messages which day they are of, while the user
// scrolls and the divider of that day is out of sight.
type stickyDay struct {
	timeline *timeline
	label    *divider
	moves    int  // of the user
	waiting  bool // somebody looks whether there were more
}

const (
	stickyTime = 1200 * time.Millisecond
	stickyTop  = 8
)

func newStickyDay(t *timeline) *stickyDay {
	s := &stickyDay{timeline: t, label: newDivider()}
	s.label.Hidden = true
	return s
}

// scrolled shows the day of the uppermost message.
func (s *stickyDay) scrolled() {
	text := s.day()
	if text == "" {
		s.hide()
		return
	}
	if s.label.text != text {
		s.label.show(text, false)
	}
	if s.label.Hidden {
		s.label.Show()
	}
	s.moves++
	s.wait()
}

// day names the day of the uppermost message, "" if its divider is in sight or
// would be hidden by the label.
func (s *stickyDay) day() string {
	table, top := &s.timeline.table, s.timeline.offset()
	from, to := table.visible(top, top+stickyTop+dividerHeight+dividerGap)
	for _, row := range table.rows[from:to] {
		if row.kind == rowDay {
			return ""
		}
	}
	if from == len(table.rows) || table.total <= s.timeline.scroll.Size().Height {
		return ""
	}
	return table.words.day(table.messages[table.rows[from].index].Time)
}

func (s *stickyDay) hide() {
	if !s.label.Hidden {
		s.label.Hide()
	}
}

// wait hides the label once the user has not scrolled for a while.
func (s *stickyDay) wait() {
	if s.waiting || s.timeline.later == nil {
		return
	}
	s.waiting = true
	seen := s.moves
	s.timeline.later(stickyTime, func() {
		s.waiting = false
		if s.moves != seen {
			s.wait()
			return
		}
		s.hide()
	})
}
