package files

import (
	"context"
	"math"
	"time"

	"feihong/app/chat"
)

const (
	// reportEvery is how often progress is told at most.
	reportEvery = 250 * time.Millisecond
	// aliveEvery is after how long that which has not changed is told again while
	// there is a connection: under a low limit a chunk takes minutes.
	aliveEvery = 3 * time.Second
	// smoothing is over how long the speed is averaged.
	smoothing = 3 * time.Second
)

// meter makes speed and time left from what is done.
type meter struct {
	total int64

	last    time.Time
	done    int64
	seconds float64 // of the average, at most smoothing
	rate    float64 // bytes per second
}

// add tells how much is done now. The average is weighted by how long ago
// something was, and over all that was at the beginning.
func (m *meter) add(now time.Time, done int64) (rate int64, left time.Duration) {
	elapsed := now.Sub(m.last).Seconds()
	if !m.last.IsZero() && elapsed > 0 {
		m.seconds = min(m.seconds+elapsed, smoothing.Seconds())
		weight := 1 - math.Exp(-elapsed/m.seconds)
		if m.seconds == elapsed {
			weight = 1
		}
		m.rate += weight * (max(0, float64(done-m.done))/elapsed - m.rate)
	}
	m.last, m.done = now, done
	if m.rate < 1 {
		return 0, -1
	}
	seconds := float64(m.total-done) / m.rate
	if seconds > (100 * 365 * 24 * time.Hour).Seconds() {
		return int64(m.rate), -1
	}
	return int64(m.rate), time.Duration(max(0, seconds) * float64(time.Second))
}

// watch reports the progress of the job until ctx ends: whenever something has
// changed, once more when the speed has become zero, and now and then while
// there is a connection.
func (j *job) watch(ctx context.Context, look func() chat.Progress) {
	m := &meter{total: int64(j.Offer.Bytes)}
	ticker := time.NewTicker(reportEvery)
	defer ticker.Stop()
	var told chat.Progress
	var last time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-ticker.C:
			is := look()
			is.Rate, is.Left = m.add(now, is.Done)
			_, connections := j.ready()
			if connections == 0 {
				is.Rate, is.Left = 0, -1
				if is.Done == told.Done {
					continue
				}
			}
			if is != told || connections > 0 && now.Sub(last) >= aliveEvery {
				j.engine.reports.Carried(j.ID, is)
				told, last = is, now
			}
		}
	}
}
