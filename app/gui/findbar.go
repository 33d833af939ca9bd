package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// findBar is the strip above the messages in which the user looks for words in
// the open conversation.
type findBar struct {
	widget.BaseWidget
	entry  *guardedEntry
	status *textLine
	older  *iconButton
	newer  *iconButton
	close  *iconButton
}

// findLimit bounds what the user may look for, in bytes.
const findLimit = 512

type findActions struct {
	changed  func(text string)
	step     func(by int) // +1 to an older one, -1 to a newer one
	close    func()
	shortcut func(fyne.Shortcut) bool
}

func newFindBar(words *wording, act findActions) *findBar {
	b := &findBar{
		entry:  newGuardedEntry(words, false, findLimit),
		status: newTextLine(smallSize, colorMuted, ""),
		older:  newIconButton(theme.MoveUpIcon(), words.Text("gui.find.older", nil), 32, func() { act.step(+1) }),
		newer:  newIconButton(theme.MoveDownIcon(), words.Text("gui.find.newer", nil), 32, func() { act.step(-1) }),
		close:  newIconButton(theme.CancelIcon(), words.Text("gui.close", nil), 32, act.close),
	}
	b.Hidden = true
	b.entry.Icon = colored(theme.SearchIcon(), colorMuted)
	b.entry.SetPlaceHolder(words.Text("gui.find.placeholder", nil))
	b.entry.OnChanged = act.changed
	b.entry.submit = func() {
		if b.entry.shift {
			act.step(-1)
		} else {
			act.step(+1)
		}
	}
	b.entry.arrow = func(key fyne.KeyName) bool {
		if key == fyne.KeyUp {
			act.step(+1)
		} else {
			act.step(-1)
		}
		return true
	}
	b.entry.escape = func() bool { act.close(); return true }
	b.entry.shortcut = act.shortcut
	b.tell("", false)
	b.ExtendBaseWidget(b)
	return b
}

// tell says how far the search has come. Without hits there is nowhere to go.
func (b *findBar) tell(status string, hits bool) {
	b.status.setText(status)
	for _, button := range []*iconButton{b.older, b.newer} {
		button.setDisabled(!hits)
	}
	b.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (b *findBar) CreateRenderer() fyne.WidgetRenderer {
	buttons := row(2, middle(b.older), middle(b.newer), middle(b.close))
	bar := padded(6, 6, timelineMargin, 10, between(10, nil, b.entry, row(10, middle(b.status), buttons)))
	return widget.NewSimpleRenderer(column(0, newSurface(colorPane, 0, bar), newHairline()))
}
