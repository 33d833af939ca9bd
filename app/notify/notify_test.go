package notify_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"feihong/app/notify"
)

// desktop is a desktop in memory that notes what it is asked.
type desktop struct {
	mu     sync.Mutex
	last   uint32
	calls  []string
	events chan notify.Event
}

// open readies a desktop for the bubble that it is used in.
func (d *desktop) open() *desktop {
	d.events = make(chan notify.Event)
	return d
}

func (d *desktop) note(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls = append(d.calls, fmt.Sprintf(format, args...))
}

func (d *desktop) Show(n notify.Notification, instead uint32) (uint32, error) {
	if n.Title == "refused" {
		return 0, errors.New("refused")
	}
	d.last++
	d.note("show %s|%s instead of %d as %d", n.Title, n.Text, instead, d.last)
	return d.last, nil
}

func (d *desktop) Withdraw(handle uint32) error  { d.note("withdraw %d", handle); return nil }
func (d *desktop) Events() <-chan notify.Event   { return d.events }
func (d *desktop) Close()                        { d.note("close") }
func (d *desktop) dial() (notify.Desktop, error) { return d, nil }

// run runs a service in a bubble: act is done step by step, each after all
// has settled.
func run(t *testing.T, d *desktop, clicked func(string), steps ...func(*notify.Service)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		d.open()
		s := notify.NewFor(d.dial, clicked)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- s.Serve(ctx) }()
		for _, step := range steps {
			step(s)
			synctest.Wait()
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		close(d.events)
	})
}

func show(key, title string) func(*notify.Service) {
	return func(s *notify.Service) { s.Show(notify.Notification{Key: key, Title: title, Text: "text"}) }
}

func withdraw(key string) func(*notify.Service) {
	return func(s *notify.Service) { s.Withdraw(key) }
}

func TestService(t *testing.T) {
	tests := []struct {
		name  string
		steps []func(*notify.Service)
		want  []string
	}{
		{"one, taken back at the end", []func(*notify.Service){show("a", "A")},
			[]string{"show A|text instead of 0 as 1", "withdraw 1", "close"}},
		{"a second takes the place of the first", []func(*notify.Service){show("a", "A"), show("a", "B")},
			[]string{"show A|text instead of 0 as 1", "show B|text instead of 1 as 2", "withdraw 2", "close"}},
		{"withdrawn once", []func(*notify.Service){show("a", "A"), withdraw("a"), withdraw("a")},
			[]string{"show A|text instead of 0 as 1", "withdraw 1", "close"}},
		{"what was never shown needs no desktop", []func(*notify.Service){withdraw("a")}, nil},
		{"a refusal is forgotten", []func(*notify.Service){show("a", "refused"), show("a", "A")},
			[]string{"show A|text instead of 0 as 1", "withdraw 1", "close"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := &desktop{}
			run(t, d, func(string) {}, test.steps...)
			if !slices.Equal(d.calls, test.want) {
				t.Errorf("got  %q\nwant %q", d.calls, test.want)
			}
		})
	}
}

func TestClicks(t *testing.T) {
	d := &desktop{}
	var clicks []string
	event := func(handle uint32, clicked bool) func(*notify.Service) {
		return func(*notify.Service) { d.events <- notify.Event{Handle: handle, Clicked: clicked} }
	}
	run(t, d, func(key string) { clicks = append(clicks, key) },
		show("a", "A"), show("b", "B"),
		event(99, true), // of another program
		event(2, true), event(2, true), event(1, false), event(1, true))
	if want := []string{"b"}; !slices.Equal(clicks, want) {
		t.Errorf("clicked %q, want %q", clicks, want)
	}
}

func TestLostDesktop(t *testing.T) {
	first, second := &desktop{}, &desktop{}
	synctest.Test(t, func(t *testing.T) {
		desktops := []*desktop{first.open(), second.open()}
		s := notify.NewFor(func() (notify.Desktop, error) {
			d := desktops[0]
			desktops = desktops[1:]
			return d, nil
		}, func(string) {})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- s.Serve(ctx) }()
		show("a", "A")(s)
		synctest.Wait()
		close(first.events)
		synctest.Wait()
		show("a", "B")(s)
		synctest.Wait()
		cancel()
		<-done
		close(second.events)
	})
	if want := []string{"show B|text instead of 0 as 1", "withdraw 1", "close"}; !slices.Equal(second.calls, want) {
		t.Errorf("got %q, want %q", second.calls, want)
	}
}

func TestNothingWaitsForever(t *testing.T) {
	s := notify.NewFor(func() (notify.Desktop, error) { return nil, errors.New("no desktop") }, func(string) {})
	for i := range 3 * notify.MaxOrders { // nobody serves, and nobody blocks
		s.Show(notify.Notification{Key: fmt.Sprint(i), Title: "x"})
	}
}

func TestPlain(t *testing.T) {
	long := strings.Repeat("字", 1000)
	tests := []struct{ name, in, want string }{
		{"as it is", "你好, <b>world</b> & all", "你好, <b>world</b> & all"},
		{"control characters", "a\x00b\x1b[31mc\x7f", "ab[31mc"},
		{"direction", "a\u202ecod.exe", "acod.exe"},
		{"white space", "a\t\u2028b", "a  b"},
		{"lines", "1\n2\n3\n4\n5\n6\n7", "1\n2\n3\n4\n5 6 7"},
		{"not UTF-8", "a\xff\xfeb", "ab"},
		{"long", long, strings.Repeat("字", notify.MaxTextRunes-1) + "…"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := notify.Plain(test.in, notify.MaxTextRunes, notify.MaxTextLines); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestMarkup(t *testing.T) {
	if got := notify.Markup(`<a href="x">&'`); got != "&lt;a href=&quot;x&quot;&gt;&amp;&#39;" {
		t.Errorf("got %s", got)
	}
}

func FuzzPlain(f *testing.F) {
	f.Add("a\nb\u202e", 10, 2)
	f.Fuzz(func(t *testing.T, text string, runes, lines int) {
		runes, lines = 1+abs(runes)%500, 1+abs(lines)%10
		got := notify.Plain(text, runes, lines)
		if n := len([]rune(got)); n > runes {
			t.Errorf("%d characters of at most %d", n, runes)
		}
		if n := strings.Count(got, "\n") + 1; n > lines {
			t.Errorf("%d lines of at most %d", n, lines)
		}
	})
}

func abs(n int) int {
	if n < 0 {
		return -(n + 1)
	}
	return n
}
