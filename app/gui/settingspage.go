package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// settingsSection is one part of what the user can choose.
type settingsSection uint8

const (
	sectionMe settingsSection = iota
	sectionLook
	sectionMessages
	sectionFiles
	sectionAttention
	sectionNetwork
	sectionKeys
	sectionAbout
	settingsSections
)

// settingsPage shows in the right pane what the user can choose: the sections
// on its left, and beside them the one that is open. Every choice holds at
// once; one that could not be kept is taken back, and the reason is told.
type settingsPage struct {
	widget.BaseWidget
	window  *Window
	words   *wording
	section settingsSection
	tabs    *settingsTabs
	back    *iconButton
	title   *textLine
	problem *strip
	body    *fyne.Container
	scroll  *container.Scroll
	content fyne.CanvasObject
}

// showSettings opens the page.
func (w *Window) showSettings() { w.showSettingsAt(sectionMe) }

func (w *Window) showSettingsAt(section settingsSection) {
	if w.modal != nil {
		w.modal.hide()
	}
	w.stopDoctor()
	w.doctor = nil
	w.settings = newSettingsPage(w, section)
	w.right.showSettings(w.settings)
	w.showRight()
	w.win.Canvas().Focus(w.settings.tabs)
}

// leaveSettings closes the page.
func (w *Window) leaveSettings() {
	w.win.Canvas().Unfocus() // keeps what stands in a field
	w.settings = nil
	w.showRight()
	w.focusComposer()
	w.markRead()
}

func newSettingsPage(w *Window, section settingsSection) *settingsPage {
	words := w.words
	p := &settingsPage{
		window: w, words: words,
		title:   newShrinkingLine(titleSize, theme.ColorNameForeground, words.Text("gui.settings.title", nil)),
		back:    newIconButton(theme.NavigateBackIcon(), words.Text("gui.settings.back", nil), 36, w.leaveSettings),
		problem: newStrip(),
		body:    flow(12),
	}
	p.title.strong = true
	p.tabs = newSettingsTabs(p)
	p.scroll = container.NewVScroll(container.New(&readable{margin: timelineMargin}, p.body))
	p.content = p.arrange()
	p.ExtendBaseWidget(p)
	p.open(section)
	return p
}

func (s settingsSection) key() string {
	return [settingsSections]string{
		"gui.settings.me", "gui.settings.look", "gui.settings.messages", "gui.settings.files",
		"gui.settings.attention", "gui.settings.network", "gui.settings.keys", "gui.settings.about",
	}[s]
}

func (s settingsSection) icon() fyne.Resource {
	return [settingsSections]fyne.Resource{
		theme.AccountIcon(), theme.ColorPaletteIcon(), theme.MailComposeIcon(), theme.FolderIcon(),
		iconBell, iconNetwork, iconKey, theme.InfoIcon(),
	}[s]
}

// open shows a section.
func (p *settingsPage) open(section settingsSection) {
	p.section = section
	p.tabs.mark()
	p.entitle()
	p.problem.hide()
	p.fill()
	p.scroll.ScrollToTop()
}

// entitle names the section above it where the tabs have no room for names.
func (p *settingsPage) entitle() {
	title := p.words.Text("gui.settings.title", nil)
	if p.tabs.row {
		title = joined(title, p.words.Text(p.section.key(), nil))
	}
	p.title.setText(title)
}

// fill makes the rows of the section anew.
func (p *settingsPage) fill() {
	p.body.Objects = [settingsSections]func() []fyne.CanvasObject{
		p.me, p.look, p.messages, p.files, p.attention, p.network, p.keys, p.about,
	}[p.section]()
	p.rearrange()
}

// rearrange shares out the height anew, after a row has grown.
func (p *settingsPage) rearrange() {
	p.scroll.Content.Refresh()
	p.scroll.Refresh()
}

// prefer keeps a choice.
func (p *settingsPage) prefer(change func(*Preferences)) { p.window.prefer(change, p.told) }

// told shows what became of a choice.
func (p *settingsPage) told(err error) {
	if p.window.settings != p {
		if err != nil {
			p.window.left.warn(p.words.Error(err))
		}
		return
	}
	changed := false
	if err == nil {
		changed = p.problem.hide()
	} else {
		p.window.cfg.Logger.Warn("settings", "err", err)
		changed = p.problem.show(p.words.Error(err), true, "", nil)
		p.fill() // as it is, not as it was chosen
	}
	if changed {
		p.Refresh()
	}
}

// arrange puts the sections beside the open one.
func (p *settingsPage) arrange() fyne.CanvasObject {
	head := column(0,
		newSurface(colorPane, 0, padded(10, 10, 10, timelineMargin, between(8, middle(p.back), middle(p.title), nil))),
		newHairline(), p.problem)
	side := &settingsSide{tabs: p.tabs, column: container.NewVScroll(padded(12, 4, 8, 8, p.tabs)), page: p.scroll}
	return stacked(head, container.New(side, side.column, p.scroll), nil)
}

// CreateRenderer implements fyne.Widget.
func (p *settingsPage) CreateRenderer() fyne.WidgetRenderer {
	ground := newSurface(theme.ColorNameBackground, 0, p.content)
	return &drawing{
		objects: []fyne.CanvasObject{ground},
		layout:  func(size fyne.Size) { ground.Resize(size) },
		minSize: func() fyne.Size { return fyne.NewSize(200, 120) },
		refresh: func() {
			ground.content.Resize(fyne.Size{})
			ground.content.Resize(p.Size())
			ground.Refresh()
		},
	}
}
