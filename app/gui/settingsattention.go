package gui

import (
	"fmt"

	"fyne.io/fyne/v2"
)

// usualQuiet are the quiet hours of who switches them on, in minutes of the day.
const (
	usualQuietFrom = 22 * 60
	usualQuietTo   = 7 * 60
	quietStep      = 30
)

// attention is how the program calls the user, and how it begins and ends.
func (p *settingsPage) attention() []fyne.CanvasObject {
	words, current := p.words, p.window.cfg.Preferences.Current()
	of := func(key, hint string, on bool, change func(next *Preferences, on bool)) fyne.CanvasObject {
		if hint != "" {
			hint = words.Text(hint, nil)
		}
		return settingsSwitch(words.Text(key, nil), hint, on, func(on bool) {
			p.prefer(func(next *Preferences) { change(next, on) })
		})
	}
	cards := []fyne.CanvasObject{
		settingsCard("",
			of("gui.settings.notify", "", current.Notify, func(next *Preferences, on bool) { next.Notify = on }),
			of("gui.settings.notify-text", "gui.settings.notify-text-hint", current.NotifyText, func(next *Preferences, on bool) { next.NotifyText = on }),
			of("gui.settings.sounds", "", current.Sounds, func(next *Preferences, on bool) { next.Sounds = on }),
			of("gui.settings.flash", "gui.settings.flash-hint", current.Flash, func(next *Preferences, on bool) { next.Flash = on }),
		),
		settingsCard("", p.quietHours(current)...),
	}
	start := []fyne.CanvasObject{
		of("gui.settings.tray", "gui.settings.tray-hint", current.CloseToTray, func(next *Preferences, on bool) { next.CloseToTray = on }),
	}
	if p.window.cfg.AtLogin {
		start = append(start, of("gui.settings.login", "", current.AtLogin, func(next *Preferences, on bool) { next.AtLogin = on }))
	}
	return append(cards, settingsCard("", start...))
}

// quietHours are a switch and, when it is on, from when to when.
func (p *settingsPage) quietHours(current Preferences) []fyne.CanvasObject {
	words := p.words
	quiet := current.QuietFrom != current.QuietTo
	rows := []fyne.CanvasObject{settingsSwitch(words.Text("gui.settings.quiet", nil), words.Text("gui.settings.quiet-hint", nil), quiet, func(on bool) {
		p.window.prefer(func(next *Preferences) {
			next.QuietFrom, next.QuietTo = 0, 0
			if on {
				next.QuietFrom, next.QuietTo = usualQuietFrom, usualQuietTo
			}
		}, func(err error) {
			p.told(err)
			if err == nil && p.window.settings == p {
				p.fill()
			}
		})
	})}
	if !quiet {
		return rows
	}
	from := newTimeChoice(current.QuietFrom, func(minute int) { p.prefer(func(next *Preferences) { next.QuietFrom = minute }) })
	to := newTimeChoice(current.QuietTo, func(minute int) { p.prefer(func(next *Preferences) { next.QuietTo = minute }) })
	return append(rows,
		settingsRow(words.Text("gui.settings.quiet-from", nil), "", from),
		settingsRow(words.Text("gui.settings.quiet-to", nil), "", to))
}

// newTimeChoice offers the times of a day, and the one that is chosen if it
// lies between them.
func newTimeChoice(chosen int, changed func(minute int)) *choice {
	var minutes []int
	var names []string
	at := 0
	for minute := range 24 * 60 {
		if minute%quietStep != 0 && minute != chosen {
			continue
		}
		if minute == chosen {
			at = len(minutes)
		}
		minutes = append(minutes, minute)
		names = append(names, fmt.Sprintf("%02d:%02d", minute/60, minute%60))
	}
	return newChoice(names, at, func(i int) { changed(minutes[i]) })
}
