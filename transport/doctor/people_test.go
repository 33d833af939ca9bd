package doctor_test

import (
	"net/netip"
	"strings"
	"syscall"
	"testing"
	"time"

	"feihong/protocol"
	"feihong/transport"
	"feihong/transport/doctor"
)

// weiFor is what a dial for somebody comes to where Wei is.
func weiFor(want protocol.PeerID) (protocol.PeerID, string, error) {
	if !want.IsZero() && want != wei {
		return protocol.PeerID{}, "", &transport.WrongPeerError{Want: want, Got: wei, GotName: "Wei"}
	}
	return wei, "Wei", nil
}

func TestExaminePerson(t *testing.T) {
	const address = "192.168.1.30:50001"
	elsewhere := heardFrom(netip.MustParseAddr("192.168.1.77"), "multicast", time.Second)
	// weiThere has Wei where Mei was.
	weiThere := func(s *stage) {
		s.instances[0].ID, s.instances[0].Name, s.dial = wei, "Wei", weiFor
		s.known = []doctor.Acquaintance{{ID: wei, Name: "Wei"}}
	}
	both := func(s *stage) {
		s.instances = append(s.instances, doctor.Instance{ID: wei, Name: "Wei", Addresses: []netip.AddrPort{netip.AddrPortFrom(desk, 50002)}})
	}
	tests := []struct {
		name    string
		address string
		change  func(*stage)
		want    string
		advice  string
		about   string // in the arguments
	}{
		{"there", address, func(*stage) {}, doctor.CauseFine, "fine", "Mei"},
		{"there, heard at another address too", address, func(s *stage) { s.heard = elsewhere }, doctor.CauseFine, "fine", "Mei"},
		{"there, whoever was there before", address, func(s *stage) {
			s.known = []doctor.Acquaintance{{ID: wei, Name: "Wei"}}
		}, doctor.CauseFine, "fine", "Mei"},
		{"somebody else", address, weiThere, doctor.CauseOtherPerson, "other-person", mei.Short() + " Wei"},
		{"somebody else, and heard elsewhere", address, func(s *stage) {
			weiThere(s)
			s.heard = elsewhere
		}, doctor.CauseOtherPerson, "moved", "Mei 192.168.1.77:50001"},
		{"somebody else, and heard there a moment ago", address, func(s *stage) {
			weiThere(s)
			s.heard = heardFrom(desk, "multicast", time.Second)
		}, doctor.CauseOtherPerson, "other-person", "Mei Wei"},
		{"somebody else, and heard elsewhere long ago", address, func(s *stage) {
			weiThere(s)
			s.heard = heardFrom(away, "multicast", time.Hour)
		}, doctor.CauseOtherPerson, "other-person", "Wei"},
		{"somebody else, no port", "192.168.1.30", func(s *stage) {
			weiThere(s)
			s.heard = elsewhere
		}, doctor.CauseOtherPerson, "moved", "Mei 192.168.1.77:50001"},
		{"somebody else, at another port", "192.168.1.30:50009", func(s *stage) {
			weiThere(s)
			s.heard, s.connect[50009] = elsewhere, syscall.ECONNREFUSED
		}, doctor.CauseOtherPerson, "moved", "Mei 192.168.1.77:50001"},
		{"a namesake at another port", "192.168.1.30:50009", func(s *stage) {
			weiThere(s)
			s.known, s.instances[0].Name, s.connect[50009] = nil, "MEI", syscall.ECONNREFUSED
			s.heard = heardFrom(desk, "session", time.Second)
		}, doctor.CauseIdentityChanged, "moved", "Mei 192.168.1.30:50001"},
		{"a namesake", address, func(s *stage) {
			s.instances, s.heard = nil, heardFrom(desk, "session", time.Second)
			s.dial = fails(&transport.WrongPeerError{Want: mei, Got: wei, GotName: "mei"})
		}, doctor.CauseIdentityChanged, "identity-changed", "Mei"},
		{"two there, no port", "192.168.1.30", both, doctor.CauseFine, "fine", "Mei"},
		{"two there, at the port of the other", "192.168.1.30:50002", func(s *stage) {
			both(s)
			s.connect[50002], s.dial = nil, weiFor
		}, doctor.CauseOtherPerson, "moved", "192.168.1.30:50001"},
		{"two there, at a closed port", "192.168.1.30:50003", func(s *stage) {
			both(s)
			s.connect[50003] = syscall.ECONNREFUSED
		}, doctor.CauseWrongPort, "wrong-port", "50001"},
		{"nothing there, and heard elsewhere", address, func(s *stage) {
			*s = *office()
			s.heard = elsewhere
		}, doctor.CauseNothingThere, "moved", "Mei 192.168.1.77:50001"},
		{"connected from elsewhere", address, func(s *stage) {
			weiThere(s)
			delete(s.connect, 50001)
			s.colleagues = []doctor.Colleague{{ID: mei, Name: "Mei", Address: away}}
		}, doctor.CauseOtherPerson, "other-person", "Wei"},
		{"connected from there, beside somebody else", address, func(s *stage) {
			weiThere(s)
			delete(s.connect, 50001)
			s.colleagues = []doctor.Colleague{{ID: mei, Name: "Mei", Address: desk}}
		}, doctor.CauseFineFromThere, "fine-only-from-there", ""},
		{"somebody else heard there", address, func(s *stage) {
			*s = *office()
			s.neighbour, s.heard = doctor.NeighbourPresent, heardFrom(desk, "multicast", time.Second)
			s.heard[0].ID = wei
		}, doctor.CauseFirewallThere, "firewall-there", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := office().meiAt(desk, 50001)
			test.change(s)
			report := s.examineFor(t, test.address, mei)
			got := report.Verdict
			if got.Cause != test.want || got.Advice.Key != "doctor.advice."+test.advice {
				t.Errorf("got %s and %s; %s", got.Cause, got.Advice.Key, way(report))
			}
			said := told(t, texts(t, "en"), got.Text) + " " + told(t, texts(t, "en"), got.Advice)
			for _, word := range strings.Fields(test.about) {
				if !strings.Contains(said, word) {
					t.Errorf("it says nothing of %s: %s", word, said)
				}
			}
			checkReport(t, report)
		})
	}
}
