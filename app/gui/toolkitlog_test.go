package gui_test

import (
	"bytes"
	"errors"
	"log"
	"log/slog"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"feihong/app/gui"
)

func TestToolkitLog(t *testing.T) {
	for _, test := range []struct {
		name, level string
		say         func()
	}{
		{"nothing to worry about", "DEBUG", func() { fyne.LogError("Getting favorite locations", errors.New("not found")) }},
		{"no window", "ERROR", func() { fyne.LogError("window creation error", errors.New("APIUnavailable")) }},
		{"no graphics", "ERROR", func() { fyne.LogError("failed to initialise OpenGL", errors.New("none")) }},
		{"somebody else", "WARN", func() { log.Print("http: something") }},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out bytes.Buffer
			before, flags := log.Writer(), log.Flags()
			log.SetOutput(gui.ToolkitLog(slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))))
			log.SetFlags(0)
			defer func() { log.SetOutput(before); log.SetFlags(flags) }()
			log.Print("an earlier line")
			out.Reset()
			test.say()
			for line := range strings.Lines(out.String()) {
				if !strings.Contains(line, "level="+test.level) {
					t.Errorf("want level %s: %s", test.level, line)
				}
			}
			if out.Len() == 0 {
				t.Error("it is lost")
			}
		})
	}
}
