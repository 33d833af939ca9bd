//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"feihong/app/control"
)

// control gives a connection to the profile's control socket.
func (d *process) control() *control.Client {
	d.t.Helper()
	if d.client != nil {
		return d.client
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	client, err := control.Dial(ctx, d.ready.Control)
	if err != nil {
		d.t.Fatalf("%s does not answer: %v\n%s", d.name, err, d.stderr.String())
	}
	d.client = client
	return client
}

// offers offers files and folders to somebody and gives the ID of the transfer.
func (d *process) offers(to string, paths ...string) string {
	d.t.Helper()
	response, err := d.control().Offer(d.t.Context(), control.OfferRequest{To: to, Paths: paths})
	if err != nil {
		d.t.Fatalf("%s offers %q: %v", d.name, paths, err)
	}
	return response.ID
}

// transfer asks the process for a transfer. One that it does not know has no ID.
func (d *process) transfer(id string) control.Transfer {
	d.t.Helper()
	found, err := d.control().Transfer(d.t.Context(), id)
	if err != nil {
		return control.Transfer{}
	}
	return found
}

// reaches waits until a transfer has one of the states.
func (d *process) reaches(id string, within time.Duration, states ...string) control.Transfer {
	d.t.Helper()
	var found control.Transfer
	d.until(fmt.Sprintf("transfer %s is %q", id, states), within, func([]entry) bool {
		found = d.transfer(id)
		for _, state := range states {
			if found.State == state {
				return true
			}
		}
		// What is over becomes nothing else.
		if found.Over() {
			d.t.Fatalf("%s: transfer %s is %s (%s %s), want %q\n%s", d.name, id, found.State, found.Reason, found.Detail, states, d.stderr.String())
		}
		return false
	})
	return found
}

// accepts waits for an offer and lets it come into a folder.
func (d *process) accepts(id, folder string) {
	d.t.Helper()
	d.reaches(id, patience, "offered")
	if _, err := d.control().Accept(d.t.Context(), id, folder); err != nil {
		d.t.Fatalf("%s accepts: %v", d.name, err)
	}
}

// does changes a transfer: pause, resume and so on.
func (d *process) does(what, id string) control.Transfer {
	d.t.Helper()
	changed, err := d.control().ChangeTransfer(d.t.Context(), id, what)
	if err != nil {
		d.t.Fatalf("%s: %s: %v", d.name, what, err)
	}
	return changed
}

// moves waits until so many bytes of a transfer are there.
func (d *process) moves(id string, bytes int64) {
	d.t.Helper()
	d.until(fmt.Sprintf("%d bytes are there", bytes), patience, func([]entry) bool {
		found := d.transfer(id)
		if found.Over() {
			d.t.Fatalf("%s: the transfer is over already: %s %s", d.name, found.State, found.Reason)
		}
		return found.Done >= bytes
	})
}

// pair is two people on two hosts, who know each other.
type pair struct {
	t          *testing.T
	cable      *line
	alice, bob *process
	data       string // for files
	received   string // where Bob's files go; the test makes it where it wants
}

// newPair makes two people at the ends of a line.
func newPair(t *testing.T) *pair {
	t.Helper()
	l := newLab(t)
	a, b := l.host("Alice"), l.host("Bob")
	p := &pair{t: t, cable: l.line("10.1.0.0/24", a, b), data: t.TempDir()}
	p.alice, p.bob = a.daemon("--port", "24000"), b.daemon("--port", "24000")
	p.alice.must(0, "send", "10.1.0.2:24000", "hello")
	p.received = filepath.Join(p.data, "received")
	return p
}

// again starts somebody again who was killed.
func (d *process) again() *process {
	d.t.Helper()
	return d.daemon("--port", samePort(d))
}

// complete waits for the end on both sides and compares what was sent with
// what is there.
func (p *pair) complete(id string, within time.Duration, want map[string]leaf) {
	p.t.Helper()
	p.bob.reaches(id, within, "done")
	p.alice.reaches(id, within, "done")
	sameForest(p.t, want, forest(p.t, p.received), false)
}

// TestFilesByCommand sends a file and a folder with the commands alone, and
// compares what arrives with everything that is to be kept.
func TestFilesByCommand(t *testing.T) {
	data := t.TempDir()
	alice, bob := newProfile(t, data, "Alice"), newProfile(t, data, "Bob")
	from := filepath.Join(data, "from")
	mixedFiles(t, filepath.Join(from, "项目 folder"), 60, 64<<10, 1)
	writeFile(t, filepath.Join(from, "große Datei.bin"), 5<<20+17, 2)
	want := forest(t, from)

	atBob, atAlice := bob.daemon(), alice.daemon()
	alice.must(0, "send", atBob.address(), "hello")
	alice.must(0, "files", "send", "Bob", filepath.Join(from, "项目 folder"), filepath.Join(from, "große Datei.bin"), "--text", "看看这个")
	var offer control.Transfer
	eventually(t, "the offer is there", func() bool {
		list := parseLines[control.Transfer](t, bob.must(0, "files", "list", "--json").out)
		if len(list) == 1 {
			offer = list[0]
		}
		return len(list) == 1
	})
	if offer.State != "offered" || offer.Direction != "in" || offer.Name != "Alice" || offer.Text != "看看这个" || len(offer.Names) != 2 || offer.Files != 61 {
		t.Errorf("the offer is %+v", offer)
	}
	bob.must(0, "files", "accept", offer.ID)
	atBob.reaches(offer.ID, patience, "done")
	atAlice.reaches(offer.ID, patience, "done")
	received := filepath.Join(data, "Bob", "received")
	sameForest(t, want, forest(t, received), false)

	// Both have the same receipt, and it holds.
	receipts := [2]string{alice.must(0, "files", "receipt", offer.ID).out, bob.must(0, "files", "receipt", offer.ID).out}
	for _, name := range []string{"große Datei.bin", "项目 folder/"} {
		for i, receipt := range receipts {
			if !strings.Contains(receipt, name) {
				t.Errorf("receipt %d does not list %q: %s", i, name, receipt)
			}
		}
	}

	// The same again replaces nothing, and a program that is not running does
	// it by itself.
	atAlice.stop()
	bob.must(0, "files", "auto", "Alice", "on")
	alice.must(0, "files", "send", "Bob", filepath.Join(from, "große Datei.bin"), "--wait=1m")
	want["große Datei (1).bin"] = want["große Datei.bin"]
	sameForest(t, want, forest(t, received), false)
}

// TestFilesAreKeptAfterKills kills both sides in turns during one transfer.
func TestFilesAreKeptAfterKills(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	from := filepath.Join(p.data, "from")
	const size = 48 << 20
	writeFile(t, filepath.Join(from, "large.bin"), size, 1)
	p.cable.is(quality{rate: 12 << 20, delay: 2 * time.Millisecond})
	id := p.alice.offers("Bob", filepath.Join(from, "large.bin"))
	came := p.bob.host.count("input", "iifname eth0")
	p.bob.accepts(id, p.received)
	for kill := range 4 {
		p.bob.moves(id, size*int64(kill+1)/6)
		if kill%2 == 0 {
			p.bob.kill()
			p.bob = p.bob.again()
		} else {
			p.alice.kill()
			p.alice = p.alice.again()
		}
	}
	p.complete(id, 2*patience, forest(t, from))
	t.Logf("%d MiB came for %d MiB", came().Bytes>>20, size>>20)
	if came().Bytes > size*3/2 {
		t.Error("it was begun anew instead of going on")
	}
}

// TestFilesPauseAndCancel does everything that either side may do in between.
func TestFilesPauseAndCancel(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	from := filepath.Join(p.data, "from")
	writeFile(t, filepath.Join(from, "large.bin"), 24<<20, 1)
	p.cable.is(quality{rate: 6 << 20})
	id := p.alice.offers("Bob", filepath.Join(from, "large.bin"))
	p.bob.accepts(id, p.received)
	p.bob.moves(id, 1<<20)
	p.bob.does("pause", id)
	p.alice.reaches(id, patience, "paused")
	p.alice.does("pause", id)
	p.bob.does("resume", id)
	// Paused by her still, after a restart of both too.
	p.alice.kill()
	p.bob.kill()
	p.alice, p.bob = p.alice.again(), p.bob.again()
	p.bob.reaches(id, patience, "paused")
	p.alice.does("resume", id)
	p.complete(id, 2*patience, forest(t, from))

	// Cancelled by either side in the middle, nothing is left.
	for _, name := range []string{"Alice", "Bob"} {
		id := p.alice.offers("Bob", filepath.Join(from, "large.bin"))
		into := filepath.Join(p.data, "cancelled by "+name)
		p.bob.accepts(id, into)
		p.bob.moves(id, 1<<20)
		who := map[string]*process{"Alice": p.alice, "Bob": p.bob}[name]
		who.does("cancel", id)
		p.alice.reaches(id, patience, "cancelled")
		p.bob.reaches(id, patience, "cancelled")
		eventually(t, "nothing is left", func() bool { return empty(into) })
	}

	id = p.alice.offers("Bob", filepath.Join(from, "large.bin"))
	p.bob.reaches(id, patience, "offered")
	p.bob.does("reject", id)
	p.alice.reaches(id, patience, "rejected")
}

// empty says whether a folder has nothing in it, or is not there.
func empty(folder string) bool {
	entries, err := os.ReadDir(folder)
	return len(entries) == 0 && (err == nil || os.IsNotExist(err))
}

// TestFilesOfferedToSomebodyAway lets an offer wait, and an accepted transfer
// go on when the two meet again at another address.
func TestFilesOfferedToSomebodyAway(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	from := filepath.Join(p.data, "from")
	writeFile(t, filepath.Join(from, "large.bin"), 24<<20, 1)
	p.bob.stop()
	id := p.alice.offers("Bob", filepath.Join(from, "large.bin"))
	p.bob = p.bob.again()
	p.cable.is(quality{rate: 6 << 20})
	p.bob.accepts(id, p.received)
	p.bob.moves(id, 4<<20)

	p.bob.host.ip("link set eth0 down")
	p.bob.host.ip("address flush dev eth0 scope global")
	p.bob.host.ip("address add 10.1.0.77/24 dev eth0")
	p.bob.host.ip("link set eth0 up")
	p.complete(id, 2*patience, forest(t, from))
}

// TestFilesSourceChanges changes files while they are sent: it is told, which
// ones, and what did not change arrives.
func TestFilesSourceChanges(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	from := filepath.Join(p.data, "from")
	tree := filepath.Join(from, "tree")
	for i := range 6 {
		writeFile(t, filepath.Join(tree, fmt.Sprintf("%d.bin", i)), 4<<20, uint64(i))
	}
	p.cable.is(quality{rate: 6 << 20})
	id := p.alice.offers("Bob", tree)
	p.bob.accepts(id, p.received)
	p.bob.moves(id, 1<<20)
	writeFile(t, filepath.Join(tree, "5.bin"), 4<<20, 99)
	found := p.bob.reaches(id, 2*patience, "failed")
	if found.Reason != "source-changed" || !strings.Contains(found.Detail, "5.bin") || found.Failures != 1 {
		t.Errorf("Bob is told %q %q, %d", found.Reason, found.Detail, found.Failures)
	}
	found = p.alice.reaches(id, patience, "failed")
	if found.Reason != "source-changed" || !strings.Contains(found.Detail, "5.bin") {
		t.Errorf("Alice is told %q %q", found.Reason, found.Detail)
	}
}

// TestFilesDiskFull fills Bob's disk in the middle of a transfer, and frees it.
func TestFilesDiskFull(t *testing.T) {
	needRoot(t)
	p := newPair(t)
	from := filepath.Join(p.data, "from")
	writeFile(t, filepath.Join(from, "large.bin"), 24<<20, 1)
	small := p.smallDisk("160m")
	p.cable.is(quality{rate: 6 << 20})
	id := p.alice.offers("Bob", filepath.Join(from, "large.bin"))
	p.bob.accepts(id, filepath.Join(small, "received"))
	p.bob.moves(id, 4<<20)
	filler := filepath.Join(small, "filler")
	fill(t, filler)
	if found := p.bob.reaches(id, patience, "stalled"); found.Reason != "disk-full" {
		t.Errorf("Bob is told %q", found.Reason)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	p.received = filepath.Join(small, "received")
	p.complete(id, 2*patience, forest(t, from))
}

// smallDisk makes a disk of a size.
func (p *pair) smallDisk(size string) string {
	p.t.Helper()
	folder := p.t.TempDir()
	root(p.t, "mount", "-t", "tmpfs", "-o", "mode=0777,size="+size, "tmpfs", folder)
	p.t.Cleanup(func() { root(p.t, "umount", "-l", folder) })
	return folder
}
