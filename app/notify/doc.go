// Package notify calls the user through the desktop: notifications that are
// clicked, a mark in the task bar, and whether there is a tray for an icon.
//
// Invariants:
//
//   - What others wrote is text for every system: never markup, never part of
//     a command line that a shell reads, and bounded in length.
//   - A conversation has at most one notification; a new one takes its place.
//   - Nothing here raises a window or takes the focus.
//   - Nobody waits for the desktop: Show and Withdraw are orders, carried out
//     by Serve, and a desktop without notifications is no error.
//
// Package app joins it with the window; it knows neither.
package notify
