package files

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"

	"feihong/app/chat"
	"feihong/app/files/folder"
	"feihong/protocol"
)

const (
	// removeAgain is after how long it is tried again to remove what could not
	// be removed.
	removeAgain = time.Minute
	// awayTime is how long the notes of a transfer that was dropped are kept
	// because the disk with what is left of it is away.
	awayTime = 60 * 24 * time.Hour
)

// Drop ends a transfer for good, and removes what is unfinished of it. If the
// program ends before, Sweep does that at the next start.
func (e *Engine) Drop(id protocol.MessageID) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.halted, id)
	delete(e.signed, id)
	delete(e.prepared, id)
	if j := e.jobs[id]; j != nil {
		e.end(j, protocol.BulkCancelled)
	}
	e.chain(id, func(context.Context) { e.remove(id) })
}

// remove removes all that there is of a transfer. What cannot be removed is
// tried again later: the notes, without which nobody would know of the rest,
// go last.
func (e *Engine) remove(id protocol.MessageID) {
	dir := e.dir(id)
	away := folder.Away(dir)
	err := folder.Abandon(dir)
	if err == nil && away && age(filepath.Join(dir, journalName)) < awayTime {
		e.removeLater(id)
		return
	}
	if err == nil {
		err = os.RemoveAll(dir)
	}
	if err != nil {
		e.cfg.Logger.Warn("something remains of a transfer for now", "transfer", id, "err", err)
		e.removeLater(id)
	}
}

// age is how long ago a file was changed.
func age(path string) time.Duration {
	info, err := os.Stat(path)
	if err != nil {
		return awayTime
	}
	return time.Since(info.ModTime())
}

func (e *Engine) removeLater(id protocol.MessageID) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.left[id] = true
}

// keepRemoving tries again to remove what could not be removed, until ctx ends.
func (e *Engine) keepRemoving(ctx context.Context) {
	ticker := time.NewTicker(removeAgain)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		e.mu.Lock()
		for id := range e.left {
			e.chain(id, func(context.Context) { e.remove(id) })
		}
		clear(e.left)
		e.mu.Unlock()
	}
}

// Sweep removes what a crash has left behind. What was prepared or begun since
// the engine was made is not looked at.
func (e *Engine) Sweep(ctx context.Context, fate func(ctx context.Context, id protocol.MessageID) (chat.Fate, error)) error {
	entries, err := os.ReadDir(e.cfg.Dir)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, entry := range entries {
		id, err := uuid.Parse(entry.Name())
		if err != nil || id.String() != entry.Name() || e.busy(id) {
			continue
		}
		what, err := fate(ctx, id)
		if err != nil {
			return err
		}
		if err := e.sweep(ctx, id, what); err != nil {
			return err
		}
	}
	return nil
}

// busy tells whether a transfer was prepared, or is begun.
func (e *Engine) busy(id protocol.MessageID) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.prepared[id] || e.jobs[id] != nil
}

// sweep does with the folder of a transfer what is right, and waits for that.
func (e *Engine) sweep(ctx context.Context, id protocol.MessageID, what chat.Fate) error {
	done := make(chan struct{})
	e.mu.Lock()
	e.chain(id, func(context.Context) {
		defer close(done)
		switch {
		case e.busy(id): // since a moment ago
		case what == chat.FateGone:
			e.remove(id)
		case what == chat.FateOver:
			tidy(e.dir(id))
			fallthrough
		default:
			e.removeTemporary(e.dir(id))
		}
	})
	e.mu.Unlock()
	_, err := get(ctx, done)
	return err
}

// removeTemporary removes files that were about to replace others when an
// earlier run of the program ended.
func (e *Engine) removeTemporary(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, entry := range entries {
		path := filepath.Join(dir, entry.Name())
		if name := entry.Name(); strings.HasPrefix(name, ".") && strings.Contains(name, ".new-") && age(path) > time.Since(e.made) {
			_ = os.Remove(path) // what remains does no harm
		}
	}
}
