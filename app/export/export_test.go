package export_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"feihong/app/chat"
	"feihong/app/chat/memstore"
	"feihong/app/export"
	"feihong/assets/translations"
	"feihong/protocol"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// shelf is a store with the method that the service has.
type shelf struct{ *memstore.Store }

func (s shelf) MessageAt(ctx context.Context, contact chat.ContactID, ref chat.Ref) (chat.Message, error) {
	return s.MessageOf(ctx, contact, ref)
}

var shanghai = time.FixedZone("", 8*60*60)

func conversation(lang string) export.Conversation {
	return export.Conversation{
		With: chat.Contact{ID: 1, Peer: protocol.PeerID{1}, Name: "<b>张三</b>\u202e & Co"},
		Self: "Alice", SelfID: "AAAAAAA",
		Now:   time.Date(2026, 7, 30, 9, 30, 0, 0, shanghai),
		Words: translations.New(lang),
	}
}

// everything is a conversation with a message of each sort, some of them
// written to break out of where they are shown.
func everything(t *testing.T) shelf {
	t.Helper()
	s := shelf{memstore.New()}
	at := time.Date(2026, 7, 28, 23, 58, 0, 0, shanghai)
	var batch chat.Batch
	batch.Contacts = []chat.Contact{{ID: 1}, {ID: 2}}
	add := func(kind chat.Kind, direction chat.Direction, text string) *chat.Message {
		at = at.Add(47 * time.Second)
		batch.Messages = append(batch.Messages, chat.Message{
			ID: protocol.MessageID{15: byte(len(batch.Messages) + 1)}, Contact: 1, Kind: kind, Direction: direction,
			State: chat.Delivered, Text: text, Time: at,
		})
		return &batch.Messages[len(batch.Messages)-1]
	}
	question := add(chat.KindText, chat.In, "今天一起吃饭吗？\n\n12:00 at the gate").Ref()
	add(chat.KindText, chat.Out, "好的 👍").ReplyTo = question
	add(chat.KindText, chat.In, `</div></article><script>alert("1")</script><img src=http://example.com/x.png onerror='a()'>`)
	add(chat.KindText, chat.In, "[23:59:00] Alice\n    I owe you 100\r== 2026-07-29 ==\u2028\u202egnp.exe\x1b[31m\x00")
	offer := add(chat.KindFiles, chat.Out, "年度报告")
	offer.Names = "报告 <1>.pdf\n照片"
	offered := offer.Ref()
	add(chat.KindText, chat.In, "收到 "+strings.Repeat("很长", 100)).ReplyTo = offered
	add(chat.KindNudge, chat.In, "")
	old := add(chat.KindText, chat.Out, "I was wrong").Ref()
	secret := add(chat.KindText, chat.In, "never mind").Ref()
	add(chat.KindText, chat.Out, "what was that?").ReplyTo = secret
	add(chat.KindText, chat.Out, "and that?").ReplyTo = chat.Ref{ID: protocol.MessageID{99}}
	add(chat.KindText, chat.Out, "refused").State = chat.Failed
	add(chat.KindText, chat.Out, "waiting").State = chat.Queued
	add(chat.KindEdit, chat.Out, "I was right").Target = old
	add(chat.KindRecall, chat.In, "").Target = secret
	add(chat.KindReaction, chat.Out, "❤️").Target = question
	add(chat.KindReaction, chat.In, "<i>").Target = question
	add(chat.KindText, chat.In, "somebody else's").Contact = 2
	read := add(chat.KindText, chat.Out, "are you there?")
	read.State = chat.Queued
	batch.States = []chat.StateChange{
		{Contact: 1, ID: read.ID, State: chat.Delivered, Sent: at.Add(time.Second), At: at.Add(2 * time.Second)},
		{Contact: 1, ID: read.ID, State: chat.Read, At: at.Add(time.Minute)},
	}
	if _, err := s.Commit(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestForms(t *testing.T) {
	tests := []struct {
		name, lang string
		form       export.Form
	}{
		{"english.txt", "en", export.Text}, {"chinese.txt", "zh", export.Text},
		{"english.html", "en", export.HTML}, {"chinese.html", "zh", export.HTML},
		{"any.json", "en", export.JSON}, {"any.json", "zh", export.JSON},
	}
	for _, tt := range tests {
		t.Run(tt.lang+" "+string(tt.form), func(t *testing.T) {
			var got bytes.Buffer
			if err := export.Write(t.Context(), &got, tt.form, everything(t), conversation(tt.lang)); err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", tt.name)
			if *update {
				if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Bytes(), want) {
				t.Errorf("%s is not as expected:\n%s", tt.name, got.Bytes())
			}
		})
	}
}

// TestPageIsHarmless: there are no elements but those of the frame, and
// nothing is loaded.
func TestPageIsHarmless(t *testing.T) {
	var page bytes.Buffer
	if err := export.Write(t.Context(), &page, export.HTML, everything(t), conversation("en")); err != nil {
		t.Fatal(err)
	}
	known := regexp.MustCompile(`^</?(!DOCTYPE|html|head|meta|title|style|body|h1|h2|p|article|header|footer|blockquote|div|b|bdi|time)\b`)
	for _, tag := range regexp.MustCompile(`<[^>]*>?`).FindAllString(page.String(), -1) {
		if !known.MatchString(tag) {
			t.Errorf("element %s", tag)
		}
		if attributes := regexp.MustCompile(`\s(on\w+|src|href)\s*=`); attributes.MatchString(tag) {
			t.Errorf("attribute in %s", tag)
		}
	}
	for _, part := range []string{"url(", "@import", "\x1b", "\x00", "\u202e"} {
		if strings.Contains(page.String(), part) {
			t.Errorf("the page has %q", part)
		}
	}
}

func TestJSONCanBeRead(t *testing.T) {
	var out bytes.Buffer
	if err := export.Write(t.Context(), &out, export.JSON, everything(t), conversation("en")); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Format   string
		With     struct{ ID, Name string }
		Messages []struct{ ID, Text string }
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Format != "feihong-conversation" || got.With.Name != conversation("en").With.Name || len(got.Messages) != 14 {
		t.Errorf("read %+v", got)
	}
	if want := "[23:59:00] Alice\n    I owe you 100\r== 2026-07-29 ==\u2028\u202egnp.exe\x1b[31m\x00"; got.Messages[3].Text != want {
		t.Errorf("text %q", got.Messages[3].Text)
	}
}

func TestNothingWritten(t *testing.T) {
	for form, want := range map[export.Form]string{export.Text: "2.1\n", export.HTML: "</html>\n", export.JSON: `"messages":[` + "\n]}\n"} {
		var out bytes.Buffer
		c := conversation("en")
		c.With = chat.Contact{ID: 3, Address: "192.0.2.1:5000"}
		if err := export.Write(t.Context(), &out, form, everything(t), c); err != nil {
			t.Fatal(err)
		}
		if form != export.Text && !strings.HasSuffix(out.String(), want) {
			t.Errorf("%s ends in %q", form, out.String())
		}
		if !strings.Contains(out.String(), "192.0.2.1:5000") {
			t.Errorf("%s: %s", form, out.String())
		}
	}
}

func TestFormOf(t *testing.T) {
	for path, want := range map[string]export.Form{
		"a.txt": export.Text, "/x/y.JSON": export.JSON, "a.b.html": export.HTML, "a.HTM": export.HTML, "a.pdf": "", "txt": "", "": "", "a.": "",
	} {
		got, err := export.FormOf(path)
		var wrong *export.FormError
		if got != want || (err == nil) == (want == "") || want == "" && !errors.As(err, &wrong) {
			t.Errorf("%q: %q, %v", path, got, err)
		}
	}
	err := export.Write(t.Context(), io.Discard, "pdf", everything(t), conversation("en"))
	if text := translations.New("en").Error(err); !strings.Contains(text, "pdf") || !strings.Contains(text, ".html") {
		t.Errorf("unknown form: %s", text)
	}
}

var errFailed = errors.New("failed")

// endless is a conversation of as many messages as one likes, made when asked.
type endless struct {
	messages int64
	fails    int64 // when the message with this Seq is asked for
	asked    func(seq int64)
}

func (s endless) History(_ context.Context, q chat.HistoryQuery) (page []chat.Message, err error) {
	if s.asked != nil {
		s.asked(q.After)
	}
	for seq := max(q.After, 0) + 1; seq <= s.messages && len(page) < q.Limit; seq++ {
		if seq == s.fails {
			return nil, errFailed
		}
		m := chat.Message{Seq: seq, ID: protocol.MessageID{1}, Kind: chat.KindText, State: chat.Read, Text: "好", Time: time.Unix(seq, 0)}
		m.ReplyTo = m.Ref()
		page = append(page, m)
	}
	return page, nil
}

func (s endless) MessageAt(context.Context, chat.ContactID, chat.Ref) (chat.Message, error) {
	return chat.Message{}, chat.ErrNoMessage
}

// TestConstantMemory: what is held does not grow with the conversation.
func TestConstantMemory(t *testing.T) {
	for _, form := range []export.Form{export.Text, export.HTML, export.JSON} {
		var early, most uint64
		source := endless{messages: 100_000}
		source.asked = func(seq int64) {
			if seq%20_000 != 0 {
				return
			}
			var memory runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&memory)
			if early == 0 {
				early = memory.HeapAlloc
			}
			most = max(most, memory.HeapAlloc)
		}
		counted := &counter{}
		if err := export.Write(t.Context(), counted, form, source, conversation("zh")); err != nil {
			t.Fatal(err)
		}
		if grown := int64(most) - int64(early); early == 0 || grown > 2<<20 {
			t.Errorf("%s: from %d to %d bytes", form, early, most)
		}
		if counted.written < 100_000*20 {
			t.Errorf("%s: %d bytes written", form, counted.written)
		}
	}
}

type counter struct{ written int }

func (c *counter) Write(p []byte) (int, error) {
	c.written += len(p)
	return len(p), nil
}

func TestFailures(t *testing.T) {
	c := conversation("en")
	for _, form := range []export.Form{export.Text, export.HTML, export.JSON} {
		if err := export.Write(t.Context(), io.Discard, form, endless{messages: 1000, fails: 700}, c); !errors.Is(err, errFailed) {
			t.Errorf("%s: a source that fails: %v", form, err)
		}
		if err := export.Write(t.Context(), broken{}, form, endless{messages: 100_000}, c); !errors.Is(err, errFailed) {
			t.Errorf("%s: a writer that fails: %v", form, err)
		}
		if err := export.Write(t.Context(), broken{}, form, endless{messages: 1}, c); !errors.Is(err, errFailed) {
			t.Errorf("%s: a writer that fails at the end: %v", form, err)
		}
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errFailed }

// BenchmarkWrite writes a conversation of a million messages.
func BenchmarkWrite(b *testing.B) {
	for _, form := range []export.Form{export.Text, export.HTML, export.JSON} {
		b.Run(string(form), func(b *testing.B) {
			for b.Loop() {
				if err := export.Write(b.Context(), io.Discard, form, endless{messages: 1_000_000}, conversation("zh")); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
