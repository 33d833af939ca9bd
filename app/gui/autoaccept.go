package gui

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"

	"feihong/app/chat"
)

// acceptLimits are the choices for taking files without asking, in bytes; 0 is
// never, and less than that is always.
var acceptLimits = []int64{0, 100e6, 1e9, -1}

// autoAcceptField lets the user choose what is taken from a person without
// asking. A choice counts at once.
func (w *Window) autoAcceptField(s *chat.Summary) fyne.CanvasObject {
	id, current := s.ID, max(s.AutoAccept, -1)
	limits := withChoice(acceptLimits, current)
	names := make([]string, len(limits))
	for i, limit := range limits {
		names[i] = w.words.acceptChoice(limit)
	}
	choice := newChoice(names, slices.Index(limits, current), func(i int) {
		w.change("accept by itself", func(ctx context.Context) error { return w.cfg.Files.SetAutoAccept(ctx, id, limits[i]) })
	})
	return field(w.words.Text("gui.info.auto", nil), choice)
}

func (w *wording) acceptChoice(limit int64) string {
	switch {
	case limit == 0:
		return w.Text("gui.info.auto.ask", nil)
	case limit < 0:
		return w.Text("gui.info.auto.all", nil)
	}
	return w.Text("gui.info.auto.up-to", map[string]any{"size": w.size(limit)})
}
