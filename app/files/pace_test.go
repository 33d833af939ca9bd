package files_test

import (
	"testing"
	"testing/synctest"
	"time"

	"feihong/app/chat"
	"feihong/app/files"
	"feihong/transport/bulk"
)

// TestProgress: at a bounded speed, progress is told a few times a second, with
// that speed and the time that it takes, on both sides.
func TestProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, alice, bob := pair(t)
		alice.end()
		alice.limiter = bulk.NewLimiter(1 << 20)
		alice.start()
		x := offer(t, alice, bob, sources(t, map[string]int{"first": 6 << 20, "second": 14 << 20}))
		begun := time.Now()
		alice.engine.Begin(x.out)
		bob.engine.Begin(x.in)
		x.arrived(t)
		if took := time.Since(begun); took < 15*time.Second || took > 25*time.Second {
			t.Errorf("it took %v", took)
		}
		for name, p := range map[string]*person{"sender": alice, "receiver": bob} {
			p.mu.Lock()
			checkProgress(t, name, p.progress)
			p.mu.Unlock()
		}
		alice.end()
		bob.end()
		w.group.Wait()
	})
}

func checkProgress(t *testing.T, name string, all []chat.Progress) {
	t.Helper()
	if len(all) < 15 || len(all) > 25*5 {
		t.Errorf("%s: told %d times", name, len(all))
		return
	}
	last := chat.Progress{}
	for i, p := range all {
		if p.Done < last.Done || p.FilesDone < last.FilesDone || p.Done > 20<<20 {
			t.Errorf("%s: %+v came after %+v", name, p, last)
		}
		if i > len(all)/2 && (p.Rate < 700<<10 || p.Rate > 1500<<10 || p.Left < 0 || p.Left > 20*time.Second) {
			t.Errorf("%s: a bad guess: %+v", name, p)
		}
		if p.Done > 0 && p.Current != "first" && p.Current != "second" {
			t.Errorf("%s: the file is %q", name, p.Current)
		}
		last = p
	}
}

func TestMeter(t *testing.T) {
	at := time.Unix(1000, 0)
	m := files.NewMeter(1000)
	if rate, left := m.Add(at, 500); rate != 0 || left >= 0 {
		t.Errorf("what was there before is no speed: %d, %v", rate, left)
	}
	if rate, left := m.Add(at.Add(time.Second), 600); rate != 100 || left != 4*time.Second {
		t.Errorf("%d, %v", rate, left)
	}
	if rate, left := m.Add(at.Add(time.Second), 600); rate != 100 || left != 4*time.Second {
		t.Errorf("no time has passed: %d, %v", rate, left)
	}
	for i := range 60 {
		m.Add(at.Add(time.Duration(i+2)*time.Second), 600)
	}
	if rate, left := m.Add(at.Add(time.Hour), 600); rate != 0 || left >= 0 {
		t.Errorf("long after: %d, %v", rate, left)
	}
}

// TestPatience: while nobody answers, tries become rare; a nudge is answered at
// once.
func TestPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, alice, bob := pair(t)
		x := offer(t, alice, bob, sources(t, map[string]int{"x": 100}))
		w.deaf[alice.id] = true
		bob.engine.Begin(x.in)
		time.Sleep(10 * time.Minute)
		w.mu.Lock()
		dials, calls := w.dials, w.calls
		w.mu.Unlock()
		if dials < 35 || dials > 60 || calls != dials {
			t.Errorf("%d dials and %d calls in ten minutes", dials, calls)
		}
		w.mu.Lock()
		w.deaf[alice.id] = false
		w.mu.Unlock()
		alice.engine.Begin(x.out)
		synctest.Wait()
		nudged := time.Now()
		bob.engine.Nudge(alice.id)
		x.arrived(t)
		if took := time.Since(nudged); took > time.Second {
			t.Errorf("it took %v", took)
		}
		for _, p := range []*person{alice, bob} {
			p.end()
		}
		w.group.Wait()
	})
}

// TestLowLimit: a chunk that takes minutes is no silence, neither for the
// connection nor for who looks on.
func TestLowLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, alice, bob := pair(t)
		alice.end()
		alice.limiter = bulk.NewLimiter(10_000)
		alice.start()
		x := offer(t, alice, bob, sources(t, map[string]int{"slow": 3 << 19}))
		begun := time.Now()
		alice.engine.Begin(x.out)
		bob.engine.Begin(x.in)
		time.Sleep(time.Minute)
		for name, p := range map[string]*person{"sender": alice, "receiver": bob} {
			p.mu.Lock()
			if n := len(p.progress); n < 15 || n > 60*4 {
				t.Errorf("%s: told %d times in the first minute", name, n)
			}
			p.mu.Unlock()
		}
		x.arrived(t)
		if took := time.Since(begun); took > 3*time.Minute {
			t.Errorf("it took %v", took)
		}
		w.mu.Lock()
		if w.dials > 2 {
			t.Errorf("%d connections", w.dials)
		}
		w.mu.Unlock()
		alice.end()
		bob.end()
		w.group.Wait()
	})
}
