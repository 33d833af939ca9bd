// Package export writes a conversation to a file that can be read without
// this program: as text and as a page for people, as JSON for programs.
//
// What people wrote is hostile: in the text it is indented, so that it cannot
// pass for the frame around it; in the page it is escaped, and the page loads
// nothing, runs nothing and links to nothing. Control characters and those that
// reorder text are made visible in both. JSON has everything as it is.
package export

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"feihong/app/chat"
	"feihong/assets/translations"
	"feihong/protocol"
)

// Form is how a conversation is written: the extension of the file.
type Form string

// The forms.
const (
	Text Form = "txt"
	HTML Form = "html"
	JSON Form = "json"
)

// FormError says that there is no such form.
type FormError struct{ Extension string }

func (e *FormError) Error() string {
	return fmt.Sprintf("there is no form %q; there are txt, html and json", e.Extension)
}

// UserText gives the translation.
func (e *FormError) UserText() (string, map[string]any) {
	return "export.form", map[string]any{"extension": e.Extension}
}

// ParseForm reads the name of a form, in letters of any case, with or without
// a dot before it.
func ParseForm(name string) (Form, error) {
	switch form := Form(strings.ToLower(strings.TrimPrefix(name, "."))); form {
	case Text, HTML, JSON:
		return form, nil
	case "htm":
		return HTML, nil
	}
	return "", &FormError{Extension: name}
}

// FormOf returns the form that the extension of a path names.
func FormOf(path string) (Form, error) { return ParseForm(filepath.Ext(path)) }

// Source gives the messages.
type Source interface {
	History(ctx context.Context, query chat.HistoryQuery) ([]chat.Message, error)
	MessageAt(ctx context.Context, contact chat.ContactID, ref chat.Ref) (chat.Message, error)
}

// Conversation is what is exported, and how.
type Conversation struct {
	With   chat.Contact
	Self   string // the name of the user
	SelfID string
	// Now is when it is exported. Times are written in its location.
	Now   time.Time
	Words *translations.Catalog
}

// pageSize is how many messages are held at a time.
const pageSize = 200

// Write writes a conversation, however long, from its beginning. When it
// fails, what was written is incomplete.
func Write(ctx context.Context, w io.Writer, form Form, source Source, c Conversation) error {
	out := bufio.NewWriterSize(w, 64<<10)
	sheet := sheets[form]
	if sheet == nil {
		return &FormError{Extension: string(form)}
	}
	e := &exporter{Conversation: c, source: source, sheet: sheet(&pen{Writer: out, Conversation: c})}
	if err := e.run(ctx); err != nil {
		return err
	}
	return out.Flush()
}

// sheets make what writes a form.
var sheets = map[Form]func(*pen) sheet{
	Text: func(p *pen) sheet { return textSheet{p} },
	HTML: func(p *pen) sheet { return pageSheet{p} },
	JSON: func(p *pen) sheet { return &jsonSheet{pen: p} },
}

// sheet is a form on its way. What goes wrong is in its pen.
type sheet interface {
	begin()
	day(date string)
	message(m entry)
	end()
	failed() error
}

// entry is a message with what is told beside it.
type entry struct {
	chat.Message
	from  string
	quote *quote // what it answers; nil if nothing
}

// quote is the message that another one answers.
type quote struct {
	chat.Message
	from string
	lost bool // it is not there any more
}

type exporter struct {
	Conversation
	source Source
	sheet  sheet
	date   string // of the last message
}

func (e *exporter) run(ctx context.Context) error {
	e.sheet.begin()
	query := chat.HistoryQuery{Contact: e.With.ID, After: -1, Limit: pageSize}
	for {
		page, err := e.source.History(ctx, query)
		if err != nil {
			return err
		}
		for i := range page {
			if err := e.write(ctx, &page[i]); err != nil {
				return err
			}
		}
		if len(page) < pageSize {
			e.sheet.end()
			return e.sheet.failed()
		}
		query.After = page[len(page)-1].Seq
	}
}

func (e *exporter) write(ctx context.Context, m *chat.Message) error {
	quoted, err := e.quoted(ctx, m)
	if err != nil {
		return err
	}
	if date := m.Time.In(e.Now.Location()).Format(time.DateOnly); date != e.date {
		e.date = date
		e.sheet.day(date)
	}
	e.sheet.message(entry{Message: *m, from: e.writer(m.Direction), quote: quoted})
	return e.sheet.failed()
}

// quoted finds what a message answers.
func (e *exporter) quoted(ctx context.Context, m *chat.Message) (*quote, error) {
	if m.ReplyTo.IsZero() {
		return nil, nil
	}
	q := &quote{from: e.writer(m.ReplyTo.Direction)}
	var err error
	q.Message, err = e.source.MessageAt(ctx, e.With.ID, m.ReplyTo)
	if errors.Is(err, chat.ErrNoMessage) {
		q.lost, err = true, nil
	}
	return q, err
}

// writer is the name of who wrote in a direction.
func (c *Conversation) writer(direction chat.Direction) string {
	if direction == chat.Out {
		return oneLine(c.Self)
	}
	return oneLine(c.With.DisplayName())
}

// oneLine makes a text safe to show in a line.
func oneLine(s string) string {
	return strings.Join(strings.Fields(protocol.VisibleText(s)), " ")
}

// pen writes until something fails.
type pen struct {
	*bufio.Writer
	Conversation
	err error
}

func (p *pen) failed() error { return p.err }

// put writes parts one after the other.
func (p *pen) put(parts ...string) {
	for _, part := range parts {
		if p.err == nil {
			_, p.err = p.WriteString(part)
		}
	}
}

// say is a text in the language of the reader.
func (p *pen) say(key string, args map[string]any) string { return p.Words.Text(key, args) }

// clock is the time of the day of a moment, or with its date if that is
// another one.
func (p *pen) clock(t, beside time.Time) string {
	t, beside = t.In(p.Now.Location()), beside.In(p.Now.Location())
	if t.Format(time.DateOnly) != beside.Format(time.DateOnly) {
		return t.Format("2006-01-02 15:04:05")
	}
	return t.Format(time.TimeOnly)
}

// facts are the lines above the messages.
func (p *pen) facts() []string {
	id := p.say("export.no-id", nil)
	if !p.With.Pending() {
		id = p.With.Peer.String()
	}
	return []string{
		p.say("export.made", map[string]any{"time": p.Now.Format("2006-01-02 15:04 (UTC-07:00)")}),
		p.say("export.person", map[string]any{"name": p.writer(chat.In), "id": id}),
		p.say("export.person", map[string]any{"name": p.writer(chat.Out), "id": p.SelfID}),
	}
}

func (p *pen) title() string {
	return p.say("export.title", map[string]any{"name": p.writer(chat.In)})
}

// remarks are what is told about a message beside its time.
func (p *pen) remarks(m *entry) (list []string) {
	if !m.Edited.IsZero() {
		list = append(list, p.say("export.edited", map[string]any{"time": p.clock(m.Edited, m.Time)}))
	}
	switch {
	case m.Direction != chat.Out:
	case m.State == chat.Failed:
		list = append(list, p.say("export.failed", nil))
	case !m.State.Final():
		list = append(list, p.say("export.waiting", nil))
	}
	return list
}

// notice is what is told of a message that has nothing to read, or "".
func (p *pen) notice(m *chat.Message, from string) string {
	switch {
	case m.Recalled:
		return p.say("export.recalled", map[string]any{"name": from})
	case m.Kind == chat.KindNudge:
		return p.say("export.nudge", map[string]any{"name": from})
	}
	return ""
}

// names are those of offered files, or "".
func (p *pen) names(m *chat.Message) string {
	if m.Kind != chat.KindFiles || m.Recalled {
		return ""
	}
	names := strings.Join(strings.Split(protocol.VisibleText(m.Names), "\n"), ", ")
	return p.say("export.files", map[string]any{"names": names})
}

// shortened is how much of an answered message is repeated, in characters.
const shortened = 120

// excerpt is what is told of an answered message.
func (p *pen) excerpt(q *quote) string {
	if q.lost {
		return p.say("export.lost", nil)
	}
	if told := p.notice(&q.Message, q.from); told != "" {
		return told
	}
	text := strings.TrimSpace(p.names(&q.Message) + " " + oneLine(q.Text))
	if runes := []rune(text); len(runes) > shortened {
		text = string(runes[:shortened]) + "…"
	}
	return p.say("export.quote", map[string]any{"name": q.from, "text": text})
}

// reactions are the emoji of both, each with the name.
func (p *pen) reactions(m *entry) (list []string) {
	for direction, emoji := range m.Reactions {
		if emoji != "" {
			list = append(list, oneLine(emoji)+" "+p.writer(chat.Direction(direction)))
		}
	}
	return list
}
