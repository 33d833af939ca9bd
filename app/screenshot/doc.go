// Package screenshot takes a picture of the whole screen, of all monitors if
// the system lets it.
//
// How depends on the system: an X server is asked directly; on Wayland only the
// desktop may look, and is asked through its portal, which may ask the user;
// Windows copies the screen; macOS has a program for it. Nothing is taken unless
// the caller asks, and what a system writes to the disk on the way is removed.
//
// On macOS the user has to allow the program to record the screen; until then
// the picture shows the empty desktop. It has the main display only.
package screenshot
