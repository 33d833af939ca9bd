package gui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// command is something that the keyboard does wherever the focus is, or, if it
// has no do, something that keys do at one place: it is only told then.
type command struct {
	group keyGroup
	text  string // names it on the card of keys; "" leaves it out
	shown string // keys as the card shows them; "" shows those that there are
	keys  []desktop.CustomShortcut
	do    func(*Window)
	above bool // works also while a card covers the window
}

// keyGroup is a part of the card of keys.
type keyGroup uint8

const (
	keysTalks keyGroup = iota
	keysMessages
	keysSearch
	keysSelected
	keysWindow
	keyGroups
)

func (g keyGroup) title() string {
	return [keyGroups]string{"gui.keys.talks", "gui.keys.messages", "gui.keys.searches", "gui.keys.selected", "gui.keys.window"}[g]
}

const (
	ctrl  = fyne.KeyModifierShortcutDefault // Command on a Mac
	alt   = fyne.KeyModifierAlt
	shift = fyne.KeyModifierShift
)

func keys(modifier fyne.KeyModifier, names ...fyne.KeyName) []desktop.CustomShortcut {
	shortcuts := make([]desktop.CustomShortcut, len(names))
	for i, name := range names {
		shortcuts[i] = desktop.CustomShortcut{KeyName: name, Modifier: modifier}
	}
	return shortcuts
}

// either returns the shortcuts of both.
func either(one, other []desktop.CustomShortcut) []desktop.CustomShortcut {
	return append(one, other...)
}

// keymap is the one table of shortcuts: the window obeys it and the card of
// keys shows it.
func keymap() []command {
	return append([]command{
		{group: keysTalks, text: "gui.keys.next", do: func(w *Window) { w.openNeighbour(+1) },
			keys: either(keys(alt, fyne.KeyDown), keys(fyne.KeyModifierControl, fyne.KeyTab))},
		{group: keysTalks, text: "gui.keys.previous", do: func(w *Window) { w.openNeighbour(-1) },
			keys: either(keys(alt, fyne.KeyUp), keys(fyne.KeyModifierControl|shift, fyne.KeyTab))},
		{group: keysTalks, text: "gui.keys.next-unread", keys: keys(alt|shift, fyne.KeyDown), do: func(w *Window) { w.openUnread(+1) }},
		{group: keysTalks, text: "gui.keys.previous-unread", keys: keys(alt|shift, fyne.KeyUp), do: func(w *Window) { w.openUnread(-1) }},
		{group: keysTalks, text: "gui.keys.position", shown: modifierName(ctrl) + "1 … 9"},
		{group: keysTalks, text: "gui.keys.back", keys: backKeys(), do: (*Window).goBack},
		{group: keysTalks, text: "gui.keys.new", keys: keys(ctrl, fyne.KeyN), do: (*Window).showNewChat},

		{group: keysMessages, text: "gui.keys.attach", keys: keys(ctrl, fyne.KeyU), do: (*Window).attachFiles},
		{group: keysMessages, text: "gui.keys.screenshot", keys: keys(ctrl|shift, fyne.KeyS), do: (*Window).takeScreenshot},
		{group: keysMessages, text: "gui.keys.select", keys: keys(ctrl, fyne.KeyUp), do: (*Window).focusMessages},
		{group: keysMessages, text: "gui.keys.first", keys: keys(ctrl, fyne.KeyHome), do: (*Window).jumpToStart},
		{group: keysMessages, text: "gui.keys.newest", keys: keys(ctrl, fyne.KeyEnd), do: (*Window).jumpToEnd},
		{group: keysMessages, text: "gui.keys.emoji", keys: keys(ctrl, fyne.KeyE), do: (*Window).openEmoji},
		{group: keysMessages, text: "gui.keys.send", shown: "Enter   " + modifierName(ctrl) + "Enter"},
		{group: keysMessages, text: "gui.keys.line", shown: modifierName(shift) + "Enter"},
		{group: keysMessages, text: "gui.keys.edit-last", shown: "↑"},

		{group: keysSearch, text: "gui.keys.people", keys: keys(ctrl|shift, fyne.KeyF), do: (*Window).focusFilter},
		{group: keysSearch, text: "gui.keys.find", keys: keys(ctrl, fyne.KeyF), do: (*Window).showFind},
		{group: keysSearch, text: "gui.keys.search", keys: keys(ctrl, fyne.KeyK), do: func(w *Window) { w.showSearch(searchFilter{}) }},

		{group: keysSelected, text: "gui.message.reply", shown: "R"},
		{group: keysSelected, text: "gui.message.edit", shown: "E"},
		{group: keysSelected, text: "gui.message.forward", shown: "F"},
		{group: keysSelected, text: "gui.message.react", shown: "+"},
		{group: keysSelected, text: "gui.message.recall", shown: "Del"},
		{group: keysSelected, text: "gui.keys.message-menu", shown: "Enter"},

		{group: keysWindow, text: "gui.keys.settings", keys: keys(ctrl, fyne.KeyComma), do: (*Window).showSettings},
		{group: keysWindow, text: "gui.keys.map", keys: keys(ctrl, fyne.KeySlash), do: (*Window).showKeys},
		{group: keysWindow, text: "gui.keys.escape", shown: "Esc"},
		{group: keysWindow, text: "gui.keys.quit", keys: keys(ctrl, fyne.KeyQ), do: (*Window).quit, above: true},
	}, positionCommands()...)
}

// backKeys are those for going back. On a Mac the arrow with Alt belongs to
// text fields.
func backKeys() []desktop.CustomShortcut {
	if ctrl == fyne.KeyModifierSuper {
		return keys(ctrl, fyne.KeyLeftBracket)
	}
	return keys(alt, fyne.KeyLeft)
}

// positionCommands open the first nine rows of the list.
func positionCommands() []command {
	var commands []command
	for i, name := range []fyne.KeyName{fyne.Key1, fyne.Key2, fyne.Key3, fyne.Key4, fyne.Key5, fyne.Key6, fyne.Key7, fyne.Key8, fyne.Key9} {
		commands = append(commands, command{group: keysTalks, keys: keys(ctrl, name), do: func(w *Window) { w.openAt(i) }})
	}
	return commands
}

// keyText tells which keys a command has.
func (c *command) keyText() string {
	if c.shown != "" {
		return c.shown
	}
	texts := make([]string, len(c.keys))
	for i, key := range c.keys {
		texts[i] = modifierName(key.Modifier) + keyName(key.KeyName)
	}
	return strings.Join(texts, "   ")
}

// modifierName names modifiers as the card shows them before a key.
func modifierName(m fyne.KeyModifier) string {
	text := ""
	for _, part := range []struct {
		modifier fyne.KeyModifier
		name     string
	}{
		{fyne.KeyModifierControl, "Ctrl+"},
		{fyne.KeyModifierSuper, "⌘"},
		{fyne.KeyModifierAlt, "Alt+"},
		{fyne.KeyModifierShift, "Shift+"},
	} {
		if m&part.modifier != 0 {
			text += part.name
		}
	}
	return text
}

func keyName(name fyne.KeyName) string {
	switch name {
	case fyne.KeyUp:
		return "↑"
	case fyne.KeyDown:
		return "↓"
	case fyne.KeyLeft:
		return "←"
	}
	return string(name)
}
