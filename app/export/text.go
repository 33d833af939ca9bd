package export

import (
	"strings"

	"feihong/protocol"
)

// textSheet is plain text: a line with time and name, and below it what was
// written, indented.
type textSheet struct{ *pen }

func (t textSheet) begin() {
	t.put(t.title(), "\n")
	for _, fact := range t.facts() {
		t.put(fact, "\n")
	}
}

func (t textSheet) day(date string) { t.put("\n== ", date, " ==\n") }

func (t textSheet) message(m entry) {
	t.put("\n[", t.clock(m.Time, m.Time), "] ")
	if told := t.notice(&m.Message, m.from); told != "" {
		t.put(told, "\n")
		t.below(&m)
		return
	}
	t.put(m.from)
	for _, remark := range t.remarks(&m) {
		t.put(" (", remark, ")")
	}
	t.put("\n")
	if m.quote != nil {
		t.put("    > ", t.excerpt(m.quote), "\n")
	}
	if names := t.names(&m.Message); names != "" {
		t.put("    ", names, "\n")
	}
	if m.Text != "" {
		t.put("    ", strings.ReplaceAll(protocol.VisibleText(m.Text), "\n", "\n    "), "\n")
	}
	t.below(&m)
}

func (t textSheet) below(m *entry) {
	if reactions := t.reactions(m); len(reactions) > 0 {
		t.put("    ", strings.Join(reactions, "  "), "\n")
	}
}

func (t textSheet) end() {}
