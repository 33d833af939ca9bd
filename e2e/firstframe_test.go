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

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
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
	build := exec.Command("go", "build", "-buildvcs=false", "-tags", "x11,migrated_fynedo", "-o", empty, "./testdata/emptywindow")
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
	middle := s.middle()
	defer middle.conn.Close()
	eventually(s.t, "the screen is empty", func() bool { return middle.colour(s.t) == 0 })
	cmd.Env = s.env
	begin := time.Now()
	if err := launch(cmd); err != nil {
		s.t.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	for middle.colour(s.t) == 0 {
		if time.Since(begin) > patience {
			s.t.Fatalf("%s draws nothing", cmd.Path)
		}
		<-time.After(time.Millisecond)
	}
	m := started{frame: time.Since(begin)}
	<-time.After(2 * time.Second) // what is loaded behind the first frame counts
	m.resident = resident(s.t, cmd.Process.Pid)
	return m
}

// middle is the pixel in the middle of a screen, which is black until a window
// has drawn over it. To ask for one costs next to nothing, so that it can be
// done every millisecond.
type middle struct {
	conn *xgb.Conn
	root xproto.Window
	x, y int16
}

func (s *screen) middle() middle {
	s.t.Helper()
	conn, err := dial(s.display)
	if err != nil {
		s.t.Fatal(err)
	}
	screen := xproto.Setup(conn).DefaultScreen(conn)
	return middle{conn, screen.Root, int16(screen.WidthInPixels / 2), int16(screen.HeightInPixels / 2)}
}

// colour gives red, green and blue.
func (m middle) colour(t *testing.T) uint32 {
	t.Helper()
	got, err := xproto.GetImage(m.conn, xproto.ImageFormatZPixmap, xproto.Drawable(m.root), m.x, m.y, 1, 1, ^uint32(0)).Reply()
	if err != nil || len(got.Data) < 3 {
		t.Fatalf("the pixel in the middle: %v", err)
	}
	return uint32(got.Data[0]) | uint32(got.Data[1])<<8 | uint32(got.Data[2])<<16
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
