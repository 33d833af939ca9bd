package gui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"feihong/app/chat"
)

// maxFolded bounds how many closed folders are remembered.
const maxFolded = 200

// neighbour returns who stands before (-1) or after (+1) the open
// conversation; without one, the first.
func (p *peopleList) neighbour(step int) (chat.ContactID, bool) {
	if len(p.shown) == 0 {
		return 0, false
	}
	at := p.openAt()
	if at < 0 {
		return p.shown[0].ID, true
	}
	next := at + step
	if next < 0 || next >= len(p.shown) {
		return 0, false
	}
	return p.shown[next].ID, true
}

// unread returns the next who wrote something unread, after (+1) or before (-1)
// the open conversation and round the list.
func (p *peopleList) unread(step int) (chat.ContactID, bool) {
	count, at := len(p.shown), p.openAt()
	if at < 0 && step < 0 {
		at = 0
	}
	for i := range count {
		s := p.shown[((at+step*(i+1))%count+count)%count]
		if s.Unread > 0 && !s.Blocked && s.ID != p.open {
			return s.ID, true
		}
	}
	return 0, false
}

// openAt is where the open conversation stands among the people, -1 if it does
// not.
func (p *peopleList) openAt() int {
	return slices.IndexFunc(p.shown, func(s *chat.Summary) bool { return s.ID == p.open })
}

// reveal scrolls to a person.
func (p *peopleList) reveal(id chat.ContactID) {
	at := slices.IndexFunc(p.entries, func(e entry) bool { return e.person != nil && e.person.ID == id })
	if at >= 0 {
		p.list.ScrollTo(at)
	}
}

// press does what a row is for: a conversation is opened, a folder is opened or
// closed.
func (p *peopleList) press(at int) {
	if at >= len(p.entries) {
		return
	}
	switch e := p.entries[at]; {
	case e.person != nil:
		p.act.open(e.person.ID)
	case e.hit != nil:
		p.act.jump(*e.hit)
	default:
		p.fold(at, !e.folded)
	}
}

// fold closes or opens the folder whose heading stands at a row.
func (p *peopleList) fold(at int, closed bool) {
	if at >= len(p.entries) || p.idle(at) || !p.entries[at].head() || p.entries[at].folded == closed || p.filter != "" {
		return
	}
	folder := p.entries[at].folder
	p.folded = slices.DeleteFunc(p.folded, func(name string) bool { return strings.EqualFold(name, folder) })
	if closed {
		p.folded = append(p.folded, folder)
		p.folded = p.folded[max(len(p.folded)-maxFolded, 0):]
	}
	p.apply(p.open)
	p.act.folded(slices.Clone(p.folded))
}

// openMenu opens the menu of the person in a row, beside the row.
func (p *peopleList) openMenu(at int) {
	row := p.bound[at]
	if row == nil || at >= len(p.entries) || p.entries[at].person == nil {
		return
	}
	corner := fyne.CurrentApp().Driver().AbsolutePositionForObject(row)
	p.act.menu(p.entries[at].person.ID, corner.AddXY(2*rowMargin+avatarSize, row.Size().Height-rowMargin))
}

// idle says that there is nothing to do about a row: it is a plain heading.
func (p *peopleList) idle(at int) bool {
	return at >= len(p.entries) || p.entries[at].head() && p.entries[at].folder == ""
}

// cursorBegins puts the cursor on the open conversation.
func (p *peopleList) cursorBegins() int {
	at := slices.IndexFunc(p.entries, func(e entry) bool { return e.person != nil && e.person.ID == p.open })
	if at < 0 {
		return p.list.cursor
	}
	return at
}

// cursorMoved draws the rows that the cursor left and came to.
func (p *peopleList) cursorMoved(before int) {
	for _, at := range []int{before, p.list.cursor} {
		if row := p.bound[at]; row != nil && at < len(p.entries) {
			p.draw(row, at)
		}
	}
}
