package gui_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"feihong/app/chat"
	"feihong/protocol"
)

// big is how many messages the conversation of the benchmarks has.
const big = 100_000

// chatter is what people write: short and long, Chinese and English.
func chatter(i int) string {
	switch i % 7 {
	case 0:
		return "好的"
	case 3:
		return strings.Repeat("会议改到下午三点，请带上上个季度的报表和新的预算表。", 1+i%4)
	case 5:
		return "Could you have a look at https://example.com/report/" + fmt.Sprint(i) + " before lunch? Thanks!"
	}
	return fmt.Sprintf("第 %d 条消息，line %d", i, i)
}

func benchScreen(b *testing.B) (s *screen, f *fakeChat, talk, other chat.ContactID) {
	f = newFakeChat(clockAtNoon)
	other = f.add(chat.Summary{Contact: chat.Contact{Peer: peer(1), Name: "Anna"}, Online: true})
	talk = f.add(chat.Summary{Contact: chat.Contact{Peer: peer(2), Name: "王小明"}, Online: true})
	f.sayMany(other, 100, noon.Add(-200*time.Hour), time.Minute, chatter)
	f.sayMany(talk, big, noon.Add(-big*time.Minute), time.Minute, chatter)
	s = open(b, "zh", f)
	s.PaneSize(fyne.NewSize(980, 680))
	return s, f, talk, other
}

// BenchmarkOpenTalk is what opening a conversation of 100,000 messages takes,
// until its end is laid out; painted with the painting of the whole window by
// the software painter.
func BenchmarkOpenTalk(b *testing.B) {
	s, _, talk, other := benchScreen(b)
	for _, painted := range []bool{false, true} {
		b.Run(fmt.Sprintf("painted=%v", painted), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				s.openTalk(other)
				b.StartTimer()
				s.openTalk(talk)
				if painted {
					s.Canvas().Capture()
				}
			}
		})
	}
}

// BenchmarkScrollStep is one notch of the wheel in the middle of them, with
// the pages that have to be loaded on the way.
func BenchmarkScrollStep(b *testing.B) {
	s, f, talk, _ := benchScreen(b)
	s.openTalk(talk)
	s.JumpTo(f.messages[big/2], "")
	s.settled()
	i := 0
	for b.Loop() {
		dy := float32(40)
		if i/3000%2 == 1 {
			dy = -40
		}
		i++
		s.Scroll(dy)
		s.work()
	}
}

// BenchmarkArrival lets 1,000 messages come within a second into the open
// conversation, and tells the longest time for which the user interface was
// busy without a pause.
func BenchmarkArrival(b *testing.B) {
	for _, at := range []string{"end", "above"} {
		b.Run(at, func(b *testing.B) {
			s, f, talk, _ := benchScreen(b)
			s.openTalk(talk)
			if at == "above" {
				s.Scroll(1000)
				s.settled()
			}
			longest, turns, busy := time.Duration(0), 0, time.Duration(0)
			turn := func(run func()) {
				begun := time.Now()
				run()
				took := time.Since(begun)
				longest, busy, turns = max(longest, took), busy+took, turns+1
			}
			for b.Loop() {
				arrived, ticker := 0, time.NewTicker(time.Millisecond)
				for arrived < 1000 {
					select {
					case <-ticker.C:
						f.arrive(talk, chatter(arrived))
						arrived++
					case run := <-s.todo:
						turn(run)
					}
				}
				ticker.Stop()
			}
			b.ReportMetric(float64(longest.Microseconds())/1000, "ms/longest-turn")
			b.ReportMetric(float64(busy.Microseconds())/1000/float64(turns), "ms/turn")
		})
	}
}

// BenchmarkKeystroke is one character typed behind, amid and before 4,000
// others, and amid as many as a message may have.
func BenchmarkKeystroke(b *testing.B) {
	chinese, english := "会议改到下午三点，请带上上个季度的报表。", "Could you have a look at the report? "
	for name, text := range map[string]string{
		"chinese":     strings.Repeat(chinese, 200),
		"english":     strings.Repeat(english, 108),
		"lines":       strings.Repeat("会议改到下午三点，\n请带上报表。\n", 250),
		"64K-chinese": strings.Repeat(chinese, protocol.MaxTextBytes/len(chinese)),
		"64K-english": strings.Repeat(english, protocol.MaxTextBytes/len(english)),
		"64K-word":    strings.Repeat("x", protocol.MaxTextBytes-10),
	} {
		for _, place := range []string{"end", "middle", "start"} {
			b.Run(name+"/"+place, func(b *testing.B) { benchKeystroke(b, text, place) })
		}
	}
}

func benchKeystroke(b *testing.B, text, place string) {
	s, _, talk, _ := benchScreen(b)
	s.openTalk(talk)
	s.Composer().SetText(text)
	if place != "end" {
		s.Composer().TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyHome, Modifier: fyne.KeyModifierShortcutDefault})
	}
	for place == "middle" && s.CursorInComposer() < len(text)/2 {
		s.Composer().TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	}
	for b.Loop() {
		s.Composer().TypedRune('好')
		b.StopTimer()
		s.Composer().TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
		s.work()
		b.StartTimer()
	}
}

// BenchmarkJump is going to a message far away, and back.
func BenchmarkJump(b *testing.B) {
	s, f, talk, _ := benchScreen(b)
	s.openTalk(talk)
	i := 0
	for b.Loop() {
		i += 7919
		s.JumpTo(f.messages[100+i%big], "消息")
		s.settled()
	}
}

// BenchmarkOpenEmoji opens the card of emoji and paints the window by the
// software painter. The pictures were drawn before, except the first time.
func BenchmarkOpenEmoji(b *testing.B) {
	s, _, talk, _ := benchScreen(b)
	s.openTalk(talk)
	for b.Loop() {
		s.PressEmoji()
		s.Canvas().Capture()
		b.StopTimer()
		s.press(fyne.KeyEscape)
		b.StartTimer()
	}
}
