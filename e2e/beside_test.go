//go:build e2e && soak

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"feihong/app/control"
)

// latencySamples is how many lines of text are timed, idle and beside files.
var latencySamples = number("FEIHONG_BENCH_TEXTS", 600)

// lineTimes writes lines of text, one after the other, and gives how long each
// took until its receipt was here, sorted. It ends early when the time comes.
func lineTimes(d *process, to string, most int, end func() bool) []time.Duration {
	d.t.Helper()
	client := d.control()
	var took []time.Duration
	for len(took) < most && !end() {
		begin := time.Now()
		sent, err := client.Send(d.t.Context(), control.SendRequest{To: to, Text: "a line of text", Wait: "30s"})
		if err != nil || sent.State != "delivered" && sent.State != "read" {
			d.t.Fatalf("a text was not delivered: %+v, %v", sent, err)
		}
		took = append(took, time.Since(begin))
		<-time.After(10 * time.Millisecond)
	}
	slices.Sort(took)
	return took
}

func percentile(sorted []time.Duration, percent int) time.Duration {
	return sorted[min(len(sorted)-1, len(sorted)*percent/100)]
}

// TestTextBesideFiles measures how long a line of text takes, idle and while
// files saturate the link that it takes too.
func TestTextBesideFiles(t *testing.T) {
	folder := benchFolder(t)
	large := filepath.Join(folder, "large.bin")
	writeFile(t, large, 1<<30/int64(compareShare), 1)
	var table strings.Builder
	fmt.Fprintf(&table, "\n| a line of text | idle median | p99 | beside files, median | p99 | ratio of p99 | files |\n|---|---|---|---|---|---|---|\n")
	for _, link := range []struct{ name, rate string }{{"no limit", ""}, {"1 Gbit/s", "1gbit"}, {"100 Mbit/s", "100mbit"}} {
		t.Run(link.name, func(t *testing.T) {
			hosts := newLab(t).office("10.1.0.0/24", "Alice", "Bob").hosts
			if link.rate != "" {
				for _, h := range hosts {
					h.must(t, "tc", "qdisc", "add", "dev", "eth0", "root", "tbf", "rate", link.rate, "burst", "64kb", "latency", "50ms")
				}
			}
			alice, bob := hosts[0].daemon("--discovery", "off"), hosts[1].daemon("--discovery", "off")
			alice.must(0, "send", bob.at("10.1.0.2"), "hello")
			bob.must(0, "files", "auto", "Alice", "on")
			into := filepath.Join(folder, "into")
			bob.must(0, "files", "folder", into)
			idle := lineTimes(alice, "Bob", latencySamples, func() bool { return false })

			// As many transfers, one after the other, as there are lines to time.
			var beside []time.Duration
			var moved int64
			var during time.Duration
			for len(beside) < latencySamples {
				id := alice.offers("Bob", large)
				alice.reaches(id, patience, "running")
				begin, before := time.Now(), alice.transfer(id).Done
				progress := before
				beside = append(beside, lineTimes(alice, "Bob", latencySamples-len(beside), func() bool {
					now := alice.transfer(id)
					progress = now.Done
					return now.State != "running"
				})...)
				during += time.Since(begin)
				moved += progress - before
				// It may be over already.
				_, _ = alice.control().ChangeTransfer(t.Context(), id, "cancel")
				bob.reaches(id, patience, "done", "cancelled")
				if err := os.RemoveAll(into); err != nil {
					t.Fatal(err)
				}
			}
			slices.Sort(beside)
			ratio := float64(percentile(beside, 99)) / float64(percentile(idle, 99))
			fmt.Fprintf(&table, "| %s | %.2f ms | %.2f ms | %.2f ms | %.2f ms | %.1f | %.0f MB/s |\n", link.name,
				millis(percentile(idle, 50)), millis(percentile(idle, 99)), millis(percentile(beside, 50)), millis(percentile(beside, 99)),
				ratio, float64(moved)/1e6/during.Seconds())
		})
	}
	fmt.Println(table.String())
}

func millis(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// TestMemoryOfLargeFile sends a file of 20 GiB, which is mostly holes, and
// looks at the memory of both sides, and at the disk.
func TestMemoryOfLargeFile(t *testing.T) {
	folder := benchFolder(t)
	path := filepath.Join(folder, "sparse.bin")
	size := int64(20<<30) / int64(compareShare)
	makeSparse(t, path, size)
	hosts := newLab(t).office("10.1.0.0/24", "Alice", "Bob").hosts
	alice, bob := hosts[0].daemon("--discovery", "off"), hosts[1].daemon("--discovery", "off")
	alice.must(0, "send", bob.at("10.1.0.2"), "hello")
	into := filepath.Join(folder, "into")

	idle := [2]int64{alice.peak(true), bob.peak(true)}
	begin := time.Now()
	id := alice.offers("Bob", path)
	bob.accepts(id, into)
	bob.reaches(id, 30*time.Minute, "done")
	alice.reaches(id, patience, "done")
	took := time.Since(begin)
	for i, d := range []*process{alice, bob} {
		peak := d.peak(false)
		fmt.Printf("%s: %d MiB idle, at most %d MiB during %d GiB in %.1f s\n", d.name, idle[i]>>20, peak>>20, size>>30, took.Seconds())
		if growth := peak - idle[i]; growth > 64<<20 {
			t.Errorf("%s grew by %d MiB", d.name, growth>>20)
		}
	}
	info, err := os.Stat(filepath.Join(into, "sparse.bin"))
	if err != nil || info.Size() != size {
		t.Fatalf("%+v, %v", info, err)
	}
	blocks := info.Sys().(*syscall.Stat_t).Blocks * 512
	fmt.Printf("on disk it takes %d MiB\n", blocks>>20)
	if blocks > 200<<20 {
		t.Errorf("holes were written: %d MiB on disk", blocks>>20)
	}
	want, err := hashFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := hashFile(filepath.Join(into, "sparse.bin")); err != nil || got != want {
		t.Errorf("it is not the same: %v", err)
	}
}

// makeSparse makes a file with an island of data in each gibibyte.
func makeSparse(t *testing.T, path string, size int64) {
	t.Helper()
	writeFile(t, path, 5<<20+123, 1)
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Truncate(size); err != nil {
		t.Fatal(err)
	}
	island := make([]byte, 5<<20)
	for at := int64(1<<30 - 12345); at < size-int64(len(island)); at += 1 << 30 {
		_, _ = sown(uint64(at)).Read(island) // never fails
		if _, err := f.WriteAt(island, at); err != nil {
			t.Fatal(err)
		}
	}
}

// peak is the most memory that the process has occupied, in bytes. Begin makes
// it begin anew, with what it occupies now.
func (d *process) peak(begin bool) int64 {
	d.t.Helper()
	if begin {
		if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", d.cmd.Process.Pid), []byte("5"), 0); err != nil {
			d.t.Fatal(err)
		}
	}
	return d.occupies("VmHWM:")
}
