package gui

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"feihong/app/chat"
)

// maxUnsentLines bounds for how many people it is told what they would not get.
const maxUnsentLines = 5

// quit ends the program. What is attached or still being offered, and texts of
// messages that are half changed, end with it: the user is asked first. Drafts
// are kept.
func (w *Window) quit() { w.endBy(w.cfg.OnQuit) }

func (w *Window) endBy(end func()) {
	lost := w.unsent()
	if len(lost) == 0 {
		end()
		return
	}
	w.Raise()
	w.askFirst("gui.quit.title", "gui.quit.do", strings.Join(lost, "\n"), end)
}

// unsent tells what the user has begun and not sent, a line for each.
func (w *Window) unsent() []string {
	var lost []string
	people := slices.SortedFunc(maps.Values(w.people), func(a, b *chat.Summary) int { return cmp.Compare(a.ID, b.ID) })
	for _, s := range people {
		if a := w.unsentFiles(s.ID); a.count() > 0 {
			what := w.words.nameAndMore(a.first(), a.count()-1)
			lost = append(lost, w.words.Text("gui.quit.attached", map[string]any{"name": s.DisplayName(), "what": what}))
		}
		if w.answers[s.ID].changed() {
			lost = append(lost, w.words.Text("gui.quit.edit", map[string]any{"name": s.DisplayName()}))
		}
	}
	if more := len(lost) - maxUnsentLines; more > 0 {
		lost = append(lost[:maxUnsentLines], w.words.Text("gui.quit.more", map[string]any{"count": more}))
	}
	return lost
}
