package gui

import (
	"context"
	"io"
	"log/slog"
	"strings"
)

// ToolkitLog gives what the standard logger writes to ours. Fyne logs there,
// and nearly all of it is no news to anybody: folders that do not exist yet, a
// desktop that offers less than others. That is for those who debug, unless it
// is why there is no window. Its Write is to be called by one goroutine at a
// time, with a line each, as package log does.
func ToolkitLog(to *slog.Logger) io.Writer { return &toolkitLog{to: to} }

type toolkitLog struct {
	to    *slog.Logger
	level slog.Level // of the lines that go on with a message
}

func (t *toolkitLog) Write(line []byte) (int, error) {
	text := strings.TrimSpace(string(line))
	switch reason, fyne := strings.CutPrefix(text, "Fyne error:"); {
	case fyne && isFatal(reason):
		t.level = slog.LevelError
	case fyne:
		t.level = slog.LevelDebug
	case !strings.HasPrefix(text, "Cause:") && !strings.HasPrefix(text, "At:"):
		t.level = slog.LevelWarn
	}
	t.to.Log(context.Background(), t.level, text)
	return len(line), nil
}

// isFatal tells whether the toolkit ends the program after it has said so.
func isFatal(reason string) bool {
	reason = strings.ToLower(reason)
	for _, part := range []string{"failed to initialise", "window creation", "shader"} {
		if strings.Contains(reason, part) {
			return true
		}
	}
	return false
}
