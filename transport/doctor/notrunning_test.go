package doctor_test

import (
	"encoding/json"
	"errors"
	"net/netip"
	"strings"
	"syscall"
	"testing"

	"feihong/protocol"
	"feihong/transport/doctor"
	"feihong/transport/ether"
)

// A profile that is open for one command only takes no connections and hears
// nobody: that is no fault of the machine, and no port is told.
func TestNotRunning(t *testing.T) {
	const nft = "nft -j list ruleset"
	tests := []struct {
		name, firewall string
		change         func(*stage)
	}{
		{"nothing known", "note firewall.not-allowed", func(*stage) {}},
		{"no rules", "ok firewall.only-udp-open", func(s *stage) { s.tools = map[string]string{nft: `{"nftables":[]}`} }},
		{"closed", "warn firewall.only-udp-closed", func(s *stage) {
			s.tools = map[string]string{nft: string(sample(t, "nftables-ping.json"))}
		}},
		{"cannot be told", "note firewall.only-udp-partly", func(s *stage) {
			s.tools = map[string]string{nft: nftRule(`{"op":"==","left":{"payload":{"protocol":"udp","field":"sport"}},"right":53}`)}
		}},
		{"ufw", "note firewall.only-udp-unreadable", func(s *stage) {
			s.files = map[string]string{"/etc/ufw/ufw.conf": "ENABLED=yes\n"}
		}},
		{"firewalld", "note firewall.only-udp-unreadable", func(s *stage) {
			s.tools = map[string]string{"firewall-cmd --state": "running\n", "firewall-cmd --list-all": "Authorization failed.\n"}
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := office()
			s.self.Passive, s.self.TCPPort = true, 0
			test.change(s)
			report := s.examine(t, "")
			if report.Verdict.Cause != doctor.CauseNotRunning || report.Verdict.Command != "" {
				t.Errorf("got %+v", report.Verdict)
			}
			if got := found(report, "tcp") + ", " + found(report, "udp") + ", " + found(report, "firewall"); got != "note tcp.passive, note udp.passive, "+test.firewall {
				t.Errorf("got %s", got)
			}
			if found(report, "heard") != "" {
				t.Errorf("told of people heard: %s", found(report, "heard"))
			}
			for _, finding := range report.Findings {
				if strings.Contains(finding.Detail, "tcp") || strings.Contains(finding.Detail, " 0 ") {
					t.Errorf("the command %q opens TCP", finding.Detail)
				}
			}
			checkReport(t, report)
		})
	}
}

func TestBlockedHere(t *testing.T) {
	s := office().meiAt(desk, 50001)
	s.known = []doctor.Acquaintance{{ID: mei, Name: "Mei", Address: netip.AddrPortFrom(desk, 50001)}}
	s.dial = func(protocol.PeerID) (protocol.PeerID, string, error) {
		return protocol.PeerID{}, "", &doctor.BlockedError{Peer: mei, Err: errors.New("on the block list")}
	}
	report := s.examine(t, "192.168.1.30:50001")
	if report.Verdict.Cause != doctor.CauseBlockedHere || report.Verdict.Text.Args["name"] != "Mei" {
		t.Errorf("got %+v", report.Verdict)
	}
	raw, err := json.Marshal(report)
	if err != nil || strings.Contains(string(raw), "block list") {
		t.Errorf("%s, %v", raw, err)
	}
	checkReport(t, report)
}

func TestOwnMachineAtAnotherPort(t *testing.T) {
	s := office()
	s.connect[50007] = syscall.ECONNREFUSED
	report := s.examine(t, "192.168.1.20:50007")
	if report.Verdict.Cause != doctor.CauseOwnMachine {
		t.Errorf("got %+v", report.Verdict)
	}
	checkReport(t, report)
}

func TestLinkLocalNeedsAZone(t *testing.T) {
	tests := []struct {
		address, key, example string // key "": goes on
	}{
		{"fe80::1", "doctor.zone.missing", "fe80::1%eth0"},
		{"[fe80::1]:50000", "doctor.zone.missing", "[fe80::1%eth0]:50000"},
		{"[fe80::1%wlan7]:50000", "doctor.zone.unknown", "[fe80::1%eth0]:50000"},
		{"[fe80::1%eth0]:50000", "", ""},
		{"[fe80::1%2]:50000", "", ""},
		{"[fd00::1]:50000", "", ""},
	}
	for _, test := range tests {
		s := office()
		s.interfaces = append(s.interfaces, ether.Interface{Index: 3, Name: "tun0"})
		s.interfaces[1].Addresses = append(s.interfaces[1].Addresses, netip.MustParsePrefix("fe80::7/64"))
		report := s.examine(t, test.address)
		if test.key == "" {
			if report.Verdict.Cause == doctor.CauseBadAddress {
				t.Errorf("%s: got %+v", test.address, report.Verdict)
			}
			continue
		}
		got := report.Verdict
		if got.Cause != doctor.CauseBadAddress || got.Text.Key != test.key || got.Text.Args["example"] != test.example || got.Text.Args["interfaces"] != "eth0" {
			t.Errorf("%s: got %+v", test.address, got)
		}
		checkReport(t, report)
	}
}
