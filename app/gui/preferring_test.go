package gui_test

import (
	"context"
	"sync"

	"feihong/app/gui"
)

// fixedPreferences are a user's, kept in memory.
type fixedPreferences struct {
	mu   sync.Mutex
	held gui.Preferences
}

func preferring(p gui.Preferences) *fixedPreferences {
	p.Welcomed = true // nobody is asked anything
	return &fixedPreferences{held: p}
}

func (f *fixedPreferences) Current() gui.Preferences {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.held
}

func (f *fixedPreferences) Update(_ context.Context, change func(*gui.Preferences)) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(&f.held)
	return nil
}
