package gui_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"feihong/app/chat"
	"feihong/app/gui"
	"feihong/protocol"
)

// bell notes how the window calls the user.
type bell struct {
	mu    sync.Mutex
	calls []string
}

func (b *bell) note(format string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls = append(b.calls, fmt.Sprintf(format, args...))
}

func (b *bell) Notify(n gui.Notification) {
	b.note("notify %d %s: %s", n.Conversation, n.Title, n.Text)
}
func (b *bell) Withdraw(id chat.ContactID) { b.note("withdraw %d", id) }
func (b *bell) Flash(fyne.Window)          { b.note("flash") }
func (b *bell) Play(s gui.Sound)           { b.note("play %d", s) }
func (b *bell) called(word string) (n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, call := range b.calls {
		if strings.HasPrefix(call, word) {
			n++
		}
	}
	return n
}

// chosen keeps preferences in memory.
type chosen struct{ p gui.Preferences }

func (c *chosen) Current() gui.Preferences { return c.p }
func (c *chosen) Update(_ context.Context, change func(*gui.Preferences)) error {
	change(&c.p)
	return nil
}

type busy struct{}

func (busy) Current() gui.Presence                           { return gui.Presence{Status: chat.StatusBusy} }
func (busy) SetPresence(context.Context, gui.Presence) error { return nil }

func TestAttention(t *testing.T) {
	const words = "notify 1 Lin: hello"
	tests := []struct {
		name    string
		prefer  func(*gui.Preferences)
		config  func(*gui.Config)
		before  func(*screen)
		arrives func(*fakeChat)
		want    []string
	}{
		{name: "in the background", want: []string{words, "flash", "play 0"}},
		{name: "in front, another conversation", before: func(s *screen) { s.SetForeground(true) }, want: []string{words, "play 0"}},
		{name: "in front, looking at it", before: func(s *screen) { s.SetForeground(true); s.Open(1) }},
		{name: "in front, behind the settings", before: func(s *screen) { s.SetForeground(true); s.Open(1); s.OpenSettings(0) }, want: []string{words, "play 0"}},
		{name: "open, but in the background", before: func(s *screen) { s.Open(1) }, want: []string{words, "flash", "play 0"}},
		{name: "without the text", prefer: func(p *gui.Preferences) { p.NotifyText = false },
			want: []string{"notify 1 Lin: New message", "flash", "play 0"}},
		{name: "no notifications", prefer: func(p *gui.Preferences) { p.Notify = false }, want: []string{"flash", "play 0"}},
		{name: "no sounds, no flash", prefer: func(p *gui.Preferences) { p.Sounds, p.Flash = false, false }, want: []string{words}},
		{name: "quiet hours", prefer: func(p *gui.Preferences) { p.QuietFrom, p.QuietTo = 11*60, 13*60 }, want: []string{"flash"}},
		{name: "quiet hours over midnight", prefer: func(p *gui.Preferences) { p.QuietFrom, p.QuietTo = 22*60, 13*60 }, want: []string{"flash"}},
		{name: "quiet hours at another time", prefer: func(p *gui.Preferences) { p.QuietFrom, p.QuietTo = 22*60, 7*60 },
			want: []string{words, "flash", "play 0"}},
		{name: "busy", config: func(c *gui.Config) { c.Presence = busy{} }, want: []string{"flash"}},
		{name: "muted", before: func(s *screen) {
			s.chat.edit(1, func(p *chat.Summary) { p.MutedUntil = chat.Forever })
			s.until("muting is known", func() bool { return s.Muted(1) })
		}},
		{name: "muted until a while ago", before: func(s *screen) {
			s.chat.edit(1, func(p *chat.Summary) { p.MutedUntil = noon.Add(-time.Minute) })
			s.work()
		}, want: []string{words, "flash", "play 0"}},
		{name: "several of one person are one", arrives: func(f *fakeChat) { f.arrive(1, "hi"); f.arrive(1, "hello") },
			want: []string{words, "flash", "play 0"}},
		{name: "a nudge", arrives: func(f *fakeChat) { f.nudged(1) }, want: []string{"notify 1 Lin: Nudged you", "flash", "play 1"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			fake, calls, prefer := newFakeChat(clockAtNoon), &bell{}, &chosen{gui.DefaultPreferences()}
			prefer.p.Welcomed = true
			if test.prefer != nil {
				test.prefer(&prefer.p)
			}
			fake.add(chat.Summary{Contact: chat.Contact{Name: "Lin"}, Online: true})
			s := open(t, "en", fake, func(c *gui.Config) {
				c.Attention, c.Preferences = calls, prefer
				if test.config != nil {
					test.config(c)
				}
			})
			s.SetForeground(false)
			if test.before != nil {
				test.before(s)
			}
			calls.calls = nil
			if test.arrives == nil {
				test.arrives = func(f *fakeChat) { f.arrive(1, "hello") }
			}
			// Both events have to come in one batch, so nothing runs meanwhile.
			test.arrives(fake)
			s.until("it arrived", func() bool { return s.LastOf(1) == fake.summary(1).Last.Seq })
			calls.mu.Lock()
			got := slices.Clone(calls.calls)
			calls.mu.Unlock()
			got = slices.DeleteFunc(got, func(call string) bool { return strings.HasPrefix(call, "withdraw") })
			if test.name == "several of one person are one" && len(got) > 3 {
				got = got[len(got)-3:] // the events may have come in two batches
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestRecallSilences: what was taken back is told to nobody.
func TestRecallSilences(t *testing.T) {
	fake, calls := newFakeChat(clockAtNoon), &bell{}
	fake.add(chat.Summary{Contact: chat.Contact{Name: "Lin"}, Online: true})
	s := open(t, "en", fake, func(c *gui.Config) { c.Attention = calls })
	s.SetForeground(false)
	said := fake.arrive(1, "a slip")
	s.until("it is told", func() bool { return calls.called("notify") == 1 })
	if _, err := fake.Recall(t.Context(), 1, said.Ref()); err != nil {
		t.Fatal(err)
	}
	s.until("it is withdrawn", func() bool { return calls.called("withdraw 1") == 1 })

	one := chat.MessageAdded{Message: said, Contact: fake.summary(1).Contact}
	one.Message.Seq, one.Message.ID = said.Seq+1, protocol.MessageID{1}
	s.ApplyAtOnce(one, chat.MessageChanged{Message: recalled(one.Message), Amended: true})
	if calls.called("notify") != 1 {
		t.Errorf("what was recalled at once is told: %q", calls.calls)
	}
}

func TestReadingWithdraws(t *testing.T) {
	fake, calls := newFakeChat(clockAtNoon), &bell{}
	fake.add(chat.Summary{Contact: chat.Contact{Name: "Lin"}, Online: true})
	s := open(t, "en", fake, func(c *gui.Config) { c.Attention = calls })
	s.SetForeground(false)
	fake.arrive(1, "hello")
	s.until("it is told", func() bool { return calls.called("notify") == 1 })
	if calls.called("withdraw") != 0 {
		t.Error("withdrawn before it was read")
	}
	s.OpenFromOutside(1)
	s.SetForeground(true)
	s.until("it is withdrawn", func() bool { s.SetForeground(true); return calls.called("withdraw 1") == 1 })
	if s.OpenContact() != 1 {
		t.Error("another conversation is open")
	}
}

func TestWithoutATray(t *testing.T) {
	fake := newFakeChat(clockAtNoon)
	s := open(t, "en", fake, func(c *gui.Config) { c.Tray = true }) // which this test's toolkit has not
	if s.HidesOnClose() {
		t.Error("a window that cannot be found again would be hidden")
	}
}

func TestDottedIcon(t *testing.T) {
	plain, dotted := gui.TrayIcons()
	if len(plain) == 0 || len(dotted) == 0 || string(plain) == string(dotted) {
		t.Error("the icons are not two")
	}
}
