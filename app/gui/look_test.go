package gui_test

import (
	"image/color"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"feihong/app/gui"
	"feihong/assets/translations"
)

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text  string
		width int
		want  string // lines, with | between
	}{
		{"", 10, ""},
		{"one two three", 7, "one two|three"},
		{"one  two", 4, "one|two"},
		{"a\n\nb", 5, "a||b"},
		{"trailing\n", 10, "trailing|"},
		{"你好世界", 4, "你好|世界"},
		{"hello 你好，世界", 12, "hello 你好，|世界"},
		{"你好，世界", 4, "你|好，|世界"}, // a comma never begins a line
		{"abcdefgh", 3, "abc|def|gh"},
		{"x abcdefgh", 3, "x|abc|def|gh"},
		{"👨‍👩‍👧👨‍👩‍👧", 7, "👨‍👩‍👧|👨‍👩‍👧"}, // never inside a character
	} {
		lines, more := gui.Wrap(c.text, c.width, 100)
		if got := strings.Join(lines, "|"); got != c.want || more {
			t.Errorf("%q in %d: %q, more %v; want %q", c.text, c.width, got, more, c.want)
		}
	}
}

func TestWrapStopsAtTheLimit(t *testing.T) {
	for _, text := range []string{strings.Repeat("x\n", 1000), strings.Repeat("word ", 1000), strings.Repeat("长", 1000), strings.Repeat("x", 1000)} {
		lines, more := gui.Wrap(text, 10, 5)
		if len(lines) != 5 || !more {
			t.Errorf("%.10q…: %d lines, more %v", text, len(lines), more)
		}
	}
	if lines, more := gui.Wrap("1\n2\n3", 10, 3); len(lines) != 3 || more {
		t.Errorf("exactly the limit: %q, more %v", lines, more)
	}
}

func FuzzWrap(f *testing.F) {
	for _, seed := range []string{"one two three", "你好，世界 hello", "a\n\n\tb", strings.Repeat("x", 50), "\u2028\xff", "  lead"} {
		f.Add(seed, 7)
	}
	f.Fuzz(func(t *testing.T, text string, width int) {
		if width < 1 || width > 1000 || len(text) > 1000 {
			return // wider or longer than any text on the screen
		}
		lines, more := gui.Wrap(text, width, 2000)
		if more {
			t.Fatal("there is more than the text has bytes")
		}
		blank := func(r rune) bool { return strings.ContainsRune(" \t\r\n\u3000", r) }
		kept := strings.FieldsFunc(strings.Join(lines, " "), blank)
		if strings.Join(kept, "") != strings.Join(strings.FieldsFunc(text, blank), "") {
			t.Fatalf("%q became %q", text, lines)
		}
	})
}

// Text must be readable on whatever it stands on: 4.5:1, as WCAG asks.
func TestContrast(t *testing.T) {
	on := map[fyne.ThemeColorName][]fyne.ThemeColorName{
		theme.ColorNameForeground:          {theme.ColorNameBackground, "feihongPane", "feihongBubbleIn", "feihongBubbleOut", "feihongInfoBack", "feihongRowOpen", "feihongMark", theme.ColorNameInputBackground, theme.ColorNameOverlayBackground, theme.ColorNameButton},
		theme.ColorNamePrimary:             {theme.ColorNameBackground, "feihongPane", "feihongRowOpen", "feihongBubbleIn", "feihongInfoBack"},
		theme.ColorNameForegroundOnPrimary: {theme.ColorNamePrimary},
		"feihongPane":                      {"feihongMuted"}, // the number of unread messages of somebody muted
		theme.ColorNameError:               {theme.ColorNameBackground, "feihongPane", "feihongRowOpen", theme.ColorNameOverlayBackground},
		theme.ColorNameWarning:             {"feihongPane", theme.ColorNameOverlayBackground},
		theme.ColorNameSuccess:             {"feihongPane", theme.ColorNameOverlayBackground},
		theme.ColorNamePlaceHolder:         {theme.ColorNameInputBackground},
		"feihongMuted":                     {"feihongPane", "feihongRowOpen", "feihongRowHover", "feihongBubbleIn", "feihongInfoBack", theme.ColorNameOverlayBackground},
		"feihongMetaOut":                   {"feihongBubbleOut"},
		theme.ColorNameHyperlink:           {"feihongBubbleIn", "feihongBubbleOut"},
		"feihongOnTip":                     {"feihongTip"},
		"feihongWarnText":                  {"feihongWarnBack"},
		"feihongOnShade":                   {"feihongViewer"},
		"feihongQuietShade":                {"feihongViewer"},
	}
	for variant, colors := range gui.Palettes {
		for text, grounds := range on {
			for _, ground := range grounds {
				if got := contrast(colors[text], colors[ground]); got < 4.5 {
					t.Errorf("%s: %s on %s has %.2f:1", variant, text, ground, got)
				}
			}
		}
	}
	for variant, colors := range gui.Palettes { // marks are no text: 3:1
		for _, mark := range []fyne.ThemeColorName{"feihongOnline", "feihongAway", "feihongBusy", "feihongOffline"} {
			for _, ground := range []fyne.ThemeColorName{"feihongPane", "feihongRowOpen", "feihongField", theme.ColorNameMenuBackground} {
				if got := contrast(colors[mark], colors[ground]); got < 3 {
					t.Errorf("%s: %s on %s has %.2f:1", variant, mark, ground, got)
				}
			}
		}
	}
	for variant, colors := range gui.Palettes { // on cards, whose quiet buttons are a tint of the bubble
		for _, bubble := range []fyne.ThemeColorName{"feihongBubbleIn", "feihongBubbleOut"} {
			for _, text := range []fyne.ThemeColorName{theme.ColorNameError, theme.ColorNameWarning} {
				if got := contrast(colors[text], colors[bubble]); got < 4.5 {
					t.Errorf("%s: %s on %s has %.2f:1", variant, text, bubble, got)
				}
			}
			pill := over(colors["feihongPill"], colors[bubble])
			if got := contrast(colors[theme.ColorNameForeground], pill); got < 4.5 {
				t.Errorf("%s: text of a button on %s has %.2f:1", variant, bubble, got)
			}
			for _, mark := range []fyne.ThemeColorName{theme.ColorNamePrimary, "feihongOffline"} {
				if got := contrast(colors[mark], colors[bubble]); got < 3 {
					t.Errorf("%s: %s on %s has %.2f:1", variant, mark, bubble, got)
				}
			}
			if got := contrast(colors[theme.ColorNamePrimary], pill); got < 3 {
				t.Errorf("%s: the icon on %s has %.2f:1", variant, bubble, got)
			}
			muted := fyne.ThemeColorName("feihongMuted")
			if bubble == "feihongBubbleOut" {
				muted = "feihongMetaOut"
			}
			if got := contrast(colors[muted], pill); got < 4.5 {
				t.Errorf("%s: a quote on %s has %.2f:1", variant, bubble, got)
			}
			for _, behind := range []fyne.ThemeColorName{"feihongCode", "feihongMark"} {
				if got := contrast(colors[theme.ColorNameForeground], over(colors[behind], colors[bubble])); got < 4.5 {
					t.Errorf("%s: text on %s on %s has %.2f:1", variant, behind, bubble, got)
				}
			}
		}
	}
	for variant, colors := range gui.Palettes { // the time on a picture, which may be as light as it likes
		ground := over(colors["feihongShade"], color.NRGBA{255, 255, 255, 255})
		for _, text := range []fyne.ThemeColorName{"feihongOnShade", "feihongReadShade"} {
			if got := contrast(colors[text], ground); got < 4.5 {
				t.Errorf("%s: %s on a white picture has %.2f:1", variant, text, got)
			}
		}
	}
	for i, ground := range gui.AvatarColors {
		if got := contrast(color.NRGBA{255, 255, 255, 255}, ground); got < 4.5 {
			t.Errorf("white on avatar colour %d has %.2f:1", i, got)
		}
	}
}

func contrast(a, b color.NRGBA) float64 {
	lighter, darker := luminance(a), luminance(b)
	if lighter < darker {
		lighter, darker = darker, lighter
	}
	return (lighter + 0.05) / (darker + 0.05)
}

// over is a colour that lets some of another through.
func over(a, b color.NRGBA) color.NRGBA {
	mix := func(a8, b8 uint8, alpha uint8) uint8 {
		return uint8((int(a8)*int(alpha) + int(b8)*(255-int(alpha))) / 255)
	}
	return color.NRGBA{R: mix(a.R, b.R, a.A), G: mix(a.G, b.G, a.A), B: mix(a.B, b.B, a.A), A: 255}
}

func luminance(c color.NRGBA) float64 {
	linear := func(v uint8) float64 {
		f := float64(v) / 255
		if f <= 0.03928 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

func TestMoments(t *testing.T) {
	shanghai := time.FixedZone("CST", 8*3600)
	now := time.Date(2026, 11, 22, 0, 30, 0, 0, shanghai) // a Sunday
	at := func(month time.Month, day, hour int) time.Time {
		return time.Date(2026, month, day, hour, 5, 0, 0, shanghai).UTC()
	}
	for _, c := range []struct {
		at   time.Time
		want []string // brief, day, seen in English; then in Chinese
	}{
		{at(11, 22, 0), []string{"00:05", "Today", "00:05", "00:05", "今天", "00:05"}},
		{at(11, 21, 23), []string{"Yesterday", "Yesterday", "yesterday, 23:05", "昨天", "昨天", "昨天 23:05"}},
		{at(11, 17, 9), []string{"Tue", "Tue, 17 Nov", "Tue, 17 Nov, 09:05", "周二", "11月17日 周二", "11月17日 周二 09:05"}},
		{at(1, 5, 9), []string{"5 Jan", "Mon, 5 Jan", "Mon, 5 Jan, 09:05", "1月5日", "1月5日 周一", "1月5日 周一 09:05"}},
		{at(1, 5, 9).AddDate(-1, 0, 0), []string{"2025-01-05", "5 January 2025", "5 January 2025, 09:05", "2025-01-05", "2025年1月5日", "2025年1月5日 09:05"}},
		{at(11, 24, 9), []string{"24 Nov", "Tue, 24 Nov", "Tue, 24 Nov, 09:05", "11月24日", "11月24日 周二", "11月24日 周二 09:05"}}, // somebody's clock is ahead
	} {
		var got []string
		for _, lang := range []string{"en", "zh"} {
			got = append(got, gui.Moments(translations.New(lang), now, c.at)...)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%v: %q, want %q", c.at, got, c.want)
		}
	}
}
