package protocol_test

import (
	"net/netip"
	"strings"
	"testing"

	"feihong/protocol"
)

func describeDoctor(m protocol.DoctorMessage) any {
	switch m := m.(type) {
	case *protocol.Examine:
		out := map[string]any{"kind": "examine", "id": hex64(m.ID), "address": m.Address.Addr().String(), "port": m.Address.Port()}
		if !m.Peer.IsZero() {
			out["peer"] = m.Peer.String()
		}
		return out
	case *protocol.Examined:
		steps := []any{}
		for _, step := range m.Steps {
			steps = append(steps, map[string]any{"check": step.Check.String(), "outcome": step.Outcome.String(), "micros": step.Micros})
		}
		return map[string]any{"kind": "examined", "id": hex64(m.ID), "refused": m.Refused, "steps": steps}
	}
	return nil
}

func doctorMessages() map[string]protocol.DoctorMessage {
	all := []protocol.ExaminedStep{
		{Check: protocol.CheckPing, Outcome: protocol.OutcomeOK, Micros: 420},
		{Check: protocol.CheckUDP, Outcome: protocol.OutcomeNoAnswer, Micros: 1000000},
		{Check: protocol.CheckTCP, Outcome: protocol.OutcomeRefused, Micros: 0},
		{Check: protocol.CheckGreeting, Outcome: protocol.OutcomeForeign, Micros: 23},
		{Check: protocol.CheckIdentity, Outcome: protocol.OutcomeWrongPeer, Micros: 1<<32 - 1},
		{Check: protocol.CheckPing, Outcome: protocol.OutcomeNoRoute},
		{Check: protocol.CheckIdentity, Outcome: protocol.OutcomeSkipped},
		{Check: 255, Outcome: 255, Micros: 1},
	}
	return map[string]protocol.DoctorMessage{
		"examine":                   &protocol.Examine{ID: 1, Address: netip.MustParseAddrPort("192.168.1.20:49321"), Peer: peerID(2)},
		"examine, anybody":          &protocol.Examine{Address: netip.MustParseAddrPort("[2001:db8::20]:49321")},
		"examine, port not known":   &protocol.Examine{ID: 1<<64 - 1, Address: netip.MustParseAddrPort("192.168.1.20:0")},
		"examined":                  &protocol.Examined{ID: 1, Steps: all},
		"examined, nothing":         &protocol.Examined{},
		"examined, refused":         &protocol.Examined{ID: 1<<64 - 1, Refused: true},
		"examined, as much as fits": &protocol.Examined{ID: 1<<64 - 1, Steps: append(all[:len(all):len(all)], all...)},
	}
}

func doctorTable(tb testing.TB) []bodyVector {
	var table []bodyVector
	for name, m := range sorted(doctorMessages()) {
		body, err := protocol.EncodeDoctor(m)
		if err != nil {
			tb.Fatal(err)
		}
		table = append(table, accepted(name, body, describeDoctor(m)))
	}
	return append(table, doctorOdd()...)
}

func doctorOdd() []bodyVector {
	const step = "a3 00 01 01 02 02 03"
	examine := fields{0: "01", 1: "07", 2: "44 c0 a8 01 14", 3: "01"}
	examined := fields{0: "02", 1: "07", 2: "f4", 3: "81" + step}
	asked := describeDoctor(&protocol.Examine{ID: 7, Address: netip.MustParseAddrPort("192.168.1.20:1")})
	found := describeDoctor(&protocol.Examined{ID: 7, Steps: []protocol.ExaminedStep{{Check: protocol.CheckPing, Outcome: protocol.OutcomeNoAnswer, Micros: 3}}})
	table := []bodyVector{
		altered("examine with an unknown field", examine.with(5, "f5").octets(), asked),
		altered("examined with an unknown field", examined.with(4, "f5").octets(), found),
		altered("step with an unknown field", examined.with(3, "81 a4 00 01 01 02 02 03 03 f5").octets(), found),
		rejected("doctor message of a later version", "unknown-kind", octets{"a1 00 03"}),
		rejected("doctor message longer than the limit", "limit", octets{"00*4097"}),
		rejected("examine without ID", "missing", examine.without(1).octets()),
		rejected("examine without address", "missing", examine.without(2).octets()),
		rejected("examine without port", "missing", examine.without(3).octets()),
		rejected("examined without ID", "missing", examined.without(1).octets()),
		rejected("examined without refused", "missing", examined.without(2).octets()),
		rejected("examined without steps", "missing", examined.without(3).octets()),
		rejected("step without outcome", "missing", examined.with(3, "81 a2 00 01 02 03").octets()),
		rejected("step without check", "missing", examined.with(3, "81 a2 01 02 02 03").octets()),
		rejected("step without time", "missing", examined.with(3, "81 a2 00 01 01 02").octets()),
	}
	for _, v := range []struct {
		name  string
		body  fields
		key   uint
		value string
	}{
		{"examine, ID negative", examine, 1, "20"},
		{"examine, address of 5 bytes", examine, 2, "45 c0 a8 01 14 00"},
		{"examine, address 0.0.0.0", examine, 2, "44 00 00 00 00"},
		{"examine, address of everybody", examine, 2, "44 ff ff ff ff"},
		{"examine, multicast address", examine, 2, "50 ff 02" + strings.Repeat("00", 13) + "01"},
		{"examine, IPv4 address as IPv6", examine, 2, "50" + strings.Repeat("00", 10) + "ffff c0 a8 01 14"},
		{"examine, port over 65535", examine, 3, "1a 00 01 00 00"},
		{"examine, peer zero", examine, 4, bytesItem(make([]byte, 32))},
		{"examine, peer of 31 bytes", examine, 4, bytesItem(make([]byte, 31))},
		{"examined, refused as a number", examined, 2, "00"},
		{"examined, refused, with steps", examined, 2, "f5"},
		{"examined, 17 steps", examined, 3, "91" + strings.Repeat(step, 17)},
		{"examined, steps as numbers", examined, 3, "81 01"},
		{"step, check zero", examined, 3, "81 a3 00 00 01 02 02 03"},
		{"step, check over 255", examined, 3, "81 a3 00 19 01 00 01 02 02 03"},
		{"step, outcome zero", examined, 3, "81 a3 00 01 01 00 02 03"},
		{"step, time over 32 bits", examined, 3, "81 a3 00 01 01 02 02 1b 00 00 00 01 00 00 00 00"},
	} {
		table = append(table, rejected(v.name, "field", v.body.with(v.key, v.value).octets()))
	}
	return table
}

const aboutDoctor = "Bodies of application 5, doctor. See docs/protocol.md#golden-vectors."

func TestDoctorVectors(t *testing.T) {
	for _, v := range loadGolden(t, "doctor.json", aboutDoctor, doctorTable(t)) {
		t.Run(v.Name, func(t *testing.T) {
			m, err := protocol.DecodeDoctor(v.Bytes.bytes(t))
			if err != nil {
				checkBody(t, v, nil, nil, err)
				return
			}
			checkBody(t, v, describeDoctor(m), codecs(t)["doctor"].mustEncode(t, m), nil)
		})
	}
}
