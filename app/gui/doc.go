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
//   - Texts and names are shown as they are. Nothing in them is markup, nothing
//     opens by itself, and what may be a program only after a question.
package gui
