package gui

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"feihong/app/chat"
	"feihong/protocol"
)

// size names a number of bytes as people read it: three digits and a unit.
func (w *wording) size(bytes int64) string {
	number, unit := scaled(bytes)
	if unit == "" {
		return w.Text("gui.files.bytes", map[string]any{"count": number})
	}
	return number + " " + unit
}

// scaled returns bytes in the greatest unit of 1000 bytes, 1,000,000 bytes and
// so on in which it is at least 1; the unit is "" for single bytes.
func scaled(bytes int64) (number, unit string) {
	if bytes < 1000 {
		return strconv.FormatInt(max(bytes, 0), 10), ""
	}
	amount := float64(bytes)
	for _, unit = range []string{"kB", "MB", "GB", "TB", "PB"} {
		if amount /= 1000; amount < 999.5 {
			break
		}
	}
	digits := 0
	if amount < 99.95 {
		digits = 1
	}
	return strings.TrimSuffix(strconv.FormatFloat(amount, 'f', digits, 64), ".0"), unit
}

// part tells how much of a total there is: "4.2 / 12.4 MB".
func (w *wording) part(done, total int64) string {
	done = min(done, total)
	number, unit := scaled(done)
	if of, same := scaled(total); unit == same && unit != "" {
		return number + " / " + of + " " + unit
	}
	return w.size(done) + " / " + w.size(total)
}

// speed names a rate; "" for none.
func (w *wording) speed(bytes int64) string {
	if bytes <= 0 {
		return ""
	}
	return w.size(bytes) + "/s"
}

// left tells how long something still takes, coarsely enough not to flicker;
// "" if that is not known.
func (w *wording) left(d time.Duration) string {
	seconds := int(math.Ceil(d.Seconds()))
	switch {
	case d < 0:
		return ""
	case seconds <= 10:
		return w.Text("gui.files.seconds-left", map[string]any{"seconds": max(seconds, 1)})
	case seconds <= 55:
		return w.Text("gui.files.seconds-left", map[string]any{"seconds": (seconds + 4) / 5 * 5})
	case seconds <= 59*60:
		return w.Text("gui.files.minutes-left", map[string]any{"minutes": (seconds + 59) / 60})
	case seconds <= 48*3600:
		minutes := (seconds + 59) / 60
		return w.Text("gui.files.hours-left", map[string]any{"hours": minutes / 60, "minutes": minutes % 60})
	}
	return w.Text("gui.files.days-left", map[string]any{"days": (seconds + 86399) / 86400})
}

// nameAndMore names something and how many others there are with it.
func (w *wording) nameAndMore(name string, others int) string {
	if others <= 0 {
		return name
	}
	return w.Text("gui.files.more", map[string]any{"name": name, "count": others})
}

// fitted is nameAndMore cut to a width in which the ending of the name and the
// number stay in sight.
func (w *wording) fitted(name string, others int, width, size float32) string {
	of := func(s string) float32 { return measure(s, size) }
	rest := of(w.nameAndMore("", others))
	return w.nameAndMore(ellipsizeName(name, max(width-rest, 0), of), others)
}

// contents counts what a transfer has: "4.2 MB · 12 files, 3 folders".
func (w *wording) contents(files, folders int, bytes int64) string {
	counted := ""
	switch {
	case folders > 0:
		counted = w.Text("gui.files.counted-folders", map[string]any{"files": w.files(files), "folders": w.folders(folders)})
	case files != 1:
		counted = w.files(files)
	}
	return joined(w.size(bytes), counted)
}

func (w *wording) files(count int) string {
	if count == 1 {
		return w.Text("gui.files.file", nil)
	}
	return w.Text("gui.files.files", map[string]any{"count": count})
}

func (w *wording) folders(count int) string {
	if count == 1 {
		return w.Text("gui.files.folder", nil)
	}
	return w.Text("gui.files.folders", map[string]any{"count": count})
}

// reason tells why a transfer ended, or does not go on; unknown is the key of
// what is said if that is not known. What hinders the receiver reads otherwise
// for the sender: the full disk is not theirs.
func (w *wording) reason(t *chat.Transfer, unknown string) string {
	code := t.Reason
	if code == "" || code == chat.ReasonOther {
		return w.Text(unknown, nil)
	}
	if t.Direction == chat.Out && (t.Detail == "" || t.Final()) { // what stops us ourselves while it lasts has a detail
		if key := "gui.files.reason-there." + code; w.has(key) {
			return w.Text(key, nil)
		}
	}
	if key := "gui.files.reason." + code; w.has(key) {
		return w.Text(key, nil)
	}
	return w.Text("gui.files.reason", map[string]any{"reason": protocol.SafeName(code)})
}

// has says that there is a text of this key.
func (w *wording) has(key string) bool { return w.Text(key, nil) != key }

// programs warns of the programs in an offer, by name if there is one.
func (w *wording) programs(t *chat.Transfer) string {
	if t.Files == 1 {
		return w.Text("gui.files.program", nil)
	}
	at := slices.IndexFunc(t.Tops, func(top chat.Top) bool { return top.Executable && !top.Folder })
	if t.Executables == 1 && at >= 0 {
		return w.Text("gui.files.program-named", map[string]any{"name": fileName(t.Tops[at].Name)})
	}
	return w.Text("gui.files.programs", map[string]any{"count": t.Executables})
}

// skipped tells how many links and the like are left out.
func (w *wording) skipped(count int) string {
	return w.Text("gui.files.skipped", map[string]any{"count": count})
}

// fileName makes a name fit for a line: nothing in it reorders or breaks the
// line, and no character carries more marks than a script needs, which would
// be drawn over the lines above and below. Of a name that is far too long the
// middle goes: its ending says what the file is.
func fileName(name string) string {
	const maxMarks, most, tail = 2, 200, 40
	marks := 0
	name = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Mn, unicode.Me) {
			if marks++; marks > maxMarks {
				return -1
			}
			return r
		}
		marks = 0
		return r
	}, protocol.VisibleText(name))
	if runes := []rune(name); len(runes) > most {
		name = string(runes[:most-tail]) + "…" + string(runes[len(runes)-tail:])
	}
	return oneLine(name)
}

// endRunes is how much of the end of a name stays in sight if there is room.
const endRunes = 12

// ellipsizeName cuts a name in its middle so that it is at most width wide.
func ellipsizeName(name string, width float32, measure func(string) float32) string {
	if measure(name) <= width {
		return name
	}
	runes := []rune(name)
	end := min(endRunes, len(runes)/2)
	tail := func() string { return string(runes[len(runes)-end:]) }
	for end > 0 && (measure(tail()) > width*0.6 || unicode.In(runes[len(runes)-end], unicode.Mn, unicode.Me)) {
		end-- // marks stay with what they stand on
	}
	return ellipsize(string(runes[:len(runes)-end]), max(width-measure(tail()), 0), measure) + tail()
}

// percent names a share.
func percent(share float32) string { return strconv.Itoa(int(share*100)) + "%" }

// inBrief is a message in one line.
func (w *wording) inBrief(m *chat.Message) string {
	switch {
	case m.Recalled:
		return w.Text("gui.quote.recalled", nil)
	case m.Kind == chat.KindNudge:
		return w.Text("gui.note.nudge-brief", nil)
	case m.Kind != chat.KindFiles:
		return m.Text
	}
	names := strings.Split(strings.TrimSpace(m.Names), "\n")
	name := fileName(names[0])
	switch {
	case name == "":
		name = w.Text("gui.files.nameless", nil)
	default:
		name = w.nameAndMore(name, len(names)-1)
	}
	return w.Text("gui.files.row", map[string]any{"name": name})
}
