//go:build e2e

package e2e

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"feihong/app/control"
	"feihong/protocol"
	"feihong/transport"
)

// TestHostilePeerInWindow has somebody send whatever could freeze a window,
// spoil its layout or reach a shell, to a window in which their conversation is
// open: afterwards it is as large as before, takes keys, shows and answers what
// comes, and ends when it is asked to.
func TestHostilePeerInWindow(t *testing.T) {
	screen := newScreen(t, 1000, 760)
	alice := screen.open(newProfile(t, t.TempDir(), "Alice"), 20, 20, 900, 680)
	screen.shootFailure()
	canary := filepath.Join(t.TempDir(), "canary")
	mallory := newMallory(t, strings.Repeat("﷽", protocol.MaxNameRunes))
	session := func() *transport.Session { return mallory.reaches(alice.self.ID, alice.address()) }
	mallory.tellChat(session(), text(t, "good morning"))
	eventually(t, "the first text arrives", func() bool { return alice.holds("good morning") })
	alice.focus()
	alice.changes("the conversation opens", func() { alice.key("ctrl+1") })

	for _, body := range hostileTexts(canary) {
		mallory.tellChat(session(), text(t, body))
	}
	target := text(t, "a target")
	mallory.tellChat(session(), target)
	for i := range 300 {
		now := time.Now().UnixMilli()
		mallory.tellChat(session(), &protocol.Nudge{ID: newID(t), Time: now})
		mallory.tellChat(session(), &protocol.Typing{Active: i%2 == 0})
		mallory.tellChat(session(), &protocol.Edit{ID: newID(t), Time: now, Target: target.ID, Body: strings.Repeat("edited ", i+1)})
		mallory.tellChat(session(), &protocol.Reaction{ID: newID(t), Time: now, Target: protocol.Reference{ID: target.ID}, Emoji: "👍"})
	}
	for _, picture := range hostilePictures() {
		mallory.tellChat(session(), &protocol.Picture{ID: newID(t), Data: picture})
		c := honest(t, strings.Repeat("﷽", 30)+".png", 5)
		c.offer.Preview = picture[:min(len(picture), protocol.MaxPreviewBytes)]
		c.offer.Text = "a" + strings.Repeat("\u0301", 2000)
		mallory.tellChat(session(), &c.offer)
	}
	for i, body := range unencodableTexts(t) {
		mallory.tellRaw(session(), body)
		behind := text(t, fmt.Sprintf("behind %d", i))
		eventually(t, behind.Body, func() bool { // it may have ended the session
			mallory.tellChat(session(), behind)
			return alice.holds(behind.Body)
		})
	}
	mallory.tellChat(session(), text(t, "still with me?"))
	eventually(t, "the last text arrives", func() bool { return alice.holds("still with me?") })

	alice.settle()
	screen.shoot("hostile-end")
	for page := range 12 {
		alice.changes("it scrolls back", func() { alice.key("Page_Up") })
		screen.shoot(fmt.Sprintf("hostile-%d", page))
	}
	alice.write("I am still here")
	answered(mallory, func(m *protocol.Text) bool { return m.Body == "I am still here" })
	if size := screen.tool("xdotool", "getwindowgeometry", alice.id); !strings.Contains(size, "900x680") {
		t.Errorf("the window has changed its size: %s", size)
	}
	if _, err := os.Stat(canary); err == nil {
		t.Error("something reached a shell")
	}
	for _, m := range alice.history(alice.stranger()) {
		if strings.ContainsAny(m.Text, "\u202e\u2066\x1b\x00") {
			t.Errorf("stored: %q", m.Text[:min(len(m.Text), 100)])
		}
	}
	alice.quit()
	if code := alice.cmd.ProcessState.ExitCode(); code != 0 || strings.Contains(alice.log.String(), "goroutine") {
		t.Errorf("ended with %d:\n%s", code, alice.log.String())
	}
}

// hostileTexts are what the protocol lets through.
func hostileTexts(canary string) []string {
	long := func(piece string) string { return strings.Repeat(piece, protocol.MaxTextBytes/len(piece)) }
	return []string{
		"a" + strings.Repeat("\u0301", 20_000),
		long("W"), long("﷽"), "x" + long("\n")[1:], "x" + long("\t")[1:], long("`"), long("*_"), long("👨‍👩‍👧‍👦"), long("שלום english "), "x" + strings.Repeat("\ufe0f", 20_000),
		"```\n" + strings.Repeat("W", 60_000) + "\n```",
		"<b>bold</b> &amp; <img src='http://127.0.0.1:1/x'> <a href='file:///etc/passwd'>x</a>",
		"javascript:alert(1) file:///etc/passwd http://" + strings.Repeat("a.", 20_000) + " https://user:pass@[::1]:99999/%00%0a?" + strings.Repeat("&", 9_000),
		"$(touch " + canary + ") `touch " + canary + "` ; touch " + canary + " | touch " + canary + "\n'; touch " + canary + " #",
	}
}

// unencodableTexts are messages as no honest program encodes them.
func unencodableTexts(t *testing.T) [][]byte {
	var bodies [][]byte
	for _, hostile := range []string{
		"\u202egnp.exe\u202c \u2066\u2067\u2068 isolated", "\x1b[2J\x1b]0;title\a bell", "nul\x00 in the middle", "zero\u200bwidth\u200b joined",
		"\xff\xfe\xfd no UTF-8", "cr\rlf\vff\f", "\U000e0041\U000e0042 tags", "\ufffe\uffff none",
	} {
		placeholder := strings.Repeat("P", len(hostile))
		body, err := protocol.EncodeChat(text(t, placeholder))
		if err != nil {
			panic(fmt.Sprintf("mallory: %v", err))
		}
		bodies = append(bodies, bytes.Replace(body, []byte(placeholder), []byte(hostile), 1))
	}
	return bodies
}

// hostilePictures are pictures only by their first bytes.
func hostilePictures() [][]byte {
	whole := pngFile(64, 64, make([]byte, 64*(64*4+1)))
	return [][]byte{
		pngFile(60_000, 60_000, make([]byte, 16<<20)), whole[:len(whole)/2], whole[:20],
		pngFile(1, 30_000, make([]byte, 1<<20)), pngFile(0, 0, nil), []byte("MZ\x90\x00"), []byte("<svg onload='x'/>"),
	}
}

// pngFile makes a PNG that claims a size, whatever is in it.
func pngFile(width, height uint32, pixels []byte) []byte {
	var content bytes.Buffer
	w := zlib.NewWriter(&content)
	_, _ = w.Write(pixels) // into memory
	_ = w.Close()
	part := func(kind string, data []byte) []byte {
		out := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
		out = append(append(out, kind...), data...)
		return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
	}
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)
	head = append(head, 8, 6, 0, 0, 0)
	return bytes.Join([][]byte{[]byte("\x89PNG\r\n\x1a\n"), part("IHDR", head), part("IDAT", content.Bytes()), part("IEND", nil)}, nil)
}

func text(t *testing.T, body string) *protocol.Text {
	t.Helper()
	return &protocol.Text{ID: newID(t), Time: time.Now().UnixMilli(), Body: body}
}

// stranger is the only person whom somebody knows, "" before there is one.
func (w *window) stranger() string {
	w.t.Helper()
	people := parseLines[control.Peer](w.t, w.must(0, "peers", "--json").out)
	if len(people) == 0 {
		return ""
	}
	return people[0].ID
}

// holds tells whether a text of the stranger has arrived.
func (w *window) holds(body string) bool {
	w.t.Helper()
	who := w.stranger()
	return who != "" && slices.Contains(w.texts(who, "in"), body)
}
