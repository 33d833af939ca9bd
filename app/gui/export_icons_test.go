package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// PlaceOf says where in what is in front a text begins; nowhere if it is not
// there.
func (w *Window) PlaceOf(text string) (at fyne.Position, size fyne.Size) {
	w.eachSeen(func(s seen) {
		if line, ok := s.o.(*canvas.Text); ok && line.Text == text {
			at, size = s.at, s.o.Size()
		}
	})
	return at, size
}

// MenuIcons returns the icons of the menus of people, of the messages in sight,
// of attaching and of the user, by their labels.
func (w *Window) MenuIcons() map[string]fyne.Resource {
	icons := make(map[string]fyne.Resource)
	var note func(items []*fyne.MenuItem)
	note = func(items []*fyne.MenuItem) {
		for _, item := range items {
			if item.Icon != nil {
				icons[item.Label] = item.Icon
			}
			if item.ChildMenu != nil {
				note(item.ChildMenu.Items)
			}
		}
	}
	for _, s := range w.people {
		note(w.personItems(s))
	}
	for _, o := range w.right.conv.timeline.view.objects {
		if row, ok := o.(messageRow); ok {
			note(w.messageItems(row.held(), row))
		}
	}
	note(w.attachItems())
	note(w.selfItems())
	return icons
}
