package gui_test

import (
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"feihong/app/chat"
)

func TestTicksAreExplained(t *testing.T) {
	yesterday := noon.AddDate(0, 0, -1)
	for name, c := range map[string]struct {
		lang   string
		change func(*chat.Message)
		want   []string
	}{
		"waiting": {"en", func(m *chat.Message) { m.State = chat.Queued },
			[]string{"Waiting on this computer for Anna", "Written 12:00:00"}},
		"on its way": {"en", func(m *chat.Message) { m.State, m.Sent = chat.Sent, noon.Add(time.Second) },
			[]string{"Sent, not yet confirmed", "Written 12:00:00", "Sent 12:00:01"}},
		"delivered long ago": {"en", func(m *chat.Message) { m.State = chat.Delivered },
			[]string{"On Anna’s computer", "Written 12:00:00"}},
		"read long ago": {"en", func(m *chat.Message) { m.State = chat.Read },
			[]string{"Read by Anna", "Written 12:00:00"}},
		"everything known": {"en", func(m *chat.Message) {
			m.State, m.Time, m.Edited = chat.Read, yesterday, yesterday.Add(time.Second)
			m.Sent, m.Delivered, m.Read = yesterday.Add(2*time.Second), noon.Add(-time.Hour), noon
		}, []string{"Written yesterday, 12:00:00", "Edited yesterday, 12:00:01", "Sent yesterday, 12:00:02", "Delivered 11:00:00", "Read 12:00:00"}},
		"Chinese": {"zh", func(m *chat.Message) { m.State, m.Delivered = chat.Delivered, noon.Add(time.Minute) },
			[]string{"写于 12:00:00", "送达 12:01:00"}},
		"from others": {"en", func(m *chat.Message) { m.Direction = chat.In }, []string{"Written 12:00:00"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := bubbleTalk(t, c.lang, func(f *fakeChat, anna chat.ContactID) {
				m := f.say(anna, chat.Out, chat.Read, noon, "it")
				if _, err := f.amend(m.Ref(), c.change); err != nil {
					t.Fatal(err)
				}
			})
			s.PointAtTicks("it")
			s.until("the ticks are explained", func() bool { return len(s.Tip()) > 0 })
			if got := s.Tip(); !slices.Equal(got, c.want) {
				t.Errorf("the explanation is %q, want %q", got, c.want)
			}
			s.PointAway("it")
			if got := s.Tip(); got != nil {
				t.Errorf("%q stays", got)
			}
		})
	}
}

// An explanation goes when what it explains goes, though the pointer rests.
func TestExplanationsGo(t *testing.T) {
	for name, leave := range map[string]func(*screen){
		"another page": func(s *screen) { s.Shortcut(key(fyne.KeyModifierShortcutDefault, fyne.KeyComma)) },
		"another size": func(s *screen) { s.PaneSize(fyne.NewSize(500, 500)) },
		"Escape":       func(s *screen) { s.TypeKey(fyne.KeyEscape) },
	} {
		t.Run(name, func(t *testing.T) {
			s := bubbleTalk(t, "en", func(f *fakeChat, anna chat.ContactID) { f.say(anna, chat.Out, chat.Read, noon, "it") })
			s.PointAtTicks("it")
			s.until("the ticks are explained", func() bool { return len(s.Tip()) > 0 })
			if leave(s); s.Tip() != nil {
				t.Errorf("%q stays", s.Tip())
			}
		})
	}
}

func TestTicksOfFilesAreExplained(t *testing.T) {
	c := cardCase{message: chat.Delivered, transfer: chat.Transfer{Direction: chat.Out, State: chat.TransferOffered, Tops: []chat.Top{{Name: "a.txt"}}, Files: 1, Bytes: 5}}
	s := showCard(t, c)
	s.PointAtCardTicks()
	s.until("the ticks are explained", func() bool { return slices.Equal(s.Tip(), []string{"On Anna’s computer", "Written 12:00:00"}) })
}
