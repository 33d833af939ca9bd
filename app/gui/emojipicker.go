package gui

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"feihong/app/emoji"
)

// emojiPicker is a card on which the user chooses an emoji: those used last,
// then all in groups, or what is found of what the user types. The field keeps
// the focus; arrows move the mark and Enter takes the marked one. With Shift
// the card stays for more.
type emojiPicker struct {
	window *Window
	over   *popover
	chosen func(text string)
	search *guardedEntry
	tabs   *emojiTabs
	sheet  *emojiSheet
	scroll *container.Scroll
	name   *textLine
	groups []emojiPart // recent ones first
}

// Measures of the picker.
const (
	emojiRecent       = 2 * emojiColumns
	emojiSheetHeight  = 6.5 * emojiCellH
	emojiPickerWidth  = emojiColumns*emojiCellW + emojiSides
	emojiPickerHeight = emojiSheetHeight + 132
)

// showEmojiPicker lets the user choose an emoji, on a card beside an object.
func (w *Window) showEmojiPicker(above fyne.CanvasObject, chosen func(text string)) {
	if w.covered() {
		return
	}
	p := &emojiPicker{window: w, chosen: chosen}
	p.groups = p.allGroups()
	p.search = newGuardedEntry(w.words, false, 64)
	p.search.SetPlaceHolder(w.words.Text("gui.emoji.search", nil))
	p.search.OnChanged = p.find
	p.search.submit = func() { p.take(p.sheet.current()) }
	p.search.shortcut = w.shortcut
	p.search.escape = func() bool { p.close(); return true }
	p.search.arrow = p.move
	p.search.sideways = true
	p.name = newShrinkingLine(smallSize, colorMuted, "")
	p.sheet = newEmojiSheet(p.take, p.marked)
	p.scroll = container.NewVScroll(p.sheet)
	p.scroll.OnScrolled = func(fyne.Position) { p.scrolled() }
	p.tabs = newEmojiTabs(p.faces(), p.goTo)
	field := newFieldSurface(p.search)
	content := padded(10, 10, 14, 14, stacked(column(8, field, p.tabs), padded(6, 6, 0, 0, p.scroll), p.name))
	p.over = showPopover(above, content, fyne.NewSize(emojiPickerWidth, emojiPickerHeight), p.closed)
	if p.over == nil {
		return
	}
	w.emoji = p
	p.sheet.show(p.groups)
	p.fit()
	p.scrolled()
	w.win.Canvas().Focus(p.search)
}

// emojiSides is what is left and right of the sheet.
const emojiSides = 28

// fit follows the size of the window.
func (p *emojiPicker) fit() {
	_, card := p.over.frame(p.window.win.Canvas().Size())
	p.sheet.fit(card.Width - emojiSides)
	p.scroll.Refresh()
	p.over.Refresh()
	p.scrolled()
}

// newFieldSurface gives a text field in a card its ground.
func newFieldSurface(e *guardedEntry) fyne.CanvasObject {
	look := &recolored{sizes: map[fyne.ThemeSizeName]float32{theme.SizeNameInputRadius: composerRadius}}
	return container.NewThemeOverride(e, look)
}

// allGroups returns the emoji used last, and all.
func (p *emojiPicker) allGroups() []emojiPart {
	words := p.window.words
	parts := make([]emojiPart, 1+emoji.Groups)
	parts[0].title = words.Text("gui.emoji.recent", nil)
	for _, text := range p.window.cfg.Preferences.Current().RecentEmoji {
		if e := emoji.Find(text); e != nil && len(parts[0].emoji) < emojiRecent && !slices.Contains(parts[0].emoji, e) {
			parts[0].emoji = append(parts[0].emoji, e)
		}
	}
	for g := range emoji.Groups {
		parts[1+g].title = words.Text(emojiTitles[g], nil)
	}
	all := emoji.All()
	for i := range all {
		g := 1 + all[i].Group
		parts[g].emoji = append(parts[g].emoji, &all[i])
	}
	return slices.DeleteFunc(parts, func(part emojiPart) bool { return len(part.emoji) == 0 })
}

var emojiTitles = [emoji.Groups]string{"gui.emoji.faces", "gui.emoji.people", "gui.emoji.hearts", "gui.emoji.nature", "gui.emoji.food",
	"gui.emoji.activities", "gui.emoji.travel", "gui.emoji.objects", "gui.emoji.symbols"}

// faces stand for the groups.
func (p *emojiPicker) faces() []string {
	faces := make([]string, len(p.groups))
	for i, group := range p.groups {
		faces[i] = group.emoji[0].Text
	}
	if len(p.groups) > int(emoji.Groups) {
		faces[0] = "⏰"
	}
	return faces
}

// find shows what is found, or all if nothing is looked for.
func (p *emojiPicker) find(query string) {
	parts := p.groups
	if found := emoji.Search(query); query != "" {
		parts = []emojiPart{{title: p.window.words.Text("gui.emoji.found", map[string]any{"count": len(found)}), emoji: found}}
	}
	p.sheet.show(parts)
	if len(p.sheet.cells) == 0 {
		p.name.setText(p.window.words.Text("gui.emoji.none", nil))
	}
	p.scroll.ScrollToTop()
	p.scrolled()
}

func (p *emojiPicker) move(key fyne.KeyName) bool {
	p.sheet.move(key)
	if p.sheet.marked < 0 {
		return true
	}
	y := p.sheet.cells[p.sheet.marked].y
	switch top := p.scroll.Offset.Y; {
	case y-emojiHeading < top:
		p.scroll.ScrollToOffset(fyne.NewPos(0, y-emojiHeading))
	case y+emojiCellH > top+p.scroll.Size().Height:
		p.scroll.ScrollToOffset(fyne.NewPos(0, y+emojiCellH-p.scroll.Size().Height))
	}
	p.scrolled()
	return true
}

// scrolled draws what is in sight, and says which part that is.
func (p *emojiPicker) scrolled() {
	top := p.scroll.Offset.Y
	p.sheet.look(top, p.scroll.Size().Height)
	current := 0
	for i, start := range p.sheet.starts {
		if start <= top+emojiHeading {
			current = i
		}
	}
	p.tabs.show(current)
}

// goTo shows a group.
func (p *emojiPicker) goTo(group int) {
	if p.search.Text != "" {
		p.search.SetText("")
	}
	p.scroll.ScrollToOffset(fyne.NewPos(0, p.sheet.starts[group]))
	p.scrolled()
	p.window.win.Canvas().Focus(p.search)
}

// marked names the emoji that would be taken.
func (p *emojiPicker) marked(e *emoji.Emoji) {
	name := ""
	if e != nil {
		name = e.Name(p.window.words.Lang())
	}
	p.name.setText(name)
}

// take gives back the emoji that the user chose.
func (p *emojiPicker) take(e *emoji.Emoji) {
	if e == nil {
		return
	}
	if !p.search.shift {
		p.close()
	}
	p.window.usedEmoji(e.Text)
	p.chosen(e.Text)
}

func (p *emojiPicker) close() { p.over.close() }

func (p *emojiPicker) closed() {
	p.window.emoji = nil
	p.window.focusComposer()
}

// usedEmoji puts an emoji before the others that were used last.
func (w *Window) usedEmoji(text string) {
	w.post("recent emoji", func(ctx context.Context) error {
		return w.cfg.Preferences.Update(ctx, func(p *Preferences) {
			others := slices.DeleteFunc(p.RecentEmoji, func(other string) bool { return other == text })
			p.RecentEmoji = append([]string{text}, others...)
			p.RecentEmoji = p.RecentEmoji[:min(len(p.RecentEmoji), emojiRecent)]
		})
	})
}

// openEmoji lets the user put an emoji into the input box.
func (w *Window) openEmoji() {
	if w.talk != nil && !w.elsewhere() {
		w.showEmojiPicker(w.right.conv.composer.emoji, w.right.conv.composer.insert)
	}
}
