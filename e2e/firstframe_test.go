//go:build e2e && soak

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// startRounds is how often each program is started.
var startRounds = number("FEIHONG_BENCH_STARTS", 9)

// started is what one start of a program took.
type started struct {
	frame    time.Duration // until something was drawn
	resident int64         // bytes, a while later
}

// TestFirstFrame measures how long our window takes to show something, and the
// memory it needs, beside an empty window of the same toolkit. The two take
// turns.
func TestFirstFrame(t *testing.T) {
	screen := newScreen(t, 1100, 800)
	empty := filepath.Join(t.TempDir(), "emptywindow")
	build := exec.Command("go", "build", "-tags", "x11,migrated_fynedo", "-trimpath", "-o", empty, "./testdata/emptywindow")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	used := newProfile(t, t.TempDir(), "Alice")
	peer := newProfile(t, used.data, "Bob").daemon()
	for i := range 40 {
		used.must(0, "send", peer.address(), fmt.Sprintf("line %d of a conversation 你好", i))
	}
	programs := []struct {
		name  string
		start func() *exec.Cmd
		runs  []started
	}{
		{name: "empty window", start: func() *exec.Cmd { return exec.Command(empty) }},
		{name: "first start", start: func() *exec.Cmd {
			return exec.Command(program(t, windowed), newProfile(t, t.TempDir(), "New").args()...)
		}},
		{name: "with people", start: func() *exec.Cmd { return exec.Command(program(t, windowed), used.args()...) }},
	}
	for range startRounds {
		for i := range programs {
			programs[i].runs = append(programs[i].runs, screen.measureStart(programs[i].start()))
		}
	}
	var base started
	fmt.Printf("\n| %d starts, medians | first frame | resident | to empty: time | memory |\n|---|---|---|---|---|\n", startRounds)
	for i, p := range programs {
		m := medians(p.runs)
		if i == 0 {
			base = m
		}
		fmt.Printf("| %s | %.0f ms | %.0f MiB | %.2f | %.2f |\n", p.name, millis(m.frame), float64(m.resident)/(1<<20),
			float64(m.frame)/float64(base.frame), float64(m.resident)/float64(base.resident))
	}
}

func medians(runs []started) started {
	frames, residents := make([]time.Duration, 0, len(runs)), make([]int64, 0, len(runs))
	for _, r := range runs {
		frames, residents = append(frames, r.frame), append(residents, r.resident)
	}
	slices.Sort(frames)
	slices.Sort(residents)
	return started{frames[len(frames)/2], residents[len(residents)/2]}
}

// measureStart starts a program with a window and ends it.
func (s *screen) measureStart(cmd *exec.Cmd) started {
	s.t.Helper()
	cmd.Env = s.env
	begin := time.Now()
	if err := launch(cmd); err != nil {
		s.t.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	var m started
	eventually(s.t, "something is drawn", func() bool {
		id := s.tryTool("xdotool", "search", "--onlyvisible", "--pid", strconv.Itoa(cmd.Process.Pid))
		if id == "" || !s.drawn(strings.Fields(id)[0]) {
			return false
		}
		m.frame = time.Since(begin)
		return true
	})
	<-time.After(2 * time.Second) // what is loaded behind the first frame counts
	m.resident = resident(s.t, cmd.Process.Pid)
	return m
}

// drawn says that a window has more than one colour.
func (s *screen) drawn(id string) bool {
	raw, err := s.command("import", "-window", id, "-sample", "100x100!", "-depth", "8", "rgb:-").Output()
	if err != nil || len(raw) < 6 {
		return false
	}
	for i := 3; i+2 < len(raw); i += 3 {
		if raw[i] != raw[0] || raw[i+1] != raw[1] || raw[i+2] != raw[2] {
			return true
		}
	}
	return false
}

func resident(t *testing.T, pid int) int64 {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kib, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			return kib << 10
		}
	}
	t.Fatal("no VmRSS")
	return 0
}
