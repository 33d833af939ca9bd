//go:build e2e

package e2e

import (
	"path/filepath"
	"testing"

	"feihong/app/control"
)

// TestFilesBetweenWindows drops a file on a window, and accepts it by a click
// in another one.
func TestFilesBetweenWindows(t *testing.T) {
	office := newLab(t).office("10.1.0.0/24", "小红", "Bob").hosts
	screen := newScreen(t, 1840, 760)
	screen.addKeys("上周的报告")
	data := t.TempDir()
	from := filepath.Join(data, "from")
	report := filepath.Join(from, "报告 2026.pdf")
	writeFile(t, report, 40<<20, 1)
	want := forest(t, from)

	alice := screen.open(office[0].profile("小红"), 10, 40, 900, 680, "--lang", "zh")
	bob := screen.open(office[1].profile("Bob"), 930, 40, 900, 680)
	alice.finds(bob)
	bob.finds(alice)
	alice.focus()
	alice.click(firstRow)
	bob.focus()
	bob.click(firstRow)

	alice.drop([2]int{600, 300}, report)
	screen.shoot("files-dropped")
	alice.write("上周的报告")
	var offer control.Transfer
	bob.transferred(t, "offered", &offer)
	bob.settle()
	screen.shoot("files-offer")
	if offer.Text != "上周的报告" || len(offer.Names) != 1 || offer.Names[0] != "报告 2026.pdf" {
		t.Errorf("the offer is %+v", offer)
	}

	// A slow link shows what happens in between.
	for _, h := range office {
		h.must(t, "tc", "qdisc", "add", "dev", "eth0", "root", "tbf", "rate", "40mbit", "burst", "64kb", "latency", "50ms")
	}
	bob.focus()
	bob.click(acceptButton)
	bob.transferred(t, "running", &offer)
	eventually(t, "a part is there", func() bool {
		bob.transferred(t, "running", &offer)
		return offer.Done > offer.Size/4
	})
	screen.shoot("files-progress")
	for _, h := range office {
		h.must(t, "tc", "qdisc", "del", "dev", "eth0", "root")
	}
	bob.transferred(t, "done", &offer)
	alice.transferred(t, "done", &offer)
	bob.settle()
	alice.settle()
	screen.shoot("files-finished")
	sameForest(t, want, forest(t, filepath.Join(bob.data, "Bob", "received")), false)
	alice.quit()
	bob.quit()
}

// acceptButton is where the card of an offer has its first button, if it is the
// last of the conversation, in pixels from the corner of the window.
var acceptButton = [2]int{341, 586}

// transferred waits until the only transfer of a window has a state.
func (w *window) transferred(t *testing.T, state string, found *control.Transfer) {
	t.Helper()
	defer func() {
		if t.Failed() {
			w.screen.shoot("failed-" + w.profile.name)
		}
	}()
	eventually(t, w.profile.name+" has a transfer that is "+state, func() bool {
		list, err := w.client.Transfers(t.Context(), control.TransfersQuery{})
		if err == nil && len(list) == 1 {
			*found = list[0]
		}
		return found.State == state
	})
}
