package export

import (
	"html"
	"time"

	"feihong/app/chat"
	"feihong/protocol"
)

// pageSheet is a page that stands by itself.
type pageSheet struct{ *pen }

const style = `
:root { color-scheme: light dark; }
body { margin: 0 auto; max-width: 48rem; padding: 1rem; font: 15px/1.5 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif;
  background: light-dark(#f5f6f8, #17191d); color: light-dark(#1b1f24, #e6e8eb); }
h1 { font-size: 1.4rem; margin: .5rem 0; }
h2 { font-size: .85rem; font-weight: 600; text-align: center; margin: 1.5rem 0 .5rem; }
p { margin: 0; overflow-wrap: anywhere; }
.facts, h2, header, footer, blockquote, .notice { color: light-dark(#555d66, #a5adb6); }
.facts { font-size: .85rem; }
article { content-visibility: auto; margin: .5rem 25% .5rem 0; padding: .4rem .75rem; border-radius: .6rem; background: light-dark(#fff, #25282e); }
article.out { margin: .5rem 0 .5rem 25%; background: light-dark(#dcebff, #1d3557); }
article.notice { margin: .5rem 0; padding: 0; text-align: center; background: none; font-size: .85rem; }
header, footer { font-size: .8rem; }
blockquote { margin: .25rem 0; padding-left: .6rem; border-left: .2rem solid currentcolor; font-size: .9rem; overflow-wrap: anywhere; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; }
`

func (s pageSheet) begin() {
	title := html.EscapeString(s.title())
	s.put("<!DOCTYPE html>\n<html lang=\"", s.Words.Lang(), "\">\n<head>\n<meta charset=\"utf-8\">\n",
		`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`, "\n",
		`<meta name="referrer" content="no-referrer">`, "\n",
		`<meta name="viewport" content="width=device-width, initial-scale=1">`, "\n",
		"<title>", title, "</title>\n<style>", style, "</style>\n</head>\n<body>\n<h1>", isolated(s.title()), "</h1>\n")
	for _, fact := range s.facts() {
		s.put(`<p class="facts">`, isolated(fact), "</p>\n")
	}
}

// isolated is a text that cannot turn around what stands beside it.
func isolated(s string) string { return "<bdi>" + html.EscapeString(s) + "</bdi>" }

func (s pageSheet) day(date string) {
	s.put(`<h2><time datetime="`, date, `">`, date, "</time></h2>\n")
}

func (s pageSheet) message(m entry) {
	if told := s.notice(&m.Message, m.from); told != "" {
		s.put(`<article class="notice">`, s.time(m.Time), " ", isolated(told))
		s.below(&m)
		s.put("</article>\n")
		return
	}
	if m.Direction == chat.Out {
		s.put(`<article class="out">`)
	} else {
		s.put(`<article>`)
	}
	s.put("<header><b>", isolated(m.from), "</b> ", s.time(m.Time))
	for _, remark := range s.remarks(&m) {
		s.put(" · ", html.EscapeString(remark))
	}
	s.put("</header>")
	if m.quote != nil {
		s.put("<blockquote>", isolated(s.excerpt(m.quote)), "</blockquote>")
	}
	if names := s.names(&m.Message); names != "" {
		s.put("<p>", isolated(names), "</p>")
	}
	if m.Text != "" {
		s.put(`<div class="text" dir="auto">`, html.EscapeString(protocol.VisibleText(m.Text)), "</div>")
	}
	s.below(&m)
	s.put("</article>\n")
}

func (s pageSheet) time(t time.Time) string {
	t = t.In(s.Now.Location())
	return `<time datetime="` + t.Format(time.RFC3339) + `">` + t.Format(time.TimeOnly) + "</time>"
}

func (s pageSheet) below(m *entry) {
	reactions := s.reactions(m)
	if len(reactions) == 0 {
		return
	}
	s.put("<footer>")
	for i, reaction := range reactions {
		if i > 0 {
			s.put(" · ")
		}
		s.put(isolated(reaction))
	}
	s.put("</footer>")
}

func (s pageSheet) end() { s.put("</body>\n</html>\n") }
