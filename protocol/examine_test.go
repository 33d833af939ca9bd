package protocol_test

import (
	"net/netip"
	"testing"

	"feihong/protocol"
)

// TestDoctorEncoderRefuses: what a decoder would refuse is not encoded.
func TestDoctorEncoderRefuses(t *testing.T) {
	step := protocol.ExaminedStep{Check: protocol.CheckTCP, Outcome: protocol.OutcomeOK}
	for name, m := range map[string]protocol.DoctorMessage{
		"examine nothing":       &protocol.Examine{},
		"examine a zone":        &protocol.Examine{Address: netip.MustParseAddrPort("[fe80::1%eth0]:1")},
		"examine IPv4 as IPv6":  &protocol.Examine{Address: netip.MustParseAddrPort("[::ffff:192.168.1.20]:1")},
		"examine everybody":     &protocol.Examine{Address: netip.MustParseAddrPort("255.255.255.255:1")},
		"17 steps":              &protocol.Examined{Steps: make([]protocol.ExaminedStep, 17)},
		"step without check":    &protocol.Examined{Steps: []protocol.ExaminedStep{{Outcome: protocol.OutcomeOK}}},
		"step without outcome":  &protocol.Examined{Steps: []protocol.ExaminedStep{{Check: protocol.CheckTCP}}},
		"refused and done both": &protocol.Examined{Refused: true, Steps: []protocol.ExaminedStep{step}},
	} {
		if body, err := protocol.EncodeDoctor(m); outcome(err) != "field" || body != nil {
			t.Errorf("%s gave %x, %v", name, body, err)
		}
	}
}

// TestExamineNames: names and numbers are on the wire and in other programs.
func TestExamineNames(t *testing.T) {
	for n, want := range []string{"check-0", "ping", "udp", "tcp", "greeting", "identity", "check-6"} {
		if got := protocol.ExamineCheck(n).String(); got != want {
			t.Errorf("check %d is %q, want %q", n, got, want)
		}
	}
	for n, want := range []string{"outcome-0", "ok", "no-answer", "refused", "no-route", "foreign", "wrong-peer", "skipped", "outcome-8"} {
		if got := protocol.ExamineOutcome(n).String(); got != want {
			t.Errorf("outcome %d is %q, want %q", n, got, want)
		}
	}
}
