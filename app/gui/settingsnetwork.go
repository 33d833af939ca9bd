package gui

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// network is where this program is reached and where it looks for people.
func (p *settingsPage) network() []fyne.CanvasObject {
	w, words := p.window, p.words
	current := w.cfg.Preferences.Current()
	port := ""
	if current.Port != 0 {
		port = strconv.Itoa(current.Port)
	}
	field := p.field(port, words.Text("gui.settings.port.any", nil), 0, func(text string, told func(error)) {
		number, err := portOfText(text)
		if err != nil {
			told(err)
			return
		}
		w.prefer(func(next *Preferences) { next.Port = number }, told)
	})
	modes := []string{"on", "loopback", "off"}
	names := make([]string, len(modes))
	for i, mode := range modes {
		names[i] = words.Text("gui.settings.discovery."+mode, nil)
	}
	discovery := newChoice(names, slices.Index(modes, current.Discovery), func(i int) {
		p.prefer(func(next *Preferences) { next.Discovery = modes[i] })
	})
	here := newParagraph(13, theme.ColorNameForeground, strings.Join(w.left.address.addresses, "\n"))
	cards := []fyne.CanvasObject{
		settingsCard(words.Text("gui.settings.address", nil),
			newSurface(colorField, 8, padded(9, 9, 12, 12, here)),
			field.under(words.Text("gui.settings.port", nil), words.Text("gui.settings.port-hint", map[string]any{"port": w.cfg.Self.Port}))),
		settingsCard(words.Text("gui.settings.finding", nil),
			settingsRow(words.Text("gui.settings.discovery", nil), words.Text("gui.settings.next-start", nil), discovery),
			p.rangesRow()),
	}
	if w.cfg.Interfaces != nil {
		cards = append(cards, p.interfaces())
	}
	return cards
}

// rangesRow leads to the addresses beyond the own network; nil if they are not
// searched.
func (p *settingsPage) rangesRow() fyne.CanvasObject {
	w, words := p.window, p.words
	if w.cfg.SetRanges == nil {
		return nil
	}
	edit := newDialogButton(words.Text("gui.settings.ranges.edit", nil), theme.DocumentCreateIcon(), w.showRanges)
	hint := words.Text("gui.settings.ranges.none", nil)
	if ranges := w.cfg.Ranges(); len(ranges) > 0 {
		hint = strings.Join(ranges, ", ")
	}
	return settingsRow(words.Text("gui.settings.ranges", nil), hint, edit)
}

// portOfText reads a port; an empty text is any.
func portOfText(text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	number, err := strconv.Atoi(text)
	if err != nil || number < 1 || number > 65535 {
		return 0, portError(text)
	}
	return number, nil
}

// portError is returned for a text that is no port.
type portError string

func (e portError) Error() string { return fmt.Sprintf("%q is not a port from 1 to 65535", string(e)) }

// UserText gives the translation.
func (e portError) UserText() (string, map[string]any) {
	return "gui.settings.port.bad", map[string]any{"text": string(e)}
}

// interfaces lets the user leave out networks. They are asked for in the
// background, and appear when they are known.
func (p *settingsPage) interfaces() fyne.CanvasObject {
	w, words := p.window, p.words
	list := flow(14)
	card := settingsCard(words.Text("gui.settings.interfaces", nil), newParagraph(smallSize, colorMuted, words.Text("gui.settings.interfaces-hint", nil)), list)
	w.background.start(func(context.Context) {
		found := w.cfg.Interfaces()
		w.cfg.Do(func() {
			if w.settings != p || p.section != sectionNetwork {
				return
			}
			p.listInterfaces(list, found)
			p.rearrange()
		})
	})
	return card
}

// maxInterfaces is how many are listed.
const maxInterfaces = 64

// listInterfaces shows a switch for each, and for those that are left out and
// not there at the moment.
func (p *settingsPage) listInterfaces(list *fyne.Container, found []Interface) {
	left := p.window.cfg.Preferences.Current().Interfaces
	for _, name := range left {
		if !slices.ContainsFunc(found, func(i Interface) bool { return i.Name == name }) {
			found = append(found, Interface{Name: name})
		}
	}
	for _, i := range found[:min(len(found), maxInterfaces)] {
		list.Add(settingsSwitch(i.Name, strings.Join(i.Addresses, ", "), !slices.Contains(left, i.Name), func(on bool) {
			p.prefer(func(next *Preferences) {
				next.Interfaces = slices.DeleteFunc(next.Interfaces, func(name string) bool { return name == i.Name })
				if !on {
					next.Interfaces = append(next.Interfaces, i.Name)
				}
			})
		}))
	}
}
