package gui

import (
	"strings"
	"time"

	"feihong/assets/translations"
)

// wording is how the window speaks: texts in the user's language, and moments
// as people name them.
type wording struct {
	*translations.Catalog
	now func() time.Time
}

// clock returns the time of day.
func (w *wording) clock(t time.Time) string { return w.local(t).Format("15:04") }

// brief names a moment in the width of a list: the time if it was today, else
// the day.
func (w *wording) brief(t time.Time) string {
	switch days := w.daysAgo(t); {
	case days == 0:
		return w.clock(t)
	case days == 1:
		return w.Text("gui.day.yesterday", nil)
	case days > 1 && days < 7:
		return w.weekday(t)
	case w.local(t).Year() == w.now().Year():
		return w.local(t).Format(w.Text("gui.layout.day-month", nil))
	}
	return w.local(t).Format("2006-01-02")
}

// day names a day, for the divider between days.
func (w *wording) day(t time.Time) string {
	switch days := w.daysAgo(t); {
	case days == 0:
		return w.Text("gui.day.today", nil)
	case days == 1:
		return w.Text("gui.day.yesterday", nil)
	case w.local(t).Year() == w.now().Year():
		date := w.local(t).Format(w.Text("gui.layout.day-month", nil))
		return w.Text("gui.day.with-weekday", map[string]any{"date": date, "weekday": w.weekday(t)})
	}
	return w.local(t).Format(w.Text("gui.layout.day-month-year", nil))
}

// seen names a moment within a sentence: "14:05", "yesterday 14:05".
func (w *wording) seen(t time.Time) string {
	switch w.daysAgo(t) {
	case 0:
		return w.clock(t)
	case 1:
		return w.Text("gui.seen.yesterday", map[string]any{"time": w.clock(t)})
	}
	return w.Text("gui.seen.day-time", map[string]any{"day": w.day(t), "time": w.clock(t)})
}

func (w *wording) weekday(t time.Time) string {
	day := w.local(t).Weekday()
	return w.Text("gui.weekday."+strings.ToLower(day.String()[:3]), nil)
}

func (w *wording) local(t time.Time) time.Time { return t.In(w.now().Location()) }

// daysAgo counts midnights between t and now; it is negative for the future.
func (w *wording) daysAgo(t time.Time) int {
	return int(midnight(w.now()).Sub(midnight(w.local(t))).Hours() / 24)
}

// midnight returns the day of t in UTC, where every day has 24 hours.
func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}
