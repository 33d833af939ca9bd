package protocol_test

import (
	"encoding/hex"
	"strings"
	"testing"

	"feihong/protocol"
)

func describeFiles(m protocol.FilesMessage) any {
	switch m := m.(type) {
	case *protocol.TransferState:
		return map[string]any{
			"kind": "transfer-state", "id": m.ID, "phase": m.Phase.String(), "reason": m.Reason, "detail": m.Detail, "done": m.Done, "answer": m.Answer,
		}
	case *protocol.TransferCall:
		return map[string]any{"kind": "transfer-call", "id": m.ID}
	case *protocol.TransferReceipt:
		return map[string]any{"kind": "transfer-receipt", "id": m.ID, "receipt": hex.EncodeToString(m.Receipt)}
	}
	return nil
}

func filesMessages(tb testing.TB) map[string]protocol.FilesMessage {
	messages := map[string]protocol.FilesMessage{
		"failed":         &protocol.TransferState{ID: messageID(6), Phase: protocol.PhaseFailed, Reason: "source-changed", Detail: "照片/1.jpg", Done: 1 << 40},
		"running":        &protocol.TransferState{ID: messageID(6), Phase: protocol.PhaseAccepted, Done: protocol.MaxFileBytes, Answer: true},
		"phase of later": &protocol.TransferState{ID: messageID(6), Phase: 255},
		"at all limits": &protocol.TransferState{
			ID: messageID(6), Phase: 255, Reason: strings.Repeat("r", protocol.MaxReasonBytes), Detail: strings.Repeat("d", protocol.MaxDetailBytes),
			Done: protocol.MaxFileBytes, Answer: true,
		},
		"call":            &protocol.TransferCall{ID: messageID(6)},
		"receipt":         &protocol.TransferReceipt{ID: messageID(6), Receipt: mustEncodeReceipt(tb, receipt(tb))},
		"longest receipt": &protocol.TransferReceipt{ID: messageID(6), Receipt: make([]byte, protocol.MaxReceiptBytes)},
	}
	for phase := protocol.PhaseOffered; phase <= protocol.PhaseUnknown; phase++ {
		messages["phase "+phase.String()] = &protocol.TransferState{ID: messageID(6), Phase: phase}
	}
	return messages
}

func filesTable(tb testing.TB) []bodyVector {
	var table []bodyVector
	for name, m := range sorted(filesMessages(tb)) {
		body, err := protocol.EncodeFiles(m)
		if err != nil {
			tb.Fatal(err)
		}
		table = append(table, accepted(name, body, describeFiles(m)))
	}
	return append(table, filesOdd()...)
}

func filesOdd() []bodyVector {
	state := fields{0: "01", 1: idItem(1), 2: "06", 3: textItem("gone"), 4: textItem("x"), 5: "07", 6: "f4"}
	call := fields{0: "02", 1: idItem(1)}
	receipt := fields{0: "03", 1: idItem(1), 2: "41 01"}
	told := &protocol.TransferState{ID: messageID(1), Phase: protocol.PhaseFailed, Reason: "gone", Detail: "x", Done: 7}
	table := []bodyVector{
		altered("state with an unknown field", state.with(7, "f5").octets(), describeFiles(told)),
		altered("state, detail that is reordered", state.with(4, textItem("\u202Ex")).octets(), describeFiles(told)),
		altered("call with an unknown field", call.with(2, "f5").octets(), describeFiles(&protocol.TransferCall{ID: messageID(1)})),
		rejected("message of a later version", "unknown-kind", octets{"a1 00 04"}),
		rejected("longer than the limit", "limit", octets{"00*65537"}),
		rejected("state without ID", "missing", state.without(1).octets()),
		rejected("state without phase", "missing", state.without(2).octets()),
		rejected("state without detail", "missing", state.without(4).octets()),
		rejected("state without progress", "missing", state.without(5).octets()),
		rejected("state without answer", "missing", state.without(6).octets()),
		rejected("call without ID", "missing", call.without(1).octets()),
		rejected("receipt without ID", "missing", receipt.without(1).octets()),
		rejected("receipt without receipt", "missing", receipt.without(2).octets()),
	}
	zero := bytesItem(make([]byte, 16))
	for _, v := range []struct {
		name  string
		body  fields
		key   uint
		value string
	}{
		{"state, ID zero", state, 1, zero},
		{"state, phase zero", state, 2, "00"},
		{"state, phase over 255", state, 2, "19 01 00"},
		{"state, reason empty", state, 3, "60"},
		{"state, reason of 33 bytes", state, 3, textItem(strings.Repeat("a", 33))},
		{"state, reason with a capital", state, 3, textItem("Gone")},
		{"state, reason with a space", state, 3, textItem("is gone")},
		{"state, reason in Chinese", state, 3, textItem("没有")},
		{"state, detail of 256 bytes", state, 4, textItem(strings.Repeat("a", 256))},
		{"state, progress over a pebibyte", state, 5, "1b 00 04 00 00 00 00 00 01"},
		{"state, progress negative", state, 5, "20"},
		{"state, answer as a number", state, 6, "00"},
		{"call, ID zero", call, 1, zero},
		{"receipt, ID zero", receipt, 1, zero},
		{"receipt, empty", receipt, 2, "40"},
		{"receipt of 1025 bytes", receipt, 2, bytesItem(make([]byte, 1025))},
		{"receipt as an array", receipt, 2, "81 01"},
	} {
		table = append(table, rejected(v.name, "field", v.body.with(v.key, v.value).octets()))
	}
	return table
}

const aboutFiles = "Bodies of application 3, files. See docs/protocol.md#golden-vectors."

func TestFilesVectors(t *testing.T) {
	c := codecs(t)["files"]
	for _, v := range loadGolden(t, "files.json", aboutFiles, filesTable(t)) {
		t.Run(v.Name, func(t *testing.T) {
			m, err := protocol.DecodeFiles(v.Bytes.bytes(t))
			if err != nil {
				checkBody(t, v, nil, nil, err)
				return
			}
			checkBody(t, v, describeFiles(m), c.mustEncode(t, m), nil)
		})
	}
}
