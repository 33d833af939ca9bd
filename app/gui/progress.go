package gui

import (
	"time"

	"feihong/app/chat"
)

// progress tells how far a message has come, and when it came there as far as
// that is known: a line for each.
func (w *wording) progress(m *chat.Message, name string) []string {
	if m.Direction == chat.In {
		return w.moments(nil, moment{"gui.progress.written", m.Time}, moment{"gui.progress.edited", m.Edited})
	}
	var lines []string
	switch {
	case m.State == chat.Queued:
		lines = append(lines, w.Text("gui.progress.queued", map[string]any{"name": name}))
	case m.State == chat.Failed:
		lines = append(lines, w.Text("gui.progress.failed", nil))
	case m.State == chat.Sent:
		lines = append(lines, w.Text("gui.progress.sent", nil))
	case m.State == chat.Delivered && m.Delivered.IsZero():
		lines = append(lines, w.Text("gui.progress.delivered", map[string]any{"name": name}))
	case m.State == chat.Read && m.Read.IsZero():
		lines = append(lines, w.Text("gui.progress.read", map[string]any{"name": name}))
	}
	return w.moments(lines,
		moment{"gui.progress.written", m.Time},
		moment{"gui.progress.edited", m.Edited},
		moment{"gui.progress.sent-at", m.Sent},
		moment{"gui.progress.delivered-at", m.Delivered},
		moment{"gui.progress.read-at", m.Read},
	)
}

// moment is when something happened, zero if that is unknown.
type moment struct {
	key string // of the words for it
	at  time.Time
}

// moments adds a line for each moment that is known.
func (w *wording) moments(lines []string, all ...moment) []string {
	for _, m := range all {
		if !m.at.IsZero() {
			lines = append(lines, w.Text(m.key, map[string]any{"time": w.exact(m.at)}))
		}
	}
	return lines
}

// exact names a moment to the second.
func (w *wording) exact(t time.Time) string {
	clock := w.local(t).Format("15:04:05")
	switch w.daysAgo(t) {
	case 0:
		return clock
	case 1:
		return w.Text("gui.seen.yesterday", map[string]any{"time": clock})
	}
	return w.Text("gui.seen.day-time", map[string]any{"day": w.day(t), "time": clock})
}
