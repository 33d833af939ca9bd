package protocol_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"feihong/protocol"
)

func describeReference(r protocol.Reference) any {
	return map[string]any{"own": r.Own, "id": r.ID}
}

func describeAmendment(m protocol.ChatMessage) any {
	switch m := m.(type) {
	case *protocol.Edit:
		return map[string]any{"kind": "edit", "id": m.ID, "time": m.Time, "target": m.Target, "body": m.Body}
	case *protocol.Recall:
		return map[string]any{"kind": "recall", "id": m.ID, "time": m.Time, "target": m.Target}
	case *protocol.Reaction:
		return map[string]any{"kind": "reaction", "id": m.ID, "time": m.Time, "target": describeReference(m.Target), "emoji": m.Emoji}
	case *protocol.Nudge:
		return map[string]any{"kind": "nudge", "id": m.ID, "time": m.Time}
	case *protocol.Picture:
		return map[string]any{"kind": "picture", "id": m.ID, "data": hex.EncodeToString(m.Data)}
	}
	return nil
}

// reaction puts an emoji to a message of the one who receives it.
func reaction(emoji string) *protocol.Reaction {
	return &protocol.Reaction{ID: messageID(2), Time: 1, Target: protocol.Reference{ID: messageID(1)}, Emoji: emoji}
}

func amendments() map[string]protocol.ChatMessage {
	own := reaction("👍")
	own.Target.Own = true
	return map[string]protocol.ChatMessage{
		"text that answers the other's": &protocol.Text{ID: messageID(2), Time: 1, Body: "x", Answers: protocol.Reference{ID: messageID(1)}},
		"text that answers an own one":  &protocol.Text{ID: messageID(2), Time: 1, Body: "x", Answers: protocol.Reference{Own: true, ID: messageID(1)}},
		"edit":                          &protocol.Edit{ID: messageID(2), Time: 1767225600000, Target: messageID(1), Body: "Hello, 世界"},
		"recall":                        &protocol.Recall{ID: messageID(2), Time: protocol.MaxTime, Target: messageID(1)},
		"reaction":                      reaction("❤\ufe0f"),
		"reaction to an own message":    own,
		"reaction taken back":           reaction(""),
		"nudge":                         &protocol.Nudge{ID: messageID(2)},
		"picture":                       &protocol.Picture{ID: messageID(2), Data: []byte{0xff, 0xd8, 0xff}},
		"picture, none any more":        &protocol.Picture{ID: messageID(2)},
	}
}

func amendmentsOdd() []bodyVector {
	zero := bytesItem(make([]byte, 16))
	text := textFields()
	edit := fields{0: "07", 1: idItem(2), 2: "01", 3: textItem("x"), 4: idItem(1)}
	recall := fields{0: "08", 1: idItem(2), 2: "01", 4: idItem(1)}
	reacted := fields{0: "09", 1: idItem(2), 2: "01", 3: textItem("👍"), 5: idItem(1)}
	nudge := fields{0: "0a", 1: idItem(2), 2: "01"}
	picture := fields{0: "0b", 1: idItem(2), 3: "41 07"}
	table := []bodyVector{
		altered("edit with an unknown field", edit.with(5, "f5").octets(), describeAmendment(&protocol.Edit{ID: messageID(2), Time: 1, Target: messageID(1), Body: "x"})),
		altered("nudge with an unknown field", nudge.with(3, "f5").octets(), describeAmendment(&protocol.Nudge{ID: messageID(2), Time: 1})),
		rejected("text that answers two", "field", text.with(4, idItem(1)).with(5, idItem(2)).octets()),
		rejected("text that answers ID zero", "field", text.with(4, zero).octets()),
		rejected("text that answers the other's ID zero", "field", text.with(5, zero).octets()),
		rejected("text that answers an ID of 15 bytes", "field", text.with(5, bytesItem(make([]byte, 15))).octets()),
		rejected("edit, body empty", "text-empty", edit.with(3, "60").octets()),
		rejected("edit, body too long", "text-too-long", octets{"a5 00 07 01" + idItem(2) + " 02 01 03 7a 00 01 00 01", "61*65537", "04" + idItem(1)}),
		rejected("reaction to nothing", "missing", reacted.without(5).octets()),
		rejected("reaction to two", "field", reacted.with(4, idItem(3)).octets()),
		rejected("reaction to ID zero", "field", reacted.with(5, zero).octets()),
		rejected("picture of 24577 bytes", "field", picture.with(3, bytesItem(make([]byte, 24577))).octets()),
		rejected("picture as text", "field", picture.with(3, "61 61").octets()),
		rejected("picture, ID zero", "field", picture.with(1, zero).octets()),
		rejected("unknown kind 12", "unknown-kind", octets{"a1 00 0c"}),
	}
	for _, emoji := range notEmoji() {
		table = append(table, rejected("reaction "+emoji.name, "field", reacted.with(3, textItem(emoji.s)).octets()))
	}
	for _, m := range []struct {
		name string
		f    fields
	}{{"edit", edit}, {"recall", recall}, {"reaction", reacted}, {"nudge", nudge}, {"picture", picture}} {
		for key, what := range map[uint]string{1: "ID", 2: "time", 3: "content", 4: "target"} {
			if _, ok := m.f[key]; ok {
				table = append(table, rejected(m.name+" without "+what, "missing", m.f.without(key).octets()))
			}
		}
		if _, timed := m.f[2]; !timed {
			continue
		}
		table = append(table,
			rejected(m.name+", ID zero", "field", m.f.with(1, zero).octets()),
			rejected(m.name+", time negative", "field", m.f.with(2, "20").octets()),
			rejected(m.name+", time after the year 9999", "field", m.f.with(2, "1b 00 00 e6 77 d2 1f dc 00").octets()))
		if _, aimed := m.f[4]; aimed {
			table = append(table, rejected(m.name+", target zero", "field", m.f.with(4, zero).octets()))
		}
	}
	return sortedVectors(table)
}

func sortedVectors(table []bodyVector) []bodyVector {
	byName := make(map[string]bodyVector)
	for _, v := range table {
		byName[v.Name] = v
	}
	var out []bodyVector
	for _, v := range sorted(byName) {
		out = append(out, v)
	}
	return out
}

type named struct{ name, s string }

func notEmoji() []named {
	return []named{
		{"of a letter", "a"},
		{"of a character", "鸿"},
		{"of a space", " "},
		{"of two emoji", "👍👍"},
		{"of an emoji and a letter", "👍a"},
		{"of an override", "\u202e👍"},
		{"of a control character", "👍\x00"},
		{"of a joiner", "\u200d"},
		{"that ends in a joiner", "👩\u200d"},
		{"that ends in two joiners", "👩\u200d\u200d👩"},
		{"of a style", "\ufe0f"},
		{"of marks", "👍\u0301\u0301\u0301"},
		{"of one region", "🇨"},
		{"of three regions", "🇨🇳🇨"},
		{"of a region and a letter", "🇨a"},
		{"of a digit", "1"},
		{"of a keycap", "\u20e3"},
		{"of a key with a letter", "a\ufe0f\u20e3"},
		{"of a key with much before it", "12\u20e3"},
		{"of tags without end", "🏴\U000e0067\U000e0062"},
		{"of a very wide ligature", "﷽"},
		{"of a space of Braille", "\u2800"},
		{"of 66 bytes", strings.Repeat("👩\u200d", 9) + "☝"},
	}
}

func TestEmoji(t *testing.T) {
	for _, s := range []string{
		"👍", "👍🏽", "❤", "❤\ufe0f", "❤\ufe0e", "😂", "🇨🇳", "1\ufe0f\u20e3", "#\u20e3", "👩\u200d👩\u200d👧", "🏳\ufe0f\u200d🌈", "👨🏿\u200d❤\ufe0f\u200d💋\u200d👨🏿",
		"🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "☕", "✅", "➡\ufe0f", "©\ufe0f", "㊗", "ℹ\ufe0f", "\U0001faff",
	} {
		if err := protocol.CheckEmoji(s); err != nil {
			t.Errorf("%q: %v", s, err)
		}
	}
	for _, v := range append(notEmoji(), named{"nothing", ""}, named{"not UTF-8", "\xf0\x9f"}) {
		if err := protocol.CheckEmoji(v.s); !errors.Is(err, protocol.ErrEmoji) {
			t.Errorf("%q (%s) gave %v", v.s, v.name, err)
		}
	}
}

// TestPreviewThatDoesNotFit: an offer that would be too long with its preview
// travels without it.
func TestPreviewThatDoesNotFit(t *testing.T) {
	great := greatestOffer()
	great.Preview = make([]byte, protocol.MaxPreviewBytes)
	withPreview := mustEncodeChat(t, great)
	if !bytes.Equal(withPreview, mustEncodeChat(t, greatestOffer())) {
		t.Errorf("%d bytes, and not the offer without preview", len(withPreview))
	}
	small := offer()
	small.Preview = make([]byte, protocol.MaxPreviewBytes)
	m, err := protocol.DecodeChat(mustEncodeChat(t, small))
	if err != nil || len(m.(*protocol.Offer).Preview) != protocol.MaxPreviewBytes {
		t.Errorf("the preview did not arrive: %v", err)
	}
}
