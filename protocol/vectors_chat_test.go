package protocol_test

import (
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"

	"feihong/protocol"
)

// sorted goes through a map in the order of its keys, so that the files of
// vectors come out the same each time.
func sorted[V any](m map[string]V) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		for _, key := range slices.Sorted(maps.Keys(m)) {
			if !yield(key, m[key]) {
				return
			}
		}
	}
}

// describeChat gives a chat message the form that it has in the vectors.
func describeChat(m protocol.ChatMessage) any {
	switch m := m.(type) {
	case *protocol.Text:
		described := map[string]any{"kind": "text", "id": m.ID, "time": m.Time, "body": m.Body}
		if m.Answers != (protocol.Reference{}) {
			described["answers"] = describeReference(m.Answers)
		}
		return described
	case *protocol.Delivered:
		return map[string]any{"kind": "delivered", "ids": m.IDs}
	case *protocol.Read:
		return map[string]any{"kind": "read", "ids": m.IDs}
	case *protocol.Typing:
		return map[string]any{"kind": "typing", "active": m.Active}
	case *protocol.Refused:
		return map[string]any{"kind": "refused", "id": m.ID, "code": m.Code}
	case *protocol.Offer:
		return describeOffer(m)
	}
	return describeAmendment(m)
}

func chatMessages() map[string]protocol.ChatMessage {
	text := func(time int64, body string) *protocol.Text {
		return &protocol.Text{ID: messageID(1), Time: time, Body: body}
	}
	messages := map[string]protocol.ChatMessage{
		"text":                    text(1767225600000, "Hello, 世界 👩‍👩‍👧"),
		"text, time zero":         text(0, "x"),
		"text, latest time":       text(protocol.MaxTime, "x"),
		"text with controls":      text(1, "a\x00b\r\nc\td\u202Ee\u0085f"),
		"text of 24 bytes":        text(1, strings.Repeat("a", 24)),
		"text of 256 bytes":       text(1, strings.Repeat("a", 256)),
		"delivered, one":          &protocol.Delivered{IDs: messageIDList(1)},
		"delivered, 23":           &protocol.Delivered{IDs: messageIDList(23)},
		"delivered, 24":           &protocol.Delivered{IDs: messageIDList(24)},
		"read, two, one repeated": &protocol.Read{IDs: append(messageIDList(2), messageID(0))},
		"typing":                  &protocol.Typing{Active: true},
		"typing no more":          &protocol.Typing{},
		"refused":                 &protocol.Refused{ID: messageID(7), Code: protocol.CodeTooLong},
		"refused, unknown code":   &protocol.Refused{ID: messageID(7), Code: 999},
	}
	for name, m := range offers() {
		messages[name] = m
	}
	maps.Copy(messages, amendments())
	return messages
}

func idItem(n uint32) string {
	id := messageID(n)
	return bytesItem(id[:])
}

func textFields() fields {
	return fields{0: "01", 1: idItem(1), 2: "01", 3: textItem("x")}
}

func chatTable(tb testing.TB) []bodyVector {
	var table []bodyVector
	for name, m := range sorted(chatMessages()) {
		table = append(table, accepted(name, mustEncodeChat(tb, m), describeChat(m)))
	}
	table = append(table, chatAltered()...)
	table = append(table, chatRejected()...)
	table = append(table, offerOdd()...)
	table = append(table, amendmentsOdd()...)
	return append(table, bodyRejected()...)
}

func chatAltered() []bodyVector {
	x := &protocol.Text{ID: messageID(1), Time: 1, Body: "x"}
	return []bodyVector{
		altered("text with unknown fields", textFields().with(6, "f5").with(100, "80").octets(), describeChat(x)),
		altered("unknown field, deepest allowed", textFields().with(6, "81 81 81 00").octets(), describeChat(x)),
		altered("unknown field, greatest key", octets{"a5", "00 01", "01" + idItem(1), "02 01", "03 61 78", "1a 7f ff ff ff 00"}, describeChat(x)),
		altered("unknown field, most elements", octets{"a3 00 04 01 f5 02 99 04 00", "00*1024"}, describeChat(&protocol.Typing{Active: true})),
	}
}

func chatRejected() []bodyVector {
	f, zeroID := textFields(), bytesItem(make([]byte, 16))
	return []bodyVector{
		rejected("text without ID", "missing", f.without(1).octets()),
		rejected("text without time", "missing", f.without(2).octets()),
		rejected("text without body", "missing", f.without(3).octets()),
		rejected("text, ID zero", "field", f.with(1, zeroID).octets()),
		rejected("text, ID of 15 bytes", "field", f.with(1, bytesItem(make([]byte, 15))).octets()),
		rejected("text, ID of 17 bytes", "field", f.with(1, bytesItem(make([]byte, 17))).octets()),
		rejected("text, ID as text", "field", f.with(1, textItem(strings.Repeat("a", 16))).octets()),
		rejected("text, ID as an array", "field", f.with(1, "90 "+strings.Repeat("01", 16)).octets()),
		rejected("text, time negative", "field", f.with(2, "20").octets()),
		rejected("text, time after the year 9999", "field", f.with(2, "1b 00 00 e6 77 d2 1f dc 00").octets()),
		rejected("text, time over 63 bits", "field", f.with(2, "1b ff ff ff ff ff ff ff ff").octets()),
		rejected("text, body as bytes", "field", f.with(3, "41 78").octets()),
		rejected("text, body empty", "text-empty", f.with(3, "60").octets()),
		rejected("text, body of white space", "text-empty", f.with(3, textItem(" \n\u3000")).octets()),
		rejected("text, body too long", "text-too-long", octets{"a4 00 01 01" + idItem(1) + " 02 01 03 7a 00 01 00 01", "61*65537"}),
		rejected("text, body not UTF-8", "not-utf8", f.with(3, "62 c3 28").octets()),
		rejected("text, body with a surrogate", "not-utf8", f.with(3, "63 ed a0 80").octets()),
		rejected("text, body in overlong UTF-8", "not-utf8", f.with(3, "62 c0 80").octets()),
		rejected("longer than the limit", "limit", octets{"00*81921"}),

		rejected("delivered without IDs", "missing", octets{"a1 00 02"}),
		rejected("delivered, empty", "field", octets{"a2 00 02 01 80"}),
		rejected("delivered, one ID without array", "field", octets{"a2 00 02 01" + idItem(1)}),
		rejected("delivered, ID of 15 bytes", "field", octets{"a2 00 02 01 81 4f", "01*15"}),
		rejected("delivered, IDs of 15 and 17 bytes", "field", octets{"a2 00 02 01 82 4f", "01*15", "51", "01*17"}),
		rejected("delivered, ID zero", "field", octets{"a2 00 02 01 82" + idItem(1) + zeroID}),
		rejected("read, 1025 IDs", "too-many", octets{"a2 00 03 01 99 04 01", idItem(1) + "*1025"}),
		rejected("typing without state", "missing", octets{"a1 00 04"}),
		rejected("typing, state as a number", "field", octets{"a2 00 04 01 01"}),
		rejected("refused without code", "missing", octets{"a2 00 05 01" + idItem(1)}),
		rejected("refused, code zero", "field", octets{"a3 00 05 01" + idItem(1) + "02 00"}),
		rejected("refused, ID zero", "field", octets{"a3 00 05 01" + zeroID + "02 01"}),
	}
}

// bodyRejected breaks the rules that hold for the bodies of all applications.
// They are held by unknown fields too.
func bodyRejected() []bodyVector {
	typing := func(field string) octets { return octets{"a3 00 04 01 f5 02 " + field} }
	return []bodyVector{
		rejected("known key twice", "duplicate-key", octets{"a3 00 04 01 f5 01 f5"}),
		rejected("kind twice", "duplicate-key", octets{"a3 00 04 00 04 01 f5"}),
		rejected("unknown key twice", "duplicate-key", octets{"a4 00 04 01 f5 02 00 02 01"}),
		rejected("key twice in a nested map", "duplicate-key", typing("a2 01 00 01 00")),
		rejected("keys out of order", "encoding", octets{"a4 00 04 01 f5 03 00 02 00"}),
		rejected("kind last", "no-kind", octets{"a2 01 f5 00 04"}),
		rejected("nested keys out of order", "encoding", typing("a2 02 00 01 00")),
		rejected("text key", "item", octets{"a3 00 04 01 f5 61 78 00"}),
		rejected("negative key", "item", octets{"a3 00 04 01 f5 20 00"}),
		rejected("key over 31 bits", "item", octets{"a3 00 04 01 f5 1a 80 00 00 00 00"}),
		rejected("key in long form", "encoding", octets{"a2 00 04 18 01 f5"}),
		rejected("number in two bytes for one", "encoding", typing("18 17")),
		rejected("number in three bytes for two", "encoding", typing("19 00 ff")),
		rejected("number in five bytes for three", "encoding", typing("1a 00 00 ff ff")),
		rejected("number in nine bytes for five", "encoding", typing("1b 00 00 00 00 ff ff ff ff")),
		rejected("length in long form", "encoding", typing("78 01 61")),
		rejected("count of the body in long form", "encoding", octets{"b8 02 00 04 01 f5"}),
		rejected("body of indefinite length", "encoding", octets{"bf 00 04 01 f5 ff"}),
		rejected("map of indefinite length", "encoding", typing("bf ff")),
		rejected("array of indefinite length", "encoding", typing("9f ff")),
		rejected("text of indefinite length", "encoding", typing("7f 61 78 ff")),
		rejected("bytes of indefinite length", "encoding", typing("5f 41 78 ff")),
		rejected("null", "item", typing("f6")),
		rejected("null for a known field", "item", octets{"a2 00 04 01 f6"}),
		rejected("undefined", "item", typing("f7")),
		rejected("simple value", "item", typing("e0")),
		rejected("simple value in two bytes", "item", typing("f8 ff")),
		rejected("break without beginning", "item", typing("ff")),
		rejected("half-precision number", "item", typing("f9 3c 00")),
		rejected("single-precision number", "item", typing("fa 3f 80 00 00")),
		rejected("double-precision number", "item", typing("fb 3f f0 00 00 00 00 00 00")),
		rejected("tag", "item", typing("c0 00")),
		rejected("tag around the body", "item", octets{"d9 d9 f7 a2 00 04 01 f5"}),
		rejected("big number", "item", typing("c2 41 01")),
		rejected("reserved length 28", "item", typing("1c")),
		rejected("reserved length 30", "item", typing("5e")),
		rejected("arrays too deep", "nesting", typing("81 81 81 81 00")),
		rejected("maps too deep", "nesting", typing("a1 00 a1 00 a1 00 a1 00 00")),
		rejected("very deep", "nesting", octets{"a3 00 04 01 f5 02", "81*10000"}),
		rejected("array too long", "too-many", octets{"a3 00 04 01 f5 02 99 04 01", "00*1025"}),
		rejected("array declared with 2^64-1 elements", "too-many", typing("9b ff ff ff ff ff ff ff ff")),
		rejected("array of 1000 elements, none there", "truncated", typing("99 03 e8")),
		rejected("map declared with 2^64-1 pairs", "too-many", typing("bb ff ff ff ff ff ff ff ff")),
		rejected("body of 33 pairs", "too-many", octets{"b8 21 00 04 01 f5"}),
		rejected("nested map of 33 pairs", "too-many", typing("b8 21")),
		rejected("text declared with 4 GiB", "truncated", typing("7a ff ff ff ff 61")),
		rejected("text declared with 2^64-1 bytes", "truncated", typing("7b ff ff ff ff ff ff ff ff 61")),
		rejected("bytes declared with 2^63 bytes", "truncated", typing("5b 80 00 00 00 00 00 00 00 61")),
		rejected("unknown field not UTF-8", "not-utf8", typing("61 80")),
		rejected("one byte behind the end", "trailing", octets{"a2 00 04 01 f5 00"}),
		rejected("two bodies", "trailing", octets{"a2 00 04 01 f5 a2 00 04 01 f5"}),
	}
}

const aboutChat = "Bodies of application 1, chat. See docs/protocol.md#golden-vectors."

func TestChatVectors(t *testing.T) {
	for _, v := range loadGolden(t, "chat.json", aboutChat, chatTable(t)) {
		t.Run(v.Name, func(t *testing.T) {
			m, err := protocol.DecodeChat(v.Bytes.bytes(t))
			if err != nil {
				checkBody(t, v, nil, nil, err)
				return
			}
			checkBody(t, v, describeChat(m), mustEncodeChat(t, m), nil)
		})
	}
}
