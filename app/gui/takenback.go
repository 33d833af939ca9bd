package gui

import (
	"time"

	"feihong/app/chat"
)

// againTime is how long after taking a message back the user can write it
// anew from its text.
const againTime = 5 * time.Minute

// maxTaken bounds how many texts are remembered.
const maxTaken = 50

// takenBack remembers the texts of messages that the user has just taken back.
// They are nowhere else.
type takenBack struct{ held []takenText }

type takenText struct {
	ref  chat.Ref
	text string
	at   time.Time
}

func (t *takenBack) keep(ref chat.Ref, text string, now time.Time) {
	t.forget(now)
	if len(t.held) == maxTaken {
		t.held = t.held[1:]
	}
	t.held = append(t.held, takenText{ref, text, now})
}

// text returns what a message said, "" if that is forgotten.
func (t *takenBack) text(ref chat.Ref, now time.Time) string {
	t.forget(now)
	for _, held := range t.held {
		if held.ref == ref {
			return held.text
		}
	}
	return ""
}

func (t *takenBack) forget(now time.Time) {
	for len(t.held) > 0 && now.Sub(t.held[0].at) >= againTime {
		t.held[0].text = ""
		t.held = t.held[1:]
	}
}
