//go:build e2e && soak

package e2e

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// The benchmark of files: the same files by several programs on the same two
// machines, in turns, because machines are noisy. What counts is the ratio of
// the medians.
var (
	// compareRounds is how often each program copies each load.
	compareRounds = number("FEIHONG_BENCH_ROUNDS", 5)
	// compareShare makes the loads smaller, to try the benchmark itself.
	compareShare = number("FEIHONG_BENCH_SHARE", 1)
)

// memoryDisk is where the files are if nobody says otherwise: a disk that is as
// fast as memory, so that the programs are compared and not what the disk is
// doing at the moment. The profiles, with all that has to survive, lie on the
// real one.
const memoryDisk = "/dev/shm"

// benchFolder makes a folder for the files: below FEIHONG_BENCH_DIR if that is
// set, to choose the disk.
func benchFolder(t *testing.T) string {
	t.Helper()
	within := os.Getenv("FEIHONG_BENCH_DIR")
	var room unix.Statfs_t
	if err := unix.Statfs(memoryDisk, &room); within == "" && err == nil && room.Bavail*uint64(room.Bsize) > 8<<30 {
		within = memoryDisk
	}
	made, err := os.MkdirTemp(within, "feihong-bench")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(made) })
	return made
}

// load is something to copy.
type load struct {
	name string
	path string
	want map[string]leaf // by path within the folder around it
	size int64
}

func makeLoads(t *testing.T, folder string) []*load {
	t.Helper()
	makers := []struct {
		name string
		make func(path string)
	}{
		{"1 GiB file", func(path string) {
			writeFile(t, filepath.Join(path, "large.bin"), 1<<30/int64(compareShare), 1)
		}},
		{"10,000 files of 4 KiB", func(path string) { manyFiles(t, filepath.Join(path, "many"), 10_000/compareShare, 4<<10) }},
		{"2,000 files of mixed sizes", func(path string) { mixedFiles(t, filepath.Join(path, "mixed"), 2_000/compareShare, 512<<10, 3) }},
	}
	var loads []*load
	for i, maker := range makers {
		within := filepath.Join(folder, fmt.Sprint(i))
		maker.make(within)
		made := &load{name: maker.name, want: forest(t, within)} // reading it warms the cache
		for name, found := range made.want {
			made.size += found.size
			if !strings.Contains(name, string(filepath.Separator)) {
				made.path = filepath.Join(within, name)
			}
		}
		loads = append(loads, made)
	}
	return loads
}

// contender copies a file or folder into a folder on the other side.
type contender struct {
	name string
	copy func(from, to string) time.Duration
}

// timed runs a command on a host and gives how long it took.
func timed(t *testing.T, h *host, words []string, more ...string) time.Duration {
	t.Helper()
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Env = append(os.Environ(), more...)
	out := &lockedBuffer{}
	cmd.Stdout, cmd.Stderr = out, out
	begin := time.Now()
	if err := h.do(func() error { return launch(cmd) }); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%q: %v\n%s", words, err, out.String())
	}
	return time.Since(begin)
}

// bare is the barest program, in two processes.
func bare(t *testing.T, security string, from, to *host, address string) contender {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return contender{"bare " + strings.ToUpper(security), func(path, into string) time.Duration {
		t.Helper()
		where := address + ":4000"
		receiver := exec.Command(self)
		receiver.Env = append(os.Environ(), fmt.Sprintf("%s=receive %s %s %s", copyVariable, security, where, into))
		receiver.Stderr = os.Stderr
		out, err := receiver.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := to.do(func() error { return launch(receiver) }); err != nil {
			t.Fatal(err)
		}
		if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
			t.Fatal(err)
		}
		took := timed(t, from, []string{self}, fmt.Sprintf("%s=send %s %s %s", copyVariable, security, where, path))
		if err := receiver.Wait(); err != nil {
			t.Fatal(err)
		}
		return took
	}}
}

// contenders are all programs that are compared. Ours comes first, and the
// limit second.
func contenders(t *testing.T, from, to *host, address string) []contender {
	t.Helper()
	alice, bob := from.profile("Alice").daemon("--discovery", "off"), to.profile("Bob").daemon("--discovery", "off")
	alice.must(0, "send", bob.at(address), "hello")
	bob.must(0, "files", "auto", "Alice", "on")
	shell := newSecureShell(t, to)
	return []contender{
		{"feihong", func(path, into string) time.Duration {
			t.Helper()
			bob.must(0, "files", "folder", into)
			return timed(t, from, append([]string{program(t, headless)}, alice.args("files", "send", "Bob", path, "--wait=10m")...))
		}},
		bare(t, "tls", from, to, address),
		bare(t, "tcp", from, to, address),
		{"scp", func(path, into string) time.Duration { return timed(t, from, shell.scp(address, path, into)) }},
		{"scp, AES-GCM", func(path, into string) time.Duration {
			return timed(t, from, shell.scp(address, path, into, "-c", "aes128-gcm@openssh.com"))
		}},
		{"rsync", func(path, into string) time.Duration { return timed(t, from, shell.rsync(address, path, into)) }},
	}
}

// TestCompareFiles is the benchmark.
func TestCompareFiles(t *testing.T) {
	folder := benchFolder(t)
	loads := makeLoads(t, filepath.Join(folder, "from"))
	t.Run("loopback", func(t *testing.T) {
		machine := newLab(t).host("machine")
		inTurns(t, folder, loads, contenders(t, machine, machine, "127.0.0.1"))
	})
	t.Run("two hosts", func(t *testing.T) {
		hosts := newLab(t).office("10.1.0.0/24", "a", "b").hosts
		inTurns(t, folder, loads, contenders(t, hosts[0], hosts[1], "10.1.0.2"))
	})
}

// inTurns lets all programs copy all loads, in turns, and prints a table.
func inTurns(t *testing.T, folder string, loads []*load, all []contender) {
	t.Helper()
	var table strings.Builder
	fmt.Fprintf(&table, "\n| %s, %d rounds | median | MB/s | of bare TLS |\n|---|---|---|---|\n", t.Name(), compareRounds)
	for _, l := range loads {
		took := make([][]time.Duration, len(all))
		for round := range compareRounds {
			for turn := range all {
				i := (turn + round) % len(all) // nobody is always first
				into := filepath.Join(folder, "to")
				if err := os.Mkdir(into, 0o755); err != nil {
					t.Fatal(err)
				}
				unix.Sync() // what was written before is nobody's burden
				took[i] = append(took[i], all[i].copy(l.path, into))
				if round == 0 {
					verify(t, all[i].name, l, into)
				}
				if err := os.RemoveAll(into); err != nil {
					t.Fatal(err)
				}
			}
		}
		limit := median(took[1])
		for i, c := range all {
			m := median(took[i])
			fmt.Fprintf(&table, "| %s: %s | %.2f s | %.0f | %.2f |\n", l.name, c.name, m.Seconds(), float64(l.size)/1e6/m.Seconds(), limit.Seconds()/m.Seconds())
			t.Logf("%s: %s: %v", l.name, c.name, took[i])
		}
	}
	fmt.Println(table.String())
}

// verify compares what arrived. Ours has to keep what the others do not.
func verify(t *testing.T, name string, l *load, into string) {
	t.Helper()
	got := forest(t, into)
	if !sameForest(t, l.want, got, name != "feihong") {
		t.Fatalf("%s copied %s badly", name, l.name)
	}
}

func median(values []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
