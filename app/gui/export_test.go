package gui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"feihong/app/chat"
	"feihong/assets"
	"feihong/assets/translations"
)

// What tests look at and cannot find on the canvas.

func (w *Window) Canvas() fyne.Canvas            { return w.win.Canvas() }
func (w *Window) Title() string                  { return w.win.Title() }
func (w *Window) Composer() *textField           { return w.right.conv.composer.entry }
func (w *Window) Filter() *guardedEntry          { return w.left.filter }
func (w *Window) AtEnd() bool                    { return w.right.conv.timeline.atEnd() }
func (w *Window) Loading() bool                  { return w.talk == nil || w.talk.loading || w.talk.asked }
func (w *Window) Scroll(dy float32)              { scrollBy(w, dy) }
func (w *Window) ScrollOffset() float32          { return w.right.conv.timeline.offset() }
func (w *Window) TimelineHeight() float32        { return w.right.conv.timeline.table.total }
func (w *Window) ViewportHeight() float32        { return w.right.conv.timeline.scroll.Size().Height }
func (w *Window) JumpPill() *jumpPill            { return w.right.conv.timeline.pill }
func (w *Window) Shortcut(s fyne.Shortcut) bool  { return w.shortcut(s) }
func (w *Window) ModalOpen() bool                { return w.modal != nil }
func (w *Window) PaneSize(size fyne.Size)        { w.win.Resize(size) }
func (w *Window) ShowContactInfo()               { w.showContactInfo(w.current()) }
func (w *Window) ShowRename()                    { w.showRename(w.current()) }
func (w *Window) ComposerRows() int              { return w.right.conv.composer.rows }
func (w *Window) BubbleTops() map[string]float32 { return bubbleTops(w) }
func (w *Window) PressBlock(blocked bool)        { w.setBlocked(w.talk.id, blocked) }

func (w *Window) PeopleNames() []string {
	var names []string
	for _, s := range w.left.people.shown {
		names = append(names, s.DisplayName())
	}
	return names
}

func (w *Window) OpenContact() chat.ContactID {
	if w.talk == nil {
		return 0
	}
	return w.talk.id
}

// Shown returns the texts and states of the open conversation, oldest first.
func (w *Window) Shown() []chat.Message {
	if w.talk == nil {
		return nil
	}
	return w.right.conv.timeline.table.messages
}

func scrollBy(w *Window, dy float32) {
	w.right.conv.timeline.scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, dy)})
}

// bubbleTops returns where on the screen the bubbles in sight begin.
func bubbleTops(w *Window) map[string]float32 {
	t := w.right.conv.timeline
	tops := make(map[string]float32)
	for _, o := range t.view.objects {
		if b, ok := o.(*bubble); ok {
			tops[b.message.Text] = o.Position().Y - t.offset()
		}
	}
	return tops
}

// IMEGuard is the guard against keys of an input method.
type IMEGuard struct{ guard imeGuard }

func NewIMEGuard(now func() time.Time) *IMEGuard { return &IMEGuard{imeGuard{now: now}} }

func (g *IMEGuard) Key(name fyne.KeyName) bool { return g.guard.key(name) }
func (g *IMEGuard) Reset()                     { g.guard.reset() }

// Wrap returns the lines of a text in a typeface of equal widths, a Chinese
// character being as wide as two letters.
func Wrap(text string, width, maxLines int) (lines []string, more bool) {
	spans, more := wrapText(text, float32(width), maxLines, func(s string) float32 {
		total := 0
		for _, r := range s {
			total++
			if r > 0x2E80 {
				total++
			}
		}
		return float32(total)
	})
	for _, s := range spans {
		lines = append(lines, text[s.start:s.end])
	}
	return lines, more
}

// Pasteable is what a field takes of a clipboard.
var Pasteable = pasteable

// SelectIn selects in the bubble of a message and returns what a copy has.
func (w *Window) SelectIn(text string, from, to int) string {
	for _, o := range w.right.conv.timeline.view.objects {
		if b, ok := o.(*bubble); ok && b.message.Text == text {
			b.body.anchor, b.body.caret = from, to
			b.body.refreshGrounds()
			return b.body.selected()
		}
	}
	return ""
}

// RunCoalescer runs a coalescer over events until stop is called. shown is told
// how many messages every update has.
func RunCoalescer(events <-chan chat.Event, do func(func()), shown func(added int)) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		newCoalescer(do, func(b *batch) { shown(len(b.added)) }).run(ctx, events, nil, nil)
	}()
	return func() {
		cancel()
		<-done
	}
}

var Palettes = allPalettes()

// allPalettes are the colours with every accent in both variants.
func allPalettes() map[string]palette {
	all := make(map[string]palette)
	for _, a := range accents {
		all["light "+a.name], all["dark "+a.name] = a.palette(false), a.palette(true)
	}
	return all
}

// AvatarColors stand behind white initials.
var AvatarColors = avatarColors

// Moments returns how a moment is named in the list, above its day, and in a
// sentence.
func Moments(catalog *translations.Catalog, now, at time.Time) []string {
	w := &wording{Catalog: catalog, now: func() time.Time { return now }}
	return []string{w.brief(at), w.day(at), w.seen(at)}
}

func (w *Window) PressCopyAddress() { w.left.address.copy.Tapped(nil) }

// Expand unfolds the first message of the open conversation.
func (w *Window) Expand() {
	t := w.right.conv.timeline
	t.expand(t.table.messages[0].Seq)
}

// PressKeep presses the button that keeps a pending conversation.
func (w *Window) PressKeep() { press(w.Canvas().Overlays().Top(), w.words.Text("gui.new.keep", nil)) }

func press(o fyne.CanvasObject, text string) {
	switch o := o.(type) {
	case *dialogButton:
		if o.Text == dotted(text) {
			o.OnTapped()
		}
	case *fyne.Container:
		for _, child := range o.Objects {
			press(child, text)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			press(child, text)
		}
	}
}

// OpenSelfMenu opens the menu behind the user's own name.
func (w *Window) OpenSelfMenu() { w.left.self.Tapped(nil) }

// ChooseInMenu taps an item of the menu on the screen.
func (w *Window) ChooseInMenu(label string) {
	for _, item := range w.menuItems() {
		if item.Label == label {
			w.Canvas().Overlays().Remove(w.Canvas().Overlays().Top())
			item.Action()
			return
		}
	}
}

// CheckedInMenu returns the item of the menu that is checked.
func (w *Window) CheckedInMenu() string {
	for _, item := range w.menuItems() {
		if item.Checked {
			return item.Label
		}
	}
	return ""
}

func (w *Window) menuItems() []*fyne.MenuItem { return w.selfItems() }

// PressWhy taps the link beside or below the status of the open conversation.
func (w *Window) PressWhy() { w.right.conv.header.why.Tapped(nil) }

// PressWhyEmpty presses the button of the page without a conversation.
func (w *Window) PressWhyEmpty() { test.Tap(w.right.empty.why) }

// PressDoctor presses a button on the doctor's page.
func (w *Window) PressDoctor(text string)    { press(w.right.doctor, text) }
func (w *Window) PressThisComputer()         { w.right.doctor.here.Tapped(nil) }
func (w *Window) DoctorField() *guardedEntry { return w.right.doctor.ask.entry }
func (w *Window) CopyDoctor()                { w.right.doctor.copy.OnTapped() }

// PressInModal presses a button of the dialog.
func (w *Window) PressInModal(text string) { press(w.Canvas().Overlays().Top(), text) }

// CountRows counts from now on how often the list of people is rebuilt, and how
// often it fills a row.
func (w *Window) CountRows() (rebuilt, filled *int) {
	rebuilt, filled = new(int), new(int)
	list := w.left.people.list
	create, update := list.CreateItem, list.UpdateItem
	list.CreateItem = func() fyne.CanvasObject { *rebuilt++; return create() }
	list.UpdateItem = func(i int, o fyne.CanvasObject) { *filled++; update(i, o) }
	return rebuilt, filled
}

// NewPeopleList shows a list of people in a window and returns what brings it
// up to date.
func NewPeopleList(app fyne.App, people map[chat.ContactID]*chat.Summary) (refresh func()) {
	app.Settings().SetTheme(NewTheme(nil))
	words := &wording{Catalog: translations.New("zh"), now: time.Now}
	list := newPeopleList(words, nil, peopleActions{open: func(chat.ContactID) {}})
	window := app.NewWindow("")
	window.SetContent(list)
	window.Resize(fyne.NewSize(300, 700))
	refresh = func() { list.show(people, 0) }
	refresh()
	return refresh
}

func (w *Window) Escape() bool { return w.escape() }
func (w *Window) OpenMenu()    { w.openMenu(w.right.conv.header.menu) }

// Prefer changes what the user chose.
func (w *Window) Prefer(change func(*Preferences), told func(error)) { w.prefer(change, told) }

func (w *Window) Muted(id chat.ContactID) bool   { return w.people[id].Muted(w.cfg.Now()) }
func (w *Window) LastOf(id chat.ContactID) int64 { return lastSeq(w.people[id]) }
func (w *Window) HidesOnClose() bool {
	return w.trayThere && w.cfg.Preferences.Current().CloseToTray
}

// TrayIcons are the pictures of the icon without and with a dot.
func TrayIcons() (plain, dotted []byte) { return assets.Icon, dottedIcon().Content() }
func (w *Window) ShowKeys()             { w.showKeys() }

// Person is what the window knows of somebody.
func (w *Window) Person(id chat.ContactID) chat.Summary { return *w.people[id] }

// Padded puts space around an object.
var Padded = padded
