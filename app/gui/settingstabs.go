package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// settingsTabs lets the user choose a section of the settings: a column beside
// the section, or a row of icons above it where there is little room. For the
// keyboard it is one stop, in which the arrows go from section to section.
type settingsTabs struct {
	widget.BaseWidget
	page    *settingsPage
	tabs    []*settingsTab
	row     bool
	focused bool
}

func newSettingsTabs(page *settingsPage) *settingsTabs {
	t := &settingsTabs{page: page}
	for s := range settingsSections {
		t.tabs = append(t.tabs, newSettingsTab(s.icon(), page.words.Text(s.key(), nil), func() { t.press(s) }))
	}
	t.ExtendBaseWidget(t)
	return t
}

// press opens a section, and lets the arrows go on from there.
func (t *settingsTabs) press(section settingsSection) {
	t.page.open(section)
	t.page.window.win.Canvas().Focus(t)
}

// mark shows which section is open, and where the focus is.
func (t *settingsTabs) mark() {
	for i, tab := range t.tabs {
		chosen := settingsSection(i) == t.page.section
		tab.mark(chosen, chosen && t.focused, t.row)
	}
}

// arrange makes the tabs a row or a column.
func (t *settingsTabs) arrange(row bool) {
	if t.row != row {
		t.row = row
		t.mark()
		t.page.entitle()
	}
}

// FocusGained, FocusLost, TypedRune and TypedKey implement fyne.Focusable.
func (t *settingsTabs) FocusGained()     { t.focused = true; t.mark() }
func (t *settingsTabs) FocusLost()       { t.focused = false; t.mark() }
func (t *settingsTabs) TypedRune(r rune) { passRune(t, r) }

func (t *settingsTabs) TypedKey(key *fyne.KeyEvent) {
	last := int(settingsSections) - 1
	next, known := map[fyne.KeyName]int{
		fyne.KeyUp: int(t.page.section) - 1, fyne.KeyLeft: int(t.page.section) - 1,
		fyne.KeyDown: int(t.page.section) + 1, fyne.KeyRight: int(t.page.section) + 1,
		fyne.KeyHome: 0, fyne.KeyEnd: last,
	}[key.Name]
	switch {
	case !known:
		passKey(t, key)
	case next >= 0 && next <= last && next != int(t.page.section):
		t.page.open(settingsSection(next))
	}
}

// AccessibilityLabel and AccessibilityRole implement fyne.Accessible.
func (t *settingsTabs) AccessibilityLabel() string             { return t.tabs[t.page.section].label }
func (t *settingsTabs) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer implements fyne.Widget.
func (t *settingsTabs) CreateRenderer() fyne.WidgetRenderer {
	const gap = 2
	d := &drawing{}
	for _, tab := range t.tabs {
		d.objects = append(d.objects, tab)
	}
	count := float32(len(t.tabs))
	d.layout = func(size fyne.Size) {
		for i, tab := range t.tabs {
			if t.row {
				width := min((size.Width-(count-1)*gap)/count, settingsTabWidest)
				left := (size.Width - count*(width+gap) + gap) / 2
				place(tab, left+float32(i)*(width+gap), 0, width, settingsTabHeight)
				continue
			}
			place(tab, 0, float32(i)*(settingsTabHeight+gap), size.Width, settingsTabHeight)
		}
	}
	d.minSize = func() fyne.Size {
		if t.row {
			return fyne.NewSize(0, settingsTabHeight)
		}
		return fyne.NewSize(settingsTabHeight, count*(settingsTabHeight+gap)-gap)
	}
	d.refresh = func() {
		d.layout(t.Size())
		refreshAll(d.objects...)
	}
	return d
}

// settingsTabWidest is how wide a tab gets in a row.
const settingsTabWidest = 64

// settingsSide lays the sections beside the open one, or above it.
type settingsSide struct {
	tabs   *settingsTabs
	column *container.Scroll // of the tabs: a low window has no room for all
	page   fyne.CanvasObject
}

const (
	settingsNarrow   = 520
	settingsTabsWide = 168
)

// Layout implements fyne.Layout.
func (s *settingsSide) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	row := size.Width < settingsNarrow
	s.tabs.arrange(row)
	if row {
		height := s.column.Content.MinSize().Height
		place(s.column, 0, 0, size.Width, height)
		place(s.page, 0, height, size.Width, max(size.Height-height, 0))
		return
	}
	place(s.column, 0, 0, settingsTabsWide, size.Height)
	place(s.page, settingsTabsWide, 0, size.Width-settingsTabsWide, size.Height)
}

// MinSize implements fyne.Layout.
func (s *settingsSide) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(200, 120) }
