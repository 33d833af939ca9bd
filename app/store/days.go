package store

import (
	"database/sql"
	"math"
	"time"
)

// span is the part of the messages, by Seq, in which those of a day lie.
type span struct{ first, last int64 }

// day is the number of the day to which a stored time belongs.
func day(milliseconds int64) int64 { return milliseconds / (24 * time.Hour).Milliseconds() }

// date notes that a message of a day was inserted.
func (c *commit) date(written time.Time, seq int64) {
	if c.days == nil {
		c.days = map[int64]span{}
	}
	n := day(written.UnixMilli())
	s, known := c.days[n]
	if !known {
		s.first = seq
	}
	s.last = seq
	c.days[n] = s
}

func (c *commit) settleDays() error {
	for n, s := range c.days {
		_, err := c.exec(`INSERT INTO days (day, first, last) VALUES (?, ?, ?)
			ON CONFLICT (day) DO UPDATE SET last = excluded.last`, n, s.first, s.last)
		if err != nil {
			return err
		}
	}
	return nil
}

// limitInTime narrows After and Before down to the days of Since and Until.
func (h *history) limitInTime() error {
	if h.Since.IsZero() && h.Until.IsZero() {
		return nil
	}
	from, to := int64(math.MinInt64), int64(math.MaxInt64)
	if !h.Since.IsZero() {
		from = day(wholeMilliseconds(h.Since))
	}
	if !h.Until.IsZero() {
		to = day(wholeMilliseconds(h.Until))
	}
	var first, last sql.NullInt64
	err := h.query(h.ctx, func(rows *sql.Rows) error { return rows.Scan(&first, &last) },
		`SELECT min(first), max(last) FROM days WHERE day BETWEEN ? AND ?`, from, to)
	if err != nil {
		return err
	}
	h.After, h.Before = max(h.After, first.Int64-1), min(h.Before, last.Int64+1) // both 0 if there is none
	return nil
}

// wholeMilliseconds is the first stored time that is not before t.
func wholeMilliseconds(t time.Time) int64 {
	return t.Add(time.Millisecond - time.Nanosecond).UnixMilli()
}
