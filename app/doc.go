// Package app is the composition root: it opens a profile, plugs store,
// transport, chat, control interface and window together, and owns their
// life. Nothing below knows it, and it decides nothing that the packages
// below could decide.
//
// With the build tag headless the same program is built without a window,
// and needs neither cgo nor a display.
package app
