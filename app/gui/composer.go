package gui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"feihong/protocol"
)

// composer is the input bar below a conversation: a field that grows from one
// line to eight, and a button that sends. A text that cannot be sent stays in
// the field, with the reason above it.
type composer struct {
	widget.BaseWidget
	words  *wording
	entry  *textField
	send   *iconButton
	attach *iconButton
	emoji  *iconButton
	screen *iconButton // takes a picture of the screen
	nudge  *iconButton
	tools  *fyne.Container // left of the field
	place  *fyne.Container // of attach; hidden if nothing can be attached
	tray   *attachTray
	answer *answerBar
	notice *strip
	rows   int  // of the field
	quiet  bool // the text is being set by the program

	onSend   func(text string) // "" only with something attached
	onAttach func(at fyne.CanvasObject)
	onDetach func()
	onEmoji  func()
	onScreen func() // nil: it cannot be done
	onNudge  func()
	onLeave  func() // what is answered or edited
	onChange func(text string)
	onResize func()
}

const (
	composerRows   = 8
	composerRadius = 10
	nudgeFrom      = 400 // a narrower input box has no place for the nudge and for screenshots, which are in menus too
)

func newComposer(words *wording) *composer {
	c := &composer{words: words, rows: 1, notice: newStrip()}
	c.entry = newTextField(words, composerRows, protocol.MaxTextBytes)
	c.entry.setPlaceholder(words.Text("gui.composer.placeholder", nil))
	c.entry.onChange = c.changed
	c.entry.submit = c.submit
	c.entry.cut = func() {
		c.warn(words.Text("gui.composer.cut", map[string]any{"limit": protocol.MaxTextBytes >> 10, "lines": pasteLines}))
	}
	c.send = newIconButton(iconSend, words.Text("gui.composer.send", nil), 36, c.submit).accented()
	c.send.Disable()
	c.attach = newIconButton(iconAttach, words.Text("gui.attach", nil), 36, func() { c.onAttach(c.attach) })
	c.place = bottomed(c.attach)
	c.place.Hide()
	c.emoji = newIconButton(iconEmoji, words.Text("gui.emoji", nil), 36, func() { c.onEmoji() })
	c.nudge = newIconButton(iconNudge, words.Text("gui.nudge", nil), 36, func() { c.onNudge() })
	c.screen = newIconButton(iconScreen, words.Text("gui.screen.button", map[string]any{"keys": modifierName(ctrl|shift) + "S"}), 36, func() { c.onScreen() })
	c.tools = row(2, c.place, bottomed(c.emoji), bottomed(c.screen), bottomed(c.nudge))
	c.tray = newAttachTray(words, func() { c.onDetach() })
	c.answer = newAnswerBar(words, func() { c.onLeave() })
	c.ExtendBaseWidget(c)
	return c
}

// setText puts a draft into the field. It is no typing.
func (c *composer) setText(text string) {
	c.quiet = true
	c.entry.SetText(text)
	c.quiet = false
	c.clearNotice()
	c.fit()
}

// extend puts a longer text into the field, which begins as that before: the
// user can go on writing where the cursor is.
func (c *composer) extend(text string) {
	before, cursor := c.text(), c.entry.body.cursor
	c.setText(text)
	if before != "" {
		c.entry.body.move(cursor, false)
		c.entry.show()
	}
}

// insert puts a text at the cursor, in place of what is selected, as if it were
// pasted.
func (c *composer) insert(text string) { c.entry.insert(text) }

func (c *composer) text() string { return c.entry.Text() }

// warn shows a sentence above the field until the text changes.
func (c *composer) warn(text string) {
	if c.notice.show(text, true, "", nil) {
		c.resized()
	}
}

func (c *composer) clearNotice() {
	if c.notice.hide() {
		c.resized()
	}
}

func (c *composer) changed(text string) {
	c.fit()
	if c.quiet {
		return
	}
	c.clearNotice()
	if c.onChange != nil {
		c.onChange(text)
	}
}

func (c *composer) submit() {
	text := strings.TrimRight(c.text(), " \t\n")
	if strings.TrimSpace(text) == "" {
		if c.tray.Visible() {
			c.onSend("")
		}
		return
	}
	if err := protocol.CheckText(text); err != nil {
		c.warn(c.words.Error(err))
		return
	}
	c.onSend(text)
}

// fit gives the field as many lines as its text has.
func (c *composer) fit() {
	if strings.TrimSpace(c.text()) == "" && !c.tray.Visible() {
		c.send.Disable()
	} else {
		c.send.Enable()
	}
	if rows := c.entry.rowsInSight(); rows != c.rows {
		c.rows = rows
		c.resized()
	}
}

// showAnswer shows what is answered or edited; without a title that is nothing.
func (c *composer) showAnswer(title, excerpt string, edits bool) {
	if title == "" && !c.answer.Visible() {
		return
	}
	c.answer.show(title, excerpt, edits)
	c.send.setIcon(iconSend, c.send.color)
	if edits {
		c.send.setIcon(iconCheck, c.send.color)
	}
	c.resized()
}

// showAttached shows what will be sent with the text; nil is nothing.
func (c *composer) showAttached(a *attachment) {
	c.tray.show(a)
	key := "gui.composer.placeholder"
	if a != nil {
		key = "gui.attach.caption"
	}
	c.entry.setPlaceholder(c.words.Text(key, nil))
	c.fit()
	c.resized()
}

func (c *composer) resized() {
	if c.onResize != nil {
		c.onResize()
	}
}

// CreateRenderer implements fyne.Widget.
func (c *composer) CreateRenderer() fyne.WidgetRenderer {
	bar := padded(10, 10, timelineMargin, timelineMargin, between(8, c.tools, c.entry, bottomed(c.send)))
	return widget.NewSimpleRenderer(newSurface(colorPane, 0, stacked(column(0, c.notice, c.answer, c.tray), bar, nil)))
}

// Heights of a conversation that leave the input bar less.
const (
	composerRest = 340 // is for all but the rows of the field
	composerLow  = 480 // below it a picture that is attached is shown small
	leastRows    = 2
)

// leave tells the bar how high the whole conversation is: where that is little,
// the messages keep some of it.
func (c *composer) leave(height float32) {
	rows := int((height - composerRest) / lineHeight(textSize))
	c.entry.mostRows = max(min(rows, composerRows), leastRows)
	c.rows = c.entry.rowsInSight()
	c.tray.beLow(height < composerLow)
}

// Resize fits the field, whose lines break elsewhere now.
func (c *composer) Resize(size fyne.Size) {
	changed := size.Width != c.Size().Width
	c.nudge.Hidden = size.Width < nudgeFrom
	c.screen.Hidden = size.Width < nudgeFrom || c.onScreen == nil
	c.BaseWidget.Resize(size)
	if changed {
		c.fit()
	}
}
