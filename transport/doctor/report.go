package doctor

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"feihong/protocol"
)

// Text is a sentence that is told in the language of the person: the key and
// the arguments of a translation. The arguments made by this package are
// strings, or a Text that is part of the sentence, so that a report read back
// from JSON is the same.
type Text struct {
	Key  string         `json:"key"`
	Args map[string]any `json:"args,omitempty"`
}

// UserText gives the key and the arguments of the translated text.
func (t Text) UserText() (key string, args map[string]any) { return t.Key, t.Args }

// UnmarshalJSON reads a Text with the Texts in it.
func (t *Text) UnmarshalJSON(data []byte) error {
	var read struct {
		Key  string                     `json:"key"`
		Args map[string]json.RawMessage `json:"args"`
	}
	if err := json.Unmarshal(data, &read); err != nil {
		return err
	}
	*t = Text{Key: read.Key}
	if read.Args != nil {
		t.Args = make(map[string]any, len(read.Args))
	}
	for name, raw := range read.Args {
		value, err := argument(raw)
		if err != nil {
			return err
		}
		t.Args[name] = value
	}
	return nil
}

func argument(raw json.RawMessage) (any, error) {
	if raw[0] == '{' {
		var part Text
		err := json.Unmarshal(raw, &part)
		return part, err
	}
	var value any
	err := json.Unmarshal(raw, &value)
	return value, err
}

// Level says how a Finding is meant.
type Level string

// The levels.
const (
	LevelOK   Level = "ok"   // as it should be
	LevelNote Level = "note" // good to know, or not to be found out
	LevelWarn Level = "warn" // likely to be in the way
)

// The topics of findings, in the order in which they are told.
const (
	TopicName      = "name"
	TopicInterface = "interface"
	TopicTCP       = "tcp"
	TopicUDP       = "udp"
	TopicFirewall  = "firewall"
	TopicHeard     = "heard"
)

// Finding is something about this machine. Detail is a technical line that is
// the same in all languages, such as a command to be copied; it may be empty.
type Finding struct {
	Topic  string `json:"topic"`
	Level  Level  `json:"level"`
	Text   Text   `json:"text"`
	Detail string `json:"detail,omitempty"`
}

// The checks on the way to a colleague, in the order in which they are made.
const (
	CheckAddress   = "address"
	CheckName      = "name"
	CheckNetwork   = "network"
	CheckPing      = "ping"
	CheckUDP       = "udp"
	CheckTCP       = "tcp"
	CheckNeighbour = "neighbour"
	CheckGreeting  = "greeting"
	CheckIdentity  = "identity"
	CheckRoundTrip = "round-trip"
	CheckReverse   = "reverse"
)

// The outcomes of a Step.
const (
	OutcomeOK      = "ok"
	OutcomeFailed  = "failed"
	OutcomeNote    = "note"    // neither good nor bad
	OutcomeSkipped = "skipped" // made no sense, or could not be done here
)

// Step is one check on the way to a colleague and what came of it. Took is
// kept to the microsecond.
type Step struct {
	Check   string
	Outcome string
	Text    Text
	Took    time.Duration
}

// Title is what the check is called.
func (s Step) Title() Text { return Text{Key: "doctor.check." + s.Check} }

// stepJSON is a Step as it is written.
type stepJSON struct {
	Check   string `json:"check"`
	Outcome string `json:"outcome"`
	Text    Text   `json:"text"`
	Micros  int64  `json:"micros"`
}

// MarshalJSON writes the time taken as a number of microseconds.
func (s Step) MarshalJSON() ([]byte, error) {
	return json.Marshal(stepJSON{s.Check, s.Outcome, s.Text, s.Took.Microseconds()})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (s *Step) UnmarshalJSON(data []byte) error {
	var read stepJSON
	if err := json.Unmarshal(data, &read); err != nil {
		return err
	}
	took := time.Duration(read.Micros) * time.Microsecond
	*s = Step{Check: read.Check, Outcome: read.Outcome, Text: read.Text, Took: took}
	return nil
}

// FarSide is how it looks from another machine. If it is the machine in
// question itself (Target), it was asked about the address of this one; any
// other was asked about the address in question.
type FarSide struct {
	Who    string `json:"who"`
	Target bool   `json:"target"`
	Steps  []Step `json:"steps"`
}

// Verdict is the end of a Report: one cause and one thing to do. Cause is one
// of the Cause constants, which scripts can rely on. OK says that messages
// get through, though perhaps something is not as it should be. Command is
// what somebody with the rights for it can type to follow the advice, and may
// be empty.
type Verdict struct {
	OK      bool   `json:"ok"`
	Cause   string `json:"cause"`
	Text    Text   `json:"text"`
	Advice  Text   `json:"advice"`
	Command string `json:"command,omitempty"`
}

// Report is everything that an examination found out. Findings are about this
// machine, Steps and Far about the address. Address is as it was understood,
// or as it was entered if it could not be.
type Report struct {
	Address  string    `json:"address"`
	Findings []Finding `json:"findings"`
	Steps    []Step    `json:"steps"`
	Far      []FarSide `json:"far"`
	Verdict  Verdict   `json:"verdict"`
}

// say builds a Text from pairs of a name and a value, each kept as a string but
// for a Text.
func say(key string, pairs ...any) Text {
	text := Text{Key: key}
	for i := 0; i+1 < len(pairs); i += 2 {
		if text.Args == nil {
			text.Args = make(map[string]any, len(pairs)/2)
		}
		name := fmt.Sprint(pairs[i])
		if part, ok := pairs[i+1].(Text); ok {
			text.Args[name] = part
			continue
		}
		text.Args[name] = fmt.Sprint(pairs[i+1])
	}
	return text
}

// tell gives the text of an error: its own if it has one, otherwise that of
// key with the reason as it is.
func tell(err error, key string) Text {
	var told interface {
		UserText() (key string, args map[string]any)
	}
	if !errors.As(err, &told) {
		return say(key, "reason", safeLine(err.Error()))
	}
	own, args := told.UserText()
	text := Text{Key: own}
	for name, value := range args {
		if text.Args == nil {
			text.Args = make(map[string]any, len(args))
		}
		text.Args[name] = fmt.Sprint(value)
	}
	return text
}

// safe makes a name from outside fit to be shown.
func safe(s string) string { return protocol.SafeName(s) }

// safeLine makes text from outside fit for one line of a report.
func safeLine(s string) string {
	const most = 200
	var line strings.Builder
	count := 0
	for _, r := range s {
		if count++; count > most {
			line.WriteRune('…')
			break
		}
		if !unicode.IsPrint(r) {
			r = ' '
		}
		line.WriteRune(r)
	}
	return strings.TrimSpace(line.String())
}
