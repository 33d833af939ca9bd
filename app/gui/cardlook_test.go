package gui_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"feihong/app/chat"
)

// showCards opens a conversation in which there are cards, all in sight.
func showCards(t *testing.T, lang string, cases []cardCase, system *fakeSystem) (*screen, *fakeFiles) {
	t.Helper()
	f := newFakeChat(clockAtNoon)
	anna := f.add(chat.Summary{Contact: chat.Contact{Peer: peer(1), Name: "Anna"}, Online: true})
	files := newFakeFiles(f)
	for i, c := range cases {
		state := c.message
		if state == 0 {
			state = chat.Delivered
		}
		files.put(anna, state, noon.Add(time.Duration(i)*time.Second), c.transfer)
	}
	s := open(t, lang, f, withFiles(files, system))
	s.PaneSize(fyne.NewSize(980, 300+float32(len(cases))*200))
	s.openTalk(anna)
	s.work()
	if got := len(s.Cards()); got != len(cases) {
		t.Fatalf("%d cards are shown", got)
	}
	return s, files
}

func showCard(t *testing.T, c cardCase) *screen {
	t.Helper()
	s, _ := showCards(t, "en", []cardCase{c}, &fakeSystem{})
	return s
}

func TestCardsLook(t *testing.T) {
	cases := cardCases()
	s, _ := showCards(t, "en", cases, &fakeSystem{})
	for i, card := range s.Cards() {
		c, shown := cases[i], strings.Join(card.Texts, "\n")
		for _, want := range c.want {
			if !strings.Contains(strings.ReplaceAll(shown, "\n", " "), want) {
				t.Errorf("%s: %q is not on the card, but\n%s", c.name, want, shown)
			}
		}
		if got := strings.Join(card.Buttons, "|"); got != c.buttons {
			t.Errorf("%s: the buttons are %q, want %q", c.name, got, c.buttons)
		}
		if got := strings.Join(card.Tools, "|"); got != c.tools {
			t.Errorf("%s: beside the name one can press %q, want %q", c.name, got, c.tools)
		}
	}
}

func TestCardsLookInChinese(t *testing.T) {
	cases := cardCases()
	s, _ := showCards(t, "zh", cases, &fakeSystem{})
	for i, card := range s.Cards() {
		shown := strings.Join(slices.Concat(card.Texts, card.Buttons), "\n")
		for _, want := range cases[i].chinese {
			if !strings.Contains(shown, want) {
				t.Errorf("%s: %q is not on the card, but\n%s", cases[i].name, want, shown)
			}
		}
	}
}

// Whatever is in a card stays in it, however narrow the window.
func TestNothingLeavesTheCard(t *testing.T) {
	cases := cardCases()
	for _, lang := range []string{"en", "zh"} {
		s, _ := showCards(t, lang, cases, &fakeSystem{})
		for _, width := range []float32{610, 640, 700, 980, 1600} { // the conversation has 360 of the first
			s.PaneSize(fyne.NewSize(width, 300+float32(len(cases))*200))
			for i, card := range s.Cards() {
				if card.Widest > 0 {
					t.Errorf("%s, %s, %g wide: something leaves the card by %g; it shows %q %q", lang, cases[i].name, width,
						card.Widest, card.Texts, card.Buttons)
				}
			}
		}
	}
}

// The ending of a name says what the file is, so it is never cut.
func TestEndingOfANameStays(t *testing.T) {
	for _, name := range []string{
		strings.Repeat("very ", 60) + "long.exe",
		"photo.jpg" + strings.Repeat("\u00a0", 150) + ".exe",
		strings.Repeat("长", 100) + ".exe",
	} {
		transfer := chat.Transfer{Direction: chat.In, State: chat.TransferOffered, Tops: []chat.Top{{Name: name}}, MoreTops: 7, Files: 8}
		s := showCard(t, cardCase{transfer: transfer})
		s.PaneSize(fyne.NewSize(640, 600))
		if title := s.Cards()[0].Texts[0]; !strings.Contains(title, ".exe and 7 more") || !strings.Contains(title, "…") {
			t.Errorf("the card says %q", title)
		}
		s.stop()
	}
}

func TestLongCaptionIsFolded(t *testing.T) {
	transfer := chat.Transfer{Direction: chat.In, State: chat.TransferOffered, Tops: report, Files: 1, Text: strings.Repeat("line\n", 40)}
	s := showCard(t, cardCase{transfer: transfer})
	before := s.Cards()[0].Height
	s.mustSee("Show the whole message")
	s.Expand()
	if after := s.Cards()[0].Height; after < 2*before {
		t.Errorf("unfolded, the card has %g instead of %g", after, before)
	}
}

func TestCardOfAnUnknownTransfer(t *testing.T) {
	f := newFakeChat(clockAtNoon)
	anna := f.add(chat.Summary{Contact: chat.Contact{Peer: peer(1), Name: "Anna"}})
	files := newFakeFiles(f)
	transfer := files.put(anna, chat.Delivered, noon, chat.Transfer{Direction: chat.In, State: chat.TransferOffered, Tops: report, Text: "look"})
	strange := transfer
	strange.Direction = chat.Out // an ID that both have used
	files.keep(strange)
	s := open(t, "en", f, withFiles(files, &fakeSystem{}))
	s.openTalk(anna)
	if got := s.Cards()[0]; got.Texts[0] != "Files" || len(got.Buttons) > 0 {
		t.Errorf("the card of somebody else's transfer shows %q %q", got.Texts, got.Buttons)
	}
	s.mustSee("look")
	files.become(transfer)
	s.until("the card is filled", func() bool { return len(s.Cards()[0].Buttons) == 3 })
}

func TestOfferThatWasRefused(t *testing.T) {
	s := showCard(t, cardCase{message: chat.Failed, transfer: chat.Transfer{Direction: chat.Out, State: chat.TransferOffered, Tops: report, Files: 1}})
	if card := s.Cards()[0]; len(card.Tools)+len(card.Buttons) > 0 {
		t.Errorf("one can press %q %q", card.Tools, card.Buttons)
	}
	s.mustSee("Quarterly report 2026.pdf")
}

func TestPeopleListShowsNames(t *testing.T) {
	f := newFakeChat(clockAtNoon)
	files := newFakeFiles(f)
	for i, tops := range [][]chat.Top{report, many, nil} {
		id := f.add(chat.Summary{Contact: chat.Contact{Peer: peer(byte(i + 1)), Name: "Person"}})
		files.put(id, chat.Delivered, noon, chat.Transfer{Direction: chat.In, State: chat.TransferOffered, Tops: tops})
	}
	s := open(t, "en", f, withFiles(files, &fakeSystem{}))
	s.mustSee("📎 Quarterly report 2026.pdf", "📎 季度报告.docx and 2 more", "📎 Files")
}
