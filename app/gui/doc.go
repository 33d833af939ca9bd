// Package gui is the window of the program: the people on the left, the
// conversation on the right.
//
// It shows what the chat service knows and keeps nothing itself. It knows
// neither sockets nor SQL, and never imports fyne.io/fyne/v2/app, so that all
// of it is tested without a display and without a C compiler.
//
// Invariants:
//
//   - Widgets are touched on the user interface's goroutine only. Everything
//     that may wait for a disk or for the network runs on goroutines owned by
//     Window.Serve, and comes back through Config.Do.
//   - Whatever happens in the service, the user interface is asked to redraw
//     at most about thirty times a second, once for all events since.
//   - Nothing is persisted by a function given to Config.Do: at the end of the
//     program those are dropped.
//   - A thousand people who come and go cost as little: the list of people
//     has widgets for the rows in sight only, and draws again only what changed.
//   - The progress of a transfer is shown at most ten times a second, and draws
//     again nothing but its card.
//   - What a status looks like never depends on its colour alone.
//   - Texts and names are shown as they are. Nothing in them is markup but
//     links, code and emoji, nothing opens by itself, and what may be a program
//     only after a question.
//
// The files, by what their names begin with:
//
//   - window, config, events, background: what holds all together.
//   - columns, onecolumn, panes, conv: the two halves of the window.
//   - people, person, presence, self: the list.
//   - talk, timeline, stretch: which messages are loaded, and the rows in sight.
//   - bubble, body, markup, runs, wrap, jumbo, quote, reactions, message: how a
//     message is read, measured, drawn and handled.
//   - file, card, picture, photo, viewer, transfer: the same for files.
//   - composer, textfield, field, attach, answer, emoji, screen: what is being
//     written.
//   - find, search: in a conversation, and everywhere.
//   - settings, preferences, theme, palette, look: what the user chooses.
//   - verify, doctor, welcome, emptystate, scan, newchat, export, forward: pages and
//     dialogs; modal and popover are what they stand in.
//   - attending, attention, tray: who is called when.
//   - keymap, keys: every key, in one table.
//   - the rest are widgets, each in a file of its name.
package gui
