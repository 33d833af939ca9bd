// Package idle tells when the user has left the machine and when they are
// back, from the time since they last touched keyboard or mouse.
//
// A Source asks the system for that time; a Watcher turns it into away and
// back. What was typed or clicked is never seen, only how long ago it was.
// Where a system does not tell (no display, Wayland), the user counts as being
// there: nobody is shown as away on a guess. The package knows nothing of
// presence; package app joins the two.
package idle
