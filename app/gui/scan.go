package gui

import (
	"context"
	"time"
)

// scan is the last search that the user asked for on the page without a
// conversation.
type scan struct {
	until time.Time // zero: there was none
	known int       // how many people there were before
}

// scanTime is how long a search is given: answers come within a second, but
// many addresses are asked slowly.
const scanTime = 8 * time.Second

// scanState is what the tile of the search says, and does.
type scanState uint8

const (
	scanSubnets   scanState = iota // it can only search other subnets
	scanReady                      // it searches
	scanRunning                    // it is at it
	scanNobody                     // nobody answered; it searches other subnets
	scanNobodyNew                  // likewise, but people are known
)

func (w *Window) scanState() scanState {
	switch {
	case w.cfg.Search == nil:
		return scanSubnets
	case w.cfg.Now().Before(w.scan.until):
		return scanRunning
	case w.scan.until.IsZero() || len(w.people) > w.scan.known || w.cfg.SetRanges == nil:
		return scanReady
	case len(w.people) == 0:
		return scanNobody
	}
	return scanNobodyNew
}

// text is what the tile says.
func (s scanState) text(words *wording) string {
	switch s {
	case scanReady:
		return words.Text("gui.empty.scan", nil)
	case scanRunning:
		return words.Text("gui.empty.scanning", nil)
	case scanNobody:
		return words.Text("gui.empty.scan-nobody", nil)
	case scanNobodyNew:
		return words.Text("gui.empty.scan-nobody-new", nil)
	}
	return words.Text("gui.empty.ranges", nil)
}

// pressScan searches for people, or offers to search other subnets after a
// search in vain.
func (w *Window) pressScan() {
	switch w.scanState() {
	case scanRunning:
	case scanReady:
		w.startScan()
	default:
		w.scan = scan{}
		w.showRight()
		w.showRanges()
	}
}

func (w *Window) startScan() {
	w.scan = scan{until: w.cfg.Now().Add(scanTime), known: len(w.people)}
	w.showRight()
	w.background.post(func(context.Context) { w.cfg.Search() })
	w.later(scanTime, w.showRight)
}
