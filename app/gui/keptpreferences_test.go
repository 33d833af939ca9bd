package gui_test

import (
	"context"
	"sync"

	"feihong/app/gui"
)

// keptPreferences keeps preferences in memory, or fails.
type keptPreferences struct {
	mu   sync.Mutex
	kept gui.Preferences
	err  error
}

func (k *keptPreferences) Current() gui.Preferences {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.kept
}

func (k *keptPreferences) Update(_ context.Context, change func(*gui.Preferences)) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.err == nil {
		change(&k.kept)
	}
	return k.err
}
