package files

import (
	"time"

	"feihong/app/chat"
)

// Trouble is trouble.
func Trouble(err error) chat.TransferReason { return trouble(err) }

// Meter makes speed and time left.
type Meter struct{ meter }

// NewMeter returns a meter for so many bytes.
func NewMeter(total int64) *Meter { return &Meter{meter{total: total}} }

// Add tells how much is done.
func (m *Meter) Add(now time.Time, done int64) (rate int64, left time.Duration) {
	return m.add(now, done)
}
